package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
	"tabir/scrub"
)

// previewPixels bounds the picture that all of a photo is shown by.
const previewPixels = 1280

// preview shows the selected photo and what will be covered in it, and after that
// its copy, alone or beside the original. While the picture of a newly selected one
// is not there yet, none is shown: never that of another.
type preview struct {
	m       *Main
	content *fyne.Container
	stage   *stage // the photo, or its copy
	before  *stage // the original beside its copy
	sides   *fyne.Container
	note    *widget.Label
	name    *widget.Label
	faces   *widget.Label

	find, cover, crop, uncrop, model *button // of a photo
	leave, shape, remove             *button // of the picked area
	compare, both, reopen, anew      *button // of a copy
	all                              *button // of the list
	undo, redo                       *button
	tools                            *fyne.Container

	original int  // the item that is shown although there is a copy
	beside   bool // copies are shown beside their originals
}

func newPreview(m *Main, post func(func())) *preview {
	w := m.w
	p := &preview{
		m:     m,
		stage: newStage(m, post), before: newStage(m, post),
		note:  quiet("", true),
		name:  label("", theme.SizeNameText, true, false),
		faces: quiet("", true),
	}
	p.stage.pair, p.before.pair = p.before, p.stage
	p.note.Alignment = fyne.TextAlignCenter
	p.name.Alignment = fyne.TextAlignCenter
	tool := func(word string, do func(it *model.Item)) *button {
		return newButton(word, nil, func() {
			if it, _ := m.s.Selected(); it != nil {
				do(it)
			}
		}, m.typedKey)
	}
	s := p.stage
	p.find = tool(w.T("Find faces"), func(it *model.Item) { m.s.FindFaces(it) })
	p.all = newButton("", nil, func() { m.s.FindFaces(m.s.Findable()...) }, m.typedKey)
	p.cover = tool("", func(*model.Item) { p.toggleCover() })
	p.crop = tool("", func(*model.Item) { p.toggleCrop() })
	p.uncrop = tool(w.T("Cut nothing off"), func(it *model.Item) { m.s.SetCrop(it.ID, image.Rectangle{}) })
	p.model = newButton(w.T("Use a better face finder…"), nil, func() { m.a.ChooseModel() }, m.typedKey)
	p.leave = tool("", func(it *model.Item) { m.s.LeaveArea(it.ID, it.Picked(), !it.Areas[it.Picked()].Open) })
	p.shape = tool("", func(*model.Item) { p.otherShape() })
	p.remove = tool(w.T("Remove"), func(it *model.Item) { m.s.RemoveArea(it.ID, it.Picked()) })
	p.undo = tool(w.T("Undo"), func(it *model.Item) { m.s.Undo(it.ID) })
	p.redo = tool(w.T("Redo"), func(it *model.Item) { m.s.Redo(it.ID) })
	p.compare = tool("", func(it *model.Item) {
		if p.original == it.ID {
			p.original = 0
		} else {
			p.original = it.ID
		}
		m.showSelected()
	})
	p.both = tool("", func(*model.Item) { p.beside = !p.beside; m.showSelected() })

	p.reopen = tool(w.T("Change the copy…"), func(it *model.Item) { m.s.Reopen(it.ID) })
	p.anew = tool(w.T("Make a new picture from what is seen"), func(it *model.Item) { m.s.Remake(it.ID) })

	lines := &wrap{gap: 4}
	p.tools = container.New(lines, p.model, p.find, p.all, p.cover, p.crop, p.uncrop, p.leave, p.shape, p.remove, p.undo, p.redo, p.compare, p.both, p.reopen, p.anew,
		tool("−", func(*model.Item) { s.zoom(0.8) }), tool("+", func(*model.Item) { s.zoom(1.25) }),
		tool("1:1", func(*model.Item) { s.actual() }), tool(w.T("Whole picture"), func(*model.Item) { s.whole() }))
	p.sides = container.New(halves{4}, container.NewClip(p.before), container.NewClip(p.stage))
	p.content = card(container.NewBorder(nil,
		container.New(tight{0}, container.New(tight{-10}, p.name, p.faces), container.NewThemeOverride(p.tools, compact{})), nil, nil,
		container.NewStack(p.sides, container.New(middle{}, p.note))))
	lines.again = func() { relayout(p.content) }
	return p
}

func (p *preview) show(it *model.Item, pictures *model.Pictures) {
	w := p.m.w
	if it == nil {
		p.stage.show(nil, nil, false, false)
		p.before.show(nil, nil, false, false)
		say(p.note, "")
		say(p.name, "")
		p.showTools(nil)
		return
	}
	blank := !p.m.s.Discretion().Pictures(it)
	shown, copied := it, it.Status() == model.Made
	if copied && (p.beside || p.original != it.ID) {
		shown = &model.Item{ID: -it.ID, Path: it.Copy, Full: p.stage.fullOf(-it.ID)} // no item has that number
	}
	p.stage.origin = image.Point{}
	if shown != it {
		p.stage.origin = it.Report.Cropped.Min
	}
	known := p.stage.take(shown, pictures, blank, !copied)
	p.sides.Objects[0].(*container.Clip).Hidden = !copied || !p.beside
	if copied && p.beside {
		p.before.take(it, pictures, blank, false)
	} else {
		p.before.show(nil, nil, false, false)
	}
	note := ""
	switch {
	case blank && p.m.s.Discretion().NoPictures:
		note = w.T("Pictures are hidden. F9 shows them again.")
	case blank:
		note = w.T("Only the built-in samples are shown. F8 shows everything again.")
	case p.stage.base != nil:
	case known:
		note = w.T("This file cannot be shown here.")
	default:
		note = w.T("Loading the picture…")
	}
	say(p.note, note)
	say(p.name, p.m.nameOf(it))
	p.showTools(it)
	relayout(p.content)
}

