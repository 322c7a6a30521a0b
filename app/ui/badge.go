package ui

import (
	"image/color"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// look is an icon and a word on a ground: never colour alone.
type look struct {
	icon, word string
	fill, text fyne.ThemeColorName
}

// badge shows a look.
type badge struct {
	widget.BaseWidget
	look look
}

func newBadge(l look) *badge {
	b := &badge{look: l}
	b.ExtendBaseWidget(b)
	return b
}

// set changes the look, for rows that are used again.
func (b *badge) set(l look) {
	if b.look != l {
		b.look = l
		b.Refresh()
	}
}

func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{b: b, fill: canvas.NewRectangle(color.Transparent), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, word: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type badgeRenderer struct {
	b    *badge
	fill *canvas.Rectangle
	icon *canvas.Image
	word *canvas.Text
	last look
}

const badgeSide, badgeGap, badgeRoom = 7, 4, 5

// badgeIcon is as high as the word beside it.
func badgeIcon() float32 { return theme.CaptionTextSize() + 1 }

func (r *badgeRenderer) MinSize() fyne.Size {
	m := fyne.MeasureText(r.b.look.word, theme.CaptionTextSize(), r.word.TextStyle)
	w := m.Width + 2*badgeSide
	if r.b.look.icon != "" {
		w += badgeIcon() + badgeGap
	}
	return fyne.NewSize(w, m.Height+badgeRoom)
}

func (r *badgeRenderer) Layout(s fyne.Size) {
	r.fill.Resize(s)
	x := float32(badgeSide)
	if r.b.look.icon != "" {
		r.icon.Resize(fyne.NewSquareSize(badgeIcon()))
		r.icon.Move(fyne.NewPos(x, (s.Height-badgeIcon())/2))
		x += badgeIcon() + badgeGap
	}
	word := r.b.look.word
	if s.Width > 0 && s.Width < r.MinSize().Width {
		word = r.shortened(s.Width - x - badgeSide)
	}
	if r.word.Text != word {
		r.word.Text = word
		r.word.Refresh()
	}
	r.word.Resize(fyne.NewSize(s.Width-x, s.Height))
	r.word.Move(fyne.NewPos(x, 0))
}

// shortened is as much of the word as there is room for, with an ellipsis.
func (r *badgeRenderer) shortened(room float32) string {
	letters := []rune(r.b.look.word)
	n := sort.Search(len(letters), func(n int) bool {
		return fyne.MeasureText(string(letters[:n+1])+"…", theme.CaptionTextSize(), r.word.TextStyle).Width > room
	})
	return strings.TrimRight(string(letters[:n]), " ,") + "…"
}

func (r *badgeRenderer) Refresh() {
	l := r.b.look
	r.fill.CornerRadius = 6
	r.fill.FillColor = theme.Color(l.fill)
	r.word.Text, r.word.Color, r.word.TextSize = l.word, theme.Color(l.text), theme.CaptionTextSize()
	r.icon.Hidden = l.icon == ""
	if l.icon != "" && (r.last.icon != l.icon || r.last.text != l.text) {
		r.icon.Resource = icon(l.icon, l.text)
	}
	r.last = l
	r.Layout(r.b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *badgeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.fill, r.icon, r.word}
}
func (r *badgeRenderer) Destroy() {}
