package png

import (
	"bytes"
	"image"
	stdpng "image/png"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func cropped(b []byte, part image.Rectangle, s paint.Style, r ...paint.Region) ([]byte, error) {
	c, err := opened(b)
	if err != nil {
		return nil, err
	}
	fits, err := c.(plan.Cropper).Crop(part)
	if err != nil {
		return nil, err
	}
	if fits != part {
		panic("a PNG is cut exactly")
	}
	return c.Cover(r, s)
}

// TestCrop: every pixel inside is that of the source, and two pictures that
// differ only outside give the same bytes, with an area at the edge too.
func TestCrop(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 7))
	for kind := range kinds {
		for range 10 {
			x, y := g.IntN(60), g.IntN(46)
			part := image.Rect(x, y, x+1+g.IntN(61-x), y+1+g.IntN(47-y))
			outside := func(seed uint64) []byte { // random everywhere, the same inside
				m, err := stdpng.Decode(bytes.NewReader(noise(kind, seed, paint.Region{W: 61, H: 47})))
				require.NoError(t, err)
				fix, err := stdpng.Decode(bytes.NewReader(noise(kind, 5, paint.Region{W: 61, H: 47})))
				require.NoError(t, err)
				for y := part.Min.Y; y < part.Max.Y; y++ {
					for x := part.Min.X; x < part.Max.X; x++ {
						m.(drawable).Set(x, y, fix.At(x, y))
					}
				}
				return testkit.EncodePNG(m)
			}
			a, err := cropped(outside(1), part, paint.Soft)
			require.NoError(t, err)
			got, err := stdpng.Decode(bytes.NewReader(a))
			require.NoError(t, err)
			require.Equal(t, part.Size(), got.Bounds().Size())
			src, err := stdpng.Decode(bytes.NewReader(outside(1)))
			require.NoError(t, err)
			for y := range part.Dy() {
				for x := range part.Dx() {
					require.Equal(t, src.At(part.Min.X+x, part.Min.Y+y), got.At(x, y))
				}
			}
			_, _, err = testkit.Clean(t, Format, a, meta.Policy{})
			require.NoError(t, err)

			r := paint.Region{X: part.Min.X - 4, Y: part.Min.Y - 4, W: 9, H: 9}
			for _, regions := range [][]paint.Region{nil, {r}} {
				a, err := cropped(outside(2), part, paint.Soft, regions...)
				require.NoError(t, err)
				b, err := cropped(outside(3), part, paint.Soft, regions...)
				require.NoError(t, err)
				require.True(t, bytes.Equal(a, b), "%s %v", kind, part)
			}
		}
	}
	_, err := cropped(testkit.APNG(), image.Rect(0, 0, 2, 2), paint.Soft)
	assert.ErrorIs(t, err, meta.ErrNoCover)
	c, err := opened(noise("grey", 1, paint.Region{}))
	require.NoError(t, err)
	_, err = c.(plan.Cropper).Crop(image.Rect(100, 0, 200, 10))
	assert.ErrorIs(t, err, meta.ErrNoArea)
}
