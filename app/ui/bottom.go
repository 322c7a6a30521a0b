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
)

// bottom is where the eye goes last: the one big button, the progress, or what
// came out of it. Its widgets live as long as the window, so that none loses
// the focus by an update.
type bottom struct {
	m       *Main
	content *fyne.Container

	idle    *fyne.Container
	where   *widget.Label
	path    *widget.Label
	before  *widget.Label // what an earlier run left undone
	make    *button
	instead *button // of copies: replaces the originals
	first   *button // shows what nobody looked at

	busy     *fyne.Container
	doing    *widget.Label
	left     *widget.Label
	progress *bar
	stop     *button

	result            *fyne.Container
	good, bad         *fyne.Container
	headline          *widget.Label
	hidden, faces, in *widget.Label
	again, open, new  *button
	report            *button
}

func newBottom(m *Main) *bottom {
	b := &bottom{m: m}
	w := m.w

	b.where = quiet("", false)
	b.path = label("", theme.SizeNameText, true, true)
	b.path.Wrapping = fyne.TextWrapBreak // its end tells most
	b.before = label("", theme.SizeNameText, true, true)
	b.before.Importance = widget.DangerImportance
	b.make = newButton("", nil, func() { m.s.Start() }, m.typedKey)
	b.make.Importance = widget.HighImportance
	b.instead = newButton(w.T("Replace the originals instead…"), nil, m.askReplace, m.typedKey)
	b.instead.Importance = widget.LowImportance
	b.first = newButton(w.T("Look first"), nil, func() { m.s.LookFirst() }, m.typedKey)
	b.idle = container.NewBorder(nil, nil, nil, container.New(&wrap{gap: 8}, container.NewCenter(b.instead), container.NewCenter(b.first), big(b.make)),
		container.New(middle{}, container.New(tight{-14}, b.before, b.where, b.path,
			quiet(w.T("Originals stay as they are."), false))))

	b.doing = label("", theme.SizeNameText, true, false)
	b.left = quiet("", false)
	b.progress = newBar()
	b.stop = newButton(w.T("Stop"), nil, func() { m.s.Cancel() }, m.typedKey)
	b.busy = container.NewBorder(nil, nil, nil, container.NewCenter(big(b.stop)),
		container.New(middle{}, container.New(tight{2}, b.doing, container.New(layout.NewCustomPaddedLayout(0, 0, 8, 28), b.progress), b.left)))

	b.good = sign(icon("none", theme.ColorNameSuccess), 26)
	b.bad = sign(icon("warn", theme.ColorNameError), 26)
	b.headline = label("", theme.SizeNameSubHeadingText, true, true)
	b.in = label("", theme.SizeNameText, true, true)
	b.faces = label("", theme.SizeNameText, false, true)
	b.hidden = label("", theme.SizeNameText, false, true)
	b.again = newButton(w.T("Try again"), nil, func() { m.s.Again() }, m.typedKey)
	b.open = newButton(w.T("Open the folder"), theme.FolderOpenIcon(), m.openOrSave, m.typedKey)
	b.open.Importance = widget.HighImportance
	b.new = newButton(w.T("Start over with other photos"), nil, func() { m.s.Clear() }, m.typedKey)
	b.report = newButton(w.T("Copy a report"), theme.ContentCopyIcon(), m.copyReport, m.typedKey)
	b.report.Importance = widget.LowImportance
	lines := container.New(tight{-9},
		container.NewBorder(nil, nil, sign(icon("none", theme.ColorNameSuccess), 16), nil, b.hidden),
		container.NewBorder(nil, nil, sign(icon("people", theme.ColorNamePlaceHolder), 16), nil, b.faces),
		line("eye", theme.ColorNamePlaceHolder, w.T("What anyone can see in the pictures is still there."), false))
	b.result = container.NewBorder(
		container.NewBorder(nil, nil, container.NewStack(b.good, b.bad), container.NewCenter(b.report), b.headline), nil, nil,
		container.NewCenter(container.NewVBox(big(b.open), b.again, b.new)),
		container.New(tight{-9}, b.in, lines,
			quiet(w.T("Share from this folder, not from your gallery or a chat's list of recent pictures."), true)))

	b.content = container.NewStack(newGround(colorCard, colorLine, 0),
		container.New(layout.NewCustomPaddedLayout(8, 8, 16, 20), container.NewStack(b.idle, b.busy, b.result)))
	return b
}

