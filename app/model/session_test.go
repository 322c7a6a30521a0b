package model

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/sample"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// TestWhole goes through the states that everybody sees.
func TestWhole(t *testing.T) {
	dir := t.TempDir()
	trip := filepath.Join(dir, "trip")
	paths := photos(t, trip)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		assert.Equal(t, Empty, b.State())
		b.Add([]string{trip}, 0)
		assert.Equal(t, Scanning, b.State())
		b.settle()
		require.Equal(t, Listed, b.State())
		require.Len(t, b.Items(), len(paths))
		assert.Equal(t, Count{Ready: 6, Unable: 1, Reveal: 5}, b.Count())
		it, i := b.Selected()
		assert.Equal(t, 0, i)
		assert.Same(t, b.Items()[0], it)

		target := b.Target()
		assert.Equal(t, filepath.Join(trip, "cleaned copies"), target)
		assert.NoDirExists(t, target, "nothing is made before the click")
		b.Start()
		assert.Equal(t, Working, b.State())
		b.settle()
		assert.Equal(t, Partial, b.State(), "one photo was not cleaned")
		assert.Equal(t, Count{Unable: 1, Made: 6, Reveal: 5}, b.Count())
		assert.Equal(t, target, b.Run().Folder)
		it, _ = b.Selected()
		assert.Equal(t, "from a friend.jpg", it.Name(), "what went wrong is shown")

		seen := map[string]bool{}
		for _, it := range b.Items() {
			if it.Status() != Made {
				assert.Empty(t, it.Copy)
				continue
			}
			assert.Regexp(t, `^photo-00[1-6]\.(jpg|png)$`, filepath.Base(it.Copy), "neutral names")
			assert.Equal(t, target, filepath.Dir(it.Copy))
			assert.False(t, seen[it.Copy])
			seen[it.Copy] = true
			r, err := scrub.VerifyFile(context.Background(), it.Copy, scrub.Options{})
			require.NoError(t, err)
			assert.Equal(t, scrub.AlreadyClean, r.Outcome())
		}
		entries, err := os.ReadDir(target)
		require.NoError(t, err)
		assert.Len(t, entries, 6)
		for i, p := range sample.Photos() {
			now, err := os.ReadFile(paths[i])
			require.NoError(t, err)
			assert.Equal(t, p.Data, now, "originals stay as they are")
		}

		// More photos: the same folder, the names go on; the copies themselves are not listed.
		more := photos(t, filepath.Join(dir, "more"))
		b.Add([]string{more[0], trip}, 0)
		b.settle()
		require.Equal(t, Listed, b.State())
		assert.Len(t, b.Items(), len(paths)+1)
		assert.Equal(t, []Notice{NoticeTwice}, b.Notices())
		assert.Equal(t, target, b.Target())
		b.Start()
		b.settle()
		assert.FileExists(t, filepath.Join(target, "photo-007.jpg"))

		b.Clear()
		assert.Equal(t, Empty, b.State())
		b.Add(paths[:1], 0)
		b.settle()
		assert.Equal(t, target+" 2", b.Target(), "a new start does not mix with copies that are there")
	})
}

