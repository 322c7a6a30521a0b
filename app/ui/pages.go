package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sheet is what lies over the work for a while, with a way back.
type sheet struct {
	title   string
	content []fyne.CanvasObject
}

// pages shows one page at a time, made anew whenever something in it changes.
type pages struct {
	m      *Main
	work   fyne.CanvasObject
	holder *fyne.Container
	make   func() sheet // nil: none is open
	scroll *container.Scroll
	back   *button
	had    fyne.Focusable // before it was opened
	focus  int            // the button that has it, by number
	busy   bool           // files were being worked on when the page was made
}

// around lets pages lie over the work.
func (p *pages) around(m *Main, work fyne.CanvasObject) fyne.CanvasObject {
	p.m, p.work, p.holder = m, work, container.NewStack()
	p.holder.Hide()
	return container.NewStack(work, p.holder)
}

func (p *pages) isOpen() bool { return p.make != nil }

// show opens a page, or another one instead of the open one.
func (p *pages) show(content func() sheet) {
	if !p.isOpen() {
		p.had = p.m.win.Canvas().Focused()
	}
	p.make = content
	p.fill(true)
}

// again makes the open page anew, at the same place. The focus stays with the
// button that stands where the one before stood.
func (p *pages) again() {
	if !p.isOpen() {
		return
	}
	at := p.scroll.Offset
	p.refill()
	p.at(at)
}

// at scrolls to where the page was, and on to what has the focus.
func (p *pages) at(offset fyne.Position) {
	p.scroll.Offset = offset
	p.scroll.Refresh()
	if b, ok := p.m.win.Canvas().Focused().(*button); ok && b.seen != nil {
		b.seen(b)
	}
}

// refill makes the content anew. One that cannot be pressed for a moment loses the
// focus, and gets it back.
func (p *pages) refill() {
	if n := indexOf(buttons(p.holder), p.m.win.Canvas().Focused()); n >= 0 {
		p.focus = n
	}
	p.fill(false)
	if all := buttons(p.holder); p.focus < len(all) && !all[p.focus].Disabled() {
		p.m.win.Canvas().Focus(all[p.focus])
	}
}

func (p *pages) fill(focus bool) {
	w := p.m.w
	s := p.make()
	p.back = newButton(w.T("Back"), theme.NavigateBackIcon(), p.close, p.m.typedKey)
	title := label(s.title, theme.SizeNameHeadingText, true, true)
	title.Alignment = w.start()
	head := w.across(container.NewCenter(p.back), nil, title)
	p.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(4, 20, 12, 20), container.New(tight{14}, s.content...)))
	p.holder.Objects = []fyne.CanvasObject{
		newGround(theme.ColorNameBackground, "", 0),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(10, 6, 12, 12), head), nil, nil, nil, p.scroll),
	}
	for _, b := range buttons(p.scroll) {
		b.seen = func(b *button) { reveal(p.scroll, b) }
	}
	p.busy = p.m.busy()
	p.work.Hide()
	p.holder.Show()
	p.holder.Refresh()
	if focus {
		p.focus = 0
		p.m.win.Canvas().Focus(p.back)
	}
}

// refresh makes the open page anew when work on files begins or ends.
func (p *pages) refresh() {
	if p.isOpen() && p.busy != p.m.busy() {
		p.again()
	}
}

// reveal scrolls until an object can be seen.
func reveal(s *container.Scroll, o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(s.Content))
	const around = 24
	y := max(s.Offset.Y, at.Y+o.Size().Height+around-s.Size().Height)
	if y = max(min(y, at.Y-around), 0); y != s.Offset.Y {
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
	}
}

// close goes back to the work.
func (p *pages) close() {
	if !p.isOpen() {
		return
	}
	p.make = nil
	p.holder.Objects = nil
	p.holder.Hide()
	p.work.Show()
	p.m.refresh()
	c := p.m.win.Canvas()
	if o, ok := p.had.(fyne.CanvasObject); ok && shownIn(p.work, o) {
		c.Focus(p.had)
	} else {
		c.Unfocus()
	}
	p.had = nil
}

// section is a part of a page under a heading of its own.
func (w words) section(icon fyne.Resource, title, note string, content ...fyne.CanvasObject) fyne.CanvasObject {
	head := label(title, theme.SizeNameText, true, true)
	head.Alignment = w.start()
	rows := container.New(tight{0}, w.across(sign(icon, 18), nil, head))
	if note != "" {
		n := label(note, theme.SizeNameText, false, true)
		n.Alignment = w.start()
		rows.Add(indent(n))
	}
	for _, c := range content {
		rows.Add(indent(container.New(layout.NewCustomPaddedLayout(2, 6, 8, 0), c)))
	}
	return card(rows)
}

// wrapped sets buttons in lines, like words.
func (w words) wrapped(bs ...*button) *fyne.Container {
	var in []fyne.CanvasObject
	for _, b := range bs {
		in = append(in, b)
	}
	return container.New(&wrap{gap: 6}, w.inLine(in...)...)
}

// choice is a set of buttons, one of which stands for what is chosen.
func (m *Main) choice(options []option) []*button {
	var out []*button
	for _, o := range options {
		b := newButton(o.word, nil, o.choose, m.typedKey)
		if o.chosen {
			b.Icon, b.Importance = theme.ConfirmIcon(), widget.HighImportance
		}
		if o.off {
			b.Disable()
		}
		out = append(out, b)
	}
	return out
}

type option struct {
	word   string
	chosen bool
	off    bool
	choose func()
}

// buttons lists the buttons in an object, in reading order.
func buttons(o fyne.CanvasObject) []*button {
	switch o := o.(type) {
	case *button:
		return []*button{o}
	case *fyne.Container:
		var out []*button
		for _, c := range o.Objects {
			out = append(out, buttons(c)...)
		}
		return out
	case *container.Scroll:
		return buttons(o.Content)
	}
	return nil
}

func indexOf(bs []*button, f fyne.Focusable) int {
	for i, b := range bs {
		if f == fyne.Focusable(b) {
			return i
		}
	}
	return -1
}

// shownIn reports whether an object is in another and can be seen.
func shownIn(in, o fyne.CanvasObject) bool {
	if !in.Visible() {
		return false
	}
	if in == o {
		return true
	}
	switch in := in.(type) {
	case *fyne.Container:
		for _, c := range in.Objects {
			if shownIn(c, o) {
				return true
			}
		}
	case *container.Scroll:
		return shownIn(in.Content, o)
	case *container.Split:
		return shownIn(in.Leading, o) || shownIn(in.Trailing, o)
	}
	return false
}

// typed takes the keys that open or close a page. While one is open no other key
// reaches the work behind it.
func (p *pages) typed(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyF1:
		p.m.ShowLimits()
		return true
	case p.isOpen() && e.Name == fyne.KeyEscape:
		p.close()
		return true
	}
	return p.isOpen()
}
