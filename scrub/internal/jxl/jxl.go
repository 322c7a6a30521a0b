// Package jxl plans the cleaning of JPEG XL pictures (ISO/IEC 18181): of the
// boxes of a container (18181-2) the codestream stays, in one box, and its
// level; all else is dropped. The codestream itself (18181-1) is copied as it
// is, but for the colour profile in it. Its headers are read, to say what lies
// inside it and to find where it ends: what follows is not part of the picture.
package jxl

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// Format is JPEG XL, as a codestream alone and in a container.
var Format = plan.Format{
	Name: "jxl",
	Exts: []string{".jxl"},
	Sniff: func(h []byte) bool {
		return bytes.HasPrefix(h, bare) || bytes.HasPrefix(h, signature)
	},
	Parse: parse,
}

var (
	bare      = []byte("\xff\x0a")                                      // begins a codestream
	signature = box.Make("JXL ", []byte("\r\n\x87\n"))                  // the first box (18181-2, 9.1)
	fileType  = box.Make("ftyp", []byte("jxl \x00\x00\x00\x00"+"jxl ")) // the second one (9.2)
)

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	if ok, err := w.Equal(0, bare); err != nil {
		return nil, err
	} else if ok {
		return parseBare(w)
	}
	ok, err := w.Equal(0, signature)
	if err != nil {
		return nil, err
	}
	if !ok {
		if w.Size() < int64(len(signature)) {
			return nil, fmt.Errorf("jxl: file of %d bytes: %w", w.Size(), meta.Truncated)
		}
		return nil, fmt.Errorf("jxl: no signature: %w", meta.ErrMalformed)
	}
	c := &container{w: w, keep: pol.Keep, out: plan.New(w.Size())}
	if err := c.read(); err != nil {
		return nil, err
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	return c.out, nil
}

// parseBare plans a codestream without a container.
func parseBare(w *rd.Window) (*plan.Plan, error) {
	out := plan.New(w.Size())
	end, colours, fs, err := examine(newStream(w, []plan.Span{{Off: 0, Len: w.Size()}}))
	if err != nil {
		return nil, err
	}
	colours.put(out, 0, 0, end)
	if tail := w.Size() - end; tail > 0 {
		out.Found(meta.Removed, trailer.Describe(w, end, tail)...)
		out.Drop(end, tail)
	}
	out.Findings = append(out.Findings, fs...)
	return out, nil
}

// container is the state of a walk through the boxes.
type container struct {
	w    *rd.Window
	keep meta.Keep
	out  *plan.Plan

	begin    int64 // behind the file type
	level    byte  // of the codestream (18181-2, 9.3), 0 where none is stated
	parts    []plan.Span
	partial  bool // the parts are in jxlp boxes
	whole    bool // the last part was there
	fromJPEG bool // there is what it takes to make the JPEG again
	behind   plan.Span

	hasExif bool
	choices exif.Choices

	held int64 // bytes of dropped boxes that were read to describe them
	rest int64 // bytes of those that are only counted
	over bool  // there are such
}

// read goes through the boxes.
func (c *container) read() error {
	off := int64(len(signature))
	b, err := box.At(c.w, off, c.w.Size())
	if err != nil {
		return fmt.Errorf("jxl: %w", err)
	}
	brand, err := c.w.Bytes(b.Data(), min(b.Len(), 4))
	if err != nil {
		return err
	}
	if b.Type != "ftyp" || string(brand) != "jxl " {
		return fmt.Errorf("jxl: no file type: %w", meta.ErrMalformed)
	}
	c.begin = b.End()
	if ok, err := c.w.Equal(off, fileType); err != nil {
		return err
	} else if !ok {
		c.surplus("ftyp box", max(b.Size-int64(len(fileType)), 0))
	}
	off = b.End()
	for n := 0; off < c.w.Size(); n++ {
		if n >= c.w.Limits().Items {
			return fmt.Errorf("jxl: more than %d boxes: %w", n, meta.ErrLimit)
		}
		b, err := box.At(c.w, off, c.w.Size())
		if err != nil {
			if len(c.parts) == 0 || c.partial && !c.whole {
				return fmt.Errorf("jxl: %w", err)
			}
			// The picture is there, and what follows is no box.
			c.behind = plan.Span{Off: off, Len: c.w.Size() - off}
			break
		}
		if err := c.box(b); err != nil {
			return err
		}
		off = b.End()
	}
	if len(c.parts) == 0 {
		return fmt.Errorf("jxl: no codestream: %w", meta.ErrMalformed)
	}
	return nil
}

