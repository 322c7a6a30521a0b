// Package webp plans the cleaning of WebP pictures (RFC 9649) at the level of
// RIFF chunks: lossy, lossless, with alpha, animated. What showing the picture
// needs is kept or written anew in exact form, all else is dropped; where
// nothing of the extended format is left, the simple one is written. Which
// chunks count is as in libwebp. The coded picture data is copied as it is.
package webp

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// Format is WebP with its animations.
var Format = plan.Format{
	Name:  "webp",
	Exts:  []string{".webp"},
	Sniff: func(h []byte) bool { return len(h) >= 12 && string(h[:4]) == "RIFF" && string(h[8:12]) == "WEBP" },
	Parse: parse,
}

// riffLen is the length of "RIFF", the size of what follows, and "WEBP" (2.4).
const riffLen = 12

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	h, err := w.Peek(0, riffLen)
	if err != nil {
		return nil, fmt.Errorf("webp: %w", err)
	}
	if string(h[:4]) != "RIFF" || string(h[8:12]) != "WEBP" {
		return nil, fmt.Errorf("webp: no signature: %w", meta.ErrMalformed)
	}
	end := headLen + int64(binary.LittleEndian.Uint32(h[4:]))
	if end > w.Size() {
		return nil, fmt.Errorf("webp: file of %d bytes should have %d: %w", w.Size(), end, meta.Truncated)
	}
	if end < riffLen+headLen {
		return nil, fmt.Errorf("webp: nothing in the file: %w", meta.ErrMalformed)
	}
	p := &picture{w: w, keep: pol.Keep, out: plan.New(w.Size())}
	// The size of the file follows from what is in it.
	p.out.Replace(0, headLen, head("RIFF", 0), plan.Ref{At: 4, Width: 4, Order: binary.LittleEndian, From: headLen, To: w.Size(), Edge: true})
	p.out.Keep(headLen, 4)
	last, err := walk(w, riffLen, end, &p.items, p.chunk)
	if err != nil {
		return nil, err
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	p.finish()
	if last < end {
		p.out.Drop(last, end-last)
		p.surplus("behind the last chunk", end-last)
	}
	if tail := w.Size() - end; tail > 0 {
		p.out.Found(meta.Removed, trailer.Describe(w, end, tail)...)
		p.out.Drop(end, tail)
	}
	return p.out, nil
}

// picture is the state of a walk.
type picture struct {
	w     *rd.Window
	keep  meta.Keep
	out   *plan.Plan
	items int

	begun    bool
	extended bool
	canvas   canvas
	at       int   // where VP8X and ICCP go: an index into out.Pieces
	still    image // the picture, unless it is an animation
	anim     bool  // ANIM is there
	frames   int
	alpha    bool // of the still picture or of any frame

	hasICC, hasExif bool
	profile         []byte // in the form of the clean file
	looks           exif.Looks
	choices         exif.Choices

	held int64 // bytes of dropped chunks that were read to describe them
	rest int64 // bytes of those that are only counted
	over bool  // there are such
}

// chunk takes the next chunk.
func (p *picture) chunk(c chunk) error {
	if !p.begun {
		return p.first(c)
	}
	switch c.typ {
	case "VP8X":
		return fmt.Errorf("webp: second VP8X at %d: %w", c.off, meta.ErrMalformed)
	case "ALPH", "VP8 ", "VP8L":
		return p.stillChunk(c)
	case "ANIM":
		if p.animated() && !p.anim {
			return p.control(c)
		}
	case "ANMF":
		if p.animated() {
			return p.frame(c)
		}
	case "ICCP", "EXIF":
		return p.block(c)
	}
	p.drop(c)
	return nil
}

func (p *picture) animated() bool { return p.canvas.flags&flagAnimation != 0 }

// first takes the first chunk, which says which format the file is in (2.5 to 2.7).
func (p *picture) first(c chunk) error {
	p.begun = true
	p.out.Insert(nil)
	p.at = len(p.out.Pieces) - 1
	switch c.typ {
	case "VP8 ", "VP8L":
		return p.stillChunk(c)
	case "VP8X":
	default:
		return fmt.Errorf("webp: first chunk is %q: %w", meta.Show(c.typ), meta.ErrMalformed)
	}
	b, err := p.w.Bytes(c.data(), min(c.n, vp8xLen))
	if err != nil {
		return err
	}
	v, exact, err := parseCanvas(b)
	if err != nil {
		return err
	}
	p.extended, p.canvas = true, v
	if !v.animated() {
		p.still.width, p.still.height = v.width, v.height
	}
	if n := c.n - vp8xLen; n > 0 || !exact || !c.clean() {
		p.surplus("VP8X chunk", n)
	}
	p.out.Drop(c.off, c.next-c.off) // written anew at the end
	return nil
}

func (v canvas) animated() bool { return v.flags&flagAnimation != 0 }

// stillChunk takes a chunk of the still picture.
func (p *picture) stillChunk(c chunk) error {
	if p.animated() {
		return fmt.Errorf("webp: %s at %d in an animation: %w", c.typ, c.off, meta.ErrMalformed)
	}
	n, ours, err := p.still.take(p.w, c)
	if err != nil {
		return err
	}
	if !ours {
		p.drop(c)
		return nil
	}
	p.copy(c, n)
	return nil
}

