package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tabir/app/model"
	"tabir/app/text"
)

// Settings are what the window asks its surroundings for about settings.
type Settings struct {
	System []string                     // the languages that the system asks for, the most wanted first
	Store  model.Store                  // where settings are kept
	Pick   func(then func(dir string))  // lets the user choose a folder for copies
	Theme  func(fyne.Theme)             // makes the window look so
	Speak  func(w text.Words)           // tells the toolkit which words to use
	Keep   func(v model.Settings) error // keeps settings
}

// Words returns the words that the settings ask for.
func (s Settings) Words(v model.Settings) text.Words {
	return text.For(append([]string{v.Language}, s.System...)...)
}

// set changes the settings at once. Another language makes all widgets anew; the
// list, the selection and the areas are the session's, and stay.
func (m *Main) set(v model.Settings) {
	had := m.s.Settings()
	w := m.a.Settings.Words(v)
	other := w.Tag != m.w.Tag
	m.s.Set(v, w.T("cleaned copies"))
	v = m.s.Settings()
	m.keepFailed = m.a.Settings.Keep(v)
	if other {
		m.speak(w)
	}
	if other || v.Theme != had.Theme || v.TextSize != had.TextSize {
		m.a.Settings.Theme(ThemeFor(v, w.Tag))
	}
	m.pages.again()
}

// speak makes the window anew in another language.
func (m *Main) speak(w text.Words) {
	was := m.pages
	n := -1
	if was.isOpen() {
		n = indexOf(buttons(was.holder), m.win.Canvas().Focused())
	}
	m.w = words{w}
	m.a.Settings.Speak(w)
	m.pages = pages{}
	m.build()
	m.refresh()
	if !was.isOpen() {
		return
	}
	m.pages.make = was.make
	m.pages.fill(true)
	if all := buttons(m.pages.holder); n >= 0 && n < len(all) {
		m.win.Canvas().Focus(all[n])
	}
	m.pages.at(was.scroll.Offset)
}

// change is a change of one setting.
func (m *Main) change(f func(v *model.Settings)) func() {
	return func() {
		v := m.s.Settings()
		f(&v)
		m.set(v)
	}
}

// ShowSettings opens the settings.
func (m *Main) ShowSettings() { m.pages.show(m.settingsPage) }

func (m *Main) settingsPage() sheet {
	w, v := m.w, m.s.Settings()
	limits := newButton(w.T("What Tabir cannot do"), theme.InfoIcon(), m.ShowLimits, m.typedKey)
	icon := func(name string) fyne.Resource { return icon(name, theme.ColorNamePrimary) }
	return sheet{w.T("Settings"), []fyne.CanvasObject{
		w.section(icon("text"), w.T("Language"), "", w.wrapped(m.languages(true)...)),
		w.section(icon("eye"), w.T("Brightness"), "", w.wrapped(m.choice([]option{
			{w.T("Like the system"), v.Theme == model.ThemeSystem, false, m.change(func(v *model.Settings) { v.Theme = model.ThemeSystem })},
			{w.T("Light"), v.Theme == model.ThemeLight, false, m.change(func(v *model.Settings) { v.Theme = model.ThemeLight })},
			{w.T("Dark"), v.Theme == model.ThemeDark, false, m.change(func(v *model.Settings) { v.Theme = model.ThemeDark })},
		})...)),
		w.section(icon("text"), w.T("Size of the text"), "", w.wrapped(m.sizes(model.TextSizes, v.TextSize, func(v *model.Settings, n int) { v.TextSize = n })...)),
		w.section(icon("hidden"), w.T("Where copies go"), m.folderNote(), w.wrapped(m.choice([]option{
			{w.T("Beside the photos"), v.Folder == "", false, m.change(func(v *model.Settings) { v.Folder = "" })},
			{w.T("Choose a folder…"), v.Folder != "", false, func() {
				m.a.Settings.Pick(func(dir string) { m.change(func(v *model.Settings) { v.Folder = dir })() })
			}},
		})...)),
		w.section(icon("name"), w.T("Names of the copies"), w.T("Names can tell who, when and where, too."), w.wrapped(m.choice([]option{
			{w.T("Neutral: {{.Name}}", "Name", "photo-001.jpg"), !v.KeepNames, false, m.change(func(v *model.Settings) { v.KeepNames = false })},
			{w.T("Like the original: {{.Name}}", "Name", "IMG_1234-cleaned.jpg"), v.KeepNames, false, m.change(func(v *model.Settings) { v.KeepNames = true })},
		})...)),
		w.section(icon("people"), w.T("How areas are covered"), w.T("Nothing of what was under a cover is left in the copy, whichever you choose."), w.wrapped(m.choice([]option{
			{w.T("Soft, like the surroundings"), v.Style == model.StyleSoft, false, m.change(func(v *model.Settings) { v.Style = model.StyleSoft })},
			{w.T("One dark colour"), v.Style == model.StyleSolid, false, m.change(func(v *model.Settings) { v.Style = model.StyleSolid })},
		})...)),
		w.section(icon("people"), w.T("Size of covers around faces"), w.T("For faces that are found from now on."), w.wrapped(m.sizes(model.CoverSizes, v.CoverSize, func(v *model.Settings, n int) { v.CoverSize = n })...)),
		m.policySection(),
		m.rememberSection(),
		w.wrapped(limits),
	}}
}

