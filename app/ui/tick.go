package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// tick is Fyne's box to tick, pressed by Enter too. Keys that it does not know go
// on to the window.
type tick struct {
	widget.Check
	other func(*fyne.KeyEvent)
}

func newTick(label string, on bool, changed func(bool), other func(*fyne.KeyEvent)) *tick {
	t := &tick{other: other}
	t.Text, t.Checked = label, on
	t.OnChanged = func(on bool) {
		defer timed("tick")()
		changed(on)
	}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tick) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.SetChecked(!t.Checked)
	case fyne.KeySpace: // comes as a rune too
	default:
		t.other(e)
	}
}
