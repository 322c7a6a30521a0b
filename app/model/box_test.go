package model

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub"
)

func TestBetween(t *testing.T) {
	full := image.Pt(100, 80)
	for _, c := range []struct {
		x0, y0, x1, y1 int
		want           scrub.Region
		ok             bool
	}{
		{10, 20, 30, 50, scrub.Region{X: 10, Y: 20, W: 20, H: 30}, true},
		{30, 50, 10, 20, scrub.Region{X: 10, Y: 20, W: 20, H: 30}, true},
		{-10, -5, 20, 20, scrub.Region{W: 20, H: 20}, true},
		{90, 70, 300, 300, scrub.Region{X: 90, Y: 70, W: 10, H: 10}, true},
		{10, 10, 12, 40, scrub.Region{X: 10, Y: 10, W: 2, H: 30}, false},
		{200, 10, 300, 40, scrub.Region{}, false},
	} {
		r, ok := Between(c.x0, c.y0, c.x1, c.y1, full)
		assert.Equal(t, c.ok, ok, c)
		assert.Equal(t, c.want, r)
	}
}

func TestMoved(t *testing.T) {
	full := image.Pt(100, 80)
	r := scrub.Region{X: 40, Y: 30, W: 20, H: 10, Ellipse: true}
	beyond := scrub.Region{X: -8, Y: 30, W: 20, H: 10}
	for _, c := range []struct {
		r      scrub.Region
		dx, dy int
		x, y   int
	}{
		{r, 5, -7, 45, 23}, {r, 500, 500, 80, 70}, {r, -500, -500, 0, 0},
		{beyond, -5, 0, -8, 30}, {beyond, 3, 1, -5, 31}, // what a detector put there
	} {
		m := Moved(c.r, c.dx, c.dy, full)
		assert.Equal(t, scrub.Region{X: c.x, Y: c.y, W: c.r.W, H: c.r.H, Ellipse: c.r.Ellipse}, m)
	}
}

// TestSized pulls at each of the eight handles.
func TestSized(t *testing.T) {
	full := image.Pt(100, 80)
	r := scrub.Region{X: 40, Y: 30, W: 20, H: 10, Ellipse: true}
	for i, want := range [8]scrub.Region{
		{X: 43, Y: 32, W: 17, H: 8}, {X: 40, Y: 32, W: 20, H: 8}, {X: 40, Y: 32, W: 23, H: 8}, {X: 40, Y: 30, W: 23, H: 10},
		{X: 40, Y: 30, W: 23, H: 12}, {X: 40, Y: 30, W: 20, H: 12}, {X: 43, Y: 30, W: 17, H: 12}, {X: 43, Y: 30, W: 17, H: 10},
	} {
		want.Ellipse = true
		h := Handles[i]
		assert.Equal(t, want, Sized(r, h, 3, 2, full))
		x, y := h.Of(r)
		nx, ny := h.Of(Sized(r, h, 3, 2, full))
		if h&(Left|Right) != 0 {
			assert.Equal(t, x+3, nx)
		}
		if h&(Top|Bottom) != 0 {
			assert.Equal(t, y+2, ny)
		}
		for _, far := range []int{-1000, 1000} {
			s := Sized(r, h, far, far, full)
			assert.GreaterOrEqual(t, min(s.W, s.H), Least)
			assert.True(t, image.Rect(s.X, s.Y, s.X+s.W, s.Y+s.H).In(image.Rectangle{Max: full}), "%v", s)
		}
	}
}

func TestCentral(t *testing.T) {
	r, ok := Central(image.Rect(0, 0, 100, 80), image.Pt(100, 80))
	assert.True(t, ok)
	assert.Equal(t, scrub.Region{X: 40, Y: 30, W: 20, H: 20}, r)
	_, ok = Central(image.Rect(0, 0, 3, 3), image.Pt(3, 3))
	assert.False(t, ok, "no room")
}
