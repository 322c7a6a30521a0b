package ui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"

	"tabir/app/model"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// pictures counts what is seen of photos: in the list, and large.
func (r *rig) pictures() (n int) {
	for _, o := range visible(r.win.Content()) {
		if m, ok := o.(*canvas.Image); ok && m.Image != nil && m.Resource == nil {
			n++
		}
	}
	return n
}

// TestTrainer: nothing on the screen tells of a person, in any state.
func TestTrainer(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	r.until("the picture", r.preview.stage.ready)
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyF8})
	check := func() {
		t.Helper()
		for i := range r.s.Items() {
			r.s.Select(i)
			s := r.words()
			for _, secret := range []string{"IMG_", "Ayu", "Wayan", "8.50690", "Ubud", "LP40", "2026:03", "lawyer", "from a friend", r.dir} {
				assert.NotContains(t, s, secret)
			}
			assert.Nil(t, r.preview.stage.base)
		}
		assert.Zero(t, r.pictures())
	}
	check()
	r.s.Select(0)
	assert.Contains(t, r.words(), "Where it was taken")
	assert.Contains(t, r.words(), "Photo 1")
	test.Tap(r.bottom.make)
	r.state(model.Partial)
	check()
	assert.NotContains(t, r.win.Title(), "IMG")

	r.s.Items()[0].Sample = true // one that was drawn for this
	r.s.Select(0)
	r.s.SetDiscretion(model.Discretion{})
	r.s.SetDiscretion(model.Discretion{Trainer: true})
	r.until("the sample", func() bool { return r.preview.stage.base != nil })
	assert.Contains(t, r.words(), "Near Ubud")
}

// TestHiddenPictures: one key, and all else works.
func TestHiddenPictures(t *testing.T) {
	r, s, it := portrait(t, nil)
	assert.NotZero(t, r.pictures())
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyF9})
	assert.Zero(t, r.pictures())
	assert.Contains(t, r.words(), "Pictures are hidden. F9 shows them again.")
	assert.Contains(t, r.words(), "Ayu and Made at home.jpg")
	test.Tap(r.preview.find)
	r.until("faces", func() bool { return it.Look == model.Looked })
	dragBox(s, desktop.MouseButtonPrimary, 600, 700, 680, 800)
	assert.Len(t, it.Areas, 3)
	s.zoom(8)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	assert.Zero(t, r.pictures())
	test.Tap(r.bottom.make)
	r.state(model.Done)
	r.until("the size of the copy", s.ready)
	assert.Zero(t, r.pictures())
	assert.Len(t, it.Report.Covered, 3)
	test.Tap(r.hide)
	assert.NotZero(t, r.pictures())
}

// TestQuickClose: no question, and no half-written file.
func TestQuickClose(t *testing.T) {
	begun, end := make(chan bool, 9), make(chan bool)
	r := newRig(t, func(c *model.Config) {
		c.Engine.Clean = func(ctx context.Context, _ batch.Job) (*scrub.Report, error) {
			begun <- true
			<-ctx.Done()
			<-end
			return nil, ctx.Err()
		}
	})
	r.dropped(uris(r.samples()[:2]...))
	r.state(model.Listed)
	closed := false
	r.close = func() { closed = true }
	test.Tap(r.bottom.make)
	<-begun
	r.bottom.stop.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF12})
	assert.Nil(t, r.preview.stage.base)
	assert.False(t, closed, "what is written is cleared away first")
	close(end)
	r.until("the end", func() bool { return closed })
	assert.NoDirExists(t, r.s.Run().Folder)
}

// TestLookedAt: a tick for each photo, with a reminder of what no program finds.
func TestLookedAt(t *testing.T) {
	r, _, it := portrait(t, nil)
	assert.Contains(t, r.words(), "Tattoos, birthmarks, name tags, screens, mirrors, signs")
	r.details.tick.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	assert.True(t, it.Viewed)
	assert.Zero(t, r.s.Unviewed())
	r.details.tick.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	r.s.SetViewed(it.ID, false)
	assert.False(t, r.details.tick.Checked)
}

// TestChooseModel: the window offers the better face finder where it says that the
// basic one is in use.
func TestChooseModel(t *testing.T) {
	asked := 0
	r, _, _ := portrait(t, nil)
	assert.False(t, r.preview.model.Visible(), "nobody could answer")
	r.a.ChooseModel = func() { asked++ }
	r.showSelected()
	test.Tap(r.preview.model)
	assert.Equal(t, 1, asked)
	r.s.UseModel(r.samples()[0])
	r.until("an answer", func() bool { return len(r.s.Notices()) > 0 })
	assert.Contains(t, r.words(), "That file is not a face finder that Tabir knows")
}
