package paint

import (
	"image"
	"image/draw"
	"math"
	"slices"
)

// Over is a copy of m with regions painted over, to look at. m is the part of a
// picture that is given by shows, at any size; regions are in pixels of the picture.
func Over(m image.Image, shows image.Rectangle, regions []Region, s Style) *image.NRGBA {
	b := m.Bounds()
	out := image.NewNRGBA(image.Rectangle{Max: b.Size()})
	draw.Draw(out, out.Rect, m, b.Min, draw.Src)
	if shows.Empty() || b.Empty() {
		return out
	}
	var here []Region
	for _, r := range regions {
		here = append(here, r.scaled(shows, b.Size()))
	}
	for {
		cover, missed := NewCover(here, s, b.Dx(), b.Dy())
		if missed < 0 {
			cover.Paint(&Raster{W: b.Dx(), H: b.Dy(), Channels: 4, Bytes: 1, Alpha: 3, Pix: out.Pix})
			return out
		}
		here = slices.Delete(here, missed, missed+1) // outside of what is shown
	}
}

// scaled is the region in a picture of size pixels that shows a part of its own.
func (r Region) scaled(shows image.Rectangle, size image.Point) Region {
	sx, sy := float64(size.X)/float64(shows.Dx()), float64(size.Y)/float64(shows.Dy())
	x0, y0 := math.Floor(float64(r.X-shows.Min.X)*sx), math.Floor(float64(r.Y-shows.Min.Y)*sy)
	x1, y1 := math.Ceil(float64(r.X+r.W-shows.Min.X)*sx), math.Ceil(float64(r.Y+r.H-shows.Min.Y)*sy)
	return Region{X: int(x0), Y: int(y0), W: int(x1 - x0), H: int(y1 - y0), Ellipse: r.Ellipse}
}
