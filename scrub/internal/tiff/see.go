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

// colours is what a pixel looks like, in red, green and blue, as if on no
// background: how opaque it is tells nothing about a face.
func (p *page) colours() func(r *paint.Raster, x, y int) [3]byte {
	most := 1<<min(p.bits, 8) - 1
	switch p.photometric {
	case photoPalette:
		palette := p.palette()
		return func(r *paint.Raster, x, y int) [3]byte { return palette[r.Pix[r.At(x, y)]] }
	case photoRGB:
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
