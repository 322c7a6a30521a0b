package jpeg

import (
	"bytes"
	"image/color"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func cover(b []byte, s paint.Style, r ...paint.Region) ([]byte, error) {
	return testkit.Cover(Format, b, s, r...)
}

// noise is a picture in 4:2:0 whose pixels inside the MCUs that r touches come
// from seed.
func noise(seed uint64, r paint.Region) []byte {
	m := testkit.Picture(128, 96)
	g := rand.New(rand.NewPCG(seed, 1))
	for y := range 96 {
		for x := range 128 {
			if r.Touches(x&^15, y&^15, 16, 16) {
				m.Set(x, y, color.RGBA{uint8(g.Uint32()), uint8(g.Uint32()), uint8(g.Uint32()), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: 80}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestNonInterference: two pictures that differ only inside the covered MCUs
// give the same bytes.
func TestNonInterference(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for range 40 {
		r := testkit.AnyArea(g, 128, 96)
		draw := func(seed uint64) []byte { return noise(seed, r) }
		for _, style := range testkit.Styles {
			require.NoError(t, testkit.NoInterference(t, Format, draw, 1, style, r))
		}
	}
}

// TestOutsideStays: the coefficients of all other MCUs are those of the source,
// for every coding that can be covered (Cover itself asserts it), and a clean
// file comes out.
func TestOutsideStays(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		out, err := cover(v.Data, paint.Soft, paint.Region{X: 3, Y: 3, W: 5, H: 5})
		switch v.Name {
		case "arithmetic", "arithmetic-progressive", "cmyk":
			assert.ErrorIs(t, err, meta.ErrUnsupported, v.Name)
			continue
		}
		require.NoError(t, err, v.Name)
		again, _, err := testkit.Clean(t, Format, out, meta.Policy{})
		require.NoError(t, err)
		assert.True(t, bytes.Equal(out, again), "%s: the result is clean already", v.Name)
		a, errA := stdjpeg.Decode(bytes.NewReader(v.Data))
		b, err := stdjpeg.Decode(bytes.NewReader(out))
		require.NoError(t, err, v.Name)
		if errA != nil {
			continue
		}
		same := 0
		for y := range 16 {
			for x := 20; x < 24; x++ {
				if a.At(x, y) == b.At(x, y) {
					same++
				}
			}
		}
		assert.Greater(t, same, 30, "%s: far from the area the picture is the same", v.Name)
	}
}

func TestSolidIsSolid(t *testing.T) {
	src := noise(7, paint.Region{X: 40, Y: 30, W: 40, H: 30})
	out, err := cover(src, paint.Solid, paint.Region{X: 40, Y: 30, W: 40, H: 30})
	require.NoError(t, err)
	m, err := stdjpeg.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	for y := 34; y < 56; y++ {
		for x := 44; x < 76; x++ {
			g := color.GrayModel.Convert(m.At(x, y)).(color.Gray)
			require.InDelta(t, 48, g.Y, 12, "%d, %d", x, y)
		}
	}
}

// TestOrientedRegions: an area of the upright picture lands where it is shown.
func TestOrientedRegions(t *testing.T) {
	const w, h = 30, 20
	for o := 1; o <= 8; o++ {
		uw, uh := w, h
		if o >= 5 {
			uw, uh = h, w
		}
		r := paint.Region{X: 2, Y: 5, W: 7, H: 3}
		s := r.Stored(o, w, h)
		inside := 0
		for y := range h {
			for x := range w {
				u, v := x, y
				switch o {
				case 2:
					u = w - 1 - x
				case 3:
					u, v = w-1-x, h-1-y
				case 4:
					v = h - 1 - y
				case 5:
					u, v = y, x
				case 6:
					u, v = h-1-y, x
				case 7:
					u, v = h-1-y, w-1-x
				case 8:
					u, v = y, w-1-x
				}
				require.True(t, u >= 0 && u < uw && v >= 0 && v < uh)
				in := u >= r.X && u < r.X+r.W && v >= r.Y && v < r.Y+r.H
				require.Equal(t, in, x >= s.X && x < s.X+s.W && y >= s.Y && y < s.Y+s.H, "orientation %d", o)
				if in {
					inside++
				}
			}
		}
		require.Equal(t, 21, inside)
	}
}

// TestCoverAll: nothing is left of a picture that is covered as a whole.
func TestCoverAll(t *testing.T) {
	draw := func(seed uint64) []byte { return noise(seed, paint.Region{W: 128, H: 96}) }
	require.NoError(t, testkit.NoInterference(t, Format, draw, 1, paint.Soft, paint.Region{X: -10, Y: -10, W: 1000, H: 1000}))
}

// FuzzCover asserts non-interference over random pictures and areas.
func FuzzCover(f *testing.F) {
	f.Add(uint64(1), 10, 10, 20, 20, true, uint8(1))
	f.Add(uint64(2), -5, 50, 200, 3, false, uint8(2))
	f.Fuzz(func(t *testing.T, seed uint64, x, y, w, h int, ellipse bool, style uint8) {
		r, ok := testkit.Area(x, y, w, h, 200, ellipse)
		if !ok {
			return
		}
		draw := func(seed uint64) []byte { return noise(seed, r) }
		_ = testkit.NoInterference(t, Format, draw, seed, paint.Style(style%3), r) // or there is no such area
	})
}

// TestCoverCorpus covers a part of every real photo beside the checkout; Cover
// itself asserts that the coefficients outside stay.
func TestCoverCorpus(t *testing.T) {
	assert.Greater(t, testkit.CoverShared(t, Format, paint.Region{X: -20, Y: -15, W: 60, H: 50, Ellipse: true}, "corpus/jpeg/*"), 80)
}
