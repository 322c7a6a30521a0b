package pix

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/codec"
)

// scene is a picture of 12 megapixels with something to code in every block.
func scene() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 4000, 3000))
	noise := uint32(1)
	for y := range 3000 {
		for x := range 4000 {
			noise = noise*1664525 + 1013904223
			v := byte(x/16^y/16) + byte(noise>>29)
			m.SetNRGBA(x, y, color.NRGBA{v, byte(x / 20), byte(y/15) + byte(noise>>30), 255})
		}
	}
	return m
}

// BenchmarkPreview decodes 12 megapixels to look at them, for the window.
func BenchmarkPreview(b *testing.B) {
	need(b)
	ctx := context.Background()
	for _, c := range []struct {
		name string
		file func(*image.NRGBA) ([]byte, error)
	}{
		{"jpeg", func(m *image.NRGBA) ([]byte, error) { return (&Picture{NRGBA: m}).JPEG() }},
		{"heic", func(*image.NRGBA) ([]byte, error) {
			return os.ReadFile("../../../../shared/corpus/heic/test__samsung-one-ui-6.heic")
		}},
		{"avif", func(m *image.NRGBA) ([]byte, error) { return codec.EncodeAVIF(ctx, m, 80) }},
		{"webp", func(m *image.NRGBA) ([]byte, error) { return codec.EncodeWebP(m, false, 80) }},
		{"webp-lossless", func(m *image.NRGBA) ([]byte, error) { return codec.EncodeWebP(m, true, 0) }},
		{"jxl", func(m *image.NRGBA) ([]byte, error) { return codec.EncodeJXL(ctx, m, 80) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			file, err := c.file(scene())
			if os.IsNotExist(err) {
				b.Skip("there is no corpus beside the checkout")
			}
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				_, _, err := Preview(ctx, bytes.NewReader(file), int64(len(file)), 1600)
				require.NoError(b, err)
			}
		})
	}
}
