package jpeg

import (
	"bytes"
	"context"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func opened(b []byte) (plan.Canvas, error) {
	return openCanvas(rd.New(context.Background(), bytes.NewReader(b), int64(len(b)), rd.Default), meta.Policy{})
}

// apart is the mean difference of a small picture and the means of what it
// stands for in a large one, in levels of 8 bits.
func apart(small, large image.Image, k int) float64 {
	b, sum, n := small.Bounds(), 0.0, 0
	for y := range b.Dy() - 1 { // whole squares only
		for x := range b.Dx() - 1 {
			var mean [3]float64
			for i := range k * k {
				r, g, bl, _ := large.At(large.Bounds().Min.X+k*x+i%k, large.Bounds().Min.Y+k*y+i/k).RGBA()
				for c, v := range []uint32{r, g, bl} {
					mean[c] += float64(v) / 257 / float64(k*k)
				}
			}
			r, g, bl, _ := small.At(b.Min.X+x, b.Min.Y+y).RGBA()
			for c, v := range []uint32{r, g, bl} {
				d := mean[c] - float64(v)/257
				sum, n = sum+max(d, -d), n+1
			}
		}
	}
	return sum / float64(max(n, 1))
}

// slope is a smooth picture in 4:2:0, whose means are its low frequencies.
func slope() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 128, 96))
	for y := range 96 {
		for x := range 128 {
			m.Set(x, y, color.RGBA{uint8(2 * x), uint8(2 * y), uint8(x + y), 255})
		}
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestSee(t *testing.T) {
	c, err := opened(slope())
	require.NoError(t, err)
	m, _, _ := c.See(65)
	assert.Nil(t, m, "less than twice as large: a decoder shows it better")
	large, err := stdjpeg.Decode(bytes.NewReader(slope()))
	require.NoError(t, err)
	for side, k := range map[int]int{64: 2, 33: 2, 32: 4, 16: 8, 1: 8} {
		m, full, orientation := c.See(side)
		require.NotNil(t, m)
		assert.Equal(t, image.Pt(128, 96), full)
		assert.Less(t, orientation, 2)
		assert.Equal(t, image.Pt(128/k, 96/k), m.Bounds().Size())
		assert.Less(t, apart(m, large, k), 4.0, "at 1/%d", k)
	}

	area := paint.Region{X: 32, Y: 32, W: 32, H: 32}
	out, err := c.Cover([]paint.Region{area}, paint.Solid)
	require.NoError(t, err)
	large, err = stdjpeg.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	m, _, _ = c.See(64)
	assert.Less(t, apart(m, large, 2), 3.0, "after covering it shows the new file")
}

// TestSeeCorpus compares with the standard library, in all samplings and colours
// that cameras use.
func TestSeeCorpus(t *testing.T) {
	seen := 0
	for path, b := range testkit.Shared(t, "corpus/jpeg/*") {
		large, err := stdjpeg.Decode(bytes.NewReader(b))
		if err != nil || large.Bounds().Dx() > 2000 {
			continue
		}
		c, err := opened(b)
		if err != nil {
			continue
		}
		side := max(large.Bounds().Dx(), large.Bounds().Dy()) / 2
		m, full, _ := c.See(side)
		if m == nil || min(m.Bounds().Dx(), m.Bounds().Dy()) < 8 {
			continue
		}
		require.Equal(t, large.Bounds().Size(), full, path)
		assert.Less(t, apart(m, large, 2), 8.0, path)
		seen++
	}
	assert.Greater(t, seen, 40)
}
