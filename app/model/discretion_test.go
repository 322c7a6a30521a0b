package model

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
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
		assert.Equal(t, 3, b.Unviewed())
		b.SetViewed(b.Items()[1].ID, true)
		b.SetViewed(99, true)
		assert.Equal(t, 2, b.Unviewed())
		b.Clear()
		assert.True(t, b.Discretion().Trainer, "until it is switched off")
	})
}