func TestAddMix(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, filepath.Join(dir, "trip"))
	write := func(name, content string) string {
		path := filepath.Join(dir, "trip", name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o666))
		return path
	}
	psd := write("a.psd", "8BPS\x00\x01")
	write("notes.txt", "plain text")
	write(".DS_Store", "x")
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add([]string{paths[0], filepath.Join(dir, "trip"), psd, filepath.Join(dir, "nowhere.jpg"), paths[0]}, 2)
		b.settle()
		assert.Equal(t, map[string]int{"Photoshop document": 1, "": 1}, b.Skipped(), "the folder's files; the sidecar is nothing to tell")
		assert.ElementsMatch(t, []Notice{NoticeWeb, NoticeTwice}, b.Notices())
		assert.Equal(t, Count{Ready: 6, Unable: 3, Reveal: 5}, b.Count(), b.names())
		for _, it := range b.Items() {
			switch it.Name() {
			case "a.psd":
				assert.ErrorIs(t, it.Err, scrub.ErrUnknownFormat, "named, so it is listed with the reason")
			case "nowhere.jpg":
				assert.ErrorIs(t, it.Err, os.ErrNotExist)
			}
			assert.Equal(t, it.Err != nil, it.Badges()[0] == BadgeUnable)
		}

		b.Add(nil, 1)
		assert.Equal(t, []Notice{NoticeWeb}, b.Notices())
		edits := write("hills.aae", "edits")
		b.Clear()
		b.Add(paths[3:4], 0)
		b.settle()
		assert.Equal(t, []Notice{NoticeCompanion}, b.Notices())
		b.Clear()
		b.Add([]string{paths[3], edits}, 0)
		b.settle()
		assert.Empty(t, b.Notices(), "it is on the list itself")
		empty := filepath.Join(dir, "empty")
		require.NoError(t, os.Mkdir(empty, 0o777))
		b.Add([]string{empty}, 0)
		b.settle()
		assert.Equal(t, []Notice{NoticeNothing}, b.Notices())
	})
}

// slow makes each task take a second, and calls before each.
func slow(c *Config, before func()) {
	task := func(do batch.Task) batch.Task {
		return func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if before != nil {
				before()
			}
			return do(ctx, j)
		}
	}
	c.Engine.Clean = task(c.Engine.Clean)
	c.Engine.Inspect = task(c.Engine.Inspect)
}

func TestAddWhileWorking(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) { slow(c, nil) })
		b.Add(paths[:2], 0)
		b.settle()
		b.Start()
		b.Add(paths[2:3], 0)
		assert.Equal(t, []Notice{NoticeQueued}, b.Notices(), "it is said")
		assert.Equal(t, Working, b.State())
		b.Remove(b.Items()[0])
		assert.Len(t, b.Items(), 2, "nothing is taken off meanwhile")
		b.Start()
		b.settle()
		assert.Equal(t, Listed, b.State())
		assert.Equal(t, Count{Ready: 1, Made: 2, Reveal: 3}, b.Count())
	})
}

func TestCancelRun(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		var b *bench
		n := 0
		var mu sync.Mutex
		b = newBench(t, dir, func(c *Config) {
			c.Engine.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
				mu.Lock()
				n++
				first := n == 1
				mu.Unlock()
				if !first {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				return batch.Clean(batch.Options{})(ctx, j)
			}
		})
		b.Add(paths[:5], 0)
		b.settle()
		b.Start()
		synctest.Wait()
		b.Cancel()
		b.settle()
		assert.Equal(t, Listed, b.State())
		assert.Equal(t, 1, b.Count().Made)
		assert.Equal(t, 4, b.Count().Ready, "what was not reached is as before")
		assert.True(t, b.Run().Stopped)
		entries, err := os.ReadDir(b.Run().Folder)
		require.NoError(t, err)
		assert.Len(t, entries, 1, "no partial file")
	})
}

func TestCloseWhileWorking(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) { slow(c, nil) })
		b.Add(paths[:3], 0)
		b.settle()
		closed := 0
		b.Start()
		b.Clear()
		assert.Len(t, b.Items(), 3, "what is being made is not forgotten")
		b.Close(func() { closed++ })
		assert.Zero(t, closed, "not while a file is being written")
		b.settle()
		assert.Equal(t, 1, closed)
		assert.NoDirExists(t, filepath.Join(dir, "cleaned copies"))
		b.Close(func() { closed++ })
		assert.Equal(t, 2, closed)
	})
}