// copy keeps the first n bytes of the payload of c, with its head and padding in exact form.
func (p *picture) copy(c chunk, n int64) {
	if n == c.n {
		p.out.Keep(c.off, headLen)
	} else {
		p.out.Replace(c.off, headLen, head(c.typ, n))
	}
	p.out.Picture(c.data(), n)
	from := c.data() + n
	switch rest := c.next - from; {
	case n == c.n && c.clean():
		p.out.Keep(from, rest)
	case n&1 == 1:
		p.out.Replace(from, rest, []byte{0})
	default:
		p.out.Drop(from, rest)
	}
	if n < c.n || !c.clean() && c.next > from {
		p.surplus(c.typ+" chunk", c.next-from)
	}
}

// control takes ANIM (2.7.1.1): the background colour and the number of loops.
func (p *picture) control(c chunk) error {
	if c.n < animLen {
		return fmt.Errorf("webp: ANIM of %d bytes: %w", c.n, meta.ErrMalformed)
	}
	p.anim = true
	p.copy(c, animLen)
	return nil
}

// frame takes ANMF with the chunks in it.
func (p *picture) frame(c chunk) error {
	if !p.anim {
		return fmt.Errorf("webp: frame at %d before ANIM: %w", c.off, meta.ErrMalformed)
	}
	if n := p.w.Limits().Pieces; len(p.out.Pieces) > n {
		return fmt.Errorf("webp: more than %d pieces: %w", n, meta.ErrLimit)
	}
	b, err := p.w.Bytes(c.data(), min(c.n, anmfLen))
	if err != nil {
		return err
	}
	f, exact, err := parseFrame(b, p.canvas)
	if err != nil {
		return err
	}
	m := image{width: f.width, height: f.height}
	last, err := walk(p.w, c.data()+anmfLen, c.end(), &p.items, func(c chunk) error {
		_, ours, err := m.take(p.w, c)
		if err == nil && !ours {
			p.say(c, " in a frame")
		}
		return err
	})
	if err != nil {
		return err
	}
	if m.data == nil {
		return fmt.Errorf("webp: frame at %d has no picture: %w", c.off, meta.ErrMalformed)
	}
	if err := m.excess(p.w); err != nil {
		return err
	}
	if last < c.end() || !exact || !c.clean() {
		p.surplus("ANMF chunk", c.next-last)
	}
	n := m.data.n + m.data.n&1
	if m.alph != nil {
		n += headLen + m.alphLen + m.alphLen&1
	}
	n += headLen
	if exact && n == c.n-anmfLen {
		p.out.Keep(c.off, headLen+anmfLen)
	} else {
		p.out.Replace(c.off, headLen+anmfLen, f.bytes(n))
	}
	pos := c.data() + anmfLen
	for _, k := range []struct {
		c *chunk
		n int64
	}{{m.alph, m.alphLen}, {m.data, 0}} {
		if k.c == nil {
			continue
		}
		if k.c == m.data {
			k.n = m.data.n
		}
		p.out.Drop(pos, k.c.off-pos)
		p.copy(*k.c, k.n)
		pos = k.c.next
	}
	p.out.Drop(pos, c.next-pos)
	p.frames++
	p.alpha = p.alpha || m.alpha
	return nil
}

// complete checks that there is something to show.
func (p *picture) complete() error {
	switch {
	case p.animated() && p.frames == 0, !p.animated() && p.still.data == nil:
		return fmt.Errorf("webp: no picture data: %w", meta.ErrMalformed)
	case !p.animated() && p.still.alpha:
		p.alpha = true
	}
	return p.still.excess(p.w)
}

// finish puts our chunks in their places. What viewers need of an animation's
// alpha flag is not settled, so that it stays as it is where no frame tells.
func (p *picture) finish() {
	if p.over {
		p.out.Found(meta.Removed, meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "further chunks", Size: p.rest})
	}
	p.out.Findings = append(p.out.Findings, p.stays()...)
	block := p.exifBlock()
	v := canvas{0, p.canvas.width, p.canvas.height}
	if !p.extended {
		v.width, v.height = p.still.width, p.still.height
	}
	for _, f := range []struct {
		flag byte
		on   bool
	}{
		{flagAnimation, p.animated()},
		{flagAlpha, p.alpha || p.animated() && p.canvas.flags&flagAlpha != 0},
		{flagICC, p.profile != nil},
		{flagExif, block != nil},
	} {
		if f.on {
			v.flags |= f.flag
		}
	}
	if v.flags&^flagAlpha == 0 && p.still.alph == nil {
		return // the simple format; VP8L says itself whether it has alpha
	}
	lit := v.chunk()
	if p.profile != nil {
		lit = append(lit, makeChunk("ICCP", p.profile)...)
	}
	p.out.Pieces[p.at].Lit = lit
	if block != nil {
		p.out.Insert(makeChunk("EXIF", block))
	}
}

// exifBlock is the canonical Exif block of the clean file, nil for none. Of the
// looks that Exif speaks of, viewers of WebP honour the orientation, if any.
func (p *picture) exifBlock() []byte {
	return exif.Write(exif.Looks{Orientation: p.looks.Orientation}, p.choices)
}

// stays lists what stays and why.
func (p *picture) stays() []meta.Finding {
	fs := p.choices.Findings("EXIF chunk of ours")
	if p.looks.Orientation > 1 {
		fs = append(fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "EXIF chunk of ours", Value: exif.Turned(p.looks.Orientation), Fate: meta.Stays})
	}
	return fs
}

// surplus reports bytes of a kept structure that mean nothing.
func (p *picture) surplus(where string, n int64) {
	p.found(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: where, Size: n})
}