// languages are buttons that choose one, each with its own name; system adds
// that of the system.
func (m *Main) languages(system bool) []*button {
	v := m.s.Settings()
	var all []option
	if system {
		all = append(all, option{m.w.T("Like the system"), v.Language == "", false, m.change(func(v *model.Settings) { v.Language = "" })})
	}
	for _, l := range text.Languages() {
		chosen := v.Language == l.Tag || !system && l.Tag == m.w.Tag
		all = append(all, option{l.Name, chosen, false, m.change(func(v *model.Settings) { v.Language = l.Tag })})
	}
	return m.choice(all)
}

func (m *Main) sizes(all []int, now int, set func(v *model.Settings, n int)) []*button {
	var options []option
	for _, n := range all {
		options = append(options, option{fmt.Sprintf("%d %%", n), n == now, false, m.change(func(v *model.Settings) { set(v, n) })})
	}
	return m.choice(options)
}

func (m *Main) folderNote() string {
	if f := m.s.Settings().Folder; f != "" {
		return m.w.T("A new folder in {{.Folder}}", "Folder", folder(f))
	}
	return m.w.T("A new folder beside the photos, named before you click.")
}

// policySection cannot be changed while files are being worked on.
func (m *Main) policySection() fyne.CanvasObject {
	w, v, busy := m.w, m.s.Settings(), m.busy()
	return w.section(icon("hidden", theme.ColorNamePrimary), w.T("What is removed"), w.T("At every start of Tabir everything hidden is removed, until you choose otherwise again."), w.wrapped(m.choice([]option{
		{w.T("Remove everything hidden"), v.Policy == model.RemoveAll, busy, m.change(func(v *model.Settings) { v.Policy = model.RemoveAll })},
		{w.T("Keep the credit line and the date"), v.Policy == model.KeepCreditAndDate, busy, m.change(func(v *model.Settings) { v.Policy = model.KeepCreditAndDate })},
	})...))
}

// busy reports whether files are being worked on.
func (m *Main) busy() bool {
	s := m.s.State()
	return s == model.Scanning || s == model.Working
}

func (m *Main) rememberSection() fyne.CanvasObject {
	w, v := m.w, m.s.Settings()
	store := m.a.Settings.Store
	note := w.T("Tabir writes nothing but your copies. The settings are forgotten when you close it.")
	switch {
	case m.keepFailed != nil:
		note = w.T("The settings could not be written. They are forgotten when you close Tabir.")
	case store.Portable && !store.Remembers():
		note = w.T("Portable mode, and nothing can be written beside the program: the settings are forgotten when you close Tabir.")
	case store.Portable && v.Remember:
		note = w.T("Portable mode: the settings are in a file beside the program, and nothing is written elsewhere but your copies.")
	case v.Remember:
		note = w.T("The settings are in a file on this computer: whoever finds it sees that Tabir was used here. It names no photo.")
	}
	return w.section(icon("wait", theme.ColorNamePrimary), w.T("For the next time"), note, w.wrapped(m.choice([]option{
		{w.T("Remember nothing"), !v.Remember, false, m.change(func(v *model.Settings) { v.Remember = false })},
		{w.T("Remember these settings"), v.Remember, !store.Remembers(), m.change(func(v *model.Settings) { v.Remember = true })},
	})...))
}
