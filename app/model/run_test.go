package model

import (
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/batch"
)

// TestMakeAgain: another copy takes the place of the one that this session made,
// and of no other file.
func TestMakeAgain(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add(paths[:2], 0)
		b.settle()
		b.Start()
		b.settle()
		first, second := b.Items()[0], b.Items()[1]
		before, err := os.ReadFile(first.Copy)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(second.Copy, []byte("somebody's own"), 0o666))

		for _, it := range b.Items() {
			b.Reopen(it.ID)
			b.AddArea(it.ID, scrub.Region{X: 20, Y: 20, W: 200, H: 200})
		}
		require.Equal(t, Listed, b.State())
		b.Start()
		b.settle()
		assert.Equal(t, Done, b.State())
		assert.Equal(t, "photo-001.jpg", filepath.Base(first.Copy))
		after, err := os.ReadFile(first.Copy)
		require.NoError(t, err)
		assert.NotEqual(t, before, after, "the areas are covered in it")
		assert.Equal(t, "photo-004.jpg", filepath.Base(second.Copy))
		kept, err := os.ReadFile(filepath.Join(b.Run().Folder, "photo-002.jpg"))
		require.NoError(t, err)
		assert.Equal(t, "somebody's own", string(kept))
	})
}

// TestCoveredPixels: what a person draws reaches the copy where they drew it, in
// pixels of the original, and nothing else of the picture changes.
func TestCoveredPixels(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	decoded := func(path string) image.Image {
		f, err := os.Open(path)
		require.NoError(t, err)
		defer f.Close()
		m, err := jpeg.Decode(f)
		require.NoError(t, err)
		return m
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add(paths[1:2], 0)
		b.settle()
		it := b.Items()[0]
		area := image.Rect(227, 256, 496, 615) // the face
		b.AddArea(it.ID, scrub.Region{X: area.Min.X, Y: area.Min.Y, W: area.Dx(), H: area.Dy()})
		b.Start()
		b.settle()
		require.Equal(t, Done, b.State())
		before, after := decoded(paths[1]), decoded(it.Copy)
		require.Equal(t, before.Bounds(), after.Bounds())
		const block = 16 // that JPEG is coded in, at most
		touched := image.Rect(area.Min.X/block*block, area.Min.Y/block*block, (area.Max.X/block+1)*block, (area.Max.Y/block+1)*block)
		inside, changed := 0, 0
		for y := before.Bounds().Min.Y; y < before.Bounds().Max.Y; y++ {
			for x := before.Bounds().Min.X; x < before.Bounds().Max.X; x++ {
				same := before.At(x, y) == after.At(x, y)
				switch at := image.Pt(x, y); {
				case at.In(area):
					inside++
					if !same {
						changed++
					}
				case !at.In(touched):
					require.True(t, same, "%v is outside", at)
				}
			}
		}
		assert.Greater(t, changed, inside*9/10)
	})
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	trash := filepath.Join(dir, "trash")
	synctest.Test(t, func(t *testing.T) {
		full := false
		b := newBench(t, dir, func(c *Config) {
			c.Engine.Clean = batch.Clean(batch.Options{Discard: func(path string) error {
				if full {
					return assert.AnError
				}
				return os.Rename(path, trash)
			}})
		})
		b.Add(paths[:2], 0)
		b.settle()
		b.AddArea(b.Items()[1].ID, scrub.Region{X: 20, Y: 20, W: 200, H: 200})
		b.Replace()
		b.settle()
		require.Equal(t, Done, b.State())
		assert.True(t, b.Run().Replaced)
		assert.Equal(t, paths[0], b.Items()[0].Copy)
		assert.FileExists(t, trash)
		assert.Equal(t, "photo-001.jpg", filepath.Base(b.Items()[1].Copy), "covered areas: a copy beside the original")
		assert.FileExists(t, paths[1])
		b.Reopen(b.Items()[0].ID)
		assert.Equal(t, Made, b.Items()[0].Status(), "there is no original to make another copy of")

		full = true
		b.Add(paths[2:3], 0)
		b.settle()
		was, err := os.ReadFile(paths[2])
		require.NoError(t, err)
		b.Replace()
		b.settle()
		assert.ErrorIs(t, b.Items()[2].Err, scrub.ErrNotDiscarded)
		now, err := os.ReadFile(paths[2])
		require.NoError(t, err)
		assert.Equal(t, was, now, "where there is no trash nothing changes")
	})
}

func TestTimeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := Run{going: true, began: time.Now(), read: 1, bytes: 5}
		assert.Zero(t, r.Left(), "too early to tell")
		time.Sleep(10 * time.Second)
		assert.Equal(t, 40*time.Second, r.Left())
		r.read = 0
		assert.Zero(t, r.Left())
	})
}
