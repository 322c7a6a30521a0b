package coef

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reference is the inverse DCT of n by n points, as the formula has it.
func reference(b *Block, q *[64]uint16, n, x, y int) float64 {
	c := func(u int) float64 {
		if u == 0 {
			return math.Sqrt(0.125)
		}
		return 0.5
	}
	sum := 0.0
	for v := range n {
		for u := range n {
			f := float64(b[8*v+u]) * float64(q[8*v+u])
			sum += f * c(u) * c(v) * math.Cos(float64(2*x+1)*float64(u)*math.Pi/float64(2*n)) * math.Cos(float64(2*y+1)*float64(v)*math.Pi/float64(2*n))
		}
	}
	return min(max(sum+128, 0), 255)
}

func TestReduced(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, f := range frames() {
		p := NewPlanes(f)
		for range 20 {
			fill(p, r, 80)
			var q [64]uint16
			for k := range q {
				q[k] = uint16(1 + r.IntN(3))
			}
			for comp, c := range f.Components {
				for _, n := range []int{1, 2, 4} {
					out := p.Reduced(comp, n, &q)
					if !assert.Len(t, out, c.Wide*n*c.High*n) {
						return
					}
					for i, v := range out {
						x, y := i%(c.Wide*n), i/(c.Wide*n)
						want := reference(p.At(comp, x/n, y/n), &q, n, x%n, y%n)
						if math.Abs(float64(v)-want) > 1 {
							t.Fatalf("%d points: sample %d,%d is %d, want %.2f", n, x, y, v, want)
						}
					}
				}
			}
		}
	}
	var q [64]uint16
	b := Block{0: math.MaxInt16, 9: math.MinInt16, 27: math.MinInt16}
	for k := range q {
		q[k] = math.MaxUint16 // a hostile table must not panic
	}
	b.half(&q, make([]byte, 16), 4)
	b.quarter(&q, make([]byte, 16), 4)
}

func BenchmarkReduced(b *testing.B) {
	f := NewFrame(false, 4000, 3000, []Component{{ID: 1, H: 1, V: 1}})
	p, q := NewPlanes(f), [64]uint16{}
	fill(p, rand.New(rand.NewPCG(4, 4)), 80)
	for b.Loop() {
		p.Reduced(0, 4, &q)
	}
}

// TestTile: a tile shows, at every size, what the planes of the whole frame show there.
func TestTile(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	var q [64]uint16
	for i := range q {
		q[i] = uint16(1 + i/4)
	}
	for _, f := range frames() {
		p := NewPlanes(f)
		fill(p, r, 90)
		_, _, h, v := f.MCUs()
		for _, n := range []int{1, 2, 4, 8} {
			tile := NewTile(f, 1, 1, 1, 1, n)
			for c, comp := range f.Components {
				for y := range comp.High {
					for x := range comp.Wide {
						*tile.At(c, x, y) = Block{}
						tile.Put(c, x, y, p.At(c, x, y))
					}
				}
				whole, part := p.Reduced(c, n, &q), tile.Reduced(c, &q)
				for y := range v[c] * n {
					for x := range h[c] * n {
						require.Equal(t, whole[(v[c]*n+y)*comp.Wide*n+h[c]*n+x], part[y*h[c]*n+x])
					}
				}
			}
		}
		g, cut := p.Cut(1, 1, 1, 1, 8*h[0], 8*v[0])
		require.Equal(t, *p.At(0, h[0], v[0]), *cut.At(0, 0, 0))
		require.Equal(t, 8*h[0], g.Width)
	}
}
