package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
	"tabir/scrub"
)

// areas lies over the preview and shows what will be covered. A drag beside all
// areas adds one, in one it moves it, at its lower right corner it changes the
// size; a tap picks one, and another tap on it says whether it stays visible.
type areas struct {
	widget.BaseWidget
	m      *Main
	it     *model.Item
	full   image.Point // size of the upright picture, in pixels
	picked int         // of the item's areas, -1: none
	drag   *drag
}

// drag is what the mouse is doing.
type drag struct {
	start fyne.Position
	area  int // -1: a new one
	sized bool
	was   scrub.Region
	now   scrub.Region
}

func newAreas(m *Main) *areas {
	a := &areas{m: m, picked: -1}
	a.ExtendBaseWidget(a)
	return a
}

// show the areas of an item whose picture has a size of full pixels.
func (a *areas) show(it *model.Item, full image.Point) {
	// Areas are known by their number: while a look may change them none is held.
	if it != a.it || it != nil && it.Look == model.Looking {
		a.picked, a.drag = -1, nil
	}
	a.it, a.full = it, full
	if it != nil && a.picked >= len(it.Areas) {
		a.picked = -1
	}
	a.Hidden = it == nil || full == image.Point{}
	a.Refresh()
}

// scale is how large a pixel is on the screen, and where the first one is.
func (a *areas) scale() (f float32, at fyne.Position) {
	s := a.Size()
	if a.full.X == 0 || a.full.Y == 0 {
		return 1, at
	}
	f = min(s.Width/float32(a.full.X), s.Height/float32(a.full.Y))
	return f, fyne.NewPos((s.Width-f*float32(a.full.X))/2, (s.Height-f*float32(a.full.Y))/2)
}

// onScreen is where a region is.
func (a *areas) onScreen(r scrub.Region) (fyne.Position, fyne.Size) {
	f, at := a.scale()
	return at.AddXY(f*float32(r.X), f*float32(r.Y)), fyne.NewSize(f*float32(r.W), f*float32(r.H))
}

// region is what lies between two places on the screen, within the picture.
func (a *areas) region(p, q fyne.Position, ellipse bool) scrub.Region {
	f, at := a.scale()
	clip := func(v float32, most int) int { return min(max(int(v/f), 0), most) }
	x0, y0 := clip(min(p.X, q.X)-at.X, a.full.X), clip(min(p.Y, q.Y)-at.Y, a.full.Y)
	x1, y1 := clip(max(p.X, q.X)-at.X, a.full.X), clip(max(p.Y, q.Y)-at.Y, a.full.Y)
	return scrub.Region{X: x0, Y: y0, W: x1 - x0, H: y1 - y0, Ellipse: ellipse}
}

// under is the area at a place on the screen, the last one first, or -1.
func (a *areas) under(p fyne.Position) int {
	for i := len(a.it.Areas) - 1; i >= 0; i-- {
		at, s := a.onScreen(a.it.Areas[i].Region)
		if p.X >= at.X && p.Y >= at.Y && p.X < at.X+s.Width && p.Y < at.Y+s.Height {
			return i
		}
	}
	return -1
}

// Tapped picks an area; one that is picked already is left visible, or covered again.
func (a *areas) Tapped(e *fyne.PointEvent) {
	if a.it == nil || !a.it.Editable() {
		return
	}
	i := a.under(e.Position)
	if i >= 0 && i == a.picked {
		a.m.s.LeaveArea(a.it.ID, i, !a.it.Areas[i].Open)
		return
	}
	a.picked = i
	a.m.showSelected()
}

// corner is how near to the corner of an area a drag changes its size, and
// least what is large enough for a new one, on the screen.
const corner, least = 16, 6

