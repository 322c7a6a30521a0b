package paint

// Style says what a covered area looks like. No style shows anything of what is
// under it.
type Style uint8

const (
	Soft   Style = iota // like a soft blur of the surroundings, with a faint oval
	Solid               // one colour
	Mosaic              // tiles, cut from what Soft paints
)

// Region is an area in pixels of the upright picture.
type Region struct {
	X, Y, W, H int
	Ellipse    bool
}

// one is full cover in the units of Cover.
const one = 1 << 12

// coverAt says how much of a region lies over a pixel at distance d from its
// middle, from 0 to one. An ellipse has a soft edge of a few pixels within its frame.
func (r Region) coverAt(d int64) int64 {
	switch {
	case d >= outside:
		return 0
	case !r.Ellipse || d <= one*15/16:
		return one
	case d >= one:
		return 0
	}
	return (one - d) * 16
}

// distance is how far the middle of a pixel is from the middle of the region,
// squared, where one is its edge; outside of its frame it is at least outside.
func (r Region) distance(x, y int) int64 { return part(x, r.X, r.W) + part(y, r.Y, r.H) }

// Touches reports whether the region has a part in the rectangle at x, y.
func (r Region) Touches(x, y, w, h int) bool {
	if x >= r.X+r.W || y >= r.Y+r.H || x+w <= r.X || y+h <= r.Y {
		return false
	}
	if !r.Ellipse {
		return true
	}
	// The pixel of the rectangle that is nearest to the middle of the ellipse.
	nx, ny := min(max(r.X+r.W/2, x), x+w-1), min(max(r.Y+r.H/2, y), y+h-1)
	return r.distance(nx, ny) <= one+one/8
}

// The tones of the styles, as luma; their colour is grey.
const (
	solidTone = 48  // dark, on any background that people stand before
	ovalTone  = 140 // the faint oval that says: here is a covered face
	neutral   = 128 // where there are no surroundings
)

// Stored is the region in pixels of the picture as it is stored, w by h, of one
// that is shown by an Exif orientation (TIFF 6.0, tag 274).
func (r Region) Stored(orientation, w, h int) Region {
	s := r
	switch orientation {
	case 2:
		s.X = w - r.X - r.W
	case 3:
		s.X, s.Y = w-r.X-r.W, h-r.Y-r.H
	case 4:
		s.Y = h - r.Y - r.H
	case 5:
		s.X, s.Y = r.Y, r.X
	case 6:
		s.X, s.Y = r.Y, h-r.X-r.W
	case 7:
		s.X, s.Y = w-r.Y-r.H, h-r.X-r.W
	case 8:
		s.X, s.Y = w-r.Y-r.H, r.X
	}
	if orientation >= 5 {
		s.W, s.H = r.H, r.W
	}
	return s
}
