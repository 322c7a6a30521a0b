package recode

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

func window(b []byte) *rd.Window {
	return rd.New(context.Background(), rd.Held(b), int64(len(b)), rd.Default)
}

// picture is a gradient with something in the area.
func picture(inside color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 96, 64))
	for y := range 64 {
		for x := range 96 {
			m.SetNRGBA(x, y, color.NRGBA{byte(40 + 2*x), byte(60 + 2*y), 90, 255})
			if (image.Point{x, y}).In(image.Rect(30, 20, 60, 40)) {
				m.SetNRGBA(x, y, inside)
			}
		}
	}
	return m
}

var area = []paint.Region{{X: 30, Y: 20, W: 30, H: 20}}

func cover(t *testing.T, b []byte) (*pix.Picture, []byte) {
	t.Helper()
	c, err := Open(window(b), meta.Policy{})
	require.NoError(t, err)
	out, err := c.Cover(area, paint.Soft)
	require.NoError(t, err)
	p, err := pix.Decode(context.Background(), bytes.NewReader(out), int64(len(out)))
	require.NoError(t, err)
	seen, full, orientation := c.See(100)
	assert.Equal(t, p.NRGBA, seen, "what is seen is the new file")
	assert.Equal(t, p.Rect.Max, full)
	assert.Equal(t, 1, orientation)
	return p, out
}

func TestCover(t *testing.T) {
	if !codec.Available {
		t.Skip("built without decoders")
	}
	ctx := context.Background()
	magenta, black := color.NRGBA{255, 0, 255, 255}, color.NRGBA{0, 0, 0, 255}
	for _, format := range []string{"webp", "lossless webp", "avif", "jxl", "lossless jxl"} {
		encode := func(m *image.NRGBA) (b []byte) {
			var err error
			switch format {
			case "avif":
				b, err = codec.EncodeAVIF(ctx, m, 95)
			case "jxl":
				b, err = codec.EncodeJXL(ctx, m, 95)
			case "lossless jxl":
				b, err = codec.EncodeJXL(ctx, m, 100)
			default:
				b, err = codec.EncodeWebP(m, format != "webp", 95)
			}
			require.NoError(t, err)
			return b
		}
		m := picture(magenta)
		p, out := cover(t, encode(m))
		assert.Contains(t, format, p.Format)
		assert.Equal(t, m.Rect, p.Rect)
		inside := p.NRGBAAt(45, 30)
		assert.Less(t, int(inside.R)-int(inside.G), 90, "%s: magenta is gone: %v", format, inside)
		if p.Lossless {
			for y := range 64 {
				for x := range 96 {
					if !area[0].Touches(x, y, 1, 1) {
						require.Equal(t, m.NRGBAAt(x, y), p.NRGBAAt(x, y), "%s: outside", format)
					}
				}
			}
			_, other := cover(t, encode(picture(black)))
			assert.Equal(t, out, other, "%s: the same file, whatever was covered", format)
		}
		c, err := Open(window(encode(m)), meta.Policy{})
		require.NoError(t, err)
		_, err = c.Cover([]paint.Region{{X: 96, Y: 0, W: 5, H: 5}}, paint.Soft)
		require.ErrorIs(t, err, meta.ErrNoArea)
	}
}

// TestHEIC: nothing here writes HEIC, so it becomes a JPEG.
func TestHEIC(t *testing.T) {
	if !codec.Available {
		t.Skip("built without decoders")
	}
	assert.Equal(t, "jpeg", Covered("heic"))
	assert.Empty(t, Covered("tiff"))
	heic, err := os.ReadFile("../codec/testdata/corners.heic")
	require.NoError(t, err)
	area := []paint.Region{{X: 2, Y: 2, W: 12, H: 10}}
	c, err := Open(window(heic), meta.Policy{})
	require.NoError(t, err)
	out, err := c.Cover(area, paint.Solid)
	require.NoError(t, err)
	assert.Equal(t, "\xff\xd8", string(out[:2]))
	a, err := Anew(window(heic))
	require.NoError(t, err)
	assert.Equal(t, "heic", a.Format())
	again, err := a.Cover(area, paint.Solid)
	require.NoError(t, err)
	assert.Equal(t, out, again)
}

// TestFineColours: what a JPEG with less chroma than light would blur becomes a PNG.
func TestFineColours(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 8, 40))
	for y := range 40 {
		for x := range 8 {
			m.SetNRGBA(x, y, color.NRGBA{byte(200 * (y & 1)), 0, byte(200 * (x & 1)), 255})
		}
	}
	c := &Canvas{ctx: context.Background(), pic: pix.Seen(m, "jpeg", nil, 1, false), new: true}
	c.pic.Lossless = false
	out, err := c.Cover(nil, paint.Soft)
	require.NoError(t, err)
	again, format, err := image.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Equal(t, "png", format)
	for y := range 40 {
		for x := range 8 {
			require.Equal(t, m.At(x, y), color.NRGBAModel.Convert(again.At(x, y)))
		}
	}
}
