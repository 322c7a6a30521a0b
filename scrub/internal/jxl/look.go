package jxl

import (
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
)

// Look is what the headers of a file say of its picture.
type Look struct {
	Width, Height int64  // in pixels, upright
	Alpha         bool   // some may be transparent
	Animated      bool   // there may be further frames
	Preview       bool   // there is a small copy in the codestream
	XYB           bool   // the colours were coded with loss
	FromJPEG      bool   // the file turns back into a JPEG
	Profile       []byte // the ICC profile of the colours; nil: Colours says it
	Colours       Colours
}

// Colours is a ColourEncoding (18181-1, E.2). The numbers are those of ITU-T H.273
// but for those of its own that are named here.
type Colours struct {
	White, Primaries, Transfer uint32
	Gamma                      uint32 // in units of 1/10,000,000; 0: Transfer says it
}

// What the numbers of Colours may be besides those of H.273.
const (
	D65    = 1  // a white point
	Custom = 2  // coordinates of one's own
	P3     = 11 // primaries
)

// ReadLook reads the headers of the codestream of w.
func ReadLook(w *rd.Window) (Look, error) {
	s, fromJPEG := newStream(w, []plan.Span{{Off: 0, Len: w.Size()}}), false
	if ok, err := w.Equal(0, bare); err != nil {
		return Look{}, err
	} else if !ok {
		c := &container{w: w, out: plan.New(w.Size())}
		if err := c.read(); err != nil {
			return Look{}, err
		}
		s, fromJPEG = newStream(w, c.parts), c.fromJPEG
	}
	r := &reader{s: s}
	h := r.readHeader()
	l := Look{Width: h.width, Height: h.height, Animated: h.animation, Preview: h.preview, XYB: h.xyb, FromJPEG: fromJPEG, Profile: h.icc, Colours: h.colours}
	if h.orientation > 4 {
		l.Width, l.Height = l.Height, l.Width
	}
	for _, c := range h.channels {
		l.Alpha = l.Alpha || c.kind == chAlpha
	}
	return l, r.err
}
