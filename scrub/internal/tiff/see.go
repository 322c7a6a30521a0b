package tiff

import (
	"image"

	"tabir/scrub/internal/paint"
)

// See implements plan.Canvas: the first page, reduced by a whole number.
func (c *canvas) See(side int) (image.Image, image.Point, int) {
	if c.decode() != nil {
		return nil, image.Point{}, 0 // Cover says why
	}
	p, r := c.pages[0], c.covers[0].r
	step := max(max(r.W, r.H)/max(side, 1), 1)
	out := image.NewNRGBA(image.Rect(0, 0, max(r.W/step, 1), max(r.H/step, 1)))
	colour := p.colours()
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			var sum [3]int
			n := 0
			for v := y * step; v < min((y+1)*step, r.H); v++ {
				for u := x * step; u < min((x+1)*step, r.W); u++ {
					for ch, t := range colour(r, u, v) {
						sum[ch] += int(t)
					}
					n++
				}
			}
			at := out.PixOffset(x, y)
			for ch := range sum {
				out.Pix[at+ch] = byte(sum[ch] / n)
			}
			out.Pix[at+3] = 255
		}
	}
	return out, image.Pt(r.W, r.H), p.orientation()
}

// Whole implements recode.Shower: the first page, with its alpha.
func (c *canvas) Whole() (m *image.NRGBA, profile []byte, orientation, frames int, err error) {
	if err := c.decode(); err != nil {
		return nil, nil, 0, 0, err
	}
	p, r := c.pages[0], c.covers[0].r
	channel, kind := 0, uint64(0)
	for ch := r.Channels - 1; ch >= 0; ch-- {
		if k := p.alpha(ch); k != 0 {
			channel, kind = ch, k
		}
	}
	m = image.NewNRGBA(image.Rect(0, 0, r.W, r.H))
	colour := p.colours()
	for i := range r.W * r.H {
		v, a := colour(r, i%r.W, i/r.W), 255
		if kind != 0 {
			a = int(r.Pix[i*r.Pixel()+channel*r.Bytes])
		}
		for ch, t := range v {
			if kind == premultiplied {
				t = byte(min(int(t)*255/max(a, 1), 255))
			}
			m.Pix[4*i+ch] = t
		}
		m.Pix[4*i+3] = byte(a)
	}
	return m, p.profile, p.orientation(), len(c.pages), nil
}

// Lossless implements recode.Shower.
func (c *canvas) Lossless() bool { return c.pages[0].compression != compJPEG }

// colours is what a pixel looks like, in red, green and blue, as if on no
// background: how opaque it is tells nothing about a face.
func (p *page) colours() func(r *paint.Raster, x, y int) [3]byte {
	most := 1<<min(p.bits, 8) - 1
	switch p.photometric {
	case photoPalette:
		palette := p.palette()
		return func(r *paint.Raster, x, y int) [3]byte { return palette[r.Pix[r.At(x, y)]] }
	case photoRGB, photoYCbCr: // which is red, green and blue here
		return func(r *paint.Raster, x, y int) [3]byte {
			at := r.Pix[r.At(x, y):]
			return [3]byte{at[0], at[r.Bytes], at[2*r.Bytes]}
		}
	case photoCMYK:
		return func(r *paint.Raster, x, y int) (out [3]byte) {
			at := r.Pix[r.At(x, y):]
			black := 255 - int(at[3*r.Bytes])
			for ch := range out {
				out[ch] = byte((255 - int(at[ch*r.Bytes])) * black / 255)
			}
			return out
		}
	}
	return func(r *paint.Raster, x, y int) [3]byte {
		v := int(r.Pix[r.At(x, y)]) * 255 / most
		if p.photometric == 0 {
			v = 255 - v
		}
		return [3]byte{byte(v), byte(v), byte(v)}
	}
}
