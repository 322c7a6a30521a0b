package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tabir/app/model"
)

// dropped adds files and folders. Browsers drop addresses of the web, which are
// counted and never fetched; some drop them as if they were paths.
func (m *Main) dropped(uris []fyne.URI) {
	defer timed("drop")()
	var paths []string
	web := 0
	for _, u := range uris {
		path := u.Path()
		if u.Scheme() != "file" || strings.Contains(path, "http:/") || strings.Contains(path, "https:/") {
			web++
			continue
		}
		paths = append(paths, path)
	}
	m.s.Add(paths, web)
}

// Add puts files and folders on the list.
func (m *Main) Add(paths []string) {
	defer timed("add")()
	m.s.Add(paths, 0)
}

// shortcut is a key that works wherever the focus is.
type shortcut struct {
	desktop.CustomShortcut
	do func()
}

func (m *Main) shortcuts() []shortcut {
	key := func(k fyne.KeyName, mod fyne.KeyModifier, do func()) shortcut {
		return shortcut{desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault | mod}, do}
	}
	all := []shortcut{
		key(fyne.KeyO, 0, func() { m.a.Choose(false) }),
		key(fyne.KeyO, fyne.KeyModifierShift, func() { m.a.Choose(true) }),
		key(fyne.KeyReturn, 0, m.s.Start),
		key(fyne.KeyEnter, 0, m.s.Start), // of the number pad
		key(fyne.KeyA, 0, m.s.MarkAll),
		key(fyne.KeyComma, 0, m.ShowSettings),
		key(fyne.KeyZ, fyne.KeyModifierShift, m.redo),
	}
	for name, d := range arrows { // the size of an area
		for _, mod := range []fyne.KeyModifier{0, fyne.KeyModifierShift} {
			all = append(all, shortcut{desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierAlt | mod}, func() {
				if m.preview.stage.focused {
					m.preview.stage.arrow(d, true, mod != 0)
				}
			}})
		}
	}
	return all
}

func (m *Main) undo() {
	defer timed("undo")()
	if it, _ := m.s.Selected(); it != nil {
		m.s.Undo(it.ID)
	}
}

func (m *Main) redo() {
	defer timed("redo")()
	if it, _ := m.s.Selected(); it != nil {
		m.s.Redo(it.ID)
	}
}

// page is how many photos PageUp and PageDown move by.
const page = 6

// typedKey is for keys that the focused widget, if any, does not use itself.
func (m *Main) typedKey(e *fyne.KeyEvent) {
	defer timed("key " + string(e.Name))()
	if m.pages.typed(e) {
		return
	}
	_, i := m.s.Selected()
	last := len(m.s.Shown()) - 1
	switch e.Name {
	case fyne.KeyUp:
		i--
	case fyne.KeyDown:
		i++
	case fyne.KeyPageUp:
		i -= page
	case fyne.KeyPageDown:
		i += page
	case fyne.KeyHome:
		i = 0
	case fyne.KeyEnd:
		i = last
	case fyne.KeySpace:
		m.s.Mark(i)
		return
	case fyne.KeyDelete, fyne.KeyBackspace:
		m.removeSelected()
		return
	case fyne.KeyEscape:
		m.s.Cancel()
		return
	case fyne.KeyF8:
		m.toggleTrainer()
		return
	case fyne.KeyF9:
		m.togglePictures()
		return
	case fyne.KeyF12:
		m.quickClose()
		return
	default:
		return
	}
	m.s.Select(min(max(i, 0), last))
}

// keepFocus hands the focus on where the widget that had it is not shown any more.
func (m *Main) keepFocus(had fyne.Focusable) {
	b := m.bottom
	turns := []struct {
		states []model.State
		focus  []fyne.Focusable // the first takes over
	}{
		{[]model.State{model.Empty}, []fyne.Focusable{m.photos, m.folder}},
		{[]model.State{model.Listed}, []fyne.Focusable{b.make}},
		{[]model.State{model.Scanning, model.Working}, []fyne.Focusable{b.stop}},
		{[]model.State{model.Done, model.Partial}, []fyne.Focusable{b.open, b.again, b.new}},
	}
	if had == nil {
		return
	}
	gone, next := false, fyne.Focusable(nil)
	for _, t := range turns {
		if slices.Contains(t.states, m.s.State()) {
			next = t.focus[0]
		} else if slices.Contains(t.focus, had) {
			gone = true
		}
	}
	if gone || m.s.State() == model.Empty && had != m.photos && had != m.folder {
		m.win.Canvas().Focus(next)
	}
}
