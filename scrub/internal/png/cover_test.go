package png

import (
	"bytes"
	"context"
	"image"
	"image/color"
	stdpng "image/png"
	"math/rand/v2"
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

func covered(b []byte, s paint.Style, r ...paint.Region) ([]byte, error) {
	return testkit.Cover(Format, b, s, r...)
}

type drawable interface {
	image.Image
	Set(x, y int, c color.Color)
}

// kinds are empty pictures of the colour types that can be covered.
var kinds = map[string]func(image.Rectangle) drawable{
	"grey":     func(r image.Rectangle) drawable { return image.NewGray(r) },
	"grey 16":  func(r image.Rectangle) drawable { return image.NewGray16(r) },
	"alpha":    func(r image.Rectangle) drawable { return image.NewNRGBA(r) },
	"alpha 16": func(r image.Rectangle) drawable { return image.NewNRGBA64(r) },
}

// noise is a picture whose pixels under r come from seed.
func noise(kind string, seed uint64, r paint.Region) []byte {
	m := kinds[kind](image.Rect(0, 0, 61, 47))
	g := rand.New(rand.NewPCG(seed, 1))
	for y := range 47 {
		for x := range 61 {
			c := color.NRGBA64{uint16(900 * x), uint16(1100 * y), uint16(300 * (x + y)), uint16(65535 - 500*x)}
			if r.Touches(x, y, 1, 1) {
				c = color.NRGBA64{uint16(g.Uint32()), uint16(g.Uint32()), uint16(g.Uint32()), uint16(g.Uint32())}
			}
			m.Set(x, y, c)
		}
	}
	return testkit.EncodePNG(m)
}

func TestNonInterference(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for range 25 {
		r := testkit.AnyArea(g, 61, 47)
		for kind := range kinds {
			draw := func(seed uint64) []byte { return noise(kind, seed, r) }
			for _, style := range testkit.Styles {
				require.NoError(t, testkit.NoInterference(t, Format, draw, 1, style, r), kind)
			}
		}
	}
}

// TestCoverIsSeen: the outside is the same to the bit, by another decoder; the
// inside is opaque, and the file is clean.
func TestCoverIsSeen(t *testing.T) {
	r := paint.Region{X: 10, Y: 12, W: 20, H: 15}
	for kind := range kinds {
		src := noise(kind, 3, r)
		out, err := covered(src, paint.Solid, r)
		require.NoError(t, err, kind)
		again, _, err := testkit.Clean(t, Format, out, meta.Policy{})
		require.NoError(t, err)
		assert.True(t, bytes.Equal(out, again), "%s is clean already", kind)
		a, err := stdpng.Decode(bytes.NewReader(src))
		require.NoError(t, err)
		b, err := stdpng.Decode(bytes.NewReader(out))
		require.NoError(t, err)
		for y := range 47 {
			for x := range 61 {
				if !r.Touches(x, y, 1, 1) {
					require.Equal(t, a.At(x, y), b.At(x, y), "%s %d, %d", kind, x, y)
					continue
				}
				red, _, _, alpha := b.At(x, y).RGBA()
				require.EqualValues(t, 65535, alpha)
				require.EqualValues(t, 48, red>>8)
			}
		}
	}
}

// TestTransparentColour: a covered area is no hole, whatever colour tRNS names.
func TestTransparentColour(t *testing.T) {
	src := testkit.PNG(testkit.Chunk("tRNS", []byte{0, 48, 0, 48, 0, 48}), testkit.Chunk("cLLI", make([]byte, 8)))
	out, err := covered(src, paint.Solid, paint.Region{X: 2, Y: 2, W: 8, H: 6})
	require.NoError(t, err)
	m, err := stdpng.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	_, _, _, alpha := m.At(5, 5).RGBA()
	assert.EqualValues(t, 65535, alpha)
	assert.NotContains(t, string(out), "cLLI")
}

func TestNotCovered(t *testing.T) {
	r := paint.Region{X: 1, Y: 1, W: 3, H: 3}
	k := testkit.ChunksOf(testkit.PNG())
	_, err := covered(testkit.FromChunks(k[0], testkit.Chunk("IDAT", []byte("no zlib")), k[2]), paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrMalformed)
	_, err = covered(testkit.FromChunks(k[0], testkit.Chunk("IDAT", testkit.Deflate([]byte{9, 1, 2})), k[2]), paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrMalformed)
}

func FuzzCover(f *testing.F) {
	f.Add(uint64(1), 10, 10, 20, 20, true, uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, x, y, w, h int, ellipse bool, style uint8) {
		r, ok := testkit.Area(x, y, w, h, 80, ellipse)
		if !ok {
			return
		}
		draw := func(seed uint64) []byte { return noise("alpha", seed, r) }
		_ = testkit.NoInterference(t, Format, draw, seed, paint.Style(style%3), r) // or there is no such area
	})
}

// TestCoverCorpus covers a part of every real picture beside the checkout.
func TestCoverCorpus(t *testing.T) {
	testkit.CoverShared(t, Format, paint.Region{X: 8, Y: 8, W: 40, H: 30, Ellipse: true}, "corpus/png/*")
}
