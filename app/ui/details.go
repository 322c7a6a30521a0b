package ui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"tabir/app/model"
	"tabir/scrub"
	"tabir/scrub/meta"
)

// details tell of the selected photo: what it gives away and what becomes of
// it; after a run, what became of it.
type details struct {
	content *fyne.Container
	scroll  *container.Scroll
	list    *fyne.Container
	shown   shown
}

// shown is what the content was made from, so that it is made anew only where
// something changed.
type shown struct {
	id     int
	status model.Status
	report *scrub.Report
}

func newDetails() *details {
	d := &details{list: container.New(tight{10})}
	d.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), d.list))
	d.content = container.NewStack(d.scroll)
	return d
}

func (d *details) show(it *model.Item, w words) {
	var now shown
	if it != nil {
		now = shown{it.ID, it.Status(), it.Report}
	}
	if now == d.shown && len(d.list.Objects) > 0 {
		return
	}
	if now.id != d.shown.id {
		d.scroll.Offset = fyne.Position{}
	}
	d.shown = now
	d.list.Objects = nil
	if it != nil {
		d.list.Objects = d.make(it, w)
	}
	d.list.Refresh()
	d.scroll.Refresh()
}

func (d *details) make(it *model.Item, w words) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	switch it.Status() {
	case model.Waiting:
		return []fyne.CanvasObject{quiet(w.T("This photo is looked at next."), true)}
	case model.Unable, model.Not:
		return []fyne.CanvasObject{d.problem(it, w)}
	case model.Made:
		out = append(out, d.result(it, w))
	}
	after := it.Status() == model.Made
	groups := model.Groups(it.Report.Findings)
	if len(groups) == 0 {
		none := container.New(tight{-6}, line("none", theme.ColorNameSuccess, w.T("Nothing was found that tells of a place, a person or a device."), true))
		if !after {
			none.Add(quiet(w.T("Making a copy checks that."), true))
		}
		out = append(out, card(none))
	}
	for _, g := range groups {
		out = append(out, d.group(g, after, w))
	}
	if fits := it.Report.WrongExt; fits != "" {
		out = append(out, quiet(w.T("Its name ends in {{.Has}}, but the file is of another kind; the copy's name ends in {{.Fits}}.", "Has", meta.Show(filepath.Ext(it.Path)), "Fits", fits), true))
	}
	out = append(out, quiet(w.T("Not examined: what may be hidden inside the compressed picture data itself."), true))
	return out
}

// problem says why there is no copy, and what to do next.
func (d *details) problem(it *model.Item, w words) fyne.CanvasObject {
	title := w.T("This file cannot be cleaned")
	if it.Status() == model.Not {
		title = w.T("This photo was NOT cleaned: do not share it")
	}
	why, next := w.problem(it.Err)
	return container.NewStack(newGround(colorAlarm, "", 12), container.NewPadded(container.New(tight{-8},
		line("warn", colorAlarmText, title, true),
		label(why, theme.SizeNameText, false, true),
		label(w.T("What to do: {{.Next}}", "Next", next), theme.SizeNameText, false, true),
		quiet(w.T("The original is as it was, and no copy was written."), true),
		quiet(w.T("In technical words: {{.Error}}", "Error", meta.Show(it.Err.Error())), true))))
}

// result are the three separate statements about a copy, never one tick.
func (d *details) result(it *model.Item, w words) fyne.CanvasObject {
	return card(container.New(tight{-8},
		label(w.T("Copy: {{.Name}}", "Name", filepath.Base(it.Copy)), theme.SizeNameSubHeadingText, true, false),
		line("none", theme.ColorNameSuccess, w.hidden(it), false),
		line("people", theme.ColorNamePlaceHolder, w.faces(it), false),
		line("eye", theme.ColorNamePlaceHolder, w.T("What anyone can see in the picture is still there."), false),
		quiet(w.original(it), true),
		quiet(w.T("Other programs will still list size, colour profile, orientation and today's date: these do not identify you."), true)))
}

// original says where the original is.
func (w words) original(it *model.Item) string {
	if it.Copy == it.Path {
		return w.T("The original is in the trash: others at this computer can still restore it from there.")
	}
	return w.T("The original is where it was, with all its hidden data: {{.Path}}", "Path", folder(it.Path))
}

// line is an icon beside a text that wraps.
func line(name string, c fyne.ThemeColorName, s string, bold bool) *fyne.Container {
	return container.NewBorder(nil, nil, sign(icon(name, c), 16), nil, label(s, theme.SizeNameText, bold, true))
}

// group lists findings that give away the same thing. A fate that all of them
// share is said once.
func (d *details) group(g model.Group, after bool, w words) fyne.CanvasObject {
	name, title := w.group(g.Kind)
	same := true
	for _, f := range g.Findings {
		same = same && f.Fate == g.Findings[0].Fate
	}
	head := container.NewBorder(nil, nil, sign(icon(name, theme.ColorNamePrimary), 16), nil,
		label(title, theme.SizeNameText, true, true))
	rows := container.New(tight{-9}, head)
	for _, f := range g.Findings {
		rows.Add(indent(label(w.finding(f), theme.SizeNameText, false, true)))
		if !same {
			rows.Add(indent(chip(w.fate(f.Fate, after))))
		}
	}
	if same {
		rows.Add(indent(chip(w.fate(g.Findings[0].Fate, after))))
	}
	return card(rows)
}

// indent sets an object under the words of a heading that has an icon.
func indent(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 24, 0), o)
}

// chip is a badge where a label would stand.
func chip(l look) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(8, 12, theme.InnerPadding(), 0), container.NewHBox(newBadge(l)))
}
