package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Bounds of what is held in memory: bytes of samples, and data chunks.
const (
	maxCovered = 256 << 20
	maxParts   = 1 << 14
)

// pass is one of the reduced pictures of an interlaced one (8.2).
type pass struct{ x, y, dx, dy int }

var (
	whole = []pass{{0, 0, 1, 1}}
	adam7 = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
)

// size is how many pixels of w by h belong to the pass.
func (p pass) size(w, h int) (int, int) {
	return max(w-p.x+p.dx-1, 0) / p.dx, max(h-p.y+p.dy-1, 0) / p.dy
}

// decode inflates and unfilters the data of a picture, or a frame, of w by h
// pixels. Samples of less than 8 bits become 8; entries of a palette become red,
// green, blue and alpha.
func (p *picture) decode(data []plan.Span, w, h int) (*paint.Raster, error) {
	head := p.header
	r := &paint.Raster{W: w, H: h, Channels: channels[head.colour], Bytes: max(int(head.depth)/8, 1), Alpha: -1}
	if head.colour == 3 {
		r.Channels = 4
	}
	if head.colour >= 3 {
		r.Alpha = r.Channels - 1
	}
	if len(data) > maxParts || int64(w)*int64(h) > maxCovered/int64(r.Pixel()) {
		return nil, fmt.Errorf("png: covering areas of %d by %d pixels: %w", w, h, meta.ErrLimit)
	}
	var parts []io.Reader
	for _, s := range data {
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
	r.Pix = make([]byte, w*h*r.Pixel())
	passes := whole
	if p.interlaced {
		passes = adam7
	}
	bits := int(head.depth) * channels[head.colour]
	if head.colour == 3 {
		bits = int(head.depth)
	}
	for _, s := range passes {
		pw, ph := s.size(w, h)
		if pw == 0 {
			continue
		}
		stride := (pw*bits + 7) / 8
		line, above := make([]byte, 1+stride), make([]byte, stride)
		for y := range ph {
			if _, err := io.ReadFull(z, line); err != nil {
				return nil, damaged(err)
			}
			if !unfilter(line[0], line[1:], above, (bits+7)/8) {
				return nil, fmt.Errorf("png: filter %d: %w", line[0], meta.ErrMalformed)
			}
			copy(above, line[1:])
			if err := p.spread(r, line[1:], s, y); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// spread puts line y of a pass where it belongs, in whole bytes.
func (p *picture) spread(r *paint.Raster, line []byte, s pass, y int) error {
	n, depth := r.Pixel(), int(p.header.depth)
	out := r.Pix[r.At(0, s.y+y*s.dy):r.At(0, s.y+y*s.dy+1)]
	if depth >= 8 && p.header.colour != 3 {
		if s.dx == 1 {
			copy(out, line)
			return nil
		}
		for x, i := s.x, 0; x < r.W; x, i = x+s.dx, i+n {
			copy(out[x*n:(x+1)*n], line[i:])
		}
		return nil
	}
	most := 1<<depth - 1
	for x, at := s.x, 0; x < r.W; x, at = x+s.dx, at+depth {
		v := int(line[at/8]) >> (8 - depth - at%8) & most
		if p.header.colour != 3 {
			out[x] = byte(v * 255 / most)
			continue
		}
		if v >= p.palette {
			return fmt.Errorf("png: colour %d of %d: %w", v, p.palette, meta.ErrMalformed)
		}
		copy(out[x*n:], p.entries[v][:])
	}
	return nil
}

// unfilter turns a line back (9.2); bpp is the bytes of a pixel.
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

// deflate filters and compresses lines of samples, of stride bytes each.
func deflate(pix []byte, stride, bpp int) ([]byte, error) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	above, line := make([]byte, stride), make([]byte, 1+stride)
	for ; len(pix) > 0; pix = pix[stride:] {
		filter(line, pix[:stride], above, bpp)
		if _, err := z.Write(line); err != nil {
			return nil, err
		}
		above = pix[:stride]
	}
	err := z.Close()
	return packed.Bytes(), err
}

// readPalette reads the entries of PLTE with their alpha from tRNS.
func (p *picture) readPalette() error {
	if p.header.colour != 3 {
		return nil
	}
	b, err := p.w.Bytes(p.plteAt, 3*int64(p.palette))
	if err != nil {
		return err
	}
	t := p.ancillary["tRNS"]
	for i := range p.palette {
		c := paint.Colour{b[3*i], b[3*i+1], b[3*i+2], 255}
		if i < len(t) {
			c[3] = t[i]
		}
		p.entries = append(p.entries, c)
	}
	return nil
}

// key is the colour that tRNS makes transparent, in the bytes of a pixel of r;
// nil where there is none.
func (p *picture) key(r *paint.Raster) (out []byte) {
	if p.header.colour != 0 && p.header.colour != 2 {
		return nil
	}
	t := p.ancillary["tRNS"]
	for i := 0; i+2 <= len(t); i += 2 {
		if r.Bytes == 2 {
			out = append(out, t[i], t[i+1])
		} else {
			out = append(out, p.widen(binary.BigEndian.Uint16(t[i:])))
		}
	}
	return out
}

// widen makes a sample of at most 8 bits one of 8.
func (p *picture) widen(v uint16) byte {
	if p.header.depth >= 8 {
		return byte(v)
	}
	return byte(int(v) * 255 / (1<<p.header.depth - 1))
}
