package model

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestViewThereAndBack: at any size, zoom and pan a place of the picture is found
// again at the point where it is seen.
func TestViewThereAndBack(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		v := View{Full: image.Pt(1+g.IntN(9000), 1+g.IntN(9000)), W: 1 + g.Float64()*2000, H: 1 + g.Float64()*2000}
		for range g.IntN(4) {
			v.ZoomAt(g.Float64()*v.W, g.Float64()*v.H, 0.3+3*g.Float64())
			v.Pan(800*g.Float64()-400, 800*g.Float64()-400)
		}
		x, y := g.Float64()*float64(v.Full.X), g.Float64()*float64(v.Full.Y)
		bx, by := v.Pixel(v.Point(x, y))
		require.InDelta(t, x, bx, 1e-6)
		require.InDelta(t, y, by, 1e-6)
		px, py := g.Float64()*v.W, g.Float64()*v.H
		bx, by = v.Point(v.Pixel(px, py))
		require.InDelta(t, px, bx, 1e-6)
		require.InDelta(t, py, by, 1e-6)

		// The pan has limits: where the picture is larger than the frame, it fills it.
		x0, y0 := v.Point(0, 0)
		x1, y1 := v.Point(float64(v.Full.X), float64(v.Full.Y))
		for _, side := range [][3]float64{{x0, x1, v.W}, {y0, y1, v.H}} {
			if side[1]-side[0] >= side[2] {
				require.LessOrEqual(t, side[0], 1e-6)
				require.GreaterOrEqual(t, side[1], side[2]-1e-6)
			} else {
				require.InDelta(t, side[2], side[0]+side[1], 1e-6, "in the middle")
			}
		}
		require.False(t, v.Seen().Empty())
		require.LessOrEqual(t, v.Scale(), max(maxScale, v.Fit()))
	}
}

// TestZoomKeepsThePlace under the pointer, as long as no edge is in the way.
func TestZoomKeepsThePlace(t *testing.T) {
	v := View{Full: image.Pt(4000, 3000), W: 800, H: 600}
	x, y := v.Pixel(300, 350)
	for range 5 {
		v.ZoomAt(300, 350, 1.4)
		nx, ny := v.Pixel(300, 350)
		assert.InDelta(t, x, nx, 1e-6)
		assert.InDelta(t, y, ny, 1e-6)
	}
	assert.True(t, v.Zoomed())
	v.ZoomTo(1)
	assert.Equal(t, 1.0, v.Scale())
	assert.InDelta(t, 800, v.Seen().Dx(), 1, "one to one")
	v.Pan(1e9, 1e9)
	assert.Equal(t, image.Rect(0, 0, 800, 600), v.Seen())
	v.Show(image.Rect(3900, 10, 3990, 50))
	assert.Equal(t, image.Rect(3190, 0, 3990, 600), v.Seen(), "no more than needed")
	v.Show(image.Rect(0, 0, 4000, 3000))
	assert.Equal(t, image.Rect(1600, 1200, 2400, 1800), v.Seen(), "what is larger than the frame: its middle")
	v.ZoomAt(5, 5, 1e-9)
	assert.False(t, v.Zoomed())
	assert.Equal(t, image.Rect(0, 0, 4000, 3000), v.Seen())
	v.Pan(50, 50)
	assert.Equal(t, image.Rect(0, 0, 4000, 3000), v.Seen())

	// A cut copy shows the same place as its original.
	v.ZoomTo(2)
	cut := View{Full: image.Pt(3000, 2000), W: 400, H: 300}
	cut.Follow(v, image.Pt(100, 200))
	x, y = v.Pixel(v.W/2, v.H/2)
	cx, cy := cut.Pixel(200, 150)
	assert.InDelta(t, x-100, cx, 1e-6)
	assert.InDelta(t, y-200, cy, 1e-6)
	assert.Equal(t, v.Scale(), cut.Scale())
}
