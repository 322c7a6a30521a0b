package model

import (
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDiscretion(t *testing.T) {
	photo, drawn := &Item{}, &Item{Sample: true}
	for _, c := range []struct {
		d                              Discretion
		photos, samples, values, drawn bool
	}{
		{Discretion{}, true, true, true, true},
		{Discretion{Trainer: true}, false, true, false, true},
		{Discretion{NoPictures: true}, false, false, true, true},
		{Discretion{Trainer: true, NoPictures: true}, false, false, false, true},
	} {
		assert.Equal(t, c.photos, c.d.Pictures(photo))
		assert.Equal(t, c.samples, c.d.Pictures(drawn))
		assert.Equal(t, c.values, c.d.Values(photo))
		assert.Equal(t, c.drawn, c.d.Values(drawn))
	}
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.SetDiscretion(Discretion{Trainer: true})
		b.Add(paths[:3], 0)
		b.settle()
		assert.Zero(t, b.Unviewed(), "where faces are no matter nobody has to look")
		for _, it := range b.Items() {
			it.Look = Looked
		}
		assert.Equal(t, 3, b.Unviewed())
		b.SetViewed(b.Items()[0].ID, true)
		b.SetViewed(99, true)
		assert.Equal(t, 2, b.Unviewed())
		b.LookFirst()
		it, _ := b.Selected()
		assert.Same(t, b.Items()[1], it)

		// Copies that nobody looked at are in a folder of their own, until somebody did.
		b.Start()
		b.settle()
		require.Equal(t, 3, b.Count().Made)
		assert.Equal(t, 2, b.Unseen())
		target := b.Run().Folder
		assert.Equal(t, filepath.Join(target, "photo-001.jpg"), b.Items()[0].Copy)
		unseen := b.Items()[1].Copy
		assert.Equal(t, filepath.Join(target, "not looked at", "photo-002.jpg"), unseen)
		b.Reopen(b.Items()[1].ID)
		b.SetViewed(b.Items()[1].ID, true)
		b.Start()
		b.settle()
		assert.Equal(t, target, filepath.Dir(b.Items()[1].Copy))
		assert.NoFileExists(t, unseen, "no copy stays behind")
		assert.Equal(t, 1, b.Unseen())
		b.Clear()
		assert.True(t, b.Discretion().Trainer, "until it is switched off")
	})
}
