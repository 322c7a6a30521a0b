package tiff

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/bits"
	"slices"

	"golang.org/x/image/tiff/lzw"

	"tabir/scrub/internal/paint"
	"tabir/scrub/meta"
)

// maxCovered bounds the samples that are held in memory, in bytes.
const maxCovered = 256 << 20

// coverable refuses kinds of pages whose samples are not edited.
func (p *page) coverable() error {
	no := func(what string) error {
		return fmt.Errorf("tiff: covering areas of a picture with %s: %w: %w", what, meta.ErrNoCover, meta.ErrUnsupported)
	}
	for _, e := range p.fields {
		switch {
		case e.tag == tagFormat:
			return no("fractional or signed samples")
		case e.tag == tagPredictor && (e.vals[0] != 2 || p.bits < 8):
			return no("this predictor")
		}
	}
	switch {
	case !slices.Contains([]uint64{compNone, compLZW, compDeflate, compDeflate2, compPackBits}, p.compression):
		return no(compressions[p.compression] + " compression")
	case p.photometric == photoMask:
		return no("a transparency mask")
	case !slices.Contains([]uint64{0, 1, photoRGB, photoPalette, photoCMYK}, p.photometric):
		return no("these colours")
	case p.photometric == photoRGB && p.samples < 3, p.photometric == photoCMYK && p.samples < 4:
		return no(fmt.Sprintf("%d samples", p.samples))
	case !slices.Contains([]int64{1, 2, 4, 8, 16}, p.bits), p.bits < 8 && p.samples > 1, p.photometric == photoPalette && (p.samples > 1 || p.bits > 8):
		return no(fmt.Sprintf("%d samples of %d bits", p.samples, p.bits))
	}
	return nil
}

// raster decodes all strips or tiles of the page. Samples of up to 8 bits take one
// byte, those of 16 two.
func (p *page) raster() (*paint.Raster, error) {
	n, across, down := p.count()
	if p.width*p.height > maxCovered/p.samples/2 || p.partW*p.partH > maxCovered/p.samples/2 {
		return nil, fmt.Errorf("tiff: covering areas of %d by %d pixels: %w", p.width, p.height, meta.ErrLimit)
	}
	r := paint.NewRaster(int(p.width), int(p.height), int(p.samples), int(p.bits+7)/8, -1)
	for i := range n {
		b, err := p.decode(i)
		if err != nil {
			return nil, fmt.Errorf("tiff: page %d, strip or tile %d: %w", p.n, i, err)
		}
		plane, k := i/(across*down), i%(across*down)
		p.place(r, b, int(k%across*p.partW), int(k/across*p.partH), int(plane), int(p.rows(i)))
	}
	return r, p.f.w.Err()
}

// place puts the samples of a strip or tile at x, y of the page.
func (p *page) place(r *paint.Raster, b []byte, x, y, plane, rows int) {
	channels, first, bits := r.Channels, 0, int(p.bits)
	if p.planes > 1 {
		channels, first = 1, plane
	}
	stride := (int(p.partW)*channels*bits + 7) / 8
	for v := range min(rows, r.H-y) {
		row := b[v*stride:][:stride]
		for u := range min(int(p.partW), r.W-x) {
			for c := range channels {
				to, i := r.At(x+u, y+v)+(first+c)*r.Bytes, u*channels+c
				switch {
				case bits == 16:
					s := p.f.o.Uint16(row[2*i:])
					r.Pix[to], r.Pix[to+1] = byte(s>>8), byte(s)
				case bits == 8:
					r.Pix[to] = row[i]
				default:
					r.Pix[to] = row[i*bits/8] >> (8 - bits - i*bits%8) & (1<<bits - 1)
				}
			}
		}
	}
}

// decode is the samples of strip or tile i, as they lie without compression.
func (p *page) decode(i int64) ([]byte, error) {
	if p.compression == compJPEG {
		return p.decodeJPEG(i)
	}
	q, want := p.parts[i], p.bytes(i)
	out := make([]byte, want)
	if q.n == 0 {
		return out, nil // a sparse file leaves out what is zero
	}
	raw, err := p.f.read(q)
	if err != nil {
		return nil, err
	}
	if p.says(tagFillOrder) == 2 {
		for k := range raw {
			raw[k] = bits.Reverse8(raw[k])
		}
	}
	var src io.Reader = bytes.NewReader(raw)
	switch p.compression {
	case compPackBits:
		src = bytes.NewReader(unpack(raw, want))
	case compLZW:
		src = lzw.NewReader(src, lzw.MSB, 8)
	case compDeflate, compDeflate2:
		if src, err = zlib.NewReader(src); err != nil {
			return nil, fmt.Errorf("%w: %w", meta.ErrMalformed, err)
		}
	}
	if _, err := io.ReadFull(src, out); err != nil {
		return nil, fmt.Errorf("%w: %w", meta.ErrMalformed, err)
	}
	if p.says(tagPredictor) == 2 {
		p.sum(out)
	}
	return out, nil
}

// says is the number of a tag of the clean page, 0 where it has none.
func (p *page) says(tag uint16) uint64 {
	for _, e := range p.fields {
		if e.tag == tag {
			return e.vals[0]
		}
	}
	return 0
}

// read is the bytes of a strip or tile, which may be larger than a block.
func (f *file) read(q part) ([]byte, error) {
	var out []byte
	for at := q.off; at < q.off+q.n; {
		b, err := f.w.Bytes(at, min(f.w.Limits().Block, q.off+q.n-at))
		if err != nil {
			return nil, err
		}
		if int64(len(b)) == q.n {
			return b, nil
		}
		out, at = append(out, b...), at+int64(len(b))
	}
	return out, nil
}

// unpack undoes PackBits (TIFF 6.0, section 9) up to want bytes.
func unpack(b []byte, want int64) (out []byte) {
	for len(b) > 1 && int64(len(out)) < want {
		n := int(b[0])
		switch {
		case n < 128:
			n = min(n+1, len(b)-1)
			out = append(out, b[1:1+n]...)
			b = b[1+n:]
		case n > 128:
			out = append(out, bytes.Repeat(b[1:2], 257-n)...)
			b = b[2:]
		default:
			b = b[1:]
		}
	}
	return out
}

// sum undoes horizontal differencing (TIFF 6.0, section 14).
func (p *page) sum(b []byte) {
	step := int(p.samples)
	if p.planes > 1 {
		step = 1
	}
	n := int(p.partW) * step
	if p.bits == 8 {
		for ; len(b) >= n; b = b[n:] {
			for i := step; i < n; i++ {
				b[i] += b[i-step]
			}
		}
		return
	}
	for ; len(b) >= 2*n; b = b[2*n:] {
		for i := step; i < n; i++ {
			p.f.o.PutUint16(b[2*i:], p.f.o.Uint16(b[2*i:])+p.f.o.Uint16(b[2*(i-step):]))
		}
	}
}
