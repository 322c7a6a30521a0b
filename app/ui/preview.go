package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
)

// previewPixels bounds what is ever handed to the graphics card.
const previewPixels = 1280

// preview shows the selected photo. While the picture of a newly selected one
// is not there yet, none is shown: never that of another.
type preview struct {
	content *fyne.Container
	image   *canvas.Image
	note    *widget.Label
	name    *widget.Label
}

func newPreview() *preview {
	p := &preview{
		image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth},
		note:  quiet("", true),
		name:  label("", theme.SizeNameText, true, false),
	}
	p.note.Alignment = fyne.TextAlignCenter
	p.name.Alignment = fyne.TextAlignCenter
	p.content = card(container.NewBorder(nil, p.name, nil, nil,
		container.NewStack(p.image, container.New(middle{}, p.note))))
	return p
}

func (p *preview) show(it *model.Item, pictures *model.Pictures, w words) {
	if it == nil {
		p.image.Image, p.image.Hidden = nil, true
		p.note.SetText("")
		p.name.SetText("")
		return
	}
	m, known := pictures.Get(it)
	if p.image.Image != m || p.image.Hidden != (m == nil) {
		p.image.Image, p.image.Hidden = m, m == nil
		p.image.Refresh()
	}
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
}