// big gives a button the size of what matters most.
func big(b *button) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(220, 52))
	return container.NewStack(space, b)
}

func (b *bottom) show() {
	s, w := b.m.s, b.m.w
	state := s.State()
	b.idle.Hidden = state != model.Listed
	b.busy.Hidden = state != model.Scanning && state != model.Working
	b.result.Hidden = state != model.Done && state != model.Partial
	switch state {
	case model.Listed:
		b.showIdle()
	case model.Scanning, model.Working:
		done, all := s.Progress()
		switch {
		case state == model.Working:
			say(b.doing, w.N("Making and checking copy {{.Done}} of {{.N}}", all, "Done", min(done+1, all)))
		case all > 0:
			say(b.doing, w.N("Looking at photo {{.Done}} of {{.N}}", all, "Done", min(done+1, all)))
		default:
			say(b.doing, w.T("Looking for photos…"))
		}
		say(b.left, w.left(s.Run().Left()))
		b.progress.set(float64(done) / float64(max(1, all)))
	case model.Done, model.Partial:
		b.showResult()
	}
}

func (b *bottom) showIdle() {
	s, w := b.m.s, b.m.w
	c := s.Count()
	memory, looking := model.InMemory(s.Target()), s.LookingForFaces()
	where, path, before := w.T("Copies go to"), b.m.folderOf(s.Target()), ""
	if memory {
		path = w.T("the memory: copies of samples are not saved unless you ask")
	}
	if run := s.Run(); run.Started && (run.Stopped || c.Not > 0) {
		before = w.headline(c, run.Stopped, 0)
	}
	switch {
	case c.Ready == 0:
		where, path = w.T("Nothing on the list can be cleaned."), ""
	case looking:
		before = w.N("Looking for faces in {{.N}} photos. Esc stops after the one that is looked at.", max(1, s.LooksLeft()))
	}
	say(b.where, where)
	say(b.path, path)
	say(b.before, before)
	b.before.Hidden = before == ""
	b.first.Hidden = s.Unviewed() == 0
	b.instead.Hidden = memory
	b.make.SetText(w.makeCopies(c.Ready, s.Unviewed(), s.Settings().Policy))
	setEnabled(b.make, c.Ready > 0 && !looking)
	setEnabled(b.instead, c.Ready > 0 && !looking)
}

func (b *bottom) showResult() {
	s, w := b.m.s, b.m.w
	c := s.Count()
	clean := s.State() == model.Done
	b.good.Hidden, b.bad.Hidden = !clean, clean
	say(b.headline, w.headline(c, s.Run().Stopped, s.LeftOut()))
	say(b.hidden, w.hiddenOf(s.Items(), c.Made))
	say(b.faces, w.facesOf(s.Items()))
	open, in := w.T("Open the folder"), w.T("The copies are in {{.Folder}}", "Folder", b.m.folderOf(s.Run().Folder))
	if s.Run().Replaced {
		in = w.T("Clean copies took the place of the originals, which are in the trash: others at this computer can still restore them from there.")
	}
	if n := s.Unseen(); n > 0 {
		in += "\n" + w.N("{{.N}} copies that nobody looked at are in the folder “{{.Folder}}” in it.", n, "Folder", w.T("not looked at"))
	}
	if model.InMemory(s.Run().Folder) {
		open, in = w.T("Save these copies…"), w.T("The copies of the samples are in memory.")
	}
	b.open.SetText(open)
	say(b.in, in)
	b.again.Hidden = s.Retriable() == 0
	for _, o := range []fyne.CanvasObject{b.open, b.in, b.hidden} {
		setShown(o, c.Made > 0)
	}
}
