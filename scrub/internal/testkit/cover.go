package testkit

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Cover covers regions of src with the default limits.
func Cover(f plan.Format, src []byte, s paint.Style, r ...paint.Region) ([]byte, error) {
	c, err := f.Canvas(Window(src), meta.Policy{})
	if err != nil {
		return nil, err
	}
	return c.Cover(r, s)
}

// Area makes an area of what a fuzzer says, near a picture of about span pixels;
// ok is false where it has no size.
func Area(x, y, w, h, span int, ellipse bool) (r paint.Region, ok bool) {
	r = paint.Region{X: x % span, Y: y % span, W: w%span + 1, H: h%span + 1, Ellipse: ellipse}
	return r, r.W > 0 && r.H > 0
}

// AnyArea makes an area that lies in a picture of w by h pixels.
func AnyArea(g *rand.Rand, w, h int) paint.Region {
	x, y := g.IntN(w-1), g.IntN(h-1)
	return paint.Region{X: x, Y: y, W: 1 + g.IntN(w-x), H: 1 + g.IntN(h-y), Ellipse: g.IntN(2) == 0}
}

// Styles are all of them.
var Styles = []paint.Style{paint.Soft, paint.Solid, paint.Mosaic}

// NoInterference asserts that nothing under an area comes through: from two pictures
// that differ there alone, which draw makes of two seeds, covering makes the same
// bytes. An error says that the area is not one of the picture.
func NoInterference(t testing.TB, f plan.Format, draw func(seed uint64) []byte, seed uint64, s paint.Style, r paint.Region) error {
	t.Helper()
	a, err := Cover(f, draw(seed), s, r)
	if errors.Is(err, meta.ErrNoArea) {
		require.Empty(t, a)
		return err
	}
	require.NoError(t, err)
	b, err := Cover(f, draw(seed+1), s, r)
	require.NoError(t, err)
	require.True(t, bytes.Equal(a, b), "what is under %+v comes through style %d", r, s)
	return nil
}

// CoverAny covers an area of a file of whatever contents, and asserts that what
// comes out is clean, or that the refusal blames the file. It is that refusal.
func CoverAny(t testing.TB, f plan.Format, src []byte, r paint.Region) error {
	t.Helper()
	out, err := Cover(f, src, paint.Soft, r)
	if err != nil {
		require.NotErrorIs(t, err, meta.ErrInternal)
		require.NotErrorIs(t, err, meta.ErrUnverified)
		return err
	}
	again, _, err := Clean(t, f, out, meta.Policy{})
	require.NoError(t, err)
	require.True(t, bytes.Equal(out, again), "what comes out is clean already")
	return nil
}

// CoverShared does the same with the files that the patterns name, and says how
// many were covered.
func CoverShared(t testing.TB, f plan.Format, r paint.Region, patterns ...string) (covered int) {
	t.Helper()
	for p, src := range Shared(t, patterns...) {
		if err := CoverAny(t, f, src, r); err != nil {
			t.Logf("%s: %v", filepath.Base(p), err)
			continue
		}
		covered++
	}
	return covered
}
