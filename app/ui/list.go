package ui

import (
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
)

// photoList is Fyne's virtual list, with the selection following the keys, and a
// border while it has the focus.
type photoList struct {
	widget.List
	m    *Main
	ring *ground
}

const (
	thumbSide   = 60
	thumbPixels = 160 // decoded, for dense screens
	thumbsHeld  = 400
	shownBadges = 5
)

func newPhotoList(m *Main) *photoList {
	l := &photoList{m: m, ring: newRing(12)}
	l.Length = func() int { return len(m.s.Shown()) }
	l.CreateItem = func() fyne.CanvasObject {
		defer timed("new row")()
		return newRow(l)
	}
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) { l.update(i, o.(*row)) }
	l.OnSelected = func(i widget.ListItemID) {
		defer timed("row selected")()
		m.s.Select(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *photoList) update(i int, r *row) {
	defer timed("row")()
	items := l.m.s.Shown()
	if i >= len(items) { // taken off since the list was laid out
		return
	}
	it := items[i]
	thumb, known := l.m.thumbs.Get(it)
	if !l.m.s.Discretion().Pictures(it) {
		thumb, known = nil, true
	}
	r.at = i
	r.show(it, l.m.w, l.m.s.IsMarked(it.ID), func() {
		r.thumb.Image, r.thumb.Hidden = thumb, thumb == nil
		r.none.Hidden = !known || thumb != nil
	})
}

func (l *photoList) FocusGained() {
	l.ring.Show()
	l.List.FocusGained()
}

func (l *photoList) FocusLost() {
	l.ring.Hide()
	l.List.FocusLost()
}

// Resize keeps the selected photo in sight.
func (l *photoList) Resize(s fyne.Size) {
	defer timed("size of the list")()
	changed := s.Height != l.Size().Height
	l.List.Resize(s)
	if _, i := l.m.s.Selected(); changed && i >= 0 {
		l.ScrollTo(i)
	}
}

// TypedKey moves the selection, and hands what it does not know to the window.
func (l *photoList) TypedKey(e *fyne.KeyEvent) { l.m.typedKey(e) }

// row shows one item. Rows are used again for other items as the list scrolls:
// show sets everything that can be seen.
type row struct {
	widget.BaseWidget
	list   *photoList
	at     int              // position in the list
	held   fyne.KeyModifier // while the mouse went down
	mark   *ground
	tick   *fyne.Container // of a marked row
	thumb  *canvas.Image
	none   *fyne.Container // in the place of a thumbnail where there is none
	name   *widget.Label
	status *badge
	badges [shownBadges]*badge
	more   *badge
	chips  *fyne.Container
}

func newRow(l *photoList) *row {
	r := &row{
		list: l, mark: newGround(theme.ColorNameSelection, theme.ColorNamePrimary, 6), tick: sign(icon("none", theme.ColorNamePrimary), 18),
		thumb: &canvas.Image{FillMode: canvas.ImageFillCover, ScaleMode: canvas.ImageScaleSmooth, CornerRadius: 6},
		none:  container.NewCenter(sign(icon("hidden", theme.ColorNamePlaceHolder), 22)),
		name:  label("", theme.SizeNameText, true, false),
		more:  newBadge(look{}), status: newBadge(look{}),
	}
	r.thumb.Hidden = true
	for i := range r.badges {
		r.badges[i] = newBadge(look{})
	}
	r.chips = container.New(flow{4}, r.status)
	for _, b := range r.badges {
		r.chips.Add(b)
	}
	r.chips.Add(r.more)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	frame := container.NewStack(newGround(theme.ColorNameSeparator, "", 6), r.none, r.thumb)
	return widget.NewSimpleRenderer(container.NewStack(r.mark, container.New(rowLayout{}, frame, r.name, container.NewClip(r.chips), r.tick)))
}

// MouseDown remembers the keys that are held, which a tap does not tell.
func (r *row) MouseDown(e *desktop.MouseEvent) { r.held = e.Modifier }

// MouseUp implements desktop.Mouseable.
func (r *row) MouseUp(*desktop.MouseEvent) {}

// Tapped selects the row; with Ctrl or Cmd it marks it, with Shift all up to it.
func (r *row) Tapped(*fyne.PointEvent) {
	defer timed("tap on a row")()
	l, s := r.list, r.list.m.s
	switch {
	case r.held&fyne.KeyModifierShift != 0:
		s.MarkTo(r.at)
	case r.held&fyne.KeyModifierShortcutDefault != 0:
		s.Mark(r.at)
	default:
		s.Select(r.at)
	}
	r.held = 0
	l.m.win.Canvas().Focus(l)
}

// show makes the row the item's; picture sets the thumbnail.
func (r *row) show(it *model.Item, w words, marked bool, picture func()) {
	had := r.thumb.Image
	if picture(); r.thumb.Image != had {
		r.thumb.Refresh()
	}
	r.mark.Hidden, r.tick.Hidden = !marked, !marked
	name := r.list.m.nameOf(it)
	if it.Status() == model.Made && it.Copy != it.Path {
		name = w.T("{{.Copy}} of {{.Original}}", "Copy", filepath.Base(it.Copy), "Original", name)
	}
	say(r.name, name)
	looks := []look{}
	for _, b := range it.Badges() {
		looks = append(looks, w.badge(b))
	}
	status, ok := w.status(it)
	r.status.set(status)
	r.status.Hidden = !ok
	if it.Status() == model.Made || it.Status() == model.Not {
		looks = nil
	}
	for i, b := range r.badges {
		b.Hidden = i >= len(looks)
		if !b.Hidden {
			b.set(looks[i])
		}
	}
	r.more.Hidden = len(looks) <= shownBadges
	r.more.set(look{"", fmt.Sprintf("+%d", max(0, len(looks)-shownBadges)), colorLine, theme.ColorNameForeground})
	relayout(r.chips)
}

// rowLayout: thumbnail; beside it the name over two lines of badges.
type rowLayout struct{}

func (rowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	line := fyne.MeasureText("x", theme.CaptionTextSize(), fyne.TextStyle{}).Height + badgeRoom
	return fyne.NewSize(220, max(thumbSide+24, o[1].MinSize().Height+2*line+6))
}

func (rowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const pad = 8
	o[0].Resize(fyne.NewSquareSize(thumbSide))
	o[0].Move(fyne.NewPos(pad, (s.Height-thumbSide)/2))
	x := float32(thumbSide + 2*pad)
	name := o[1].MinSize().Height
	o[1].Resize(fyne.NewSize(s.Width-x, name))
	o[1].Move(fyne.NewPos(x-theme.InnerPadding(), -3))
	o[2].Resize(fyne.NewSize(s.Width-x-pad, s.Height-name))
	o[2].Move(fyne.NewPos(x, name-9)) // its end stays clear of the scroll bar
	o[3].Resize(o[3].MinSize())
	o[3].Move(fyne.NewPos(s.Width-o[3].MinSize().Width, s.Height-o[3].MinSize().Height))
}
