package model

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// View says which part of a picture of Full pixels a frame of W by H points shows,
// and how large. The zero value of its other fields shows all of it.
type View struct {
	Full image.Point
	W, H float64

	zoom float64 // points a pixel, 0: as large as fits
	x, y float64 // the place in the picture that is in the middle of the frame, where zoom is not 0
}

// maxScale is how large a pixel gets, in points.
const maxScale = 4

// Fit is the scale at which all of the picture is seen, in points a pixel.
func (v *View) Fit() float64 {
	if v.Full.X <= 0 || v.Full.Y <= 0 {
		return 1
	}
	return max(min(v.W/float64(v.Full.X), v.H/float64(v.Full.Y)), 1e-9)
}

// Scale is how large a pixel is, in points.
func (v *View) Scale() float64 { return max(v.zoom, v.Fit()) }

// Zoomed reports whether only a part of the picture is seen, or may be.
func (v *View) Zoomed() bool { return v.zoom > v.Fit() }

// centre is the place in the picture that is in the middle of the frame. Where
// there is room for all of a side the picture is in the middle; else no room
// beside it is wasted.
func (v *View) centre() (x, y float64) {
	s := v.Scale()
	limit := func(at, full, frame float64) float64 {
		if half := frame / s / 2; full > 2*half {
			return max(min(at, full-half), half)
		}
		return full / 2
	}
	return limit(v.x, float64(v.Full.X), v.W), limit(v.y, float64(v.Full.Y), v.H)
}

// Point is where a place of the picture is seen, in points of the frame.
func (v *View) Point(x, y float64) (px, py float64) {
	s := v.Scale()
	cx, cy := v.centre()
	return (x-cx)*s + v.W/2, (y-cy)*s + v.H/2
}

// Pixel is the place of the picture that is seen at a point of the frame. It may
// lie beside the picture.
func (v *View) Pixel(px, py float64) (x, y float64) {
	s := v.Scale()
	cx, cy := v.centre()
	return (px-v.W/2)/s + cx, (py-v.H/2)/s + cy
}

// Seen is the part of the picture that is seen, rounded outwards.
func (v *View) Seen() image.Rectangle {
	x0, y0 := v.Pixel(0, 0)
	x1, y1 := v.Pixel(v.W, v.H)
	const eps = 1e-6
	r := image.Rect(int(math.Floor(x0+eps)), int(math.Floor(y0+eps)), int(math.Ceil(x1-eps)), int(math.Ceil(y1-eps)))
	return r.Intersect(image.Rectangle{Max: v.Full})
}

// ZoomAt changes the scale by a factor. The place of the picture at a point of the
// frame stays there, unless the picture would be moved off the frame.
func (v *View) ZoomAt(px, py, factor float64) {
	x, y := v.Pixel(px, py)
	s := min(v.Scale()*factor, max(maxScale, v.Fit()))
	if s <= v.Fit()*1.001 {
		v.Whole()
		return
	}
	v.zoom = s
	v.x, v.y = x-(px-v.W/2)/s, y-(py-v.H/2)/s
	v.x, v.y = v.centre()
}

// ZoomTo makes a pixel as large as so many points, in the middle of what is seen.
func (v *View) ZoomTo(scale float64) { v.ZoomAt(v.W/2, v.H/2, scale/v.Scale()) }

// Pan moves the picture in its frame by some points.
func (v *View) Pan(dx, dy float64) {
	if v.zoom == 0 {
		return
	}
	x, y := v.centre()
	v.x, v.y = x-dx/v.Scale(), y-dy/v.Scale()
	v.x, v.y = v.centre()
}

// Show pans as little as is needed to have a part of the picture in sight.
func (v *View) Show(r image.Rectangle) {
	x0, y0 := v.Point(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := v.Point(float64(r.Max.X), float64(r.Max.Y))
	into := func(a, b, frame float64) float64 {
		switch {
		case b-a > frame:
			return frame/2 - (a+b)/2
		case a < 0:
			return -a
		case b > frame:
			return frame - b
		}
		return 0
	}
	v.Pan(into(x0, x1, v.W), into(y0, y1, v.H))
}

// Whole shows all of the picture.
func (v *View) Whole() { v.zoom, v.x, v.y = 0, 0, 0 }

// Follow shows the part that another view shows, of a picture whose first pixel is
// by pixels further in that one.
func (v *View) Follow(o View, by image.Point) {
	v.zoom, v.x, v.y = o.zoom, o.x-float64(by.X), o.y-float64(by.Y)
}

// Fitted is a picture made smaller, with care.
func Fitted(m image.Image, size image.Point) image.Image {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.CatmullRom.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}
