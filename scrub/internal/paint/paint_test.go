package paint

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFillIsBetweenItsSurroundings: no value is larger or smaller than what is known.
func TestFillIsBetweenItsSurroundings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 200 {
		p := NewPatch(1+r.IntN(40), 1+r.IntN(40))
		lo, hi := int32(255), int32(0)
		for y := range p.H {
			for x := range p.W {
				if r.IntN(3) == 0 {
					v := int32(60 + r.IntN(100))
					p.Set(x, y, v)
					lo, hi = min(lo, v), max(hi, v)
				}
			}
		}
		q := *p
		q.V = append([]int32(nil), p.V...)
		p.Fill(128)
		if hi == 0 {
			lo, hi = 128, 128
		}
		for y := range p.H {
			for x := range p.W {
				require.GreaterOrEqual(t, p.At(x, y), lo-1)
				require.LessOrEqual(t, p.At(x, y), hi)
				if q.Known[y*q.W+x] {
					require.Equal(t, q.At(x, y), p.At(x, y), "what is known stays")
				}
			}
		}
	}
}

// TestFillIgnoresTheUnknown: what an unknown sample held before changes nothing.
func TestFillIgnoresTheUnknown(t *testing.T) {
	make := func(junk int32) *Patch {
		p := NewPatch(33, 17)
		for i := range p.V {
			p.V[i] = junk
		}
		for y := range p.H {
			for x := range p.W {
				if x < 3 || y < 2 || x > 29 {
					p.Set(x, y, int32(x*7+y))
				}
			}
		}
		p.Fill(128)
		return p
	}
	assert.Equal(t, make(0).V, make(99999).V)
}

// TestFillIsSmooth: between a dark and a bright side the values rise steadily.
func TestFillIsSmooth(t *testing.T) {
	p := NewPatch(64, 8)
	for y := range p.H {
		p.Set(0, y, 0)
		p.Set(63, y, 252)
	}
	p.Fill(128)
	for x := 1; x < 64; x++ {
		assert.GreaterOrEqual(t, p.At(x, 4)+6, p.At(x-1, 4))
		assert.Less(t, p.At(x, 4)-p.At(x-1, 4), int32(24))
	}
}

func TestShapes(t *testing.T) {
	rect, oval := Region{X: 10, Y: 20, W: 30, H: 10}, Region{X: 10, Y: 20, W: 30, H: 10, Ellipse: true}
	cover := func(r Region, x, y int) int64 {
		return r.coverAt(r.distance(x, y))
	}
	assert.EqualValues(t, one, cover(rect, 10, 20))
	assert.Zero(t, cover(rect, 9, 20))
	assert.Zero(t, cover(rect, 40, 29))
	assert.EqualValues(t, one, cover(oval, 25, 25))
	assert.Zero(t, cover(oval, 10, 20), "the corner")
	assert.True(t, rect.Touches(0, 0, 11, 21))
	assert.False(t, rect.Touches(0, 0, 10, 20))
	assert.False(t, oval.Touches(8, 18, 4, 4))
	for y := range 60 {
		for x := range 60 {
			for _, r := range []Region{rect, oval} {
				if cover(r, x, y) > 0 {
					require.True(t, r.Touches(x/8*8, y/8*8, 8, 8), "every covered pixel lies in a block that is touched")
				}
			}
		}
	}
}

func TestSolidIsOneTone(t *testing.T) {
	for _, chroma := range []bool{false, true} {
		b := Brush{Regions: []Region{{X: 10, Y: 10, W: 9, H: 9}}, Style: Solid, Chroma: chroma}
		p := painted(&b, 40)
		want := int32(solidTone)
		if chroma {
			want = neutral
		}
		for y := range 9 {
			for x := range 9 {
				require.Equal(t, want, p.At(10+x, 10+y))
			}
		}
		assert.EqualValues(t, 40, p.At(8, 8), "outside of it is the fill")
	}
}

// painted is a patch of 64 by 64 known samples but for 8 to 56 in both
// directions, painted over.
func painted(b *Brush, v int32) *Patch {
	p := NewPatch(64, 64)
	for y := range 64 {
		for x := range 64 {
			if x < 8 || y < 8 || x >= 56 || y >= 56 {
				p.Set(x, y, v)
			}
		}
	}
	b.Paint(p, 0, 0, 1, 1)
	return p
}

// TestMosaicIsTiles: a tile is one value, and not all tiles are the same.
func TestMosaicIsTiles(t *testing.T) {
	r := Region{X: 8, Y: 8, W: 48, H: 48}
	p := painted(&Brush{Regions: []Region{r}, Style: Mosaic}, 60)
	values := map[int32]bool{}
	for y := range 48 {
		for x := range 48 {
			v := p.At(8+x, 8+y)
			require.Equal(t, p.At(8+x/6*6, 8+y/6*6), v)
			values[v] = true
		}
	}
	assert.Greater(t, len(values), 10)
}

// TestSoftShowsAnOval: brighter in the middle, and equal to its surroundings at the edge.
func TestSoftShowsAnOval(t *testing.T) {
	p := painted(&Brush{Regions: []Region{{X: 8, Y: 8, W: 48, H: 48, Ellipse: true}}}, 60)
	assert.InDelta(t, 110, p.At(32, 32), 5)
	assert.InDelta(t, 60, p.At(8, 32), 12)
}
