package plan

import (
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Canvas is a picture that is opened to have areas of it covered.
type Canvas interface {
	// See is the picture in the orientation in which it is stored, at no less
	// than side pixels on its longer side, with its full size and the Exif
	// orientation; nil where it takes a decoder to see it. After Cover it is the
	// covered picture, decoded from the new file.
	See(side int) (m image.Image, full image.Point, orientation int)
	// Cover paints over regions of the upright picture and returns a new file,
	// which is clean. It is called once.
	Cover(regions []paint.Region, s paint.Style) ([]byte, error)
}

// Film is the Canvas of a picture that may be an animation.
type Film interface {
	Canvas
	// Frames shows the frames behind the first one as they are composed, in the
	// orientation in which they are stored, each with the Exif orientation. After
	// Cover they are those of the new file. What is shown is valid until the next.
	Frames(show func(m image.Image, orientation int) error) error
}

// CoverFunc decodes a picture, paints over regions of the upright picture and
// returns a new file, which is clean.
type CoverFunc func(w *rd.Window, p meta.Policy, regions []paint.Region, s paint.Style) ([]byte, error)

// Painter makes the Format.Canvas of a format that has nothing to show.
func Painter(f CoverFunc) func(w *rd.Window, p meta.Policy) (Canvas, error) {
	return func(w *rd.Window, p meta.Policy) (Canvas, error) { return painter{f, w, p}, nil }
}

type painter struct {
	cover CoverFunc
	w     *rd.Window
	pol   meta.Policy
}

func (painter) See(int) (image.Image, image.Point, int) { return nil, image.Point{}, 0 }

func (p painter) Cover(regions []paint.Region, s paint.Style) ([]byte, error) {
	return p.cover(p.w, p.pol, regions, s)
}
