package bmp

import (
	"errors"
	"fmt"

	"tabir/scrub/meta"
)

// maxPads is how many gaps inside the pixel data are written anew. Pictures with
// more of them are clean only if they are all zero.
const maxPads = 1 << 14

// pad is a place in the pixel data that shows nothing: n bytes, of the first of
// which the bits in mask are pixels.
type pad struct {
	off  int64
	n    int
	mask byte
}

// rows plans the pixels, with zeros in their padding.
func (p *picture) rows() error {
	h := p.h
	if h.rle() {
		return p.runs()
	}
	stride := h.stride()
	if h.height > p.w.Size()/stride {
		return fmt.Errorf("bmp: pixels: %w", meta.Truncated)
	}
	p.pixels.Len = stride * h.height
	p.size = p.pixels.Len
	if p.pixels.End() > p.w.Size() {
		return fmt.Errorf("bmp: pixels end at %d of %d: %w", p.pixels.End(), p.w.Size(), meta.Truncated)
	}
	full := h.width * h.bits / 8
	mask := ^byte(0xff >> (h.width * h.bits % 8))
	return p.pads(func(yield func(pad) bool) {
		for y := int64(0); y < h.height && stride > full; y++ {
			if !yield(pad{p.pixels.Off + y*stride + full, int(stride - full), mask}) {
				return
			}
		}
	}, h.height)
}

// pads plans the pixels around n pads.
func (p *picture) pads(all func(func(pad) bool), n int64) error {
	at := p.pixels.Off
	for d := range all {
		b, err := p.w.Peek(d.off, d.n)
		if err != nil {
			return err
		}
		dirty := int64(0)
		lit := make([]byte, d.n)
		lit[0] = b[0] & d.mask
		for i, v := range b {
			if v != lit[i] {
				dirty++
			}
		}
		switch {
		case n > maxPads && dirty > 0:
			return fmt.Errorf("bmp: bytes at %d that are no pixels, in a picture with %d such places: %w", d.off, n, meta.ErrLimit)
		case n > maxPads:
			continue
		}
		p.out.Picture(at, d.off-at)
		if p.hidden += dirty; dirty > 0 {
			p.out.Replace(d.off, int64(d.n), lit)
		} else {
			p.out.Keep(d.off, int64(d.n))
		}
		at = d.off + int64(d.n)
	}
	p.out.Picture(at, p.pixels.End()-at)
	return nil
}

// runs plans pixels in run lengths, up to the end that they state. An end that
// is missing behind the last pixel is written.
func (p *picture) runs() error {
	r := runs{p: p, at: p.pixels.Off}
	if err := r.walk(nil); err != nil {
		return err
	}
	p.pixels.Len = r.at - p.pixels.Off
	if err := p.pads(func(yield func(pad) bool) {
		for _, d := range r.pads {
			if !yield(d) {
				return
			}
		}
	}, r.n); err != nil {
		return err
	}
	if r.n > maxPads && r.dirty {
		return fmt.Errorf("bmp: bytes that are no pixels, in a picture with %d such places: %w", r.n, meta.ErrLimit)
	}
	p.size = p.pixels.Len + 2
	if r.ended {
		p.out.Keep(r.at, 2)
		p.pixels.Len += 2
	} else {
		p.out.Insert([]byte{0, 1})
	}
	return nil
}

// runs walks through run lengths.
type runs struct {
	p     *picture
	at    int64
	x, y  int64
	pads  []pad // the first of them
	n     int64 // of all pads
	dirty bool  // one that is not among the first is not zero
	ended bool  // by an end code at at
}

// walk goes to the end; draw, where there is one, is told of every pixel.
func (r *runs) walk(draw func(x, y int64, index byte)) error {
	h := r.p.h
	for {
		op, err := r.p.w.Peek(r.at, 2)
		over := r.y >= h.height
		if errors.Is(err, meta.ErrTruncated) && (over || r.y == h.height-1 && r.x >= h.width) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("bmp: run lengths at %d: %w", r.at, err)
		}
		n, v := int64(op[0]), op[1]
		switch {
		case n == 0 && v == 1:
			r.ended = true
			return nil
		case over: // no decoder looks further
			return nil
		case n > 0:
			r.draw(draw, n, func(i int64) byte { return r.nibble(v, i) })
			r.at += 2
		case v == 0:
			r.x, r.y, r.at = 0, r.y+1, r.at+2
		case v == 2:
			d, err := r.p.w.Peek(r.at+2, 2)
			if err != nil {
				return fmt.Errorf("bmp: run lengths at %d: %w", r.at, err)
			}
			r.x, r.y, r.at = r.x+int64(d[0]), r.y+int64(d[1]), r.at+4
		default:
			if err := r.literal(draw, int64(v)); err != nil {
				return err
			}
		}
	}
}

// literal takes n pixels that stand as they are, padded to two bytes.
func (r *runs) literal(draw func(x, y int64, index byte), n int64) error {
	size := n
	if r.p.h.bits == 4 {
		size = (n + 1) / 2
	}
	even := size + size&1
	b, err := r.p.w.Peek(r.at+2, int(even))
	if err != nil {
		return fmt.Errorf("bmp: run lengths at %d: %w", r.at, err)
	}
	d := pad{r.at + 2 + size, int(even - size), 0}
	if r.p.h.bits == 4 && n%2 == 1 { // the last four bits, too
		d = pad{d.off - 1, d.n + 1, 0xf0}
	}
	if d.n > 0 {
		if r.n++; len(r.pads) < maxPads {
			r.pads = append(r.pads, d)
		} else {
			pads := b[d.off-r.at-2:]
			r.dirty = r.dirty || pads[0]&^d.mask != 0 || !all(pads[1:], 0)
		}
	}
	r.draw(draw, n, func(i int64) byte {
		if r.p.h.bits == 4 {
			return r.nibble(b[i/2], i)
		}
		return b[i]
	})
	r.at += 2 + even
	return nil
}

// nibble is pixel i of a byte that repeats: of four bits, the high ones first.
func (r *runs) nibble(v byte, i int64) byte {
	if r.p.h.bits == 8 {
		return v
	}
	if i%2 == 0 {
		return v >> 4
	}
	return v & 15
}

func (r *runs) draw(draw func(x, y int64, index byte), n int64, at func(i int64) byte) {
	for i := int64(0); i < n && draw != nil && r.x+i < r.p.h.width; i++ {
		draw(r.x+i, r.y, at(i))
	}
	r.x += n
}
