package face

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/binary"
	"image"
	"math"
	"slices"
	"sync"

	"golang.org/x/image/draw"
)

// facefinder is the cascade of github.com/esimov/pigo (MIT, see cascade/LICENSE):
// trees of comparisons between two pixels (Markuš and others, "Object detection
// with pixel intensity comparisons organized in decision trees", 2014).
//
//go:embed cascade/facefinder
var facefinder []byte

// Basic is the detector that is always there. It is weaker than YuNet and misses
// most faces that are turned away. The zero value is ready.
type Basic struct{}

// Name says which detector looks.
func (Basic) Name() string { return "basic face finder" }

// cascade are the trees: codes of the comparisons in the nodes, values in the
// leaves, and the sum below which a window is given up.
type cascade struct {
	depth int
	nodes [][4]int8 // by tree, the root of each at 1
	leaf  []float32
	least []float32
}

var trees = sync.OnceValue(func() cascade {
	le := binary.LittleEndian
	b := facefinder[8:]
	c := cascade{depth: int(le.Uint32(b))}
	n, leaves := int(le.Uint32(b[4:])), 1<<c.depth
	b = b[8:]
	number := func() float32 {
		v := math.Float32frombits(le.Uint32(b))
		b = b[4:]
		return v
	}
	for range n {
		c.nodes = append(c.nodes, [4]int8{})
		for range leaves - 1 {
			c.nodes = append(c.nodes, [4]int8{int8(b[0]), int8(b[1]), int8(b[2]), int8(b[3])})
			b = b[4:]
		}
		for range leaves {
			c.leaf = append(c.leaf, number())
		}
		c.least = append(c.least, number())
	}
	return c
})

// How the picture is scanned.
const (
	basicSide  = 1600 // the longest side that is looked at
	basicMin   = 20   // the smallest window, in pixels of it
	basicGrow  = 1.1  // from one size of the window to the next
	basicShift = 0.1  // from one window to the next, as a part of its size
	basicEdge  = 0.15 // what is added around the picture, as a part of its longest side
	oneCluster = 0.2  // the overlap above which hits are about one face

	// The sum of the hits of a cluster from which it counts. They were measured
	// once and are not tuned to any set of photos.
	basicFound = 12
	basicMaybe = 4.5
)

// turns are the ways in which the trees look at a window: in degrees, and mirrored.
var turns = []struct {
	degrees float64
	mirror  bool
}{{0, false}, {0, true}, {15, false}, {-15, false}, {30, false}, {-30, false}}

// hit is a window that passed all trees.
type hit struct{ x, y, size, q float64 }

// Detect finds faces in an upright picture. The boxes are in pixels of it; a
// score is the sum of the hits of a face. In Quick mode only upright faces are
// looked for.
func (Basic) Detect(ctx context.Context, m image.Image, mode Mode) ([]Box, error) {
	b := m.Bounds()
	if b.Empty() {
		return nil, nil
	}
	size := fit(b.Dx(), b.Dy(), pass{size: basicSide})
	grey, edge := framed(m, size)
	var hits []hit
	ways := turns
	if mode == Quick {
		ways = turns[:1]
	}
	for _, w := range ways {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		hits = scan(hits, grey, w.degrees, w.mirror)
	}
	f, e := float64(b.Dx())/float64(size.X), float64(edge)
	boxes := cluster(hits)
	for i := range boxes {
		k := &boxes[i]
		k.X, k.Y, k.W, k.H = (k.X-e)*f, (k.Y-e)*f, k.W*f, k.H*f
	}
	return boxes, nil
}

