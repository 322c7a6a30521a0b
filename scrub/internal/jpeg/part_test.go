package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// cropped cuts a file, and covers regions in it.
func cropped(b []byte, part image.Rectangle, s paint.Style, r ...paint.Region) (out []byte, fits image.Rectangle, err error) {
	c, err := opened(b)
	if err != nil {
		return nil, fits, err
	}
	if fits, err = c.(plan.Cropper).Crop(part); err != nil {
		return nil, fits, err
	}
	out, err = c.Cover(r, s)
	return out, fits, err
}

// sampled is a picture of random coefficients in a sampling that the standard
// library does not write.
func sampled(t *testing.T, h, v, width, height int) []byte {
	var src []byte
	for _, k := range testkit.Vectors(t, "testdata") {
		if k.Name == "full-chroma" {
			src = k.Data
		}
	}
	o, err := opened(src)
	require.NoError(t, err)
	c := o.(*canvas)
	comps := append([]coef.Component(nil), c.frame.Components...)
	comps[0].H, comps[0].V = h, v
	c.frame = coef.NewFrame(false, width, height, comps)
	c.planes = coef.NewPlanes(c.frame)
	c.wide, c.high, c.h, c.v = c.frame.MCUs()
	g := rand.New(rand.NewPCG(8, 8))
	for i, k := range c.frame.Components {
		for y := range k.High {
			for x := range k.Wide {
				var b coef.Block
				for range 6 {
					b[g.IntN(64)] = int16(g.IntN(21) - 10)
				}
				c.planes.Put(i, x, y, &b)
			}
		}
	}
	out, err := c.write()
	require.NoError(t, err)
	return out
}

// kinds are all codings, samplings and odd sizes that can be cut.
func kinds(t *testing.T) map[string][]byte {
	out := map[string][]byte{}
	for _, v := range testkit.Vectors(t, "testdata") {
		if _, err := opened(v.Data); err == nil {
			out[v.Name] = v.Data
		}
	}
	for _, s := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}} {
		out[fmt.Sprint("sampling ", s)] = sampled(t, s[0], s[1], 61, 47)
	}
	return out
}

func same(t *testing.T, want, got image.Image, at image.Point, why string) {
	t.Helper()
	b := got.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			require.Equal(t, want.At(at.X+x, at.Y+y), got.At(b.Min.X+x, b.Min.Y+y), "%s at %d, %d", why, x, y)
		}
	}
}

// TestCrop: inside the part, which may have grown to whole MCUs, every pixel is
// that of the source; the result is clean.
func TestCrop(t *testing.T) {
	for name, src := range kinds(t) {
		m, err := stdjpeg.Decode(bytes.NewReader(src))
		require.NoError(t, err, name)
		full := m.Bounds()
		for _, part := range []image.Rectangle{
			image.Rect(0, 0, 1, 1), image.Rect(9, 9, 20, 18), image.Rect(full.Dx()-1, full.Dy()-1, full.Dx(), full.Dy()), full, image.Rect(-50, 3, 5000, 9),
		} {
			out, fits, err := cropped(src, part, paint.Soft)
			require.NoError(t, err, "%s %v", name, part)
			require.True(t, part.Intersect(full).In(fits), "%s: %v is in %v", name, part, fits)
			require.True(t, fits.In(full))
			require.Less(t, fits.Dx()-part.Intersect(full).Dx(), 32)
			got, err := stdjpeg.Decode(bytes.NewReader(out))
			require.NoError(t, err)
			require.Equal(t, fits.Size(), got.Bounds().Size())
			same(t, m, got, fits.Min, name)
			again, _, err := testkit.Clean(t, Format, out, meta.Policy{})
			require.NoError(t, err)
			require.True(t, bytes.Equal(out, again), "the result is clean already")
		}
		_, _, err = cropped(src, image.Rect(5000, 0, 5010, 10), paint.Soft)
		assert.ErrorIs(t, err, meta.ErrNoArea)
	}
}

