package model

import (
	"image"

	"tabir/scrub"
)

// Handle is a place on the border of an area by which its size is changed: the
// sides that move with it.
type Handle uint8

// The sides of an area.
const (
	Left Handle = 1 << iota
	Right
	Top
	Bottom
)

// Handles are the eight of an area, clockwise from its upper left corner.
var Handles = [8]Handle{Left | Top, Top, Right | Top, Right, Right | Bottom, Bottom, Left | Bottom, Left}

// Least is the shortest side of an area, in pixels of the picture.
const Least = 4

// Of is where a handle is on an area, in pixels.
func (h Handle) Of(r scrub.Region) (x, y float64) {
	x, y = float64(r.X)+float64(r.W)/2, float64(r.Y)+float64(r.H)/2
	switch {
	case h&Left != 0:
		x = float64(r.X)
	case h&Right != 0:
		x = float64(r.X + r.W)
	}
	switch {
	case h&Top != 0:
		y = float64(r.Y)
	case h&Bottom != 0:
		y = float64(r.Y + r.H)
	}
	return x, y
}

// Between is what lies between two places of a picture of full pixels, without
// what lies outside; ok is false where that is too little to be an area.
func Between(x0, y0, x1, y1 int, full image.Point) (r scrub.Region, ok bool) {
	in := image.Rect(x0, y0, x1, y1).Intersect(image.Rectangle{Max: full})
	return region(in), in.Dx() >= Least && in.Dy() >= Least
}

func region(r image.Rectangle) scrub.Region {
	return scrub.Region{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy()}
}

// Moved is r moved by some pixels, but not out of a picture of full pixels. What
// a detector put beyond the edge may stay there.
func Moved(r scrub.Region, dx, dy int, full image.Point) scrub.Region {
	r.X = bound(r.X+dx, min(r.X, 0), max(r.X, full.X-r.W))
	r.Y = bound(r.Y+dy, min(r.Y, 0), max(r.Y, full.Y-r.H))
	return r
}

// Sized is r with the sides of a handle moved by some pixels, neither out of the
// picture nor past the side on the other hand.
func Sized(r scrub.Region, h Handle, dx, dy int, full image.Point) scrub.Region {
	x0, y0, x1, y1 := r.X, r.Y, r.X+r.W, r.Y+r.H
	if h&Left != 0 {
		x0 = bound(x0+dx, min(x0, 0), x1-Least)
	}
	if h&Right != 0 {
		x1 = bound(x1+dx, x0+Least, max(x1, full.X))
	}
	if h&Top != 0 {
		y0 = bound(y0+dy, min(y0, 0), y1-Least)
	}
	if h&Bottom != 0 {
		y1 = bound(y1+dy, y0+Least, max(y1, full.Y))
	}
	return scrub.Region{X: x0, Y: y0, W: x1 - x0, H: y1 - y0, Ellipse: r.Ellipse}
}

func bound(v, lo, hi int) int { return max(min(v, hi), lo) }

// Central is a new area in the middle of what is seen of a picture, for those who
// draw with the keyboard.
func Central(seen image.Rectangle, full image.Point) (r scrub.Region, ok bool) {
	c := seen.Min.Add(seen.Max).Div(2)
	side := max(min(seen.Dx(), seen.Dy())/4, Least)
	return Between(c.X-side/2, c.Y-side/2, c.X-side/2+side, c.Y-side/2+side, full)
}
