package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Bounds of what is held in memory: bytes of samples, and IDAT chunks.
const (
	maxCovered = 256 << 20
	maxParts   = 1 << 14
)

// Cover paints over regions of the upright picture and returns a new file that
// is clean. Samples outside the regions stay as they are; filters and
// compression are made anew from the result. Pictures with a palette,
// interlaced and animated ones are meta.ErrUnsupported.
func Cover(w *rd.Window, pol meta.Policy, regions []paint.Region, style paint.Style) ([]byte, error) {
	p, _, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	no := func(what string) error {
		return fmt.Errorf("png: covering areas of a picture with %s: %w: %w", what, meta.ErrNoCover, meta.ErrUnsupported)
	}
	switch {
	case p.header.colour == 3:
		return nil, no("a palette")
	case p.header.depth < 8:
		return nil, no("less than 8 bits a sample")
	case p.interlaced:
		return nil, no("interlacing")
	case p.anim.frames > 0:
		return nil, no("an animation")
	}
	r, err := p.raster()
	if err != nil {
		return nil, err
	}
	before := bytes.Clone(r.pix)
	if err := r.cover(regions, style, p.looks.Orientation); err != nil {
		return nil, err
	}
	out, err := p.write(r)
	if err != nil {
		return nil, err
	}
	return out, r.check(w, out, before)
}

// raster is an unfiltered picture.
type raster struct {
	w, h, channels, bytes int // bytes of a sample
	stride                int
	pix                   []byte
	alpha                 int    // the channel that is alpha, or -1
	key                   []byte // the colour that tRNS makes transparent
	covered               []bool
}

// raster inflates and unfilters the picture data (9.2).
func (p *picture) raster() (*raster, error) {
	h := p.header
	r := &raster{w: int(h.width), h: int(h.height), channels: channels[h.colour], bytes: int(h.depth) / 8, alpha: -1}
	if h.colour == 4 || h.colour == 6 {
		r.alpha = r.channels - 1
	}
	if t := p.ancillary["tRNS"]; t != nil {
		for i := 0; i < len(t); i += 2 {
			r.key = append(r.key, t[i+2-r.bytes:i+2]...)
		}
	}
	r.stride = r.w * r.channels * r.bytes
	if len(p.data) > maxParts || int64(r.stride+1)*int64(r.h) > maxCovered {
		return nil, fmt.Errorf("png: covering areas of %d by %d pixels: %w", r.w, r.h, meta.ErrLimit)
	}
	var parts []io.Reader
	for _, s := range p.data {
		b, err := p.w.Bytes(s.Off, s.Len)
		if err != nil {
			return nil, err
		}
		parts = append(parts, bytes.NewReader(b))
	}
	damaged := func(err error) error { return fmt.Errorf("png: picture data: %w: %w", meta.ErrMalformed, err) }
	z, err := zlib.NewReader(io.MultiReader(parts...))
	if err != nil {
		return nil, damaged(err)
	}
	line, above := make([]byte, 1+r.stride), make([]byte, r.stride)
	for range r.h {
		if _, err := io.ReadFull(z, line); err != nil {
			return nil, damaged(err)
		}
		if !unfilter(line[0], line[1:], above, r.channels*r.bytes) {
			return nil, fmt.Errorf("png: filter %d: %w", line[0], meta.ErrMalformed)
		}
		r.pix = append(r.pix, line[1:]...)
		copy(above, line[1:])
	}
	return r, nil
}

