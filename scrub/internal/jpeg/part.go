package jpeg

import (
	"fmt"
	"image"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/paint"
	"tabir/scrub/meta"
)

// upright is the size of the picture as its orientation shows it.
func (c *canvas) upright() image.Point {
	if c.p.header.looks.Orientation >= 5 {
		return image.Pt(c.frame.Height, c.frame.Width)
	}
	return image.Pt(c.frame.Width, c.frame.Height)
}

// Upright implements plan.Tiler.
func (c *canvas) Upright() (full image.Point, progressive bool) {
	return c.upright(), c.frame.Progressive
}

// mcus are the MCUs that hold a part of the upright picture, as a rectangle of
// MCUs of the stored one. A part outside the picture is meta.ErrNoArea.
func (c *canvas) mcus(part image.Rectangle) (image.Rectangle, error) {
	in := part.Intersect(image.Rectangle{Max: c.upright()})
	if in.Empty() {
		return in, fmt.Errorf("jpeg: part at %d,%d of a picture of %d by %d: %w", part.Min.X, part.Min.Y, c.upright().X, c.upright().Y, meta.ErrNoArea)
	}
	s := paint.Region{X: in.Min.X, Y: in.Min.Y, W: in.Dx(), H: in.Dy()}.Stored(c.p.header.looks.Orientation, c.frame.Width, c.frame.Height)
	mw, mh := c.mcuSize()
	return image.Rect(s.X/mw, s.Y/mh, (s.X+s.W+mw-1)/mw, (s.Y+s.H+mh-1)/mh), nil
}

// Tile implements plan.Tiler. All of the data is decoded, and what is seen of the
// coefficients of the part is all that is held.
func (c *canvas) Tile(part image.Rectangle, side int) (image.Image, int, error) {
	m, err := c.mcus(part)
	if err != nil {
		return nil, 0, err
	}
	part = part.Intersect(image.Rectangle{Max: c.upright()})
	s := paint.Region{X: part.Min.X, Y: part.Min.Y, W: part.Dx(), H: part.Dy()}.Stored(c.p.header.looks.Orientation, c.frame.Width, c.frame.Height)
	n := 8
	for n > 1 && max(s.W, s.H)*n/16 >= side {
		n /= 2
	}
	store := coef.NewTile(c.frame, m.Min.X, m.Min.Y, m.Dx(), m.Dy(), n)
	if err := c.scan(store); err != nil {
		return nil, 0, err
	}
	mw, mh := c.mcuSize()
	size := image.Pt(m.Dx()*mw*n/8, m.Dy()*mh*n/8)
	var pix [3][]byte
	var stride [3]int
	for i := range c.frame.Components {
		pix[i], stride[i] = store.Reduced(i, &c.quant[i]), m.Dx()*c.h[i]*n
	}
	in := image.Rect(s.X, s.Y, s.X+s.W, s.Y+s.H).Sub(image.Pt(m.Min.X*mw, m.Min.Y*mh))
	in = image.Rect(in.Min.X*n/8, in.Min.Y*n/8, (in.Max.X*n+7)/8, (in.Max.Y*n+7)/8)
	t := c.image(image.Rectangle{Max: size}, pix, stride)
	return t.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(in), c.p.header.looks.Orientation, nil
}

// Crop implements plan.Cropper. A picture is cut between MCUs, so that no sample of
// the ones that stay changes, and none of those that go is left behind an edge.
func (c *canvas) Crop(part image.Rectangle) (image.Rectangle, error) {
	m, err := c.mcus(part)
	if err != nil {
		return m, err
	}
	c.part = m
	p := c.pixels()
	back := [9]int{0, 1, 2, 3, 4, 5, 8, 7, 6}[c.p.header.looks.Orientation]
	full := c.upright()
	u := paint.Region{X: p.Min.X, Y: p.Min.Y, W: p.Dx(), H: p.Dy()}.Stored(back, full.X, full.Y)
	return image.Rect(u.X, u.Y, u.X+u.W, u.Y+u.H), nil
}

// pixels are the stored pixels of the part that the picture is cut to.
func (c *canvas) pixels() image.Rectangle {
	mw, mh := c.mcuSize()
	return image.Rect(c.part.Min.X*mw, c.part.Min.Y*mh, c.part.Max.X*mw, c.part.Max.Y*mh).Intersect(image.Rect(0, 0, c.frame.Width, c.frame.Height))
}

// cut lets go of everything outside the part, marks and regions along with it.
func (c *canvas) cut() {
	if c.part.Empty() {
		return
	}
	at, wide := c.pixels(), c.wide
	c.frame, c.planes = c.planes.Cut(c.part.Min.X, c.part.Min.Y, c.part.Dx(), c.part.Dy(), at.Dx(), at.Dy())
	c.wide, c.high, c.h, c.v = c.frame.MCUs()
	covered := c.covered
	c.covered = make([]bool, c.wide*c.high)
	for i := range c.covered {
		c.covered[i] = covered[(c.part.Min.Y+i/c.wide)*wide+c.part.Min.X+i%c.wide]
	}
	for i := range c.regions {
		c.regions[i].X -= at.Min.X
		c.regions[i].Y -= at.Min.Y
	}
}
