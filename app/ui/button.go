package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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
	seen  func(*button) // brings it into sight when it gets the focus; may be nil
}

func newButton(label string, icon fyne.Resource, tapped func(), other func(*fyne.KeyEvent)) *button {
	b := &button{other: other, ring: newRing(8)}
	b.Text, b.Icon = label, icon
	b.OnTapped = func() {
		defer timed("button " + b.Text)()
		tapped()
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetText does nothing where it says so already, like say.
func (b *button) SetText(s string) {
	if b.Text != s {
		b.Button.SetText(s)
	}
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
	defer timed("focus on a button")()
	b.ring.Show()
	b.Button.FocusGained()
	if b.seen != nil {
		b.seen(b)
	}
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
