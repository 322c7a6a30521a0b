package ui

import (
	"context"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/scrub"
)

// TestAreas finds a face, draws an area by the mouse, moves it, leaves one
// visible, and looks at the copy.
func TestAreas(t *testing.T) {
	r := newRig(t, func(c *model.Config) {
		c.Engine.Basic = true
		c.Engine.Faces = func(context.Context, string) (*scrub.Faces, error) {
			return &scrub.Faces{Width: 720, Height: 900, Boxes: []scrub.FaceBox{
				{X: 227, Y: 256, W: 269, H: 359, Level: scrub.FaceFound}, {X: 20, Y: 20, W: 60, H: 60}}}, nil
		}
	})
	r.dropped(uris(r.samples()[1]))
	r.state(model.Listed)
	a := r.preview.areas
	r.until("the picture", func() bool { return !r.preview.image.Hidden && a.full.X > 0 })
	assert.Contains(t, r.words(), "Basic face finder: often misses turned faces.")
	test.Tap(r.preview.find)
	it := r.s.Items()[0]
	assert.True(t, r.bottom.make.Disabled(), "no copies while faces are looked for")
	r.until("faces", func() bool { return it.Look == model.Looked })
	require.Len(t, it.Areas, 2)
	assert.False(t, r.bottom.make.Disabled())
	assert.Contains(t, r.words(), "2 areas will be covered")

	// A tap picks, another leaves visible.
	at, s := a.onScreen(it.Areas[1].Region)
	middle := at.AddXY(s.Width/2, s.Height/2)
	a.Tapped(&fyne.PointEvent{Position: middle})
	assert.Equal(t, 1, a.picked)
	assert.False(t, it.Areas[1].Open)
	a.Tapped(&fyne.PointEvent{Position: middle})
	assert.True(t, it.Areas[1].Open)
	assert.Contains(t, r.words(), "1 area will be covered")
	assert.Equal(t, "Cover it", r.preview.leave.Text)

	// A drag beside all areas draws one, a drag inside moves it, one at the corner sizes it.
	drag := func(from fyne.Position, dx, dy float32) {
		half := fyne.NewDelta(dx/2, dy/2)
		for i := 1; i <= 2; i++ {
			p := from.AddXY(half.DX*float32(i), half.DY*float32(i))
			a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}, Dragged: half})
		}
		a.DragEnd()
	}
	f, zero := a.scale()
	drag(zero.AddXY(600*f, 700*f), 80*f, 100*f)
	require.Len(t, it.Areas, 3)
	assert.InDelta(t, 600, it.Areas[2].X, 2)
	assert.InDelta(t, 100, it.Areas[2].H, 3)
	drag(zero.AddXY(620*f, 720*f), -200*f, 50*f)
	require.Len(t, it.Areas, 3)
	assert.InDelta(t, 400, it.Areas[2].X, 3)
	assert.InDelta(t, 750, it.Areas[2].Y, 3)
	drag(zero.AddXY(float32(it.Areas[2].X+it.Areas[2].W)*f-4, float32(it.Areas[2].Y+it.Areas[2].H)*f-4), 50*f, 20*f)
	assert.InDelta(t, 130, it.Areas[2].W, 4)
	drag(zero.AddXY(690*f, 20*f), 2, 2)
	assert.Len(t, it.Areas, 3, "a twitch draws nothing")
	a.Tapped(&fyne.PointEvent{Position: zero.AddXY(float32(it.Areas[2].X+9)*f, float32(it.Areas[2].Y+9)*f)})
	test.Tap(r.preview.remove)
	require.Len(t, it.Areas, 2)

	covered := it.Areas[0].Region
	test.Tap(r.bottom.make)
	r.state(model.Done)
	assert.Equal(t, []scrub.Region{covered}, it.Report.Covered)
	assert.Contains(t, r.words(), "1 area covered. Look at the copy before you share it.")
	assert.Contains(t, r.words(), "Faces: areas were covered in 1 copy.")
	assert.False(t, r.preview.find.Visible(), "the copy is made")
	assert.Equal(t, "Show the original", r.preview.compare.Text)
	r.until("the copy", func() bool { return !r.preview.image.Hidden })
	hidden := r.preview.image.Image
	test.Tap(r.preview.compare)
	r.until("the original", func() bool { return r.preview.image.Image != hidden && !r.preview.image.Hidden })
	assert.Equal(t, "Show the copy", r.preview.compare.Text)
	assert.FileExists(t, filepath.Join(r.s.Run().Folder, "photo-001.jpg"))
}
