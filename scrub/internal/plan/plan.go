// Package plan says, byte by byte, what a clean file is made of. A format
// parses a source into a [Plan]; [Plan.Seal] checks it and lays it out;
// [Sealed.Write] writes it. It is a tiny linker: pieces of the source are kept,
// dropped or replaced by literals, and numbers inside literals that depend on
// where things land are relocated.
package plan

import (
	"encoding/binary"
	"slices"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Span is a range of bytes.
type Span struct{ Off, Len int64 }

// End is the position just behind s.
func (s Span) End() int64 { return s.Off + s.Len }

// Act says what becomes of a piece. What no rule claims is dropped.
type Act uint8

const (
	Drop Act = iota
	Keep
	Replace
)

// Ref is a number inside a literal that depends on the layout:
// new(To) - new(From), where new maps a position of the source to the output.
type Ref struct {
	At, Width int // where in the literal, and 2, 4 or 8 bytes
	Order     binary.ByteOrder
	From, To  int64 // positions in the source; From < 0 means the start of the file
	Edge      bool  // To is a boundary, which need not lie in written bytes
	// Count is the length of a table of such numbers, each of which holds how far
	// from To it points; 0 points nowhere and stays. Without it the number is one.
	Count int
}

// Piece is a range of the source and what becomes of it. A replaced piece of
// length zero inserts its literal.
type Piece struct {
	Span
	Act  Act
	Lit  []byte
	Refs []Ref
}

// Plan covers every byte of a source of Size bytes, in order.
type Plan struct {
	Size     int64
	Pieces   []Piece
	Body     []Span         // the compressed picture data; all of it must be kept
	Findings []meta.Finding // what the source holds, each with its fate
}

// Format is all that the engine knows of a file format.
type Format struct {
	Name  string   // lower case: "jpeg"
	Exts  []string // usual file name extensions, with the dot, the first one preferred
	Sniff func(head []byte) bool
	Parse func(w *rd.Window, p meta.Policy) (*Plan, error)
	Skims bool // whether a window that skims spares Parse anything
	// Canvas opens a picture whose areas are to be covered; it may be a Film, a
	// Tiler or a Cropper too. It is nil where the format cannot be covered.
	Canvas func(w *rd.Window, p meta.Policy) (Canvas, error)
}

// SniffLen is the number of bytes from the start of a file that Sniff is given.
const SniffLen = 64

// New returns an empty plan for a source of size bytes.
func New(size int64) *Plan { return &Plan{Size: size} }

// Keep copies n bytes at off to the output.
func (p *Plan) Keep(off, n int64) { p.add(Piece{Span: Span{off, n}, Act: Keep}) }

// Picture copies n bytes at off to the output and marks them as picture data,
// which fidelity is checked for.
func (p *Plan) Picture(off, n int64) {
	p.Keep(off, n)
	if k := len(p.Body) - 1; k >= 0 && p.Body[k].End() == off {
		p.Body[k].Len += n
	} else if n > 0 {
		p.Body = append(p.Body, Span{off, n})
	}
}

// Drop leaves n bytes at off out of the output.
func (p *Plan) Drop(off, n int64) { p.add(Piece{Span: Span{off, n}}) }

// Replace writes lit in place of n bytes at off.
func (p *Plan) Replace(off, n int64, lit []byte, refs ...Ref) {
	p.add(Piece{Span: Span{off, n}, Act: Replace, Lit: lit, Refs: refs})
}

// Insert writes lit between the pieces added before and after it.
func (p *Plan) Insert(lit []byte, refs ...Ref) {
	off := int64(0)
	if k := len(p.Pieces) - 1; k >= 0 {
		off = p.Pieces[k].End()
	}
	p.Replace(off, 0, lit, refs...)
}

// Written is the number of bytes that the plan writes so far.
func (p *Plan) Written() (n int64) {
	for _, q := range p.Pieces {
		n += q.out()
	}
	return n
}

// Nest puts the plan of a picture inside the picture here: its source is the
// range of this one that begins at off, where this plan has come to. If there are
// pointers in it, it must not begin with something inserted.
func (p *Plan) Nest(off int64, q *Plan) {
	for _, x := range q.Pieces {
		x.Off += off
		x.Refs = slices.Clone(x.Refs)
		for i := range x.Refs {
			r := &x.Refs[i]
			r.To, r.From = r.To+off, max(r.From, 0)+off // what counted from its start counts from off
		}
		p.add(x)
	}
	for _, b := range q.Body {
		p.Body = append(p.Body, Span{b.Off + off, b.Len})
	}
}

// Inside are the findings that belong to the file around the picture that p is the
// plan of. Of one that is not kept, what would stay in it tells nothing.
func (p *Plan) Inside(kept bool) (out []meta.Finding) {
	for _, f := range p.Findings {
		if f.Fate == meta.Removed || kept && f.Fate == meta.Stays && f.Kind.Identifies() {
			out = append(out, f)
		}
	}
	return out
}

// Found adds findings with their fate.
func (p *Plan) Found(f meta.Fate, fs ...meta.Finding) {
	p.Findings = append(p.Findings, meta.With(f, fs)...)
}

// add appends a piece, merging it into an equal neighbour.
func (p *Plan) add(q Piece) {
	if q.Len == 0 && q.Act != Replace {
		return
	}
	if k := len(p.Pieces) - 1; k >= 0 && q.Act != Replace {
		if l := &p.Pieces[k]; l.Act == q.Act && l.End() == q.Off {
			l.Len += q.Len
			return
		}
	}
	p.Pieces = append(p.Pieces, q)
}
