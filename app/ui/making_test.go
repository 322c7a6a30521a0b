package ui

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/sample"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// pressed is the button on the screen that says so.
func (r *rig) pressed(word string) *button {
	r.t.Helper()
	for _, o := range visible(r.win.Content()) {
		if b, ok := o.(*button); ok && b.Text == word {
			require.False(r.t, b.Disabled(), word)
			test.Tap(b)
			return b
		}
	}
	require.Fail(r.t, "no button", word)
	return nil
}

// TestSamplesInMemory: the first minute needs no photo, and leaves none.
func TestSamplesInMemory(t *testing.T) {
	r := newRig(t, nil)
	saved := t.TempDir()
	r.a.Settings.Pick = func(then func(dir string)) { then(saved) }
	r.pressed("Try it with drawn samples")
	r.state(model.Listed)
	assert.Contains(t, r.words(), "the memory: copies of samples are not saved unless you ask")
	assert.NotContains(t, r.words(), "Replace the originals")
	r.pressed("Make 4 cleaned copies")
	r.state(model.Partial)
	assert.Contains(t, r.words(), "The copies of the samples are in memory.")
	r.pressed("Save these copies…")
	entries, err := os.ReadDir(saved)
	require.NoError(t, err)
	assert.Len(t, entries, 4)
	assert.Equal(t, []string{saved}, r.opened)
}

// TestStates: what can be done in each state, and nothing else.
func TestStates(t *testing.T) {
	looking, working := make(chan bool), make(chan bool)
	r := newRig(t, func(c *model.Config) {
		inspect, clean := c.Engine.Inspect, c.Engine.Clean
		c.Engine.Inspect = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
			<-looking
			return inspect(ctx, j)
		}
		c.Engine.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
			<-working
			return clean(ctx, j)
		}
	})
	b, p := r.bottom, r.preview
	all := map[string]*button{
		"choose": r.photos, "take off": r.remove, "empty": r.clear, "make": b.make, "replace": b.instead, "stop": b.stop, "open": b.open, "again": b.again,
		"new": b.new, "report": b.report, "find": p.find, "cover": p.cover, "cut": p.crop, "undo": p.undo, "compare": p.compare, "reopen": p.reopen,
	}
	can := func(s model.State, want ...string) {
		t.Helper()
		require.Equal(t, s, r.s.State())
		var got []string
		for _, o := range visible(r.win.Content()) {
			for name, b := range all {
				if o == fyne.CanvasObject(b) && !b.Disabled() {
					got = append(got, name)
				}
			}
		}
		assert.ElementsMatch(t, want, got, "state %d", s)
	}
	paths := r.samples()
	can(model.Empty, "choose")
	r.dropped(uris(paths[0], paths[6]))
	r.until("the list", func() bool { return len(r.s.Items()) == 2 })
	r.until("the picture", p.stage.ready)
	can(model.Scanning, "take off", "empty", "stop")
	close(looking)
	r.state(model.Listed)
	listed := []string{"take off", "empty", "make", "replace", "find", "cover", "cut"}
	can(model.Listed, listed...)
	r.s.AddArea(r.s.Items()[0].ID, scrub.Region{X: 10, Y: 10, W: 90, H: 90})
	can(model.Listed, append(listed, "undo")...)
	test.Tap(b.make)
	can(model.Working, "stop")
	close(working)
	r.state(model.Partial)
	can(model.Partial, "take off", "empty", "open", "new", "report") // the problem is selected
	r.s.Select(0)
	r.until("the copy", p.stage.ready)
	can(model.Partial, "take off", "empty", "open", "new", "report", "compare", "reopen")
	r.s.Remove(r.s.Items()[1])
	can(model.Done, "take off", "empty", "open", "new", "report", "compare", "reopen")
	test.Tap(b.new)
	can(model.Empty, "choose")
}

// TestLookFirst: the button counts what nobody looked at, and there is a way to it.
func TestLookFirst(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()[:3]...))
	r.state(model.Listed)
	r.until("the first photo", r.preview.stage.ready)
	r.pressed("Find faces in all 3")
	assert.True(t, r.bottom.make.Disabled(), "no copies while a look goes on")
	r.until("the looks", func() bool { return !r.s.LookingForFaces() })
	assert.Equal(t, "Make 3 copies, 3 not looked at", r.bottom.make.Text)
	r.s.SetViewed(r.s.Items()[0].ID, true)
	assert.Equal(t, "Make 3 copies, 2 not looked at", r.bottom.make.Text)
	r.pressed("Look first")
	it, _ := r.s.Selected()
	assert.False(t, it.Viewed)
	test.Tap(r.bottom.make)
	r.state(model.Done)
	assert.Contains(t, r.words(), "2 copies that nobody looked at are in the folder “not looked at” in it.")

	r.until("the picture", r.preview.stage.ready)
	r.pressed("Change the copy…")
	assert.Equal(t, model.Listed, r.s.State())
	assert.Equal(t, model.Ready, it.Status())
}

// strange is a PNG picture with a critical chunk that nobody knows behind its end
// of data: decoders show it, and nobody can tell what it needs.
func strange() []byte {
	b := slices.Clone(sample.Photos()[4].Data)
	end := len(b) - 12
	chunk := []byte("\x00\x00\x00\x00XYZZ")
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(b[:end], chunk, b[end:])
}

// TestNewPicture: what cannot be cleaned has a way out, where there is one.
func TestNewPicture(t *testing.T) {
	r := newRig(t, nil)
	path := filepath.Join(r.dir, "strange.png")
	require.NoError(t, os.WriteFile(path, strange(), 0o600))
	r.dropped(uris(path))
	r.state(model.Listed)
	require.ErrorIs(t, r.s.Items()[0].Err, scrub.ErrRemakes)
	r.pressed("Make a new picture from what is seen")
	r.pressed("Make 1 cleaned copy")
	r.state(model.Done)
	assert.Equal(t, "photo-001.png", filepath.Base(r.s.Items()[0].Copy))
	assert.Contains(t, r.words(), "The copy is a new picture, made from what is seen.")
}
