package model

import (
	"context"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
)

// TestUndo goes back and forth through everything that can be done to areas.
func TestUndo(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) {
			c.Engine.Crop = func(_ context.Context, _ string, r image.Rectangle) (image.Rectangle, error) {
				time.Sleep(time.Second)
				if r.Min.X == 1 {
					return r, scrub.ErrNoCover
				}
				return r.Inset(-1), nil
			}
		})
		b.Add(paths[:1], 0)
		b.settle()
		it := b.Items()[0]
		it.Full = image.Pt(960, 720)
		id := it.ID
		crop := func(r image.Rectangle) {
			b.SetCrop(id, r)
			time.Sleep(2 * time.Second)
			b.settle()
		}
		r := scrub.Region{X: 10, Y: 10, W: 50, H: 50}
		oval := r
		oval.Ellipse = true
		var states []step
		for _, do := range []func(){
			func() { b.AddArea(id, r) },
			func() { b.AddArea(id, scrub.Region{X: 100, Y: 10, W: 50, H: 50}) },
			func() { b.SetArea(id, 0, Moved(r, 5, 5, it.Full)) },
			func() { b.SetArea(id, 0, oval) },
			func() { b.LeaveArea(id, 1, true) },
			func() { crop(image.Rect(20, 20, 500, 400)) },
			func() { b.RemoveArea(id, 0) },
			func() { crop(image.Rectangle{}) },
		} {
			states = append(states, it.now())
			do()
		}
		states = append(states, it.now())
		same := func(want step) {
			t.Helper()
			assert.Equal(t, want.areas, append([]Area(nil), it.Areas...))
			assert.Equal(t, want.crop, it.Crop)
			assert.Equal(t, want.picked, it.picked)
		}
		assert.Equal(t, image.Rect(19, 19, 501, 401), states[6].crop, "as large as it can be cut")

		// What changes nothing is no step.
		b.SetArea(id, 0, it.Areas[0].Region)
		b.LeaveArea(id, 0, true)
		b.RemoveArea(id, 7)
		b.AddArea(id, scrub.Region{X: 3, W: 1, H: 50})
		crop(image.Rectangle{})
		crop(image.Rect(1, 1, 50, 50))
		assert.ErrorIs(t, it.CropErr, scrub.ErrNoCover)

		for i := len(states) - 2; i >= 0; i-- {
			require.True(t, it.CanUndo())
			b.Undo(id)
			same(states[i])
		}
		assert.False(t, it.CanUndo())
		b.Undo(id)
		for _, want := range states[1:] {
			b.Redo(id)
			same(want)
		}
		assert.False(t, it.CanRedo())
		b.Undo(id)
		b.AddArea(id, r)
		assert.False(t, it.CanRedo(), "a new change ends what could be done again")

		for range 2 * maxSteps {
			b.AddArea(id, r)
		}
		n := 0
		for it.CanUndo() {
			b.Undo(id)
			n++
		}
		assert.Equal(t, maxSteps, n, "bounded")

		b.SetCrop(id, image.Rect(0, 0, 9, 9))
		assert.True(t, b.LookingForFaces(), "no copies before the crop is known")
		b.SetCrop(id, image.Rect(0, 0, 5, 5))
		b.Clear()
		time.Sleep(2 * time.Second)
		b.settle()
	})
}

func TestPick(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add(paths[:1], 0)
		b.settle()
		it := b.Items()[0]
		_, ok := it.Next(false)
		assert.False(t, ok)
		assert.Equal(t, -1, it.Picked())
		for i := range 3 {
			b.AddArea(it.ID, scrub.Region{X: 60 * i, W: 50, H: 50})
			assert.Equal(t, i, it.Picked(), "the new one")
		}
		_, ok = it.Next(false)
		assert.False(t, ok, "behind the last")
		b.Pick(it.ID, -1)
		var order []int
		for k, ok := it.Next(false); ok; k, ok = it.Next(false) {
			b.Pick(it.ID, k)
			order = append(order, k)
		}
		for k, ok := it.Next(true); ok; k, ok = it.Next(true) {
			b.Pick(it.ID, k)
			order = append(order, k)
		}
		assert.Equal(t, []int{0, 1, 2, 1, 0}, order)
		b.Pick(it.ID, -1)
		k, ok := it.Next(true)
		assert.True(t, ok)
		assert.Equal(t, 2, k, "from behind")
		b.RemoveArea(it.ID, 1)
		assert.Equal(t, 1, it.Picked(), "the one that follows")
		b.RemoveArea(it.ID, 1)
		assert.Equal(t, 0, it.Picked())
		b.RemoveArea(it.ID, 0)
		assert.Equal(t, -1, it.Picked())
		b.Pick(it.ID, 5)
		b.Pick(77, 5)
		assert.Equal(t, -1, it.Picked())
	})
}