func TestCancelBeforeAnything(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) { slow(c, nil) })
		b.Add(paths, 0)
		for range 3 {
			synctest.Wait()
			b.pump()
		}
		b.Cancel()
		b.settle()
		assert.Equal(t, Empty, b.State(), "what was not looked at is not on the list")
		assert.Equal(t, []Notice{NoticeStopped}, b.Notices())

		b.Add(paths[:3], 0)
		b.settle()
		b.Start()
		b.Cancel()
		b.settle()
		assert.Equal(t, 3, b.Count().Ready)
		assert.NoDirExists(t, filepath.Join(dir, "cleaned copies"), "no empty folder is left")
	})
}

func TestClearDropsLateResults(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) { slow(c, nil) })
		b.Add(paths, 0)
		synctest.Wait()
		b.pump()
		b.Clear()
		b.Add(paths[1:2], 0)
		b.settle()
		assert.Len(t, b.Items(), 1)
		assert.Equal(t, Ready, b.Items()[0].Status())
	})
}

func TestFailuresBlockNobody(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	broken := errors.New("disk on fire")
	fail := true
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) {
			c.Engine.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
				if j.Src == paths[1] && fail {
					return nil, broken
				}
				return batch.Clean(batch.Options{})(ctx, j)
			}
		})
		b.Add(paths[:3], 0)
		b.settle()
		b.Start()
		b.settle()
		assert.Equal(t, Partial, b.State())
		assert.Equal(t, Count{Made: 2, Not: 1, Reveal: 2}, b.Count())
		assert.Equal(t, 1, b.Retriable())
		assert.ErrorIs(t, b.Items()[1].Err, broken)

		fail = false
		b.Again()
		b.settle()
		assert.Equal(t, Done, b.State())
		assert.Equal(t, 3, b.Count().Made)
	})
}

// TestNoProofNoSuccess: an engine that claims success without a proof is not believed.
func TestNoProofNoSuccess(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) {
			c.Engine.Clean = func(context.Context, batch.Job) (*scrub.Report, error) { return &scrub.Report{}, nil }
		})
		b.Add(paths[:1], 0)
		b.settle()
		b.Start()
		b.settle()
		assert.Equal(t, Partial, b.State())
		assert.Equal(t, Not, b.Items()[0].Status())
		assert.Empty(t, b.Items()[0].Copy)
	})
}

func TestRemoveAndSelect(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add(paths[:3], 0)
		b.settle()
		b.Select(2)
		b.Select(99)
		it, i := b.Selected()
		assert.Equal(t, 2, i)
		b.Remove(it)
		_, i = b.Selected()
		assert.Equal(t, 1, i)
		b.Remove(b.Items()[0])
		_, i = b.Selected()
		assert.Equal(t, 0, i)
		b.Remove(b.Items()[0])
		it, i = b.Selected()
		assert.Nil(t, it)
		assert.Equal(t, -1, i)
		assert.Equal(t, Empty, b.State())
		for _, p := range paths {
			assert.FileExists(t, p, "taken off the list is not deleted")
		}
		b.Add(paths[:1], 0)
		b.settle()
		assert.Len(t, b.Items(), 1, "it may come back")
	})
}

// TestManyEventsFewChanges: a thousand quick events do not make a thousand redraws.
func TestManyEventsFewChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, t.TempDir(), func(c *Config) {
			c.Engine.Find = func(_ context.Context, root, _ string) (*batch.Work, error) {
				w := &batch.Work{}
				for i := range 10_000 {
					w.Jobs = append(w.Jobs, batch.Job{Src: filepath.Join(root, "p"+string(rune('0'+i%10))+time.Duration(i).String())})
				}
				return w, nil
			}
			c.Engine.Inspect = func(context.Context, batch.Job) (*scrub.Report, error) {
				time.Sleep(time.Millisecond)
				return &scrub.Report{}, nil
			}
		})
		b.Add([]string{"/many"}, 0)
		began := time.Now()
		b.settle()
		assert.Len(t, b.Items(), 10_000)
		most := int(time.Since(began)/bundle) + 5
		assert.LessOrEqual(t, b.changes, most)
	})
}
