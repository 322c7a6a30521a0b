package gif

import (
	"errors"
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

var errSeen = errors.New("seen")

// See shows the first frame.
func (c *canvas) See(int) (image.Image, image.Point, int) {
	m, _, err := c.first()
	if err != nil {
		return nil, image.Point{}, 0
	}
	return m, m.Rect.Size(), 1
}

// Whole implements recode.Shower.
func (c *canvas) Whole() (m *image.NRGBA, profile []byte, orientation, frames int, err error) {
	m, frames, err = c.first()
	return m, nil, 1, frames, err
}

// Lossless implements recode.Shower.
func (c *canvas) Lossless() bool { return true }

// first is the first frame, and how many there are.
func (c *canvas) first() (out *image.NRGBA, frames int, err error) {
	f, err := open(c.w)
	if err != nil {
		return nil, 0, err
	}
	err = f.play(func(_ int, m *paint.Raster) error {
		out = &image.NRGBA{Pix: m.Pix, Stride: 4 * m.W, Rect: f.size}
		return errSeen
	})
	if !errors.Is(err, errSeen) {
		return nil, 0, err
	}
	return out, len(f.frames), nil
}

// Frames shows the other frames.
func (c *canvas) Frames(show func(image.Image, int) error) error {
	f, err := open(c.w)
	if err != nil || len(f.frames) == 1 {
		return err
	}
	return f.play(func(i int, m *paint.Raster) error {
		if i == 0 {
			return nil
		}
		return show(&image.NRGBA{Pix: m.Pix, Stride: 4 * m.W, Rect: f.size}, 1)
	})
}

func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	out, err := Cover(c.w, c.pol, regions, style)
	if err == nil {
		c.w = rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits())
	}
	return out, err
}
