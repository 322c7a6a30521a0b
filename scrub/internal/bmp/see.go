package bmp

import (
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// canvas is a picture that is opened to have areas of it covered.
type canvas struct {
	w   *rd.Window
	pol meta.Policy
}

func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) {
	p, err := read(w)
	if err == nil {
		err = p.fits()
	}
	if err != nil {
		return nil, err
	}
	return &canvas{w, pol}, nil
}

// See shows the picture, without its alpha.
func (c *canvas) See(int) (image.Image, image.Point, int) {
	_, m, _, err := c.image()
	if err != nil {
		return nil, image.Point{}, 0
	}
	return m, m.Rect.Max, 1
}

// Whole implements recode.Shower. Where no pixel has any alpha it says nothing:
// so most viewers take it.
func (c *canvas) Whole() (m *image.NRGBA, profile []byte, orientation, frames int, err error) {
	p, m, data, err := c.image()
	if err != nil {
		return nil, nil, 0, 0, err
	}
	if mask := p.h.masks[3]; mask != 0 {
		alpha, any := make([]byte, m.Rect.Dx()*m.Rect.Dy()), byte(0)
		for i := range alpha {
			x, y := i%m.Rect.Dx(), i/m.Rect.Dx()
			alpha[i] = scale(p.h.pixel(data[p.row(y):], x), mask)
			any |= alpha[i]
		}
		for i, a := range alpha {
			if any != 0 {
				m.Pix[4*i+3] = a
			}
		}
	}
	return m, p.icc, 1, 1, nil
}

// Lossless implements recode.Shower.
func (c *canvas) Lossless() bool { return true }

func (c *canvas) image() (p *picture, m *image.NRGBA, data []byte, err error) {
	if p, err = read(c.w); err != nil {
		return nil, nil, nil, err
	}
	r, data, err := p.decode()
	if err != nil {
		return nil, nil, nil, err
	}
	m = image.NewNRGBA(image.Rect(0, 0, r.W, r.H))
	for i := range r.W * r.H {
		copy(m.Pix[4*i:], r.Pix[3*i:3*i+3])
		m.Pix[4*i+3] = 255
	}
	return p, m, data, nil
}

func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	out, err := Cover(c.w, c.pol, regions, style)
	if err == nil {
		c.w = rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits())
	}
	return out, err
}
