package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
)

// previewPixels bounds what is ever handed to the graphics card.
const previewPixels = 1280

// preview shows the selected photo and what will be covered in it, and after that
// its copy, or again the original. While the picture of a newly selected one is not there yet,
// none is shown: never that of another.
type preview struct {
	m       *Main
	content *fyne.Container
	image   *canvas.Image
	areas   *areas
	note    *widget.Label
	name    *widget.Label

	find, leave, remove, compare *button
	faces                        *widget.Label
	original                     int // the item that is shown although its areas are covered in the copy
}

func newPreview(m *Main) *preview {
	w := m.w
	p := &preview{
		m:     m,
		image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth},
		areas: newAreas(m),
		note:  quiet("", true),
		name:  label("", theme.SizeNameText, true, false),
		faces: quiet("", true),
	}
	p.note.Alignment = fyne.TextAlignCenter
	p.name.Alignment = fyne.TextAlignCenter
	of := func(do func(it *model.Item)) func() {
		return func() {
			if it, _ := m.s.Selected(); it != nil {
				do(it)
			}
		}
	}
	p.find = newButton(w.T("Find faces"), nil, of(func(it *model.Item) { m.s.FindFaces(it.ID) }), m.typedKey)
	p.leave = newButton(w.T("Leave visible"), nil, of(func(it *model.Item) {
		m.s.LeaveArea(it.ID, p.areas.picked, !it.Areas[p.areas.picked].Open)
	}), m.typedKey)
	p.remove = newButton(w.T("Remove the area"), nil, of(func(it *model.Item) { m.s.RemoveArea(it.ID, p.areas.picked) }), m.typedKey)
	p.compare = newButton(w.T("Show the original"), nil, of(func(it *model.Item) {
		if p.original == it.ID {
			p.original = 0
		} else {
			p.original = it.ID
		}
		m.showSelected()
	}), m.typedKey)
	p.content = card(container.NewBorder(nil,
		container.New(tight{-6}, p.name, p.faces, container.NewHBox(p.find, p.leave, p.remove, p.compare)), nil, nil,
		container.NewStack(p.image, p.areas, container.New(middle{}, p.note))))
	return p
}

func (p *preview) show(it *model.Item, pictures *model.Pictures) {
	if it == nil {
		p.image.Image, p.image.Hidden = nil, true
		p.areas.show(nil, image.Point{})
		p.note.SetText("")
		p.name.SetText("")
		p.showTools(nil)
		return
	}
	shown := it
	if covered(it) && p.original != it.ID {
		shown = &model.Item{ID: -it.ID, Path: it.Copy} // no item has that number
	}
	w := p.m.w
	m, known := pictures.Get(shown)
	if p.image.Image != m || p.image.Hidden != (m == nil) {
		p.image.Image, p.image.Hidden = m, m == nil
		p.image.Refresh()
	}
	p.areas.show(it, pictures.Full(shown))
	note := ""
	switch {
	case m != nil:
	case known:
		note = w.T("This file cannot be shown here.")
	default:
		note = w.T("Loading the picture…")
	}
	p.note.SetText(note)
	p.name.SetText(it.Name())
	p.showTools(it)
}

// covered reports whether there is a copy that shows less than the original.
func covered(it *model.Item) bool {
	return it != nil && it.Status() == model.Made && len(it.Report.Covered) > 0
}

// showTools says what is known of faces, and offers what can be done.
func (p *preview) showTools(it *model.Item) {
	w := p.m.w
	editable := it.Editable()
	ready := it != nil && it.Status() == model.Ready
	setShown(p.find, ready)
	setShown(p.faces, ready)
	setShown(p.compare, covered(it))
	picked := editable && p.areas.picked >= 0
	setShown(p.leave, picked)
	setShown(p.remove, picked)
	if it == nil {
		return
	}
	p.compare.SetText(w.T("Show the original"))
	if p.original == it.ID {
		p.compare.SetText(w.T("Show the copy"))
	}
	if picked {
		p.leave.SetText(w.T("Leave visible"))
		if it.Areas[p.areas.picked].Open {
			p.leave.SetText(w.T("Cover it"))
		}
	}
	p.find.Enable()
	if !editable {
		p.find.Disable()
	}
	p.faces.SetText(w.looked(it, p.m.s.Basic()))
}

func setShown(o fyne.CanvasObject, is bool) {
	if is {
		o.Show()
	} else {
		o.Hide()
	}
}
