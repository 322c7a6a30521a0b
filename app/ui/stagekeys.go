package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tabir/app/model"
)

// AcceptsTab lets Tab go from area to area; behind the last one, and before the
// first, it goes on to the next widget.
func (s *stage) AcceptsTab() bool {
	if !s.ready() || !s.edits || !s.it.Editable() || s.cropping {
		return false
	}
	_, ok := s.it.Next(s.shift)
	return ok
}

func (s *stage) FocusGained() { s.focused = true; s.Refresh() }
func (s *stage) FocusLost()   { s.focused, s.shift = false, false; s.Refresh() }

// TypedRune is for letters, which come as keys too.
func (s *stage) TypedRune(r rune) {
	defer timed("letter in the picture")()
	if !s.ready() {
		return
	}
	switch r { // of which the key depends on the keyboard
	case '+', '=':
		s.zoom(1.25)
	case '-':
		s.zoom(0.8)
	case '0':
		s.whole()
	case '1':
		s.actual()
	}
}

// KeyDown and KeyUp follow the key for larger steps.
func (s *stage) KeyDown(e *fyne.KeyEvent) {
	s.shift = s.shift || e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight
}

func (s *stage) KeyUp(e *fyne.KeyEvent) {
	s.shift = s.shift && e.Name != desktop.KeyShiftLeft && e.Name != desktop.KeyShiftRight
}

// arrows are the directions of the keys.
var arrows = map[fyne.KeyName]image.Point{
	fyne.KeyLeft: {X: -1}, fyne.KeyRight: {X: 1}, fyne.KeyUp: {Y: -1}, fyne.KeyDown: {Y: 1},
}

// TypedKey edits areas; what is no key for that goes on to the window.
func (s *stage) TypedKey(e *fyne.KeyEvent) {
	defer timed("key in the picture " + string(e.Name))()
	if !s.ready() || !s.key(e.Name) {
		s.m.typedKey(e)
	}
}

// key reports whether it was for the picture.
func (s *stage) key(name fyne.KeyName) bool {
	if d, ok := arrows[name]; ok {
		return s.arrow(d, false, s.shift)
	}
	edits := s.edits && s.it.Editable()
	id, k := s.it.ID, s.it.Picked()
	switch name {
	case fyne.KeySpace:
		s.m.preview.toggleCover()
	case fyne.KeyEscape:
		switch {
		case s.cropping:
			s.m.preview.toggleCrop()
		case edits && k >= 0:
			s.m.s.Pick(id, -1)
		default:
			return false
		}
	case fyne.KeyTab:
		if next, ok := s.it.Next(s.shift); ok && edits {
			s.pick(next)
		}
	case fyne.KeyN:
		if r, ok := model.Central(s.view.Seen(), s.it.Full); ok && edits {
			s.m.s.AddArea(id, r)
		}
	case fyne.KeyC:
		s.m.preview.toggleCrop()
	case fyne.KeyDelete, fyne.KeyBackspace: // never goes on: it would take the photo off the list
		switch {
		case s.cropping:
			s.m.s.SetCrop(id, image.Rectangle{})
		case edits:
			s.m.s.RemoveArea(id, k)
		}
	case fyne.KeyE:
		if edits && k >= 0 {
			s.m.preview.otherShape()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if edits && k >= 0 {
			s.m.s.LeaveArea(id, k, !s.it.Areas[k].Open)
		}
	default:
		return false
	}
	return true
}

// pick an area and have it in sight.
func (s *stage) pick(k int) {
	a := s.it.Areas[k]
	s.view.Show(image.Rect(a.X, a.Y, a.X+a.W, a.Y+a.H))
	s.moved()
	s.m.s.Pick(s.it.ID, k)
}

// arrow moves the picked area by a hundredth of the picture, or by a tenth, or its
// lower right corner; where none is picked it pans, if there is more to see.
func (s *stage) arrow(d image.Point, size, far bool) bool {
	if !s.ready() {
		return false
	}
	k := -1
	if s.edits && s.it.Editable() {
		if k = s.it.Picked(); s.cropping {
			k = cropFrame
		}
	}
	if k == -1 {
		if s.view.Zoomed() {
			s.view.Pan(-float64(d.X)*s.view.W/8, -float64(d.Y)*s.view.H/8)
			s.moved()
		}
		return s.view.Zoomed()
	}
	part := 100
	if far {
		part = 10
	}
	step := func(side int) int { return max(side/part, 1) }
	if k == cropFrame { // as far as JPEG can be cut at least
		step = func(side int) int { return max(side/part, 16) }
	}
	dx, dy := d.X*step(s.it.Full.X), d.Y*step(s.it.Full.Y)
	r := model.Moved(s.region(k), dx, dy, s.it.Full)
	if size {
		r = model.Sized(s.region(k), model.Right|model.Bottom, dx, dy, s.it.Full)
	}
	s.set(k, r)
	return true
}

func (s *stage) zoom(by float64) { s.view.ZoomAt(s.view.W/2, s.view.H/2, by); s.moved() }
func (s *stage) whole()          { s.view.Whole(); s.moved() }

// actual shows a pixel of the picture as one of the screen.
func (s *stage) actual() {
	s.view.ZoomTo(s.view.Scale() / s.density())
	s.moved()
}
