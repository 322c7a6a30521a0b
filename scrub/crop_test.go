package scrub_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// turned is a JPEG or a PNG that is shown by an orientation.
func turned(t *testing.T, png bool, orientation uint16) []byte {
	o := binary.ByteOrder(binary.BigEndian)
	tiff := testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, orientation)}, nil)
	if png {
		return testkit.PNG(testkit.Chunk("eXIf", tiff))
	}
	return testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), tiff))
}

func whole(t *testing.T, b []byte) image.Image {
	m, _, err := scrub.Preview(ctx, bytes.NewReader(b), int64(len(b)), 1<<20)
	require.NoError(t, err)
	return m
}

// TestCropTurned: in every orientation the copy shows the part of the upright
// picture that the report names, and a tile shows the same.
func TestCropTurned(t *testing.T) {
	for _, png := range []bool{false, true} {
		for o := uint16(1); o <= 8; o++ {
			src := turned(t, png, o)
			m := whole(t, src)
			full := m.Bounds().Size()
			part := image.Rect(full.X/2, 1, full.X-1, full.Y/2)
			fits, err := scrub.CropFits(ctx, bytes.NewReader(src), int64(len(src)), part)
			require.NoError(t, err)
			out, r, err := cleanBytes(src, scrub.Options{Crop: part})
			require.NoError(t, err)
			assert.Equal(t, scrub.Cleaned, r.Outcome())
			assert.Equal(t, fits, r.Cropped)
			assert.True(t, part.In(fits))
			got := whole(t, out)
			require.Equal(t, fits.Size(), got.Bounds().Size())
			tile, err := scrub.Tile(ctx, bytes.NewReader(src), int64(len(src)), fits, 1<<20)
			require.NoError(t, err)
			require.Equal(t, fits.Size(), tile.Bounds().Size())
			for y := range fits.Dy() {
				for x := range fits.Dx() {
					want := m.At(m.Bounds().Min.X+fits.Min.X+x, m.Bounds().Min.Y+fits.Min.Y+y)
					require.Equal(t, want, got.At(got.Bounds().Min.X+x, got.Bounds().Min.Y+y), "orientation %d at %d, %d", o, x, y)
					wr, _, _, _ := want.RGBA()
					tr, _, _, _ := tile.At(tile.Bounds().Min.X+x, tile.Bounds().Min.Y+y).RGBA()
					require.InDelta(t, wr>>8, tr>>8, 6, "orientation %d at %d, %d", o, x, y)
				}
			}

			// Areas are in pixels of the uncut picture; those that were cut off are not told of.
			beside := scrub.Region{W: 1, H: 1}
			if fits.Min == (image.Point{}) {
				beside = scrub.Region{X: full.X - 1, Y: full.Y - 1, W: 1, H: 1}
			}
			in := scrub.Region{X: part.Min.X, Y: part.Min.Y, W: 2, H: 2}
			_, r, err = cleanBytes(src, scrub.Options{Crop: part, Cover: scrub.Cover{Regions: []scrub.Region{in}}})
			require.NoError(t, err)
			assert.Equal(t, []scrub.Region{{X: in.X - fits.Min.X, Y: in.Y - fits.Min.Y, W: 2, H: 2}}, r.Covered)
			if image.Pt(beside.X, beside.Y).In(fits) {
				continue
			}
			_, r, err = cleanBytes(src, scrub.Options{Crop: part, Cover: scrub.Cover{Regions: []scrub.Region{beside}, Check: blind{}}})
			require.NoError(t, err)
			assert.Empty(t, r.Covered)
		}
	}
	apng := testkit.APNG()
	_, r, err := cleanBytes(apng, scrub.Options{Crop: image.Rect(0, 0, 2, 2)})
	assert.ErrorIs(t, err, scrub.ErrNoCover)
	assert.Equal(t, scrub.Refused, r.Outcome())
	_, err = scrub.CropFits(ctx, bytes.NewReader(apng), int64(len(apng)), image.Rect(0, 0, 2, 2))
	assert.ErrorIs(t, err, scrub.ErrNoCover)
	_, err = scrub.CropFits(ctx, bytes.NewReader(nil), 0, image.Rect(0, 0, 2, 2))
	assert.ErrorIs(t, err, meta.ErrUnknownFormat)
	_, err = scrub.Tile(ctx, bytes.NewReader(apng), int64(len(apng)), image.Rect(5000, 0, 5001, 2), 9)
	assert.ErrorIs(t, err, meta.ErrNoArea)
}

// TestPreviewCover: what is shown does not depend on what is under the areas.
func TestPreviewCover(t *testing.T) {
	show := func(inside uint8) image.Image {
		m := image.NewGray(image.Rect(3, 4, 103, 84))
		for y := range 80 {
			for x := range 100 {
				v := uint8(x + y)
				if x >= 30 && x < 50 && y >= 20 && y < 40 || x < 9 {
					v = inside
				}
				m.Pix[m.PixOffset(3+x, 4+y)] = v
			}
		}
		// The picture shows 1000 to 2000 by 400 to 1200 of a larger one.
		return scrub.PreviewCover(m, image.Rect(1000, 400, 2000, 1200), []scrub.Region{
			{X: 1300, Y: 600, W: 200, H: 200}, {X: 500, Y: 0, W: 590, H: 9000}, {X: 5000, Y: 0, W: 10, H: 10}}, scrub.CoverSoft)
	}
	a, b := show(0), show(255)
	assert.Equal(t, a, b)
	assert.Equal(t, image.Rect(0, 0, 100, 80), a.Bounds())
	r, _, _, _ := a.At(80, 70).RGBA()
	assert.EqualValues(t, 150, r>>8, "outside it is the picture")
}
