package face

import (
	"context"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCascade(t *testing.T) {
	c := trees()
	assert.Equal(t, 6, c.depth)
	assert.Len(t, c.least, 468)
	assert.Len(t, c.leaf, 468*64)
	assert.Len(t, c.nodes, 468*64)
}

// TestBasicAnySize: no window leaves the picture, however small or long it is.
func TestBasicAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for _, size := range [][2]int{{1, 1}, {1, 300}, {300, 2}, {19, 19}, {20, 20}, {21, 64}, {97, 55}} {
		m := image.NewGray(image.Rect(5, 7, 5+size[0], 7+size[1]))
		for i := range m.Pix {
			m.Pix[i] = byte(r.Uint32())
		}
		_, err := Basic{}.Detect(context.Background(), m, Default)
		require.NoError(t, err, "%v", size)
	}
	boxes, err := Basic{}.Detect(context.Background(), image.NewGray(image.Rectangle{}), Default)
	require.NoError(t, err)
	assert.Empty(t, boxes)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Basic{}.Detect(gone, image.NewGray(image.Rect(0, 0, 50, 50)), Default)
	require.ErrorIs(t, err, context.Canceled)
}

// TestFramed: the outermost pixels are repeated, the corners by those of the corners.
func TestFramed(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 20, 10))
	for y := range 10 {
		for x := range 20 {
			m.SetGray(x, y, color.Gray{Y: uint8(10*y + x)})
		}
	}
	g, edge := framed(m, image.Pt(20, 10))
	require.Equal(t, 3, edge)
	require.Equal(t, image.Rect(0, 0, 26, 16), g.Rect)
	for y := range 16 {
		for x := range 26 {
			sx, sy := min(max(x-3, 0), 19), min(max(y-3, 0), 9)
			require.Equal(t, m.GrayAt(sx, sy), g.GrayAt(x, y), "%d,%d", x, y)
		}
	}
}

// TestCluster: hits on one face become one box, and its parts none.
func TestCluster(t *testing.T) {
	boxes := cluster([]hit{{100, 100, 50, 6}, {102, 100, 50, 6}, {101, 95, 12, 5}, {300, 300, 40, 5}, {400, 400, 40, 4}})
	require.Len(t, boxes, 2)
	assert.Equal(t, Found, boxes[0].Level)
	assert.InDelta(t, 101-25, boxes[0].X, 0.01)
	assert.InDelta(t, 12, boxes[0].Score, 0.01)
	assert.Equal(t, Maybe, boxes[1].Level)
}
