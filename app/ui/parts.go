package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

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

// say sets the words of a label. Most changes of the session leave most words as
// they are, and to lay out and draw those anew would take longer than a frame.
func say(l *widget.Label, s string) {
	if l.Text != s {
		l.SetText(s)
	}
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
	return container.New(signLayout{size}, m)
}

type signLayout struct{ size float32 }

// side of the icon: it grows with the text.
func (l signLayout) side() float32 {
	return l.size * theme.TextSize() / theme.DefaultTheme().Size(theme.SizeNameText)
}

func (l signLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.side()+theme.InnerPadding(), l.side()+theme.InnerPadding()*2)
}

func (l signLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(l.side()))
	o[0].Move(fyne.NewPos(theme.InnerPadding(), theme.InnerPadding()+1))
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
	r.size, r.lines = s, dashesAround(fyne.Position{}, s, theme.Color(theme.ColorNamePrimary), 2)
}

// dashesAround are the lines around a rectangle.
func dashesAround(at fyne.Position, s fyne.Size, c color.Color, stroke float32) (lines []fyne.CanvasObject) {
	add := func(x1, y1, x2, y2 float32) {
		l := canvas.NewLine(c)
		l.StrokeWidth = stroke
		l.Position1, l.Position2 = at.AddXY(x1, y1), at.AddXY(x2, y2)
		lines = append(lines, l)
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
	return lines
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
