package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// button is Fyne's, with a ring around it while it has the focus, and pressed by
// Enter too. Keys that it does not know go on to the window, so that Escape works
// wherever the focus is.
type button struct {
	widget.Button
	other func(*fyne.KeyEvent)
	ring  *ground
}

func newButton(label string, icon fyne.Resource, tapped func(), other func(*fyne.KeyEvent)) *button {
	b := &button{other: other, ring: newRing(8)}
	b.Text, b.Icon, b.OnTapped = label, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

func (b *button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped() // Tapped would take the focus away
		}
	default:
		b.other(e)
	}
}

func (b *button) FocusGained() {
	b.ring.Show()
	b.Button.FocusGained()
}

func (b *button) FocusLost() {
	b.ring.Hide()
	b.Button.FocusLost()
}

func (b *button) CreateRenderer() fyne.WidgetRenderer {
	return &ringed{b.Button.CreateRenderer(), b.ring}
}

// ringed draws a ring over what another renderer draws.
type ringed struct {
	fyne.WidgetRenderer
	ring *ground
}

func (r *ringed) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.ring)
}

func (r *ringed) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	r.ring.Resize(s)
}

// newRing shows where the focus is. It is hidden at first.
func newRing(radius float32) *ground {
	g := newGround("", theme.ColorNameForeground, radius)
	g.width = 2
	g.Hide()
	return g
}

// ground is a rectangle that follows the theme.
type ground struct {
	widget.BaseWidget
	fill, stroke fyne.ThemeColorName // empty: none
	radius       float32
	width        float32 // of the stroke
}

func newGround(fill, stroke fyne.ThemeColorName, radius float32) *ground {
	g := &ground{fill: fill, stroke: stroke, radius: radius, width: 1}
	g.ExtendBaseWidget(g)
	return g
}

func (g *ground) CreateRenderer() fyne.WidgetRenderer {
	r := &groundRenderer{g: g, rect: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type groundRenderer struct {
	g    *ground
	rect *canvas.Rectangle
}

func (r *groundRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *groundRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *groundRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *groundRenderer) Destroy()                     {}
func (r *groundRenderer) Refresh() {
	r.rect.CornerRadius = r.g.radius
	r.rect.FillColor, r.rect.StrokeColor, r.rect.StrokeWidth = color.Transparent, color.Transparent, 0
	if r.g.fill != "" {
		r.rect.FillColor = theme.Color(r.g.fill)
	}
	if r.g.stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = theme.Color(r.g.stroke), r.g.width
	}
	r.rect.Refresh()
}

// card puts content on a ground of its own.
func card(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(newGround(colorCard, colorLine, 12), container.NewPadded(content))
}

// label is a text that wraps, or is cut where wrap is off.
func label(s string, size fyne.ThemeSizeName, bold, wrap bool) *widget.Label {
	l := widget.NewLabel(s)
	l.SizeName = size
	l.TextStyle.Bold = bold
	if wrap {
		l.Wrapping = fyne.TextWrapWord
	} else {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	return l
}

// quiet is a text of less weight.
func quiet(s string, wrap bool) *widget.Label {
	l := label(s, theme.SizeNameCaptionText, false, wrap)
	l.Importance = widget.LowImportance
	return l
}

// sign is an icon of a fixed size, at the height of the first line of a label beside it.
func sign(r fyne.Resource, size float32) *fyne.Container {
	m := canvas.NewImageFromResource(r)
	m.FillMode = canvas.ImageFillContain
	m.SetMinSize(fyne.NewSquareSize(size))
	return container.New(signLayout{}, m)
}

type signLayout struct{}

func (signLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().Add(fyne.NewSize(theme.InnerPadding(), theme.InnerPadding()*2))
}

func (signLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	m := o[0].MinSize()
	o[0].Resize(m)
	o[0].Move(fyne.NewPos(theme.InnerPadding(), theme.InnerPadding()+1))
}

// tight stacks rows with less space between them than a VBox.
type tight struct{ gap float32 }

func (t tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		if o.Visible() {
			m := o.MinSize()
			s = fyne.NewSize(max(s.Width, m.Width), s.Height+m.Height+t.gap)
		}
	}
	return fyne.NewSize(s.Width, max(0, s.Height-t.gap))
}

func (t tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		o.Move(fyne.NewPos(0, y))
		y += o.MinSize().Height + t.gap
	}
}

// flow sets its objects in lines, like words.
type flow struct{ gap float32 }

func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s
}

func (f flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var x, y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > size.Width {
			x, y = 0, y+m.Height+f.gap
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, y))
		x += m.Width + f.gap
	}
}

// dashes is the border of the place to drop photos on.
type dashes struct{ widget.BaseWidget }

func newDashes() *dashes {
	d := &dashes{}
	d.ExtendBaseWidget(d)
	return d
}

func (d *dashes) CreateRenderer() fyne.WidgetRenderer { return &dashRenderer{} }

type dashRenderer struct {
	size  fyne.Size
	lines []fyne.CanvasObject
}

const dash = 9

func (r *dashRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *dashRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *dashRenderer) Destroy()                     {}
func (r *dashRenderer) Refresh()                     { r.Layout(r.size) }
func (r *dashRenderer) Layout(s fyne.Size) {
	r.size, r.lines = s, r.lines[:0]
	add := func(x1, y1, x2, y2 float32) {
		l := canvas.NewLine(theme.Color(theme.ColorNamePrimary))
		l.StrokeWidth = 2
		l.Position1, l.Position2 = fyne.NewPos(x1, y1), fyne.NewPos(x2, y2)
		r.lines = append(r.lines, l)
	}
	for x := float32(0); x < s.Width; x += 2 * dash {
		end := min(x+dash, s.Width)
		add(x, 0, end, 0)
		add(x, s.Height, end, s.Height)
	}
	for y := float32(0); y < s.Height; y += 2 * dash {
		end := min(y+dash, s.Height)
		add(0, y, 0, end)
		add(s.Width, y, s.Width, end)
	}
}

// bar is a thin progress bar; its numbers stand in a label beside it.
type bar struct {
	widget.BaseWidget
	value       float64 // from 0 to 1
	track, fill *ground
}

func newBar() *bar {
	b := &bar{track: newGround(theme.ColorNameInputBackground, "", 4), fill: newGround(theme.ColorNamePrimary, "", 4)}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bar) set(v float64) {
	b.value = v
	b.fill.Resize(fyne.NewSize(b.Size().Width*float32(v), b.Size().Height))
}

func (b *bar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(barLayout{b}, b.track, b.fill))
}

type barLayout struct{ b *bar }

func (barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, 8) }
func (l barLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	o[1].Resize(fyne.NewSize(s.Width*float32(l.b.value), s.Height))
}
