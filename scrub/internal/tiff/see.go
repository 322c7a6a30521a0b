package tiff

import "image"

// See implements plan.Canvas: the first page, reduced by a whole number.
func (c *canvas) See(side int) (image.Image, image.Point, int) {
	if c.decode() != nil {
		return nil, image.Point{}, 0 // Cover says why
	}
	p, r := c.pages[0], c.covers[0].r
	step := max(max(r.w, r.h)/max(side, 1), 1)
	out := image.NewNRGBA(image.Rect(0, 0, max(r.w/step, 1), max(r.h/step, 1)))
	tone := p.tones()
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			var sum [3]int
			n := 0
			for v := y * step; v < min((y+1)*step, r.h); v++ {
				for u := x * step; u < min((x+1)*step, r.w); u++ {
					for ch, t := range tone(r, u, v) {
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
	return out, image.Pt(r.w, r.h), p.orientation()
}

// tones is what a pixel looks like, in red, green and blue, as if on no
// background: how opaque it is tells nothing about a face.
func (p *page) tones() func(r *raster, x, y int) [3]byte {
	most := 1<<min(p.bits, 8) - 1
	switch p.photometric {
	case photoPalette:
		colours := p.palette()
		return func(r *raster, x, y int) [3]byte { return colours[r.pix[r.at(x, y, 0)]] }
	case photoRGB:
		return func(r *raster, x, y int) [3]byte {
			return [3]byte{r.pix[r.at(x, y, 0)], r.pix[r.at(x, y, 1)], r.pix[r.at(x, y, 2)]}
		}
	case photoCMYK:
		return func(r *raster, x, y int) (out [3]byte) {
			black := 255 - int(r.pix[r.at(x, y, 3)])
			for ch := range out {
				out[ch] = byte((255 - int(r.pix[r.at(x, y, ch)])) * black / 255)
			}
			return out
		}
	}
	return func(r *raster, x, y int) [3]byte {
		v := int(r.pix[r.at(x, y, 0)]) * 255 / most
		if p.photometric == 0 {
			v = 255 - v
		}
		return [3]byte{byte(v), byte(v), byte(v)}
	}
}
