// Package ui shows a session in a window and hands it what the user does. It
// decides nothing and touches no file.
package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
	"tabir/app/text"
	"tabir/assets"
)

// Actions are what the window asks the desktop for.
type Actions struct {
	Choose func(folder bool) // lets the user choose, and adds to the session
	Open   func(dir string)  // shows a folder
	Settings
	// ChooseModel lets the user choose the file of a better face finder; nil: it
	// cannot be changed.
	ChooseModel func()
}

// Main is the window.
type Main struct {
	win    fyne.Window
	close  func() // the window for good
	w      words
	a      Actions
	s      *model.Session
	engine model.Engine
	post   func(func())
	thumbs *model.Pictures
	large  *model.Pictures

	list    *photoList
	preview *preview
	details *details
	bottom  *bottom

	empty, full *fyne.Container
	photos      *button // of the empty state: has the focus first
	folder      *button
	summary     *widget.Label
	sorting     *sorting
	clear       *button
	remove      *button
	hide        *button
	trainer     *button
	notes       *widget.Label
	noteBox     *fyne.Container
	room        *canvas.Rectangle

	pages      pages
	keepFailed error // why the settings could not be kept
}

// New fills win with a new session. Its config needs no Changed.
func New(win fyne.Window, w text.Words, c model.Config, a Actions) *Main {
	m := &Main{win: win, close: win.Close, w: words{w}, a: a, engine: c.Engine, post: c.Post}
	c.Changed = func() {
		if m.full != nil {
			m.refresh()
		}
	}
	m.thumbs = model.NewPictures(c.Engine, c.Post, thumbPixels, thumbsHeld, m.thumbArrived)
	m.large = model.NewPictures(c.Engine, c.Post, previewPixels, 3, func(int) { m.showSelected() })
	m.s = model.New(c)
	m.build()
	m.refresh()
	win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { m.dropped(uris) })
	win.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { m.undo() })
	win.Canvas().AddShortcut(&fyne.ShortcutRedo{}, func(fyne.Shortcut) { m.redo() })
	for _, k := range m.shortcuts() {
		win.Canvas().AddShortcut(&k.CustomShortcut, func(fyne.Shortcut) {
			defer timed("shortcut " + string(k.KeyName))()
			k.do()
		})
	}
	win.Canvas().SetOnTypedKey(m.typedKey)
	m.watch()
	return m
}

// Session that the window shows.
func (m *Main) Session() *model.Session { return m.s }

// minSize is the smallest that the window gets.
var minSize = fyne.NewSize(760, 540)

func (m *Main) build() {
	m.list = newPhotoList(m)
	m.preview = newPreview(m, m.post)
	m.details = newDetails(m)
	m.bottom = newBottom(m)
	m.empty = m.buildEmpty()

	m.summary = label("", theme.SizeNameText, false, false)
	m.clear = newButton(m.w.T("Empty the list"), nil, func() { m.s.Clear() }, m.typedKey)
	m.clear.Importance = widget.LowImportance
	m.remove = newButton(m.w.T("Take off the list"), theme.ContentRemoveIcon(), m.removeSelected, m.typedKey)
	m.remove.Importance = widget.LowImportance
	bar := m.bar(append([]*button{
		newButton(m.w.T("Add photos…"), theme.ContentAddIcon(), func() { m.a.Choose(false) }, m.typedKey),
		newButton(m.w.T("Add a folder…"), theme.FolderIcon(), func() { m.a.Choose(true) }, m.typedKey),
		m.remove, m.clear,
	}, m.discretion()...)...)

	m.notes = label("", theme.SizeNameText, false, true)
	m.notes.Importance = widget.WarningImportance
	m.noteBox = container.New(layout.NewCustomPaddedLayout(8, 0, 8, 8),
		container.NewStack(newGround(colorCard, colorLine, 8), m.notes))

	m.sorting = newSorting(m)
	photos := container.NewStack(newGround(colorCard, colorLine, 12),
		container.NewPadded(container.NewBorder(m.sorting.content, nil, nil, nil, m.list)), m.list.ring)
	right := container.NewHSplit(m.preview.content, m.details.content)
	right.Offset = 0.58
	split := container.NewHSplit(photos, right)
	split.Offset = 0.28
	m.full = container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(8, 2, 8, 8), bar),
		m.bottom.content, nil, nil,
		container.New(layout.NewCustomPaddedLayout(2, 8, 8, 8), split))

	m.room = canvas.NewRectangle(color.Transparent)
	m.room.SetMinSize(minSize)
	m.win.SetPadded(false)
	work := container.NewScroll(container.NewBorder(m.noteBox, nil, nil, nil, container.NewStack(m.empty, m.full))) // for large text
	m.win.SetContent(container.NewStack(newGround(theme.ColorNameBackground, "", 0), m.room, m.pages.around(m, work)))
	for _, b := range buttons(work) {
		b.seen = func(b *button) { reveal(work, b) }
	}
}

