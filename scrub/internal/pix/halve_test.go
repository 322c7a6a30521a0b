package pix

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var ratios = []image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
}

// TestHalve: every sampling and odd size keeps its colours where they are.
func TestHalve(t *testing.T) {
	for _, ratio := range ratios {
		for _, size := range []image.Point{{64, 48}, {63, 47}, {61, 1}, {1, 50}} {
			m := image.NewYCbCr(image.Rectangle{Max: size}, ratio)
			for y := range size.Y {
				for x := range size.X {
					m.Y[m.YOffset(x, y)] = uint8(3 * x)
					m.Cb[m.COffset(x, y)] = uint8(4 * y)
					m.Cr[m.COffset(x, y)] = uint8(2 * x)
				}
			}
			h := halve(m, 3)
			require.Equal(t, image.Pt((size.X+1)/2, (size.Y+1)/2), h.Bounds().Size())
			for y := range h.Bounds().Dy() {
				for x := range h.Bounds().Dx() {
					c := h.YCbCrAt(x, y)
					assert.InDelta(t, 3*(2*x)+1, int(c.Y), 2)
					assert.InDelta(t, 4*(2*y), int(c.Cb), 14, "%v %v", ratio, size)
					assert.InDelta(t, 2*(2*x), int(c.Cr), 14, "%v %v", ratio, size)
				}
			}
			assert.Equal(t, (size.X+7)/8, halve(m, 8).Bounds().Dx())
		}
	}
}