// box takes the next box.
func (c *container) box(b box.Box) error {
	switch b.Type {
	case "jxll":
		v, err := c.w.Bytes(b.Data(), min(b.Len(), 1))
		if err != nil {
			return err
		}
		if len(v) == 0 || c.level != 0 || len(c.parts) > 0 {
			return fmt.Errorf("jxl: level at %d: %w", b.Off, meta.ErrMalformed)
		}
		if v[0] != 5 && v[0] != 10 {
			return fmt.Errorf("jxl: level %d: %w", v[0], meta.ErrUnsupported)
		}
		c.level = v[0]
		if b.Len() > 1 {
			c.surplus("jxll box", b.Len()-1)
		}
		return nil
	case "jxlc":
		if len(c.parts) > 0 {
			return fmt.Errorf("jxl: second codestream at %d: %w", b.Off, meta.ErrMalformed)
		}
		c.parts = append(c.parts, plan.Span{Off: b.Data(), Len: b.Len()})
		return nil
	case "jxlp":
		return c.part(b)
	case "jbrd":
		c.fromJPEG = true
	case "Exif":
		if c.keep != 0 && !c.hasExif && b.Len() <= c.w.Limits().Block {
			data, err := c.w.Bytes(b.Data(), b.Len())
			if err != nil {
				return err
			}
			c.hasExif, c.choices = true, exif.ReadChoices(tiff(data), c.keep)
			if ours := c.exifBox(); ours != nil && bytes.Equal(ours[8:], data) {
				return nil
			}
		}
	}
	c.drop(b)
	return nil
}

// part takes a part of the codestream (18181-2, 9.9): a number, of which the
// highest bit marks the last one, and bytes.
func (c *container) part(b box.Box) error {
	bad := func(what string) error {
		return fmt.Errorf("jxl: part of the codestream at %d: %s: %w", b.Off, what, meta.ErrMalformed)
	}
	if b.Len() < 4 {
		return bad("no number")
	}
	n, err := c.w.Uint32(b.Data(), binary.BigEndian)
	if err != nil {
		return err
	}
	switch {
	case len(c.parts) > 0 && !c.partial:
		return bad("second codestream")
	case c.whole:
		return bad("behind the last one")
	case int64(n&^(1<<31)) != int64(len(c.parts)):
		return bad("out of order")
	case len(c.parts) >= c.w.Limits().Pieces/2:
		return fmt.Errorf("jxl: codestream of %d parts: %w", len(c.parts), meta.ErrLimit)
	}
	c.partial, c.whole = true, n>>31 == 1
	c.parts = append(c.parts, plan.Span{Off: b.Data() + 4, Len: b.Len() - 4})
	return nil
}

// finish lays the clean file out: signature, file type, level, our Exif block,
// and the codestream in one box.
func (c *container) finish() error {
	s := newStream(c.w, c.parts)
	end, colours, fs, err := examine(s)
	if err != nil {
		return err
	}
	head := int64(len(signature))
	c.out.Keep(0, head)
	c.out.Replace(head, c.begin-head, fileType)
	c.out.Insert(bytes.Join([][]byte{c.levelBox(), c.exifBox(), codestreamHead(end + colours.grows())}, nil))
	pos, left := c.begin, end
	for i, p := range c.parts {
		n := min(p.Len, left)
		c.out.Drop(pos, p.Off-pos)
		colours.put(c.out, p.Off, s.start[i], n)
		pos, left = p.Off+n, left-n
	}
	c.out.Drop(pos, c.w.Size()-pos)
	c.tails(s, end)
	if c.over {
		c.out.Found(meta.Removed, meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "further boxes", Size: c.rest})
	}
	c.out.Findings = append(append(c.out.Findings, c.kept()...), fs...)
	return nil
}

// tails describes what lies behind the end of the codestream in its own parts,
// and behind the last box.
func (c *container) tails(s *stream, end int64) {
	for i, p := range c.parts {
		if in := max(end-s.start[i], 0); in < p.Len {
			c.out.Found(meta.Removed, trailer.Describe(c.w, p.Off+in, p.Len-in)...)
		}
	}
	c.out.Found(meta.Removed, trailer.Describe(c.w, c.behind.Off, c.behind.Len)...)
}

func (c *container) levelBox() []byte {
	if c.level == 0 {
		return nil
	}
	return box.Make("jxll", []byte{c.level})
}

// exifBox is the canonical Exif box of the clean file, nil for none. How the
// picture is to be shown stands in the codestream.
func (c *container) exifBox() []byte {
	b := exif.Write(exif.Looks{}, c.choices)
	if b == nil {
		return nil
	}
	return box.Make("Exif", make([]byte, 4), b)
}

// codestreamHead is the head of the box of a codestream of n bytes.
func codestreamHead(n int64) []byte {
	if n+8 < 1<<32 {
		return append(binary.BigEndian.AppendUint32(nil, uint32(n+8)), "jxlc"...)
	}
	return binary.BigEndian.AppendUint64([]byte("\x00\x00\x00\x01jxlc"), uint64(n+16))
}

// kept says what was kept because the user asked.
func (c *container) kept() []meta.Finding { return c.choices.Findings("Exif box of ours") }
