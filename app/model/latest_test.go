package model

import (
	"context"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"tabir/scrub"
)

// TestLatest: of quick wishes the last one is met, and nothing else is ever shown.
func TestLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, t.TempDir(), nil)
		made, changes := 0, 0
		l := NewLatest[int](b.post, func() { changes++ })
		get := func(k int) image.Image {
			return l.Get(k, func(ctx context.Context) (image.Image, error) {
				made++
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
					return nil, ctx.Err()
				}
				if k == 9 {
					return nil, scrub.ErrMalformed
				}
				return image.NewGray(image.Rect(0, 0, k, 1)), nil
			})
		}
		wait := func() {
			for range 5 {
				time.Sleep(time.Second)
				synctest.Wait()
				b.pump()
			}
		}
		for k := 1; k < 6; k++ {
			assert.Nil(t, get(k))
		}
		wait()
		assert.Equal(t, 5, get(5).Bounds().Dx())
		assert.Equal(t, 2, made, "the first, which was given up, and the last")
		assert.Equal(t, 1, changes)
		k, m, ok := l.Held()
		assert.True(t, ok && k == 5 && m != nil)

		assert.Nil(t, get(6), "never another one meanwhile")
		assert.Nil(t, get(5))
		wait()
		assert.Equal(t, 5, get(5).Bounds().Dx())
		get(9)
		wait()
		assert.Nil(t, get(9))
		made = 0
		get(9)
		wait()
		assert.Zero(t, made, "not again and again")
		get(1)
		l.Forget()
		changes = 0
		wait()
		_, _, ok = l.Held()
		assert.False(t, ok)
		assert.Zero(t, changes)
	})
}
