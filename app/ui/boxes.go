package ui

import (
	"image"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"tabir/app/model"
	"tabir/scrub"
)

// veil lies over what will be covered: enough to see that it will be. shade lies
// over what is cut off, under lies under the lines, which no photo may swallow.
var (
	veil  = color.NRGBA{0x30, 0x30, 0x30, 0xB0}
	shade = color.NRGBA{0, 0, 0, 0xA8}
	under = color.NRGBA{0xFF, 0xFF, 0xFF, 0xC0}
)

// draw puts the areas into the clip, which begins at a place of the stage, and
// their words over it.
func (r *stageRenderer) draw(origin fyne.Position) {
	s := r.s
	if !s.edits {
		return
	}
	now := func(k int, g scrub.Region) scrub.Region {
		if s.drag != nil && s.drag.area == k && s.drag.doing != panning {
			return s.drag.now
		}
		return g
	}
	words := &labels{within: s.Size()}
	shown := s.coverShown()
	if d := s.drag; d != nil && d.doing == drawing && d.area == -1 {
		r.area(model.Area{Region: d.now}, true, false, origin, words)
	}
	picked := s.it.Picked()
	for i, a := range s.it.Areas {
		a.Region = now(i, a.Region)
		r.area(a, i == picked && !s.cropping, shown, origin, words)
	}
	if c := now(cropFrame, s.frame()); s.cropping || !s.it.Crop.Empty() {
		r.crop(image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H), origin)
	}
	r.labels = words.place()
}

func (r *stageRenderer) add(at fyne.Position, size fyne.Size, o fyne.CanvasObject) {
	o.Move(at)
	o.Resize(size)
	r.boxes.Objects = append(r.boxes.Objects, o)
}

func (r *stageRenderer) area(a model.Area, picked, covered bool, origin fyne.Position, words *labels) {
	s := r.s
	at, size := s.onScreen(image.Rect(a.X, a.Y, a.X+a.W, a.Y+a.H))
	c, text := theme.Color(theme.ColorNamePrimary), s.m.w.T("will be covered")
	fill := color.Color(veil)
	if a.Open {
		c, text = theme.Color(theme.ColorNameWarning), s.m.w.T("stays visible")
	}
	if a.Open || covered {
		fill = color.Transparent
	}
	width := float32(2)
	if picked {
		width = 4
	}
	inside := at.Subtract(origin)
	outline := func(c color.Color, w float32, fill color.Color) {
		if a.Ellipse {
			r.add(inside, size, &canvas.Ellipse{FillColor: fill, StrokeColor: c, StrokeWidth: w})
			return
		}
		r.add(inside, size, &canvas.Rectangle{FillColor: fill, StrokeColor: c, StrokeWidth: w})
	}
	if a.Origin == model.FaceMaybe {
		outline(color.Transparent, 0, fill)
		r.boxes.Objects = append(r.boxes.Objects, dashesAround(inside, size, under, width+2)...)
		r.boxes.Objects = append(r.boxes.Objects, dashesAround(inside, size, c, width)...)
	} else {
		outline(under, width+2, fill)
		outline(c, width, color.Transparent)
	}
	if picked {
		r.handles(a.Region, origin, c)
	}
	words.add(word{text, at, size, c, picked || a.Open})
}

// handleSize is the side of the squares by which an area is sized, in points.
const handleSize = 9

func (r *stageRenderer) handles(g scrub.Region, origin fyne.Position, c color.Color) {
	for _, h := range model.Handles {
		x, y := r.s.view.Point(h.Of(g))
		at := fyne.NewPos(float32(x)-handleSize/2, float32(y)-handleSize/2).Subtract(origin)
		r.add(at, fyne.NewSquareSize(handleSize), &canvas.Rectangle{FillColor: c, StrokeColor: color.White, StrokeWidth: 1.5})
	}
}

