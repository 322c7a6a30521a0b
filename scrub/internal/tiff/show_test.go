package tiff

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// seen is what the canvas of a file shows.
func seen(t *testing.T, p ...pic) (*image.NRGBA, error) {
	t.Helper()
	c, err := openCanvas(testkit.Window(build(le, false, p...)), meta.Policy{})
	require.NoError(t, err)
	m, _, _, pages, err := c.(*canvas).Whole()
	if err == nil {
		assert.Equal(t, len(p), pages)
	}
	return m, err
}

// coded is a colourful JPEG datastream.
func coded(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{byte(10 * x), byte(20 * y), byte(200 - 5*x), 255})
		}
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

// TestShowJPEG: pages in JPEG cannot be covered, but looked at.
func TestShowJPEG(t *testing.T) {
	whole, _, _ := jpegParts(wide, high)
	want, err := jpeg.Decode(bytes.NewReader(whole))
	require.NoError(t, err)
	m, err := seen(t, bases()["jpeg"]...) // with shared tables
	require.NoError(t, err)
	require.Equal(t, want.Bounds(), m.Bounds())
	for y := range high {
		for x := range wide {
			v := want.(*image.Gray).GrayAt(x, y).Y
			require.Equal(t, color.NRGBA{v, v, v, 255}, m.NRGBAAt(x, y))
		}
	}

	// The same data means other colours where the page says so.
	data := coded(t, wide, high)
	want, err = jpeg.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	ycc := want.(*image.YCbCr)
	ycbcr := with(strips(basic(photoYCbCr, compJPEG, 3, 8), high, data), short(tagSubsampling, 2, 2))
	m, err = seen(t, ycbcr, bases()["grey"][0])
	require.NoError(t, err)
	rgb, err := seen(t, strips(basic(photoRGB, compJPEG, 3, 8), high, data))
	require.NoError(t, err)
	for y := range high {
		for x := range wide {
			require.Equal(t, color.NRGBAModel.Convert(ycc.At(x, y)), m.At(x, y))
			c := ycc.YCbCrAt(x, y)
			require.Equal(t, color.NRGBA{c.Y, c.Cb, c.Cr, 255}, rgb.NRGBAAt(x, y))
		}
	}

	// Tiles reach beyond the edge.
	tile := coded(t, 16, 16)
	m, err = seen(t, with(tiles(basic(photoYCbCr, compJPEG, 3, 8), tile, tile), short(tagSubsampling, 2, 2)))
	require.NoError(t, err)
	assert.Equal(t, m.NRGBAAt(1, 3), m.NRGBAAt(17, 3))
}

func TestNotShown(t *testing.T) {
	data := coded(t, wide, high)
	page := strips(basic(photoRGB, compJPEG, 3, 8), high, data)
	for name, c := range map[string]struct {
		data []byte
		err  error
	}{
		"cut":       {data[:len(data)/2], meta.ErrMalformed},
		"smaller":   {coded(t, wide, high-1), meta.ErrMalformed},
		"far wider": {coded(t, wide+65, high), meta.ErrMalformed},
		"grey":      {func() []byte { b, _, _ := jpegParts(wide, high); return b }(), meta.ErrUnsupported},
	} {
		p := page
		p.parts = [][]byte{c.data}
		open, err := openCanvas(testkit.Window(build(le, false, p)), meta.Policy{})
		if err == nil {
			_, _, _, _, err = open.(*canvas).Whole()
		}
		assert.ErrorIs(t, err, c.err, name)
		if open != nil {
			m, _, _ := open.See(16)
			assert.Nil(t, m, name)
		}
	}
	// A page that is not the first is not shown, and need not be.
	c, err := openCanvas(testkit.Window(build(le, false, page, bases()["fax"][0])), meta.Policy{})
	require.NoError(t, err)
	_, err = c.Cover([]paint.Region{{X: 1, Y: 1, W: 3, H: 3}}, paint.Soft)
	assert.ErrorIs(t, err, meta.ErrNoCover)
	_, err = openCanvas(testkit.Window(build(le, false, bases()["grey"][0], page)), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrNoCover)
}
