package png

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

// See leaves it to another decoder to show the picture.
func (*canvas) See(int) (image.Image, image.Point, int) { return nil, image.Point{}, 0 }

// Frames shows the frames of an animation that are not the picture itself.
func (c *canvas) Frames(show func(image.Image, int) error) error {
	p, _, err := read(c.w, c.pol)
	if err != nil || p.anim.frames == 0 {
		return err
	}
	if err := p.readPalette(); err != nil {
		return err
	}
	if err := p.playable(); err != nil {
		return err
	}
	return p.play(func(i int, m *paint.Raster) error {
		if i == 0 && p.anim.own {
			return nil
		}
		return show(toImage(m), p.looks.Orientation)
	})
}

// toImage is a raster with an alpha channel as an image of 8 bits.
func toImage(m *paint.Raster) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, m.W, m.H))
	n := m.Pixel()
	for i := range m.W * m.H {
		v := m.Pix[i*n : (i+1)*n]
		for k := range 3 {
			out.Pix[4*i+k] = v[min(k, m.Alpha-1)*m.Bytes]
		}
		out.Pix[4*i+3] = v[m.Alpha*m.Bytes]
	}
	return out
}

func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	out, err := Cover(c.w, c.pol, regions, style)
	if err == nil {
		c.w = rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits())
	}
	return out, err
}
