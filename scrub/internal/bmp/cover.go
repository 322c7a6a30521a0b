package bmp

import (
	"bytes"
	"fmt"
	"math/bits"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// maxCovered bounds the pictures that are held in memory, in pixels.
const maxCovered = 64 << 20

// Cover paints over regions of the picture and returns a new file that is clean.
// Pixels outside the regions stay as they are. A palette is made anew of the
// colours that are then shown, and its pixels are not compressed.
func Cover(w *rd.Window, _ meta.Policy, regions []paint.Region, style paint.Style) ([]byte, error) {
	p, err := read(w)
	if err != nil {
		return nil, err
	}
	m, data, err := p.decode()
	if err != nil {
		return nil, err
	}
	cover, missed := paint.NewCover(regions, style, m.W, m.H)
	if missed >= 0 {
		g := regions[missed]
		return nil, fmt.Errorf("bmp: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, m.W, m.H, meta.ErrNoArea)
	}
	before := m.Clone()
	cover.Paint(m)
	if !cover.SameOutside(before, m) {
		return nil, fmt.Errorf("bmp: covering changed what is outside: %w", meta.ErrInternal)
	}
	if p.h.indexed() {
		data = p.index(m, cover)
	} else {
		p.samples(m, cover, data)
	}
	head, err := p.headers()
	if err != nil {
		return nil, err
	}
	out := bytes.Join([][]byte{head, data, p.icc}, nil)
	return out, check(w, out, m, data, p.h.indexed())
}

// row is where the pixels of line y of the upright picture begin in data.
func (p *picture) row(y int) int {
	if !p.h.topDown {
		y = int(p.h.height) - 1 - y
	}
	return y * int(p.h.stride())
}

// fits refuses a picture that would take too much memory.
func (p *picture) fits() error {
	if h := p.h; h.width > maxCovered || h.height > maxCovered/h.width {
		return fmt.Errorf("bmp: covering areas of %d by %d pixels: %w", h.width, h.height, meta.ErrLimit)
	}
	return nil
}

// decode returns the upright picture in red, green and blue, and the pixels as
// they are stored, where they are not indices.
func (p *picture) decode() (m *paint.Raster, data []byte, err error) {
	h := p.h
	if err := p.fits(); err != nil {
		return nil, nil, err
	}
	m = paint.NewRaster(int(h.width), int(h.height), 3, 1, -1)
	if h.rle() {
		p.fill(m)
		r := runs{p: p, at: p.pixels.Off}
		return m, nil, r.walk(func(x, y int64, index byte) {
			if !h.topDown {
				y = h.height - 1 - y
			}
			if y >= 0 && y < h.height {
				p.colour(m.Pix[m.At(int(x), int(y)):], index)
			}
		})
	}
	data = make([]byte, 0, h.stride()*h.height)
	for y := range h.height {
		b, err := p.w.Bytes(p.pixels.Off+y*h.stride(), h.stride())
		if err != nil {
			return nil, nil, err
		}
		clear(b[(h.width*h.bits+7)/8:])
		data = append(data, b...)
	}
	for y := range m.H {
		line, out := data[p.row(y):], m.Pix[m.At(0, y):]
		for x := range m.W {
			if h.indexed() {
				at := x * int(h.bits)
				v := line[at/8] >> (8 - int(h.bits) - at%8) & byte(1<<h.bits-1)
				p.colour(out[3*x:], v)
				continue
			}
			v := h.pixel(line, x)
			for k := range 3 {
				out[3*x+k] = scale(v, h.masks[k])
			}
		}
	}
	if h.indexed() {
		data = nil
	}
	return m, data, nil
}

// fill gives every pixel the first colour: run lengths may leave some out.
func (p *picture) fill(m *paint.Raster) {
	for i := 0; i < len(m.Pix); i += 3 {
		p.colour(m.Pix[i:], 0)
	}
}

// colour writes entry i of the palette, black where there is none.
func (p *picture) colour(to []byte, i byte) {
	if at := int(i) * int(p.h.entry()); at+3 <= len(p.palette) {
		to[0], to[1], to[2] = p.palette[at+2], p.palette[at+1], p.palette[at]
	} else {
		clear(to[:3])
	}
}

// pixel is pixel x of a line of 16, 24 or 32 bits a pixel.
func (h *header) pixel(line []byte, x int) (v uint32) {
	n := int(h.bits) / 8
	for k := range n {
		v |= uint32(line[x*n+k]) << (8 * k)
	}
	return v
}

// scale takes a channel out of a pixel, as 8 bits.
func scale(v, mask uint32) byte {
	if mask == 0 {
		return 0
	}
	most := uint64(mask >> bits.TrailingZeros32(mask))
	if most == 255 {
		return byte(v >> bits.TrailingZeros32(mask))
	}
	return byte((uint64(v&mask>>bits.TrailingZeros32(mask))*255 + most/2) / most)
}

// unscale puts 8 bits into a channel.
func unscale(v byte, mask uint32) uint32 {
	if mask == 0 {
		return 0
	}
	most := uint64(mask >> bits.TrailingZeros32(mask))
	return uint32((uint64(v)*most+127)/255) << bits.TrailingZeros32(mask)
}

// samples writes what was painted into data, and leaves in m what it has become.
// Alpha becomes opaque, and bits that are no channel are zero.
func (p *picture) samples(m *paint.Raster, cover *paint.Cover, data []byte) {
	h := p.h
	opaque := h.masks[3]
	if h.bits == 32 && !h.hasMasks() && p.fourth(m, cover, data) {
		opaque = 0xff000000 // some viewers take the fourth byte for alpha if any of them is not zero
	}
	n := int(h.bits) / 8
	for y := range m.H {
		line := data[p.row(y):]
		for x := range m.W {
			if !cover.Pixels[y*m.W+x] {
				continue
			}
			c := m.Pix[m.At(x, y):][:3]
			v := opaque
			for k := range 3 {
				v |= unscale(c[k], h.masks[k])
			}
			for k := range n {
				line[x*n+k] = byte(v >> (8 * k))
			}
			for k := range 3 {
				c[k] = scale(v, h.masks[k])
			}
		}
	}
}

// fourth reports whether a pixel outside the areas has a fourth byte.
func (p *picture) fourth(m *paint.Raster, cover *paint.Cover, data []byte) bool {
	for y := range m.H {
		line := data[p.row(y):]
		for x := range m.W {
			if !cover.Pixels[y*m.W+x] && line[4*x+3] != 0 {
				return true
			}
		}
	}
	return false
}

// index makes a palette of what is shown and turns the header to 8 bits a pixel,
// whatever the colours that were covered had asked for. It leaves in m what has
// become of it.
func (p *picture) index(m *paint.Raster, cover *paint.Cover) []byte {
	outside, inside := map[paint.Colour]bool{}, map[paint.Colour]int{}
	at := func(i int) paint.Colour { return paint.Colour{m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2], 255} }
	for i, covered := range cover.Pixels {
		if c := at(i); covered {
			inside[c]++
		} else {
			outside[c] = true
		}
	}
	palette := paint.NewPalette(outside, inside, 256) // there is room for what at most 8 bits had
	h := p.h
	h.setIndexed(len(palette.Colours))
	p.masks, p.palette = nil, nil
	for _, c := range palette.Colours {
		p.palette = append(p.palette, c[2], c[1], c[0])
		if h.entry() == 4 {
			p.palette = append(p.palette, 0)
		}
	}
	if h.size() < infoHeader { // which cannot say that there are fewer
		p.palette = append(p.palette, make([]byte, 256*int(h.entry())-len(p.palette))...)
	}
	p.size = h.stride() * h.height
	data := make([]byte, p.size)
	for y := range m.H {
		line := data[p.row(y):]
		for x := range m.W {
			i := palette.Index(at(y*m.W + x))
			line[x] = byte(i)
			copy(m.Pix[m.At(x, y):], palette.Colours[i][:3])
		}
	}
	return data
}

// setIndexed makes h the header of a picture of 8 bits a pixel with n colours.
func (h *header) setIndexed(n int) {
	h.bits, h.compression = 8, rgb
	if h.size() == coreHeader {
		le.PutUint16(h.b[10:], 8)
		return
	}
	le.PutUint16(h.b[14:], 8)
	if h.size() >= infoHeader {
		le.PutUint32(h.b[16:], rgb)
		le.PutUint32(h.b[20:], 0)
		if n == 256 {
			n = 0
		}
		le.PutUint32(h.b[32:], uint32(n))
	}
}

// check reads the new file and compares it with what was painted.
func check(w *rd.Window, out []byte, m *paint.Raster, data []byte, indexed bool) error {
	p, err := read(rd.New(w.Context(), rd.Held(out), int64(len(out)), w.Limits()))
	if err != nil {
		return fmt.Errorf("bmp: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	again, stored, err := p.decode()
	if err != nil {
		return fmt.Errorf("bmp: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	if !bytes.Equal(again.Pix, m.Pix) || !indexed && !bytes.Equal(stored, data) {
		return fmt.Errorf("bmp: the covered picture is not what was painted: %w", meta.ErrUnverified)
	}
	return nil
}
