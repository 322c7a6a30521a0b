package ui

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tabir/app/model"
	"tabir/scrub"
)

// What a drag does.
type doing uint8

const (
	panning doing = iota
	drawing
	moving
	sizing
)

// drag is what the mouse is doing.
type drag struct {
	doing
	view   model.View // when it began: what is around the picture may change its size meanwhile
	area   int        // that is moved or sized; cropFrame: what the copy is cut to
	handle model.Handle
	x, y   float64 // where it began, in pixels of the picture
	last   fyne.Position
	was    scrub.Region
	now    scrub.Region
	enough bool // to be an area
}

// cropFrame stands for what the copy is cut to where the number of an area is asked for.
const cropFrame = -2

// grip is how near to a handle a press takes hold of it, in points.
const grip = 11

// frame is what the copy is cut to.
func (s *stage) frame() scrub.Region {
	r := s.it.Crop
	if r.Empty() {
		r = image.Rectangle{Max: s.it.Full}
	}
	return scrub.Region{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy()}
}

// region is where area k is.
func (s *stage) region(k int) scrub.Region {
	if k == cropFrame {
		return s.frame()
	}
	return s.it.Areas[k].Region
}

// hit says what a press at a point would take hold of.
func (s *stage) hit(p fyne.Position) (d doing, k int, h model.Handle) {
	if !s.edits || !s.it.Editable() {
		return panning, -1, 0
	}
	if s.cropping {
		if h, ok := s.handleAt(s.frame(), p); ok {
			return sizing, cropFrame, h
		}
		if !s.it.Crop.Empty() && s.over(s.frame(), p) {
			return moving, cropFrame, 0
		}
		return drawing, cropFrame, 0
	}
	if k := s.it.Picked(); k >= 0 {
		if h, ok := s.handleAt(s.it.Areas[k].Region, p); ok {
			return sizing, k, h
		}
		if s.over(s.it.Areas[k].Region, p) {
			return moving, k, 0
		}
	}
	if k := s.under(p); k >= 0 {
		return moving, k, 0
	}
	return drawing, -1, 0
}

// handleAt is the handle of a region that is near to a point. Those of small ones
// leave room between them to move it by.
func (s *stage) handleAt(r scrub.Region, p fyne.Position) (best model.Handle, ok bool) {
	_, size := s.onScreen(image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H))
	reach := min(grip, float64(min(size.Width, size.Height))/3)
	for _, h := range model.Handles {
		x, y := s.view.Point(h.Of(r))
		if d := math.Hypot(x-float64(p.X), y-float64(p.Y)); d <= reach {
			best, reach, ok = h, d, true
		}
	}
	return best, ok
}

func (s *stage) over(r scrub.Region, p fyne.Position) bool {
	at, size := s.onScreen(image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H))
	return p.X >= at.X && p.Y >= at.Y && p.X < at.X+size.Width && p.Y < at.Y+size.Height
}

// under is the area at a point, the smallest one first, or -1.
func (s *stage) under(p fyne.Position) int {
	best := -1
	for i, a := range s.it.Areas {
		if s.over(a.Region, p) && (best < 0 || a.W*a.H <= s.it.Areas[best].W*s.it.Areas[best].H) {
			best = i
		}
	}
	return best
}

// MouseDown takes the focus, so that keys work on what was clicked.
func (s *stage) MouseDown(e *desktop.MouseEvent) {
	defer timed("press in the picture")()
	s.press = e
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
}

// MouseUp ends a press. What a drag did is done when it ends, right after.
func (s *stage) MouseUp(*desktop.MouseEvent) { s.press = nil }

// Tapped picks an area, or none.
func (s *stage) Tapped(e *fyne.PointEvent) {
	defer timed("tap in the picture")()
	if s.ready() && s.edits && s.it.Editable() && !s.cropping {
		_, k, _ := s.hit(e.Position)
		s.m.s.Pick(s.it.ID, k)
	}
}

