package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
)

// TestBadgeShortens: a word that is longer than its row ends in an ellipsis, and is
// whole again where there is room.
func TestBadgeShortens(t *testing.T) {
	test.NewTempApp(t)
	const word = "copy checked, holds more than is seen"
	b := newBadge(look{"warn", word, theme.ColorNameBackground, theme.ColorNameForeground})
	r := test.WidgetRenderer(b).(*badgeRenderer)
	whole := b.MinSize()
	flow{4}.Layout([]fyne.CanvasObject{b}, fyne.NewSize(whole.Width/2, 40))
	assert.Equal(t, whole.Width/2, b.Size().Width)
	assert.True(t, strings.HasSuffix(r.word.Text, "…"), r.word.Text)
	assert.True(t, strings.HasPrefix(word, strings.TrimSuffix(r.word.Text, "…")))
	assert.Greater(t, len(r.word.Text), 10)
	ends := r.word.Position().X + fyne.MeasureText(r.word.Text, theme.CaptionTextSize(), r.word.TextStyle).Width
	assert.LessOrEqual(t, ends, b.Size().Width-badgeSide)
	assert.Equal(t, whole, b.MinSize(), "what it asks for is for the whole word")
	b.Refresh()
	assert.True(t, strings.HasSuffix(r.word.Text, "…"))
	flow{4}.Layout([]fyne.CanvasObject{b}, fyne.NewSize(whole.Width+9, 40))
	assert.Equal(t, word, r.word.Text)
	b.Resize(fyne.NewSize(1, 9))
	assert.Equal(t, "…", r.word.Text)

	// In a row, which cuts off what is wider.
	win := test.NewTempWindow(t, container.NewClip(container.New(flow{4}, b)))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(whole.Width/2, 60))
	win.Canvas().Capture()
	assert.Equal(t, whole.Width/2, b.Size().Width)
}
