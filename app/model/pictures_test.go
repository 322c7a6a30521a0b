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

func TestPictures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, t.TempDir(), nil)
		var loaded []string
		var arrived []int
		var p *Pictures
		e := Engine{Preview: func(_ context.Context, path string, side int) (image.Image, image.Point, error) {
			time.Sleep(time.Second)
			loaded = append(loaded, path) // one at a time: no lock is needed
			if path == "bad" {
				return nil, image.Point{}, scrub.ErrMalformed
			}
			return image.NewGray(image.Rect(0, 0, side, side)), image.Pt(2*side, 2*side), nil
		}}
		p = NewPictures(e, b.post, 64, 3, func(id int) { arrived = append(arrived, id) })
		for i, path := range []string{"a", "b", "c", "d", "e", "bad"} {
			m, known := p.Get(&Item{ID: i + 1, Path: path})
			assert.Nil(t, m)
			assert.False(t, known)
		}
		p.Get(&Item{ID: 1, Path: "a"}) // being loaded already
		for range 20 {
			time.Sleep(time.Second)
			synctest.Wait()
			b.pump()
		}
		assert.Equal(t, []string{"a", "bad", "e", "d"}, loaded, "the last one asked for first; what scrolled by is left out")
		assert.Equal(t, []int{1, 6, 5, 4}, arrived)
		m, known := p.Get(&Item{ID: 6, Path: "bad"})
		assert.True(t, known, "there never will be one")
		assert.Nil(t, m)
		e5 := &Item{ID: 5, Path: "e"}
		m, _ = p.Get(e5)
		assert.Equal(t, 64, m.Bounds().Dx())
		assert.Equal(t, image.Pt(128, 128), e5.Full)
		_, known = p.Get(&Item{ID: 1, Path: "a"})
		assert.False(t, known, "the oldest had to go")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.pump()
	})
}