// framed is m in grey and at the given size, with its outermost pixels repeated
// around it: windows are looked at as a whole, and faces are cut off by the frame.
func framed(m image.Image, size image.Point) (g *image.Gray, edge int) {
	edge = int(basicEdge * float64(max(size.X, size.Y)))
	g = image.NewGray(image.Rect(0, 0, size.X+2*edge, size.Y+2*edge))
	inner := image.Rectangle{Max: size}.Add(image.Pt(edge, edge))
	draw.BiLinear.Scale(g, inner, m, m.Bounds(), draw.Src, nil)
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		row := g.Pix[y*g.Stride:][:g.Stride]
		for x := range edge {
			row[x], row[inner.Max.X+x] = row[edge], row[inner.Max.X-1]
		}
	}
	for y := range edge {
		copy(g.Pix[y*g.Stride:], g.Pix[edge*g.Stride:][:g.Stride])
		copy(g.Pix[(inner.Max.Y+y)*g.Stride:], g.Pix[(inner.Max.Y-1)*g.Stride:][:g.Stride])
	}
	return g, edge
}

// scan slides windows of all sizes over the picture.
func scan(hits []hit, m *image.Gray, degrees float64, mirror bool) []hit {
	c := trees()
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	sx := 1.0
	if mirror {
		sx = -1
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	offsets := make([][2]int32, len(c.nodes))
	for size := float64(basicMin); size <= float64(min(w, h)); size *= basicGrow {
		// Codes are in 1/256 of the window, from its middle.
		reach := 0
		at := func(r, col int8) int32 {
			// To whole pixels first, as the trees were trained, then turned.
			y, x := math.Floor(float64(r)*size/256), sx*math.Floor(float64(col)*size/256)
			v, u := int(math.Round(y*cos-x*sin)), int(math.Round(y*sin+x*cos))
			reach = max(reach, v, -v, u, -u)
			return int32(v*m.Stride + u)
		}
		for i, n := range c.nodes {
			offsets[i] = [2]int32{at(n[0], n[1]), at(n[2], n[3])}
		}
		step := max(int(size*basicShift), 1)
		for y := reach; y < h-reach; y += step {
			for x := reach; x < w-reach; x += step {
				if q := c.rate(m.Pix, y*m.Stride+x, offsets); q > 0 {
					hits = append(hits, hit{float64(x), float64(y), size, float64(q)})
				}
			}
		}
	}
	return hits
}

// rate is how sure the trees are of the window around pixel p, negative if not at all.
func (c *cascade) rate(pix []byte, p int, offsets [][2]int32) float32 {
	leaves := 1 << c.depth
	sum := float32(0)
	for t, least := range c.least {
		nodes := offsets[t*leaves : (t+1)*leaves]
		i := 1
		for range c.depth {
			o := nodes[i]
			i *= 2
			if pix[p+int(o[0])] <= pix[p+int(o[1])] {
				i++
			}
		}
		if sum += c.leaf[t*leaves+i-leaves]; sum <= least {
			return -1
		}
	}
	return sum - c.least[len(c.least)-1]
}

// cluster puts hits on one face together, the strongest first. A face is their
// mean, weighted by how sure the trees are; one that is centred in a surer one is
// a part of it.
func cluster(hits []hit) []Box {
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.q, a.q) })
	box := func(x, y, size float64) Box { return Box{X: x - size/2, Y: y - size/2, W: size, H: size} }
	used := make([]bool, len(hits))
	var all []Box
	for i, seed := range hits {
		if used[i] {
			continue
		}
		var sum hit
		for k := i; k < len(hits); k++ {
			h := hits[k]
			if !used[k] && overlap(box(seed.x, seed.y, seed.size), box(h.x, h.y, h.size)) > oneCluster {
				used[k] = true
				sum = hit{sum.x + h.q*h.x, sum.y + h.q*h.y, sum.size + h.q*h.size, sum.q + h.q}
			}
		}
		b := box(sum.x/sum.q, sum.y/sum.q, sum.size/sum.q)
		b.Score = sum.q
		if b.Score >= basicFound {
			b.Level = Found
		}
		if b.Score >= basicMaybe {
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Box) int { return cmp.Compare(b.Score, a.Score) })
	var out []Box
	for _, b := range all {
		x, y := b.X+b.W/2, b.Y+b.H/2
		if !slices.ContainsFunc(out, func(o Box) bool { return x >= o.X && x <= o.X+o.W && y >= o.Y && y <= o.Y+o.H }) {
			out = append(out, b)
		}
	}
	return out
}