// unfilter turns a line back; bpp is the bytes of a pixel.
func unfilter(filter byte, b, above []byte, bpp int) bool {
	for i := range b {
		var left, corner byte
		if i >= bpp {
			left, corner = b[i-bpp], above[i-bpp]
		}
		switch filter {
		case 0:
		case 1:
			b[i] += left
		case 2:
			b[i] += above[i]
		case 3:
			b[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			b[i] += paeth(left, above[i], corner)
		default:
			return false
		}
	}
	return true
}

// paeth is the predictor of 9.4.
func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := max(p-int(a), int(a)-p), max(p-int(b), int(b)-p), max(p-int(c), int(c)-p)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// margin is how far around an area the surroundings are looked at, in pixels.
const margin = 2

// cover paints over the regions. What is under an area is rebuilt in every
// channel; alpha becomes opaque there, for a hole tells a shape. A region that
// covers no pixel is meta.ErrNoArea.
func (r *raster) cover(regions []paint.Region, style paint.Style, orientation int) error {
	r.covered = make([]bool, r.w*r.h)
	brush := paint.Brush{Style: style}
	for _, g := range regions {
		g = g.Stored(orientation, r.w, r.h)
		brush.Regions = append(brush.Regions, g)
		touched := false
		for y := max(g.Y, 0); y < min(g.Y+g.H, r.h); y++ {
			for x := max(g.X, 0); x < min(g.X+g.W, r.w); x++ {
				if g.Touches(x, y, 1, 1) {
					r.covered[y*r.w+x], touched = true, true
				}
			}
		}
		if !touched {
			return fmt.Errorf("png: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, r.w, r.h, meta.ErrNoArea)
		}
	}
	for _, g := range frames(brush.Regions, r.w, r.h) {
		r.paint(g, brush)
	}
	return nil
}

// frame is a rectangle of pixels.
type frame struct{ x0, y0, x1, y1 int }

// frames are the rectangles around regions, those that meet as one: an area must
// not be rebuilt from another one that is still to be covered.
func frames(regions []paint.Region, w, h int) []frame {
	var out []frame
	for _, g := range regions {
		f := frame{max(g.X-margin, 0), max(g.Y-margin, 0), min(g.X+g.W+margin, w), min(g.Y+g.H+margin, h)}
		if f.x0 >= f.x1 || f.y0 >= f.y1 {
			continue
		}
		for again := true; again; {
			again = false
			for i, o := range out {
				if f.x0 < o.x1 && o.x0 < f.x1 && f.y0 < o.y1 && o.y0 < f.y1 {
					f = frame{min(f.x0, o.x0), min(f.y0, o.y0), max(f.x1, o.x1), max(f.y1, o.y1)}
					out = append(out[:i], out[i+1:]...)
					again = true
					break
				}
			}
		}
		out = append(out, f)
	}
	return out
}

func (r *raster) paint(f frame, brush paint.Brush) {
	for c := range r.channels {
		patch := paint.NewPatch(f.x1-f.x0, f.y1-f.y0)
		for y := f.y0; y < f.y1; y++ {
			for x := f.x0; x < f.x1; x++ {
				// The high byte of a sample is enough to paint with.
				if !r.covered[y*r.w+x] {
					patch.Set(x-f.x0, y-f.y0, int32(r.pix[r.at(x, y, c)]))
				}
			}
		}
		brush.Paint(patch, f.x0, f.y0, 1, 1)
		for y := f.y0; y < f.y1; y++ {
			for x := f.x0; x < f.x1; x++ {
				if !r.covered[y*r.w+x] {
					continue
				}
				v := byte(255)
				if c != r.alpha {
					v = byte(patch.At(x-f.x0, y-f.y0))
				}
				at := r.at(x, y, c)
				for k := range r.bytes {
					r.pix[at+k] = v // twice for 16 bits: 0xabab is 0xab of 0xff
				}
			}
		}
	}
	if r.key == nil {
		return
	}
	for y := f.y0; y < f.y1; y++ {
		for x := f.x0; x < f.x1; x++ {
			if at := r.at(x, y, 0); r.covered[y*r.w+x] && bytes.Equal(r.pix[at:at+len(r.key)], r.key) {
				r.pix[at] ^= 1 // the transparent colour would make a hole
			}
		}
	}
}

func (r *raster) at(x, y, c int) int { return y*r.stride + (x*r.channels+c)*r.bytes }

// write codes the picture anew.
func (p *picture) write(r *raster) ([]byte, error) {
	p.ancillary["cLLI"] = nil // the light levels of what was covered
	p.finish()
	out := []byte(signature)
	head := []byte{0, 0, 0, 0, 0, 0, 0, 0, p.header.depth, p.header.colour, 0, 0, 0}
	binary.BigEndian.PutUint32(head, p.header.width)
	binary.BigEndian.PutUint32(head[4:], p.header.height)
	out = append(out, makeChunk("IHDR", head)...)
	out = append(out, p.out.Pieces[p.beforePLTE].Lit...)
	out = append(out, p.out.Pieces[p.beforeIDAT].Lit...)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	above, line := make([]byte, r.stride), make([]byte, 1+r.stride)
	for y := range r.h {
		now := r.pix[y*r.stride:][:r.stride]
		filter(line, now, above, r.channels*r.bytes)
		if _, err := z.Write(line); err != nil {
			return nil, err
		}
		above = now
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	out = append(out, makeChunk("IDAT", packed.Bytes())...)
	return append(out, makeChunk("IEND", nil)...), nil
}

// filter puts the Paeth filter over a line: one for all lines, chosen by nobody.
func filter(dst, b, above []byte, bpp int) {
	dst[0] = 4
	for i := range b {
		var left, corner byte
		if i >= bpp {
			left, corner = b[i-bpp], above[i-bpp]
		}
		dst[1+i] = b[i] - paeth(left, above[i], corner)
	}
}

// check reads the new file and compares it with what was painted, and its
// outside with the source.
func (r *raster) check(w *rd.Window, out, before []byte) error {
	p, _, err := read(rd.New(w.Context(), rd.Held(out), int64(len(out)), w.Limits()), meta.Policy{})
	if err != nil {
		return fmt.Errorf("%w: %w", meta.ErrUnverified, err)
	}
	again, err := p.raster()
	if err != nil {
		return fmt.Errorf("%w: %w", meta.ErrUnverified, err)
	}
	if !bytes.Equal(again.pix, r.pix) {
		return fmt.Errorf("%w: the covered picture is not what was painted", meta.ErrUnverified)
	}
	n := r.channels * r.bytes
	for i, is := range r.covered {
		if !is && !bytes.Equal(before[i*n:(i+1)*n], again.pix[i*n:(i+1)*n]) {
			return fmt.Errorf("png: covering changed what is outside: %w", meta.ErrInternal)
		}
	}
	return nil
}
