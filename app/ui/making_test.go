package ui

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/sample"
	"tabir/scrub"
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