// framed is a picture whose pixels outside a part come from seed.
func framed(seed uint64, part image.Rectangle) []byte {
	m := testkit.Picture(128, 96)
	g := rand.New(rand.NewPCG(seed, 1))
	for y := range 96 {
		for x := range 128 {
			if !image.Pt(x, y).In(part) {
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

// TestCropLeavesNothing: two pictures that differ only outside the part give the
// same bytes, with areas covered at its edge too.
func TestCropLeavesNothing(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 9))
	for range 40 {
		x, y := 16*g.IntN(7), 16*g.IntN(5)
		part := image.Rect(x, y, min(x+16*(1+g.IntN(4)), 128), min(y+16*(1+g.IntN(3)), 96))
		r := paint.Region{X: part.Min.X - 9, Y: part.Min.Y - 9, W: 30, H: 20, Ellipse: g.IntN(2) == 0}
		for _, regions := range [][]paint.Region{nil, {r}, {r, {X: 1, Y: 1, W: 100, H: 5}}} {
			style := paint.Style(g.IntN(3))
			a, fits, err := cropped(framed(1, part), part.Inset(2), style, regions...)
			require.NoError(t, err)
			require.Equal(t, part, fits)
			b, _, err := cropped(framed(2, part), part.Inset(2), style, regions...)
			require.NoError(t, err)
			require.True(t, bytes.Equal(a, b), "%v", part)
		}
	}
	_, _, err := cropped(framed(1, image.Rect(0, 0, 16, 16)), image.Rect(0, 0, 16, 16), paint.Soft, paint.Region{X: 900, W: 5, H: 5})
	assert.ErrorIs(t, err, meta.ErrNoArea, "an area outside the uncut picture is a mistake")
}

// TestTile: a part at its own size is what the whole picture shows there, to the
// rounding of the transform.
func TestTile(t *testing.T) {
	for name, src := range kinds(t) {
		o, err := opened(src)
		require.NoError(t, err)
		m, err := stdjpeg.Decode(bytes.NewReader(src))
		require.NoError(t, err, name)
		for _, part := range []image.Rectangle{image.Rect(3, 5, 14, 16), image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy())} {
			tile, _, err := o.(plan.Tiler).Tile(part, 1000)
			require.NoError(t, err)
			b := tile.Bounds()
			part = part.Intersect(m.Bounds())
			require.Equal(t, part.Size(), b.Size(), name)
			sum, n := 0.0, 0
			for y := range b.Dy() {
				for x := range b.Dx() {
					r, g, bl, _ := tile.At(b.Min.X+x, b.Min.Y+y).RGBA()
					R, G, B, _ := m.At(part.Min.X+x, part.Min.Y+y).RGBA()
					for _, d := range []int{int(r>>8) - int(R>>8), int(g>>8) - int(G>>8), int(bl>>8) - int(B>>8)} {
						sum, n = sum+float64(max(d, -d)), n+1
					}
				}
			}
			assert.Less(t, sum/float64(n), 1.5, name)
			small, _, err := o.(plan.Tiler).Tile(part, 4)
			require.NoError(t, err)
			assert.LessOrEqual(t, small.Bounds().Dx(), b.Dx()/2+2, name)
		}
		_, _, err = o.(plan.Tiler).Tile(image.Rect(-9, -9, 0, 0), 100)
		assert.ErrorIs(t, err, meta.ErrNoArea)
	}
}

// FuzzCrop asserts that nothing outside the part matters.
func FuzzCrop(f *testing.F) {
	f.Add(uint64(1), 20, 20, 60, 60, uint8(1))
	f.Add(uint64(2), -5, 50, 200, 3, uint8(2))
	f.Fuzz(func(t *testing.T, seed uint64, x, y, w, h int, style uint8) {
		part := image.Rect(x%200, y%200, x%200+w%200, y%200+h%200)
		_, fits, err := cropped(framed(seed, image.Rectangle{}), part, paint.Soft)
		if err != nil {
			require.ErrorIs(t, err, meta.ErrNoArea)
			return
		}
		r := paint.Region{X: fits.Min.X - 5, Y: fits.Min.Y + 3, W: 30, H: 9}
		a, _, err := cropped(framed(seed, fits), part, paint.Style(style%3), r)
		require.NoError(t, err)
		b, _, err := cropped(framed(seed+1, fits), part, paint.Style(style%3), r)
		require.NoError(t, err)
		require.True(t, bytes.Equal(a, b))
	})
}

// TestCropCorpus cuts every real photo beside the checkout to a part of it.
func TestCropCorpus(t *testing.T) {
	cut := 0
	for p, src := range testkit.Shared(t, "corpus/jpeg/*") {
		out, fits, err := cropped(src, image.Rect(5, 7, 90, 60), paint.Soft)
		if err != nil {
			assert.NotErrorIs(t, err, meta.ErrInternal, p)
			assert.NotErrorIs(t, err, meta.ErrUnverified, p)
			continue
		}
		_, _, err = testkit.Clean(t, Format, out, meta.Policy{})
		require.NoError(t, err, p)
		got, err := stdjpeg.DecodeConfig(bytes.NewReader(out))
		require.NoError(t, err, p)
		assert.Contains(t, []image.Point{fits.Size(), {X: fits.Dy(), Y: fits.Dx()}}, image.Pt(got.Width, got.Height))
		cut++
	}
	assert.Greater(t, cut, 80)
	t.Logf("%d photos cut", cut)
}
