package model

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/batch"
)

// TestAreas: what a detector proposes and a person draws is covered in the copy,
// but for what the person leaves.
func TestAreas(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, filepath.Join(dir, "trip"))
	synctest.Test(t, func(t *testing.T) {
		var jobs []batch.Job
		b := newBench(t, dir, func(c *Config) {
			clean := c.Engine.Clean
			c.Engine.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
				jobs = append(jobs, j)
				return clean(ctx, j)
			}
			c.Engine.Faces = func(_ context.Context, path string) (*scrub.Faces, error) {
				time.Sleep(time.Second)
				if filepath.Base(path) != filepath.Base(paths[0]) {
					return nil, scrub.ErrMalformed
				}
				f := &scrub.Faces{Width: 960, Height: 720}
				f.Boxes = append(f.Boxes, scrub.FaceBox{X: 100, Y: 100, W: 50, H: 60, Level: scrub.FaceFound}, scrub.FaceBox{X: 300, Y: 100, W: 50, H: 60})
				return f, nil
			}
		})
		b.Add(paths[:1], 0)
		b.settle()
		it := b.Items()[0]
		mine := scrub.Region{X: 5, Y: 6, W: 70, H: 80}
		b.AddArea(it.ID, mine)
		b.AddArea(it.ID, scrub.Region{X: 5, Y: 6})
		require.Len(t, it.Areas, 1, "an area without pixels is none")
		b.FindFaces(it)
		assert.Equal(t, Looking, it.Look)
		b.Start()
		assert.Equal(t, Listed, b.State(), "no copies before the look is over")
		time.Sleep(2 * time.Second)
		b.settle()
		assert.Equal(t, Looked, it.Look)
		require.Len(t, it.Areas, 3)
		assert.Equal(t, FaceFound, it.Areas[1].Origin)
		assert.Equal(t, FaceMaybe, it.Areas[2].Origin)
		assert.Less(t, it.Areas[1].X, 100, "larger than the frame of the detector")

		b.LeaveArea(it.ID, 2, true)
		moved := scrub.Region{X: 90, Y: 70, W: 90, H: 110, Ellipse: true}
		b.SetArea(it.ID, 1, moved)
		b.AddArea(it.ID, mine)
		b.RemoveArea(it.ID, 3)
		b.RemoveArea(it.ID, 9)
		assert.Equal(t, []scrub.Region{mine, moved}, it.Covered())

		// A second look replaces what the detector proposed, not what a person made.
		b.FindFaces(it)
		time.Sleep(2 * time.Second)
		b.settle()
		require.Len(t, it.Areas, 4)
		b.RemoveArea(it.ID, 3)
		b.RemoveArea(it.ID, 2)

		b.Start()
		b.settle()
		require.Len(t, jobs, 1)
		assert.Equal(t, []scrub.Region{mine, moved}, jobs[0].Areas)
		require.Equal(t, Made, it.Status())
		assert.Equal(t, []scrub.Region{mine, moved}, it.Report.Covered)
		b.AddArea(it.ID, mine)
		assert.Len(t, it.Areas, 2, "the copy is made")

		b.Add(paths[1:2], 0)
		b.settle()
		other := b.Items()[1]
		b.FindFaces(other)
		time.Sleep(2 * time.Second)
		b.settle()
		assert.Equal(t, LookFailed, other.Look)
		b.FindFaces(nil)
		b.FindFaces(other)
		b.Clear()
		time.Sleep(2 * time.Second)
		b.settle()
	})
}

// TestFindable: faces are looked for in all at once where they can be.
func TestFindable(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		var looked []string
		b := newBench(t, dir, func(c *Config) {
			inspect := c.Engine.Inspect
			c.Engine.Inspect = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
				r, err := inspect(ctx, j)
				if j.Src == paths[1] {
					r.Format = "mp4"
				}
				return r, err
			}
			c.Engine.Faces = func(_ context.Context, path string) (*scrub.Faces, error) {
				looked = append(looked, path)
				return &scrub.Faces{}, nil
			}
		})
		require.Empty(t, b.c.Engine.Become["mp4"])
		b.Add(paths, 0)
		b.settle()
		require.Len(t, b.Items(), 7)
		require.Equal(t, Unable, b.Items()[6].Status())
		b.FindFaces(b.Findable()...)
		assert.Len(t, b.Findable(), 5, "it does not change while it goes on")
		b.settle()
		assert.Equal(t, []string{paths[0], paths[2], paths[3], paths[4], paths[5]}, looked)
		b.Show(WithLocation)
		assert.Len(t, b.Findable(), 2, "what the list shows")
	})
}

// TestLooks: faces are looked for in one photo after the other, and what did not
// begin can be given up.
func TestLooks(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		going, most := 0, 0
		b := newBench(t, dir, func(c *Config) {
			c.Engine.Faces = func(context.Context, string) (*scrub.Faces, error) {
				going++
				most = max(most, going)
				time.Sleep(time.Second)
				going--
				return &scrub.Faces{}, nil
			}
		})
		b.Add(paths[:4], 0)
		b.settle()
		b.FindFaces(b.Items()...)
		assert.Equal(t, 4, b.LooksLeft())
		b.Remove(b.Items()[1])
		time.Sleep(1500 * time.Millisecond)
		b.settle()
		b.Cancel()
		time.Sleep(5 * time.Second)
		b.settle()
		assert.Equal(t, 1, most)
		assert.Zero(t, b.LooksLeft())
		assert.Equal(t, []Look{Looked, Looked, NotLooked}, []Look{b.Items()[0].Look, b.Items()[1].Look, b.Items()[2].Look})
	})
}
