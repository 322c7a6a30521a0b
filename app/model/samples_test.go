package model

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
)

// TestSamples: they go the way of all photos, and nothing of them is written
// unless it is asked for.
func TestSamples(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.AddSamples()
		b.settle()
		assert.Equal(t, Count{Ready: 4, Unable: 1, Reveal: 4}, b.Count())
		assert.True(t, InMemory(b.Target()))
		friends := b.Items()[3]
		b.FindFaces(friends)
		b.settle()
		assert.Len(t, friends.Areas, 1)
		b.Start()
		b.settle()
		assert.Equal(t, Partial, b.State())
		assert.Equal(t, 4, b.Count().Made)
		m, _, err := b.c.Engine.Preview(t.Context(), friends.Copy, 200)
		require.NoError(t, err)
		assert.Equal(t, 200, m.Bounds().Dx())
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, entries)

		require.NoError(t, b.SaveCopies(dir))
		for _, it := range b.Items()[:4] {
			file, err := os.ReadFile(filepath.Join(dir, filepath.Base(it.Copy)))
			require.NoError(t, err)
			r, err := scrub.Verify(t.Context(), bytes.NewReader(file), int64(len(file)), scrub.Options{})
			require.NoError(t, err)
			assert.Equal(t, scrub.AlreadyClean, r.Outcome())
		}
		assert.ErrorIs(t, b.SaveCopies(dir), os.ErrExist, "nothing is written over")
	})
}

// TestSamplesBesidePhotos: the photos' copies go to a folder, those of samples do not.
func TestSamplesBesidePhotos(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.AddSamples()
		b.Add(paths[:1], 0)
		b.settle()
		assert.Equal(t, filepath.Join(dir, "cleaned copies"), b.Target())
		b.Start()
		b.settle()
		assert.Equal(t, 5, b.Count().Made+b.Count().Not)
		for _, it := range b.Items() {
			assert.Equal(t, it.Sample, InMemory(it.Copy) || it.Status() == Unable)
		}
	})
}
