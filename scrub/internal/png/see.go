package png

import (
	"fmt"
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// canvas is a picture that is opened to have areas of it covered, and to be cut.
type canvas struct {
	w    *rd.Window
	pol  meta.Policy
	part image.Rectangle // of the stored picture: what it is cut to; empty: nothing is cut off
}

func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) {
	return &canvas{w: w, pol: pol}, nil
}

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

// Crop implements plan.Cropper: a picture is cut exactly. Animations are not cut.
func (c *canvas) Crop(part image.Rectangle) (image.Rectangle, error) {
	p, _, err := read(c.w, c.pol)
	if err != nil {
		return part, err
	}
	if p.anim.frames > 0 {
		return part, fmt.Errorf("png: cutting an animation: %w: %w", meta.ErrNoCover, meta.ErrUnsupported)
	}
	w, h := int(p.header.width), int(p.header.height)
	full := image.Rect(0, 0, w, h)
	if p.looks.Orientation >= 5 {
		full = image.Rect(0, 0, h, w)
	}
	in := part.Intersect(full)
	if in.Empty() {
		return in, fmt.Errorf("png: part at %d,%d of a picture of %d by %d: %w", part.Min.X, part.Min.Y, w, h, meta.ErrNoArea)
	}
	s := paint.Region{X: in.Min.X, Y: in.Min.Y, W: in.Dx(), H: in.Dy()}.Stored(p.looks.Orientation, w, h)
	c.part = image.Rect(s.X, s.Y, s.X+s.W, s.Y+s.H)
	return in, nil
}

// Cover implements plan.Canvas.
func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	out, err := cover(c.w, c.pol, c.part, regions, style)
	if err == nil {
		c.w = rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits())
	}
	return out, err
}