// take shows the picture of an item as soon as it is there; known says whether
// there is, or never will be, one.
func (s *stage) take(it *model.Item, pictures *model.Pictures, blank, edits bool) (known bool) {
	base, known := pictures.Get(it)
	if blank {
		base = nil
	}
	s.show(it, base, blank, edits)
	return known
}

// fullOf is the size of the picture of an item that is shown already.
func (s *stage) fullOf(id int) image.Point {
	if s.it != nil && s.it.ID == id {
		return s.it.Full
	}
	return image.Point{}
}

// showTools says what is known of faces, and offers what can be done.
func (p *preview) showTools(it *model.Item) {
	w, s := p.m.w, p.stage
	editable := it.Editable()
	ready := it != nil && it.Status() == model.Ready
	copied := it != nil && it.Status() == model.Made
	k := -1
	if editable {
		k = it.Picked()
	}
	setShown(p.faces, ready)
	setShown(p.tools, it != nil && s.ready())
	setShown(p.crop, ready)
	setShown(p.undo, ready)
	setShown(p.redo, ready)
	for _, b := range []*button{p.find, p.cover, p.leave, p.shape, p.remove} {
		setShown(b, ready && !s.cropping) // without a picked area too, so that nothing moves under the pointer
	}
	setShown(p.model, ready && !s.cropping && p.m.s.Basic() && p.m.a.ChooseModel != nil)
	setShown(p.uncrop, ready && !it.Crop.Empty())
	setShown(p.compare, copied && !p.beside)
	setShown(p.both, copied)
	setShown(p.reopen, copied && it.Copy != it.Path)
	setShown(p.anew, copied && it.Remakes()) // elsewhere the details offer it
	findable := len(p.m.s.Findable())
	setShown(p.all, ready && !s.cropping && findable > 1)
	if it == nil {
		return
	}
	p.all.SetText(w.N("Find faces in all {{.N}}", findable))
	setEnabled(p.all, p.m.s.LooksLeft() == 0)
	p.cover.SetText(either(s.cover, w.T("Show what is under it"), w.T("Show the cover")))
	p.crop.SetText(either(s.cropping, w.T("Done cutting"), w.T("Cut…")))
	p.compare.SetText(either(p.original == it.ID, w.T("Show the copy"), w.T("Show the original")))
	p.both.SetText(either(p.beside, w.T("Show one picture"), w.T("Side by side")))
	picked := model.Area{}
	if k >= 0 {
		picked = it.Areas[k]
	}
	p.leave.SetText(either(picked.Open, w.T("Cover it"), w.T("Leave visible")))
	p.shape.SetText(either(picked.Ellipse, w.T("Rectangle"), w.T("Oval")))
	for _, b := range []*button{p.leave, p.shape, p.remove} {
		setEnabled(b, k >= 0)
	}
	setEnabled(p.find, editable)
	setEnabled(p.crop, editable)
	setEnabled(p.uncrop, editable)
	setEnabled(p.undo, it.CanUndo())
	setEnabled(p.redo, it.CanRedo())
	if s.cropping {
		say(p.faces, w.cutting(it))
	} else {
		say(p.faces, w.looked(it, p.m.s.Basic())+w.cut(it)+p.becomes(it))
	}
}

// becomes says, before areas are covered, that the copy will be a picture of another kind.
func (p *preview) becomes(it *model.Item) string {
	if it.Report == nil {
		return ""
	}
	from, to := p.m.engine.Exts[it.Report.Format], p.m.engine.Become[it.Report.Format]
	if len(it.Covered()) == 0 && it.Crop.Empty() || from == to {
		return ""
	}
	if to == "" {
		return "\n" + p.m.w.T("Areas of this kind of photo or video cannot be covered.")
	}
	return "\n" + p.m.w.T("The copy will be a new picture of another kind: its name will end in {{.Ext}}.", "Ext", to)
}

// toggleCover shows the areas as they will be covered, or what is under them.
func (p *preview) toggleCover() {
	p.stage.cover = !p.stage.cover
	p.m.showSelected()
}

// toggleCrop begins or ends to draw what the copy is cut to.
func (p *preview) toggleCrop() {
	if it, _ := p.m.s.Selected(); it.Editable() {
		p.stage.cropping = !p.stage.cropping
		p.m.showSelected()
		p.m.win.Canvas().Focus(p.stage)
	}
}

// otherShape makes the picked area an oval, or a rectangle.
func (p *preview) otherShape() {
	if it, _ := p.m.s.Selected(); it.Editable() && it.Picked() >= 0 {
		r := scrub.Region(it.Areas[it.Picked()].Region)
		r.Ellipse = !r.Ellipse
		p.m.s.SetArea(it.ID, it.Picked(), r)
	}
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func setShown(o fyne.CanvasObject, is bool) {
	if is {
		o.Show()
	} else {
		o.Hide()
	}
}

func setEnabled(b *button, is bool) {
	if is {
		b.Enable()
	} else {
		b.Disable()
	}
}
