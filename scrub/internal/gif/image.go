package gif

import (
	"encoding/binary"
	"fmt"
	"image"

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
	p.clear(&d[9], 0x38) // reserved, and whether the palette is sorted
	if f.palette.Len == 0 {
		p.clear(&d[9], 0x07)
	}
	if f.minCode, err = p.w.Byte(f.palette.End()); err != nil {
		return 0, fmt.Errorf("gif: image at %d: %w", off, err)
	}
	if f.minCode < 2 || f.minCode > 11 { // 1 is not allowed (appendix F), and no two decoders agree on it; browsers take more than 8
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
