package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tabir/app/text"
)

// across puts objects at the start and the end of a line, and one between them,
// as lines of the language run. Any of them may be nil.
func (w words) across(start, end, between fyne.CanvasObject) *fyne.Container {
	if w.Direction() == text.RightToLeft {
		start, end = end, start
	}
	if between == nil {
		return container.NewBorder(nil, nil, start, end)
	}
	return container.NewBorder(nil, nil, start, end, between)
}

// inLine orders objects as lines of the language run.
func (w words) inLine(objects ...fyne.CanvasObject) []fyne.CanvasObject {
	if w.Direction() == text.RightToLeft {
		slices.Reverse(objects)
	}
	return objects
}

// start is the alignment of text where lines begin.
func (w words) start() fyne.TextAlign {
	if w.Direction() == text.RightToLeft {
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}
