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

func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) { return &canvas{w, pol}, nil }

// See shows the picture, without its alpha.
func (c *canvas) See(int) (image.Image, image.Point, int) {
	p, err := read(c.w)
	if err != nil {
		return nil, image.Point{}, 0
	}
	m, _, err := p.decode()
	if err != nil {
		return nil, image.Point{}, 0
	}
	out := image.NewNRGBA(image.Rect(0, 0, m.W, m.H))
	for i := range m.W * m.H {
		copy(out.Pix[4*i:], m.Pix[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out, out.Rect.Max, 1
}

func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	out, err := Cover(c.w, c.pol, regions, style)
	if err == nil {
		c.w = rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits())
	}
	return out, err
}