// buildEmpty makes what a newcomer sees first.
func (m *Main) buildEmpty() *fyne.Container {
	w := m.w
	mark := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(112))
	title := label(w.T("Drop photos or folders here"), theme.SizeNameHeadingText, true, true)
	title.Alignment = fyne.TextAlignCenter
	sub := label(w.T("Tabir makes copies without the hidden data that tells where, when, by whom and with which device a photo was taken."), theme.SizeNameText, false, true)
	sub.Alignment = fyne.TextAlignCenter
	m.photos = newButton(w.T("Choose photos…"), theme.FileImageIcon(), func() { m.a.Choose(false) }, m.typedKey)
	m.photos.Importance = widget.HighImportance
	m.folder = newButton(w.T("Choose a folder…"), theme.FolderIcon(), func() { m.a.Choose(true) }, m.typedKey)
	note := quiet(w.T("Nothing leaves this computer. Originals stay as they are."), true)
	note.Alignment = fyne.TextAlignCenter
	width := canvas.NewRectangle(color.Transparent)
	width.SetMinSize(fyne.NewSize(520, 0))
	column := container.NewVBox(width, mark, container.New(tight{-8}, title, sub),
		container.New(layout.NewCustomPaddedLayout(10, 10, 0, 0),
			container.NewCenter(container.New(layout.NewCustomPaddedHBoxLayout(12), big(m.photos), big(m.folder)))), note)
	return container.New(layout.NewCustomPaddedLayout(28, 28, 28, 28),
		container.NewStack(newGround(colorCard, "", 0), newDashes(), m.atFoot(column)))
}

// refresh shows the state of the session.
func (m *Main) refresh() {
	had := m.win.Canvas().Focused()
	state := m.s.State()
	m.empty.Hidden = state != model.Empty
	m.full.Hidden = state == model.Empty
	say(m.summary, m.w.summary(m.s.Count(), len(m.s.Items())))
	m.sorting.show()
	m.showNotes()
	m.showDiscretion()
	m.list.Refresh()
	if _, i := m.s.Selected(); i >= 0 {
		m.list.Select(i)
	} else {
		m.list.UnselectAll()
	}
	m.showSelected()
	m.bottom.show()
	for _, b := range []*button{m.remove, m.clear} {
		if state == model.Working {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	relayout(m.win.Content())
	m.win.Canvas().Refresh(m.room) // all that can be seen is drawn, and little is made anew
	m.pages.refresh()
	if !m.pages.isOpen() {
		m.keepFocus(had)
	}
}

func (m *Main) showNotes() {
	s := ""
	for _, n := range m.s.Notices() {
		s += m.w.notice(n) + "\n"
	}
	s += m.w.skipped(m.s.Skipped())
	for len(s) > 0 && s[len(s)-1] == '\n' {
		s = s[:len(s)-1]
	}
	say(m.notes, s)
	m.noteBox.Hidden = s == ""
}

func (m *Main) showSelected() {
	it, _ := m.s.Selected()
	m.preview.show(it, m.large)
	m.details.show(it)
}

func (m *Main) thumbArrived(id int) {
	for i, it := range m.s.Shown() {
		if it.ID == id {
			m.list.RefreshItem(i)
			return
		}
	}
}

func (m *Main) removeSelected() {
	m.s.Remove(m.s.Chosen()...)
}