// crop darkens what is cut off.
func (r *stageRenderer) crop(c image.Rectangle, origin fyne.Position) {
	full := r.s.view.Full
	for _, off := range []image.Rectangle{
		{Max: image.Pt(full.X, c.Min.Y)}, {Min: image.Pt(0, c.Max.Y), Max: full},
		{Min: image.Pt(0, c.Min.Y), Max: image.Pt(c.Min.X, c.Max.Y)}, {Min: image.Pt(c.Max.X, c.Min.Y), Max: image.Pt(full.X, c.Max.Y)},
	} {
		if !off.Empty() {
			at, size := r.s.onScreen(off)
			r.add(at.Subtract(origin), size, canvas.NewRectangle(shade))
		}
	}
	at, size := r.s.onScreen(c)
	line := theme.Color(theme.ColorNamePrimary)
	r.add(at.Subtract(origin), size, &canvas.Rectangle{FillColor: color.Transparent, StrokeColor: under, StrokeWidth: 4})
	r.add(at.Subtract(origin), size, &canvas.Rectangle{FillColor: color.Transparent, StrokeColor: line, StrokeWidth: 2})
	if r.s.cropping {
		r.handles(scrub.Region{X: c.Min.X, Y: c.Min.Y, W: c.Dx(), H: c.Dy()}, origin, line)
	}
}

// word is the word of an area.
type word struct {
	text string
	at   fyne.Position
	size fyne.Size
	c    color.Color
	must bool // it has to be read: the area is picked, or stays visible
}

// labels are words beside areas, of which none lies over another.
type labels struct {
	within  fyne.Size
	all     []word
	taken   []fyne.CanvasObject
	objects []fyne.CanvasObject
}

func (l *labels) add(w word) {
	if w.at.X < l.within.Width && w.at.Y < l.within.Height && w.at.X+w.size.Width > 0 && w.at.Y+w.size.Height > 0 {
		l.all = append(l.all, w)
	}
}

// place the words, those first that have to be read. In a crowd there is no room
// for all of them: a word that would not stand at its area is left out until the
// picture is zoomed.
func (l *labels) place() []fyne.CanvasObject {
	slices.SortStableFunc(l.all, func(a, b word) int {
		switch {
		case a.must == b.must:
			return 0
		case a.must:
			return -1
		}
		return 1
	})
	for _, w := range l.all {
		l.put(w)
	}
	return l.objects
}

func (l *labels) put(w word) {
	t := canvas.NewText(w.text, theme.Color(theme.ColorNameForeground))
	t.TextSize = theme.CaptionTextSize()
	box := t.MinSize().AddWidthHeight(8, 2)
	ground := &canvas.Rectangle{FillColor: theme.Color(colorCard), StrokeColor: w.c, StrokeWidth: 1, CornerRadius: 4}
	ground.Resize(box)
	above, below := w.at.Y-box.Height-3, w.at.Y+w.size.Height+3
	places := []fyne.Position{
		{X: w.at.X, Y: above}, {X: w.at.X, Y: below}, {X: w.at.X + 3, Y: w.at.Y + 3},
		{X: w.at.X + w.size.Width + 3, Y: w.at.Y}, {X: w.at.X - box.Width - 3, Y: w.at.Y},
	}
	for i := float32(1); w.must && i < 20; i++ {
		places = append(places, fyne.NewPos(w.at.X, below+i*(box.Height+1)), fyne.NewPos(w.at.X, above-i*(box.Height+1)))
	}
	for _, p := range places {
		ground.Move(fyne.NewPos(max(min(p.X, l.within.Width-box.Width), 0), max(min(p.Y, l.within.Height-box.Height), 0)))
		if l.free(ground) {
			t.Resize(t.MinSize())
			t.Move(ground.Position().AddXY(4, 1))
			l.taken = append(l.taken, ground)
			l.objects = append(l.objects, ground, t)
			return
		}
	}
}

func (l *labels) free(o fyne.CanvasObject) bool {
	for _, t := range l.taken {
		a, b := o.Position(), t.Position()
		if a.X < b.X+t.Size().Width && b.X < a.X+o.Size().Width && a.Y < b.Y+t.Size().Height && b.Y < a.Y+o.Size().Height {
			return false
		}
	}
	return true
}
