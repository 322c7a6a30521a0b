package ui

import "fyne.io/fyne/v2"

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

// middle centres an object vertically over the whole width.
type middle struct{}

func (middle) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
func (middle) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, h))
	o[0].Move(fyne.NewPos(0, (s.Height-h)/2))
}

// wrap sets its objects in lines, like words, as high as the width that it was
// last given asks for.
type wrap struct{ width float32 }

const wrapGap = 6

func (l *wrap) each(objects []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) (height float32) {
	var x, y, line float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, line = 0, y+line+wrapGap, 0
		}
		place(o, fyne.NewPos(x, y), m)
		x += m.Width + wrapGap
		line = max(line, m.Height)
	}
	return y + line
}

func (l *wrap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest float32
	l.each(objects, 0, func(_ fyne.CanvasObject, _ fyne.Position, m fyne.Size) { widest = max(widest, m.Width) })
	width := l.width
	if width == 0 {
		width = minSize.Width - 100
	}
	return fyne.NewSize(widest, l.each(objects, max(width, widest), func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

func (l *wrap) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.each(objects, s.Width, func(o fyne.CanvasObject, at fyne.Position, m fyne.Size) {
		o.Resize(m)
		o.Move(at)
	})
}