// Dragged draws, moves or sizes an area, or pans.
func (s *stage) Dragged(e *fyne.DragEvent) {
	defer timed("drag in the picture")()
	if !s.ready() {
		return
	}
	if s.drag == nil {
		s.begin(e)
	}
	d := s.drag
	if d.doing == panning {
		s.view.Pan(float64(e.Position.X-d.last.X), float64(e.Position.Y-d.last.Y))
		d.last = e.Position
		s.moved()
		return
	}
	x, y := d.view.Pixel(float64(e.Position.X), float64(e.Position.Y))
	dx, dy := int(math.Round(x-d.x)), int(math.Round(y-d.y))
	switch d.doing {
	case drawing:
		d.now, d.enough = model.Between(int(math.Round(d.x)), int(math.Round(d.y)), int(math.Round(x)), int(math.Round(y)), s.it.Full)
	case moving:
		d.now, d.enough = model.Moved(d.was, dx, dy, s.it.Full), true
	case sizing:
		d.now, d.enough = model.Sized(d.was, d.handle, dx, dy, s.it.Full), true
	}
	s.Refresh()
}

func (s *stage) begin(e *fyne.DragEvent) {
	start := e.Position.Subtract(e.Dragged)
	pan := false
	if s.press != nil {
		start = s.press.Position
		pan = s.press.Button == desktop.MouseButtonTertiary || s.press.Modifier&fyne.KeyModifierControl != 0
	}
	d := &drag{view: s.view, area: -1, last: start}
	if d.x, d.y = s.view.Pixel(float64(start.X), float64(start.Y)); !pan {
		d.doing, d.area, d.handle = s.hit(start)
	}
	if d.doing == moving || d.doing == sizing {
		d.was = s.region(d.area)
		d.now = d.was
	}
	s.drag = d
	if d.area >= 0 {
		s.m.s.Pick(s.it.ID, d.area)
	}
}

// least is what is large enough to be drawn, on the screen, in points.
const least = 6

// DragEnd hands on what was drawn.
func (s *stage) DragEnd() {
	defer timed("end of a drag")()
	d := s.drag
	s.drag, s.press = nil, nil
	if d == nil || s.it == nil || d.doing == panning {
		return
	}
	if d.doing == drawing {
		_, size := s.onScreen(image.Rect(d.now.X, d.now.Y, d.now.X+d.now.W, d.now.Y+d.now.H))
		d.enough = d.enough && size.Width >= least && size.Height >= least
	}
	if d.enough {
		s.set(d.area, d.now)
	}
	s.Refresh()
}

// set area k, a new one or what the copy is cut to.
func (s *stage) set(k int, r scrub.Region) {
	switch k {
	case cropFrame:
		s.m.s.SetCrop(s.it.ID, image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H))
	case -1:
		s.m.s.AddArea(s.it.ID, r)
	default:
		s.m.s.SetArea(s.it.ID, k, r)
	}
}

// Scrolled zooms at the pointer.
func (s *stage) Scrolled(e *fyne.ScrollEvent) {
	defer timed("wheel in the picture")()
	if s.ready() {
		s.view.ZoomAt(float64(e.Position.X), float64(e.Position.Y), math.Pow(1.01, float64(e.Scrolled.DY)))
		s.moved()
	}
}

// MouseIn, MouseMoved and MouseOut follow the pointer, for its shape.
func (s *stage) MouseIn(e *desktop.MouseEvent)    { s.pointer = e.Position }
func (s *stage) MouseMoved(e *desktop.MouseEvent) { s.pointer = e.Position }
func (s *stage) MouseOut()                        {}

// Cursor says what a press would do.
func (s *stage) Cursor() desktop.Cursor {
	defer timed("pointer in the picture")()
	if !s.ready() {
		return desktop.DefaultCursor
	}
	switch d, _, h := s.hit(s.pointer); {
	case d == drawing:
		return desktop.CrosshairCursor
	case d == moving:
		return desktop.PointerCursor
	case d == panning:
		return desktop.DefaultCursor
	case h == model.Left || h == model.Right:
		return desktop.HResizeCursor
	case h == model.Top || h == model.Bottom:
		return desktop.VResizeCursor
	case h == model.Left|model.Top || h == model.Right|model.Bottom:
		return desktop.NWSEResizeCursor
	}
	return desktop.NESWResizeCursor
}