// Dragged draws, moves or sizes an area.
func (a *areas) Dragged(e *fyne.DragEvent) {
	if a.it == nil || !a.it.Editable() {
		return
	}
	if a.drag == nil {
		start := e.Position.Subtract(e.Dragged)
		d := &drag{start: start, area: a.under(start)}
		if d.area >= 0 {
			d.was = a.it.Areas[d.area].Region
			at, s := a.onScreen(d.was)
			end := at.Add(s)
			d.sized = end.X-start.X < corner && end.Y-start.Y < corner
		}
		a.drag, a.picked = d, d.area
	}
	d := a.drag
	f, _ := a.scale()
	dx, dy := int((e.Position.X-d.start.X)/f), int((e.Position.Y-d.start.Y)/f)
	d.now = d.was
	switch {
	case d.area < 0:
		d.now = a.region(d.start, e.Position, false)
	case d.sized:
		d.now.W, d.now.H = max(d.was.W+dx, 1), max(d.was.H+dy, 1)
	default:
		// Its middle stays in the picture.
		d.now.X = min(max(d.was.X+dx, -d.was.W/2), a.full.X-1-d.was.W/2)
		d.now.Y = min(max(d.was.Y+dy, -d.was.H/2), a.full.Y-1-d.was.H/2)
	}
	a.Refresh()
}

// DragEnd hands the area on.
func (a *areas) DragEnd() {
	d := a.drag
	a.drag = nil
	if d == nil || a.it == nil {
		return
	}
	if d.area >= 0 {
		a.m.s.SetArea(a.it.ID, d.area, d.now)
		return
	}
	if _, s := a.onScreen(d.now); s.Width >= least && s.Height >= least {
		a.m.s.AddArea(a.it.ID, d.now)
		a.picked = len(a.it.Areas) - 1
		a.m.showSelected()
	}
	a.Refresh()
}

// Cursor says that areas can be drawn.
func (a *areas) Cursor() desktop.Cursor {
	if a.it.Editable() {
		return desktop.CrosshairCursor
	}
	return desktop.DefaultCursor
}

func (a *areas) CreateRenderer() fyne.WidgetRenderer { return &areasRenderer{a: a} }

type areasRenderer struct {
	a       *areas
	objects []fyne.CanvasObject
}

func (r *areasRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *areasRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *areasRenderer) Destroy()                     {}
func (r *areasRenderer) Layout(fyne.Size)             { r.Refresh() }

func (r *areasRenderer) Refresh() {
	a := r.a
	r.objects = nil
	if a.it == nil || a.Hidden || a.it.Status() == model.Made {
		return
	}
	for i, area := range a.it.Areas {
		if a.drag != nil && a.drag.area == i {
			area.Region = a.drag.now
		}
		r.draw(area, i == a.picked)
	}
	if a.drag != nil && a.drag.area < 0 {
		r.draw(model.Area{Region: a.drag.now}, true)
	}
}

// veil lies over what will be covered: enough to see that it will be.
var veil = color.NRGBA{0x30, 0x30, 0x30, 0xB0}

func (r *areasRenderer) draw(area model.Area, picked bool) {
	at, s := r.a.onScreen(area.Region)
	box := canvas.NewRectangle(color.Transparent)
	c, word := theme.Color(theme.ColorNamePrimary), r.a.m.w.T("will be covered")
	if area.Open {
		c, word = theme.Color(theme.ColorNameWarning), r.a.m.w.T("stays visible")
	} else {
		box.FillColor = veil
	}
	if area.Ellipse {
		box.CornerRadius = min(s.Width, s.Height) / 2
	}
	box.StrokeColor, box.StrokeWidth = c, 2
	if picked {
		box.StrokeWidth = 4
	}
	if area.Maybe {
		box.StrokeWidth = 0
		r.objects = append(r.objects, dashesAround(at, s, c, 2)...)
	}
	box.Move(at)
	box.Resize(s)
	r.objects = append(r.objects, box)
	if picked {
		grip := canvas.NewRectangle(c)
		grip.Resize(fyne.NewSquareSize(10))
		grip.Move(at.Add(s).SubtractXY(8, 8))
		r.objects = append(r.objects, grip)
	}

	t := canvas.NewText(word, theme.Color(theme.ColorNameForeground))
	t.TextSize = theme.CaptionTextSize()
	size := t.MinSize()
	ground := canvas.NewRectangle(theme.Color(colorCard))
	ground.CornerRadius = 4
	ground.Resize(size.AddWidthHeight(8, 2))
	ground.Move(fyne.NewPos(max(min(at.X, r.a.Size().Width-size.Width-8), 0), max(at.Y-size.Height-4, 0)))
	t.Resize(size)
	t.Move(ground.Position().AddXY(4, 1))
	r.objects = append(r.objects, ground, t)
}
