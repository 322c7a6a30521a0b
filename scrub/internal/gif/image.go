package gif

import (
	"encoding/binary"
	"fmt"
	"image"

	"tabir/scrub/internal/lzw"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// control is a graphic control extension (23), which belongs to the next image.
type control struct {
	off, end int64
	b        []byte // in exact form
}

// Ways to dispose of a frame.
const (
	disposeBackground = 2
	disposePrevious   = 3
)

func (c *control) dispose() byte {
	if c == nil {
		return 0
	}
	return c.b[3] >> 2 & 7
}

// delay is how long the frame is shown, in hundredths of a second.
func (c *control) delay() uint16 {
	if c == nil {
		return 0
	}
	return binary.LittleEndian.Uint16(c.b[4:])
}

// transparent is the index that shows what is below, or -1.
func (c *control) transparent() int {
	if c == nil || c.b[3]&1 == 0 {
		return -1
	}
	return int(c.b[6])
}

// frame is an image with what is needed to decode it.
type frame struct {
	control   *control
	rect      image.Rectangle
	interlace bool
	palette   plan.Span
	minCode   byte
	data      int64 // where its sub-blocks begin
}

// graphicControl takes the extension at off, which ends at end.
func (p *picture) graphicControl(off, end int64) error {
	before := p.control.transparent()
	p.forget()
	b, err := p.w.Bytes(off, 7)
	if err != nil || b[2] < 4 || end-off < 8 {
		return fmt.Errorf("gif: graphic control at %d: %w", off, meta.ErrMalformed)
	}
	p.surplus += end - off - 8
	b = append(b, 0)
	b[2] = 4
	p.clear(&b[3], 0xe2) // reserved, and waiting for a key
	if b[3]>>2&7 > 4 {   // decoders take 4 for 3; the others are reserved
		p.clear(&b[3], 0x1c)
	}
	if b[3]&1 == 0 {
		p.clear(&b[6], 0xff)
	}
	p.control = &control{off, end, b}
	if before >= 0 && before != p.control.transparent() {
		// Of two controls the second one counts, but some decoders keep the first one's transparency.
		return fmt.Errorf("gif: two graphic controls at %d that differ: %w", off, meta.ErrMalformed)
	}
	return nil
}

// forget drops a control that has no image.
func (p *picture) forget() {
	if p.control != nil {
		p.surplus += p.control.end - p.control.off
		p.control = nil
	}
}

// image takes the image at off (20 to 22) and returns where it ends.
func (p *picture) image(off int64) (int64, error) {
	d, err := p.w.Bytes(off, 10)
	if err != nil {
		return 0, fmt.Errorf("gif: image descriptor: %w", err)
	}
	le := binary.LittleEndian
	x, y, w, h := int(le.Uint16(d[1:])), int(le.Uint16(d[3:])), int(le.Uint16(d[5:])), int(le.Uint16(d[7:]))
	f := frame{control: p.control, rect: image.Rect(x, y, x+w, y+h), interlace: d[9]&0x40 != 0, palette: plan.Span{Off: off + 10, Len: tableLen(d[9])}}
	if w == 0 || h == 0 {
		return 0, fmt.Errorf("gif: image of %d by %d pixels at %d: %w", w, h, off, meta.ErrMalformed)
	}
	if f.palette.Len == 0 && p.screen.palette.Len == 0 {
		return 0, fmt.Errorf("gif: image without a palette at %d: %w", off, meta.ErrMalformed)
	}
	p.clear(&d[9], 0x38) // reserved, and whether the palette is sorted
	if f.palette.Len == 0 {
		p.clear(&d[9], 0x07)
	}
	if f.minCode, err = p.w.Byte(f.palette.End()); err != nil {
		return 0, fmt.Errorf("gif: image at %d: %w", off, err)
	}
	if f.minCode < 2 || f.minCode > 8 { // 1 is not allowed (appendix F), and no two decoders agree on it
		return 0, fmt.Errorf("gif: codes of %d bits at %d: %w", f.minCode, f.palette.End(), meta.ErrMalformed)
	}
	f.data = f.palette.End() + 1
	if c := p.control; c != nil {
		p.upto(c.off)
		if err := p.exact(c.off, c.end-c.off, c.b); err != nil {
			return 0, err
		}
		p.control = nil
	}
	p.upto(off)
	if err := p.exact(off, 10, d); err != nil {
		return 0, err
	}
	p.out.Keep(off+10, f.data-off-10)

	screen := image.Rect(0, 0, p.screen.width, p.screen.height)
	if p.frames == 0 && (!screen.In(f.rect) || f.control.transparent() >= 0) || f.control.dispose() == disposeBackground {
		p.background = true
	}
	p.outside = p.outside || !f.rect.In(screen) && !screen.Empty()
	p.frames++
	end, err := p.data(f)
	if err == nil && p.each != nil {
		err = p.each(f)
	}
	return end, err
}

// part is a data sub-block (15).
type part struct {
	off   int64 // of its length
	at    int64 // what of the data lies before it, in bytes
	bytes int64
}

// data walks the sub-blocks of an image and returns where they end. The data
// is exact where its last code is the end code and nothing but zero bits and the
// terminator follow; else its end is written anew.
func (p *picture) data(f frame) (end int64, err error) {
	z := p.codes
	z.Start(f.minCode, int64(f.rect.Dx())*int64(f.rect.Dy()))
	var last []part // the last few; the end code lies in them
	pos, at := f.data, int64(0)
	open := false // the file ends in the last sub-block
	for ended := false; !ended; {
		n := int64(0)
		if pos < p.w.Size() {
			c, err := p.w.Byte(pos)
			if err != nil {
				return 0, err
			}
			n, ended = int64(c), c == 0
		}
		left := p.w.Size() - pos - 1
		cut := left < n || left < 0
		if n = min(n, left); n > 0 && !z.Done() {
			b, err := p.w.Peek(pos+1, int(n))
			if err != nil {
				return 0, err
			}
			if len(last) == 8 {
				last = append(last[:0], last[1:]...)
			}
			last = append(last, part{pos, at, n})
			if err := z.Feed(b); err != nil {
				return 0, fmt.Errorf("gif: image data at %d: %w", pos, err)
			}
		}
		if cut {
			if z.Finish(); !z.Done() {
				return 0, fmt.Errorf("gif: image data ends at %d: %w", p.w.Size(), meta.Truncated)
			}
			open, pos = left >= 0, p.w.Size()
			break
		}
		pos, at = pos+1+n, at+n
	}
	z.Finish()
	p.whole = z.Whole()
	if !z.Done() { // fewer pixels than promised, and no end code: decoders show what is there
		p.out.Picture(f.data, pos-1-f.data)
		p.out.Keep(pos-1, 1)
		p.done = pos
		return pos, nil
	}
	start, tail, err := p.tail(z, last, open)
	if err != nil {
		return 0, err
	}
	if start < 0 {
		start = pos - 1 // behind the last sub-block, where the terminator is
		if last := last[len(last)-1]; last.off+1+last.bytes == pos {
			start = pos // or where it should be
		}
	}
	p.out.Picture(f.data, start-f.data)
	if surplus := pos - start - int64(len(tail)); surplus > 0 {
		p.surplus += surplus
	}
	return pos, p.exact(start, pos-start, tail)
}

// tail returns the end of the data in exact form, from the sub-block in which
// the end code begins, and where that one is; -1 where it begins behind the last.
func (p *picture) tail(z *lzw.Codes, last []part, open bool) (start int64, b []byte, err error) {
	end, width := z.End()
	a := part{off: -1, at: end / 8}
	for _, l := range last {
		if end >= 8*l.at && (end < 8*(l.at+l.bytes) || open && l == last[len(last)-1]) {
			a = l
		}
	}
	var data []byte
	bits := end - 8*a.at
	if n := (bits + 7) / 8; n > 0 {
		if data, err = p.w.Bytes(a.off+1, n); err != nil {
			return 0, nil, err
		}
	}
	data = appendCode(data, bits, z.EndCode(), width)
	room := a.bytes
	if a.off < 0 || a == last[len(last)-1] {
		room = 255
	}
	first := data[:min(int64(len(data)), room)]
	b = append([]byte{byte(len(first))}, first...)
	if rest := data[len(first):]; len(rest) > 0 {
		b = append(append(b, byte(len(rest))), rest...)
	}
	return a.off, append(b, 0), nil
}

// appendCode puts a code behind the first n bits of b and zeros behind it.
func appendCode(b []byte, n int64, code uint32, width int64) []byte {
	out := append([]byte(nil), b[:(n+7)/8]...)
	if k := n % 8; k > 0 {
		out[len(out)-1] &= 1<<k - 1
	}
	for i := range width {
		if (n+i)%8 == 0 {
			out = append(out, 0)
		}
		out[(n+i)/8] |= byte(code>>i&1) << ((n + i) % 8)
	}
	return out
}
