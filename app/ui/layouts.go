package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// relayout puts everything in an object in its place, after parts of it were shown
// or hidden, or have grown. To refresh it would make all of it anew.
func relayout(o fyne.CanvasObject) {
	if !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, c := range o.Objects {
			relayout(c)
		}
	case *container.Scroll:
		o.Content.Resize(o.Content.MinSize().Max(o.Size()))
		relayout(o.Content)
	case *container.Split:
		relayout(o.Leading)
		relayout(o.Trailing)
	case *container.ThemeOverride:
		relayout(o.Content)
	}
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

// flow sets badges in lines, like words. One that is wider than a line is shortened.
type flow struct{ gap float32 }

func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var high float32
	for _, o := range objects {
		if o.Visible() {
			high = max(high, o.MinSize().Height)
		}
	}
	return fyne.NewSize(0, high)
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
		o.Resize(fyne.NewSize(min(m.Width, size.Width), m.Height))
		o.Move(fyne.NewPos(x, y))
		x += m.Width + f.gap
	}
}

// middle centres an object vertically over the whole width.
type middle struct{}

func (middle) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
func (middle) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, h))
	o[0].Move(fyne.NewPos(0, (s.Height-h)/2))
}

// halves gives each of its visible objects the same width.
type halves struct{ gap float32 }

func (h halves) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}

func (h halves) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	n := float32(0)
	for _, o := range objects {
		if o.Visible() {
			n++
		}
	}
	width, x := (size.Width-h.gap*(n-1))/n, float32(0)
	for _, o := range objects {
		if o.Visible() {
			o.Resize(fyne.NewSize(width, size.Height))
			o.Move(fyne.NewPos(x, 0))
			x += width + h.gap
		}
	}
}

// wrap sets its objects in lines, like words, as high as the width that it was
// last given asks for. again, if there is one, lays out what it is in where that
// has changed.
type wrap struct {
	gap, width float32
	again      func()
}

func (l *wrap) each(objects []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) (height float32) {
	var x, y, line float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, line = 0, y+line+l.gap, 0
		}
		place(o, fyne.NewPos(x, y), m)
		x += m.Width + l.gap
		line = max(line, m.Height)
	}
	return y + line
}

func (l *wrap) height(objects []fyne.CanvasObject, width float32) float32 {
	return l.each(objects, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
}

func (l *wrap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest float32
	l.each(objects, 0, func(_ fyne.CanvasObject, _ fyne.Position, m fyne.Size) { widest = max(widest, m.Width) })
	width := l.width
	if width == 0 {
		width = minSize.Width - 100
	}
	return fyne.NewSize(widest, l.height(objects, max(width, widest)))
}

func (l *wrap) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	was := l.height(objects, l.width)
	l.width = s.Width
	l.each(objects, s.Width, func(o fyne.CanvasObject, at fyne.Position, m fyne.Size) {
		o.Resize(m)
		o.Move(at)
	})
	if l.again != nil && l.height(objects, l.width) != was {
		l.again()
	}
}
