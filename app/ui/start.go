package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// bar has the buttons above the list, and says what is on it, in as many lines as
// that needs.
func (m *Main) bar(bs ...*button) fyne.CanvasObject {
	settings := newButton(m.w.T("Settings"), theme.SettingsIcon(), m.ShowSettings, m.typedKey)
	settings.Importance = widget.LowImportance
	m.summary.Truncation = fyne.TextTruncateOff
	line := m.w.wrapped(append(bs, settings)...)
	line.Add(m.summary)
	return line
}

// atFoot puts under the middle of the empty window what a newcomer may need
// before anything else: the languages, each by its own name, the settings, and
// what not to expect.
func (m *Main) atFoot(middle fyne.CanvasObject) fyne.CanvasObject {
	w := m.w
	languages := m.languages(false)
	for _, b := range languages {
		if b.Importance != widget.HighImportance {
			b.Importance = widget.LowImportance
		}
	}
	settings := newButton(w.T("Settings"), theme.SettingsIcon(), m.ShowSettings, m.typedKey)
	limits := newButton(w.T("What Tabir cannot do"), theme.InfoIcon(), m.ShowLimits, m.typedKey)
	samples := newButton(w.T("Try it with drawn samples"), theme.MediaPhotoIcon(), m.s.AddSamples, m.typedKey)
	for _, b := range []*button{settings, limits, samples} {
		b.Importance = widget.LowImportance
	}
	foot := container.New(layout.NewCustomPaddedLayout(4, 8, 16, 16), container.New(tight{0},
		w.wrapped(samples, settings, limits), w.wrapped(languages...)))
	return container.NewBorder(nil, foot, nil, nil, container.NewVScroll(container.NewCenter(middle)))
}
