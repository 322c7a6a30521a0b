package paint

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPaletteKeepsTheOutside(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		most := 2 + g.IntN(255)
		outside, inside := map[Colour]bool{}, map[Colour]int{}
		for range g.IntN(most) {
			outside[Colour{byte(g.Uint32()), byte(g.Uint32()), byte(g.Uint32()), byte(255 * g.IntN(2))}] = true
		}
		for range g.IntN(2000) {
			inside[Colour{byte(g.Uint32()), byte(g.Uint32()), 90, 255}]++
		}
		p := NewPalette(outside, inside, most)
		require.NotNil(t, p)
		require.LessOrEqual(t, len(p.Colours), most)
		for c := range outside {
			require.Equal(t, c, p.Colours[p.Index(c)])
		}
		require.True(t, slices.IsSortedFunc(p.Colours, order))
		for c := range inside {
			i := p.Index(c)
			require.Less(t, i, max(len(p.Colours), 1))
			require.Equal(t, i, p.Index(c))
		}
	}
}

func TestPaletteHasWhatFits(t *testing.T) {
	outside := map[Colour]bool{{1, 2, 3, 255}: true, {}: true}
	inside := map[Colour]int{{9, 9, 9, 255}: 1, {1, 2, 3, 255}: 4, {200, 9, 9, 255}: 2}
	p := NewPalette(outside, inside, 256)
	assert.Equal(t, []Colour{{}, {1, 2, 3, 255}, {9, 9, 9, 255}, {200, 9, 9, 255}}, p.Colours)
	p = NewPalette(outside, inside, 3)
	assert.Equal(t, []Colour{{}, {1, 2, 3, 255}, {204, 0, 0, 255}}, p.Colours, "near the more frequent one")
	assert.Equal(t, 1, p.Index(Colour{9, 9, 9, 255}), "the nearest that is no hole")
	assert.Nil(t, NewPalette(outside, inside, 1))
}

func TestCoverOfARaster(t *testing.T) {
	r := NewRaster(20, 10, 4, 2, 3)
	for i := range r.Pix {
		r.Pix[i] = byte(i)
	}
	before := r.Clone()
	c, missed := NewCover([]Region{{X: 3, Y: 2, W: 5, H: 4}, {X: 15, Y: 8, W: 90, H: 90}}, Solid, 20, 10)
	require.Equal(t, -1, missed)
	c.Paint(r)
	assert.True(t, c.SameOutside(before, r))
	at := r.At(4, 3)
	assert.Equal(t, []byte{48, 48, 48, 48, 48, 48, 255, 255}, r.Pix[at:at+8])
	r.Pix[0]++
	assert.False(t, c.SameOutside(before, r))

	_, missed = NewCover([]Region{{X: 3, Y: 2, W: 5, H: 4}, {X: 20, Y: 0, W: 5, H: 5}}, Solid, 20, 10)
	assert.Equal(t, 1, missed)
}

// TestBlockCover: whole blocks are covered; what is covered is no input to
// anything, and all else stays.
func TestBlockCover(t *testing.T) {
	const w, h = 61, 47
	regions := []Region{{X: 10, Y: 8, W: 20, H: 15, Ellipse: true}, {X: 28, Y: 20, W: 9, H: 9}, {X: -5, Y: 40, W: 9, H: 30}}
	picture := func(v byte) *Raster {
		r := NewRaster(w, h, 4, 1, 3)
		for i := range r.Pix {
			r.Pix[i] = byte(i*7)*v + byte(i/w)
		}
		return r
	}
	for _, side := range []int{1, 8} {
		for _, style := range []Style{Soft, Solid, Mosaic} {
			c, missed := NewBlockCover(regions, style, w, h, side)
			require.Equal(t, -1, missed)
			a, b := picture(1), picture(3)
			for y := range h {
				for x := range w {
					inside := false
					for _, g := range regions {
						bx, by := x/side*side, y/side*side
						inside = inside || g.Touches(bx, by, min(side, w-bx), min(side, h-by))
					}
					require.Equal(t, inside, c.Pixels[y*w+x], "%d,%d", x, y)
					if !inside {
						copy(b.Pix[b.At(x, y):][:4], a.Pix[a.At(x, y):])
					}
				}
			}
			before := a.Clone()
			c.Paint(a)
			c.Paint(b)
			assert.Equal(t, a.Pix, b.Pix, "the same, whatever was covered")
			assert.True(t, c.SameOutside(before, a))
		}
	}
	_, missed := NewBlockCover([]Region{{X: 1, Y: 1, W: 3, H: 3}, {X: 20, Y: 0, W: 9, H: 9}}, Soft, 20, 20, 8)
	assert.Equal(t, 1, missed)
}

func TestFrames(t *testing.T) {
	got := frames([]Region{{X: 0, Y: 0, W: 10, H: 10}, {X: 50, Y: 50, W: 5, H: 5}, {X: 12, Y: 0, W: 10, H: 10}, {X: 200, Y: 0, W: 9, H: 9}}, 100, 60)
	assert.Equal(t, []frame{{48, 48, 57, 57}, {0, 0, 24, 12}}, got)
}
