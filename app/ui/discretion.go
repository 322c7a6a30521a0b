package ui

import (
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
)

// buildDiscretion makes what keeps things off the screen, or the window itself.
func (m *Main) discretion() []*button {
	m.hide = newButton("", nil, m.togglePictures, m.typedKey)
	m.hide.Importance = widget.LowImportance
	m.trainer = newButton("", nil, m.toggleTrainer, m.typedKey)
	m.trainer.Importance = widget.LowImportance
	quit := newButton(m.w.T("Close now (F12)"), theme.CancelIcon(), m.quickClose, m.typedKey)
	quit.Importance = widget.LowImportance
	return []*button{m.trainer, m.hide, quit}
}

func (m *Main) showDiscretion() {
	m.trainer.SetText(either(m.s.Discretion().Trainer, m.w.T("Show everything (F8)"), m.w.T("Trainer (F8)")))
	m.hide.SetText(either(m.s.Discretion().NoPictures, m.w.T("Show pictures (F9)"), m.w.T("Hide pictures (F9)")))
}

func (m *Main) togglePictures() {
	d := m.s.Discretion()
	d.NoPictures = !d.NoPictures
	m.s.SetDiscretion(d)
}

// toggleTrainer hides everything that tells of a person, but for the samples.
func (m *Main) toggleTrainer() {
	d := m.s.Discretion()
	d.Trainer = !d.Trainer
	m.s.SetDiscretion(d)
}

// quickClose asks nothing: the window goes at once, what goes on is stopped, and
// the program ends as soon as no half-written file is left.
func (m *Main) quickClose() {
	m.win.Hide()
	m.preview.show(nil, m.large)
	m.thumbs.Forget()
	m.large.Forget()
	m.s.Close(m.close)
}

// nameOf is the name of an item that may be on the screen.
func (m *Main) nameOf(it *model.Item) string {
	if m.s.Discretion().Values(it) {
		return it.Name()
	}
	return m.w.T("Photo {{.Number}}", "Number", it.ID)
}

// folderOf is a folder as it may be on the screen.
func (m *Main) folderOf(path string) string {
	if m.s.Discretion().Trainer {
		return m.w.T("a folder that is not shown")
	}
	return folder(path)
}
