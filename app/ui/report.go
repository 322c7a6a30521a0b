package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"tabir/app/model"
	"tabir/scrub/meta"
)

// left says how long a run still takes; nothing while that cannot be told.
func (w words) left(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Minute:
		return w.T("Less than a minute left")
	}
	return w.N("About {{.N}} minutes left", int((d+30*time.Second)/time.Minute))
}

// askReplace asks, for this batch alone, whether copies are to take the place of
// the originals.
func (m *Main) askReplace() {
	w := m.w
	text := label(w.T("The original may be your only proof of when and where it was taken. Keep it somewhere safe first.")+"\n\n"+
		w.T("The originals go to the trash: others at this computer can still restore them from there. Where there is no trash, nothing is taken away and the photo is not cleaned. Photos with covered areas are not replaced: they get copies."),
		theme.SizeNameText, false, true)
	d := dialog.NewCustomConfirm(w.T("Replace the originals?"), w.N("Replace {{.N}} originals", m.s.Count().Ready), w.T("Keep the originals"), text, func(yes bool) {
		defer timed("answer")()
		if yes {
			m.s.Replace()
		}
	}, m.win)
	d.Resize(fyne.NewSize(520, 0))
	d.Show()
}

// openOrSave shows the folder of the copies, or saves those that are in memory.
func (m *Main) openOrSave() {
	if !model.InMemory(m.s.Run().Folder) {
		m.a.Open(m.s.Run().Folder)
		return
	}
	m.a.Settings.Pick(func(dir string) {
		if err := m.s.SaveCopies(dir); err != nil {
			why, next := m.w.problem(err)
			dialog.ShowInformation(m.w.T("The copies were not all saved"), why+" "+next, m.win)
			return
		}
		m.a.Open(dir)
	})
}

// copyReport puts a report on the clipboard.
func (m *Main) copyReport() {
	fyne.CurrentApp().Clipboard().SetContent(m.w.report(m.s.Items(), m.s.Run()))
}

// report tells what was done, for somebody else to read: no value that was found,
// no name, no path.
func (w words) report(items []*model.Item, run model.Run) string {
	var c model.Count
	kinds := map[meta.Kind]int{}
	reasons := map[string]int{}
	for _, it := range items {
		switch it.Status() {
		case model.Made:
			c.Made++
			if len(it.Report.Remains()) > 0 {
				c.More++
			}
			seen := map[meta.Kind]bool{}
			for _, g := range model.Groups(it.Report.Findings) {
				for _, f := range g.Findings {
					if f.Fate == meta.Removed && !seen[g.Kind] {
						seen[g.Kind] = true
						kinds[g.Kind]++
					}
				}
			}
		case model.Not, model.Unable:
			c.Not++
			why, _ := w.problem(it.Err)
			reasons[why]++
		case model.Ready:
			c.Ready++
		}
	}
	lines := []string{w.headline(c, run.Stopped, 0)}
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		lines = append(lines, fmt.Sprintf("  %d × %s", reasons[why], why))
	}
	if c.Made > 0 {
		lines = append(lines, "", w.N("Hidden data: removed. {{.N}} copies checked: no location, device or personal data found in the written files.", c.Made))
	}
	for _, k := range meta.Kinds() {
		if n := kinds[k]; n > 0 {
			_, title := w.group(k)
			lines = append(lines, "  "+w.N("{{.Title}}: removed from {{.N}} photos", n, "Title", title))
		}
	}
	if c.Made > 0 {
		lines = append(lines, w.facesOf(items))
	}
	return strings.Join(append(lines, w.T("What anyone can see in the pictures is still there.")), "\n")
}
