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
	m       *Main
	content *fyne.Container
	scroll  *container.Scroll
	list    *fyne.Container
	tick    *tick // nil: there is none
	shown   shown
}

// shown is what the content was made from, so that it is made anew only where
// something changed.
type shown struct {
	id     int
	status model.Status
	report *scrub.Report
	hidden model.Discretion
}

func newDetails(m *Main) *details {
	d := &details{m: m, list: container.New(tight{10})}
	d.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), d.list))
	d.content = container.NewStack(d.scroll)
	return d
}

func (d *details) show(it *model.Item) {
	w := d.m.w
	var now shown
	if it != nil {
		now = shown{it.ID, it.Status(), it.Report, d.m.s.Discretion()}
	}
	if now == d.shown && len(d.list.Objects) > 0 {
		if d.tick != nil && it != nil {
			d.tick.SetChecked(it.Viewed)
		}
		return
	}
	d.tick = nil
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
	values := d.m.s.Discretion().Values(it)
	for _, g := range groups {
		out = append(out, d.group(g, after, values, w))
	}
	if !after {
		out = append(out, d.look(it, w))
	}
	if fits := it.Report.WrongExt; fits != "" && values {
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
	technical := quiet(w.T("In technical words: {{.Error}}", "Error", meta.Show(it.Err.Error())), true)
	technical.Hidden = !d.m.s.Discretion().Values(it) // it may name the file
	rows := container.New(tight{-8},
		line("warn", colorAlarmText, title, true),
		label(why, theme.SizeNameText, false, true),
		label(w.T("What to do: {{.Next}}", "Next", next), theme.SizeNameText, false, true),
		quiet(w.T("The original is as it was, and no copy was written."), true),
		technical)
	if it.Remakes() {
		rows.Add(container.NewPadded(newButton(w.T("Make a new picture from what is seen"), nil, func() { d.m.s.Remake(it.ID) }, d.m.typedKey)))
	}
	return container.NewStack(newGround(colorAlarm, "", 12), container.NewPadded(rows))
}

// result are the three separate statements about a copy, never one tick.
func (d *details) result(it *model.Item, w words) fyne.CanvasObject {
	rows := container.New(tight{-8},
		label(d.copyName(it, w), theme.SizeNameSubHeadingText, true, false),
		line("none", theme.ColorNameSuccess, w.hidden(it), false))
	for _, f := range it.Report.Remains() {
		rows.Add(line("warn", theme.ColorNameWarning, w.T("Still in the copy: {{.What}}", "What", w.T(string(f.Label))), true))
	}
	for _, o := range []fyne.CanvasObject{
		line("people", theme.ColorNamePlaceHolder, w.faces(it), false),
		line("eye", theme.ColorNamePlaceHolder, w.T("What anyone can see in the picture is still there."), false),
		quiet(d.original(it, w), true),
		quiet(w.T("Other programs will still list size, colour profile, orientation and today's date: these do not identify you."), true),
	} {
		rows.Add(o)
	}
	return card(rows)
}

// original says where the original is.
func (d *details) original(it *model.Item, w words) string {
	switch {
	case it.Sample:
		return w.T("This is a sample: its copy is in memory until you save it.")
	case it.Copy == it.Path:
		return w.T("The original is in the trash: others at this computer can still restore it from there.")
	case !d.m.s.Discretion().Values(it):
		return w.T("The original is where it was, with all its hidden data.")
	}
	return w.T("The original is where it was, with all its hidden data: {{.Path}}", "Path", folder(it.Path))
}

func (d *details) copyName(it *model.Item, w words) string {
	if !d.m.s.Discretion().Values(it) {
		return w.T("Its copy")
	}
	return w.T("Copy: {{.Name}}", "Name", filepath.Base(it.Copy))
}

// look reminds of what no program finds, and takes note that somebody looked.
func (d *details) look(it *model.Item, w words) fyne.CanvasObject {
	d.tick = newTick(w.T("I have looked at this photo"), it.Viewed, func(on bool) { d.m.s.SetViewed(it.ID, on) }, d.m.typedKey)
	return card(container.New(tight{-8},
		line("eye", theme.ColorNamePrimary, w.T("What else can be seen in it?"), true),
		indent(label(w.T("Tattoos, birthmarks, name tags, screens, mirrors, signs, the room, clothes: what identifies somebody can be covered like a face."), theme.SizeNameText, false, true)),
		indent(d.tick)))
}

// line is an icon beside a text that wraps.
func line(name string, c fyne.ThemeColorName, s string, bold bool) *fyne.Container {
	return container.NewBorder(nil, nil, sign(icon(name, c), 16), nil, label(s, theme.SizeNameText, bold, true))
}

// group lists findings that give away the same thing. A fate that all of them
// share is said once.
func (d *details) group(g model.Group, after, values bool, w words) fyne.CanvasObject {
	name, title := w.group(g.Kind)
	same := true
	for _, f := range g.Findings {
		same = same && f.Fate == g.Findings[0].Fate
	}
	head := container.NewBorder(nil, nil, sign(icon(name, theme.ColorNamePrimary), 16), nil,
		label(title, theme.SizeNameText, true, true))
	rows := container.New(tight{-9}, head)
	for _, f := range g.Findings {
		if !values {
			f.Value = ""
		}
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
