package face

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

func random(r *rand.Rand, w, h, c int) fmap {
	m := fmap{w, h, c, make([]float32, w*h*c)}
	for i := range m.v {
		m.v[i] = r.Float32()*2 - 1
	}
	return m
}

func (m fmap) at(x, y, c int) float32 {
	if x < 0 || y < 0 || x >= m.w || y >= m.h {
		return 0
	}
	return m.v[(y*m.w+x)*m.c+c]
}

// TestKernels compares the kernels with the definitions of their operations, the
// scalar ones and, where the processor has them, the vector ones.
func TestKernels(t *testing.T) {
	had := useVector
	defer func() { useVector = had }()
	t.Run("vector", func(t *testing.T) {
		if !had {
			t.Skip("this processor has no vector kernels")
		}
		kernels(t)
	})
	useVector = false
	t.Run("scalar", kernels)
}

func kernels(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var p pool
	for range 60 {
		w, h := 1+r.IntN(7), 1+r.IntN(7)
		in, out := 4*(1+r.IntN(8)), 4*(1+r.IntN(8))
		relu := r.IntN(2) == 0
		act := func(v float64) float64 {
			if relu {
				return math.Max(v, 0)
			}
			return v
		}
		src := random(r, w, h, in)

		l := &layer{ci: in, co: out, relu: relu, bias: random(r, out, 1, 1).v}
		ws := random(r, in, out, 1)
		l.pack(func(o, i int) float32 { return ws.at(i, o, 0) })
		dst := p.take(w, h, out)
		pointwise(dst.v, src.v, w*h, l)
		for y := range h {
			for x := range w {
				for o := range out {
					s := float64(l.bias[o])
					for i := range in {
						s += float64(src.at(x, y, i)) * float64(ws.at(i, o, 0))
					}
					require.InDelta(t, act(s), dst.at(x, y, o), 1e-4)
				}
			}
		}
		p.give(dst)

		l = &layer{ci: in, co: in, relu: relu, bias: random(r, in, 1, 1).v, weights: random(r, 9*in, 1, 1).v}
		dst = p.take(w, h, in)
		depthwise(dst, src, l, &p)
		for y := range h {
			for x := range w {
				for c := range in {
					s := float64(l.bias[c])
					for k := range 9 {
						s += float64(src.at(x+k%3-1, y+k/3-1, c)) * float64(l.weights[k*in+c])
					}
					require.InDelta(t, act(s), dst.at(x, y, c), 1e-4)
				}
			}
		}
		p.give(dst)
	}
}

func TestFirstConvolution(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var p pool
	g := &graph{tensors: map[string]tensor{
		"w": {dims: []int{8, 3, 3, 3}, data: random(r, 216, 1, 1).v}, "b": {dims: []int{8}, data: random(r, 8, 1, 1).v},
	}}
	var l layer
	require.NoError(t, l.conv(node{op: "Conv", in: []string{"x", "w", "b"}, group: 1}, g))
	src := random(r, 8, 6, 4)
	dst := p.take(4, 3, 8)
	conv3(dst, src, &l, &p)
	for y := range 3 {
		for x := range 4 {
			for o := range 8 {
				s := float64(g.tensors["b"].data[o])
				for i := range 27 {
					s += float64(src.at(2*x+i%3-1, 2*y+i/3%3-1, i/9)) * float64(g.tensors["w"].data[o*27+i])
				}
				require.InDelta(t, s, dst.at(x, y, o), 1e-4)
			}
		}
	}
}

func TestPoolAndUp(t *testing.T) {
	src := fmap{4, 2, 4, make([]float32, 32)}
	for i := range src.v {
		src.v[i] = float32(i % 11)
	}
	dst := fmap{2, 1, 4, make([]float32, 8)}
	maxPool(dst, src)
	for x := range 2 {
		for c := range 4 {
			assert.Equal(t, max(src.at(2*x, 0, c), src.at(2*x+1, 0, c), src.at(2*x, 1, c), src.at(2*x+1, 1, c)), dst.at(x, 0, c))
		}
	}
	sum := fmap{4, 2, 4, make([]float32, 32)}
	upAdd(sum, src, dst)
	assert.Equal(t, src.at(3, 1, 2)+dst.at(1, 0, 2), sum.at(3, 1, 2))
}

func TestOtherFilesAreRefused(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("ONNX"), bytes.Repeat([]byte{8}, 1000)} {
		_, err := Load(b)
		assert.ErrorIs(t, err, meta.ErrUnsupported)
	}
}

// TestTurns maps boxes of turned pictures back.
func TestTurns(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 32))
	m.Set(50, 10, color.RGBA{200, 100, 50, 255})
	var p pool
	for turns := range 4 {
		tn := tensorOf(m, turns, &p)
		assert.Zero(t, tn.w%32+tn.h%32)
		for y := range tn.h {
			for x := range tn.w {
				if tn.at(x, y, 0) != 0 {
					assert.Equal(t, []float32{50, 100, 200, 0}, tn.v[(y*tn.w+x)*4:][:4], "blue, green, red")
					b := unturn(Box{X: float64(x), Y: float64(y), W: 1, H: 1}, turns, 64, 32)
					assert.Equal(t, Box{X: 50, Y: 10, W: 1, H: 1}, b, "turned by %d quarters", turns)
				}
			}
		}
		p.give(tn)
	}
}

func TestUnite(t *testing.T) {
	out := unite([]Box{
		{X: 0, Y: 0, W: 10, H: 10, Score: 0.9, Level: Maybe}, {X: 1, Y: 1, W: 10, H: 10, Score: 0.6, Level: Found}, {X: 40, Y: 0, W: 10, H: 10, Score: 0.4},
	})
	assert.Equal(t, []Box{{X: 1, Y: 1, W: 10, H: 10, Score: 0.6, Level: Found}, {X: 40, Y: 0, W: 10, H: 10, Score: 0.4}}, out)
}

// TestOddSizes looks at pictures of one pixel and of extreme shapes.
func TestOddSizes(t *testing.T) {
	n := load(t, "yunet_n_640_640.onnx")
	for _, s := range []image.Point{{1, 1}, {1, 3000}, {3000, 2}, {33, 31}, {0, 0}} {
		_, err := n.Detect(context.Background(), image.NewRGBA(image.Rectangle{Max: s}), Quick)
		assert.NoError(t, err, "%v", s)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := n.Detect(ctx, image.NewRGBA(image.Rect(0, 0, 640, 480)), Default)
	assert.ErrorIs(t, err, context.Canceled)
}

// FuzzGraph feeds the reader of model files what it would never be given, for
// its hash is checked first: it must still end, and hold no more than it was given.
func FuzzGraph(f *testing.F) {
	f.Add([]byte("\x3a\x0e\x0a\x0c\x0a\x01a\x12\x01b\x22\x04Relu"))
	f.Add([]byte("\x3a\x10\x2a\x0e\x08\x01\x10\x01\x42\x01w\x4a\x04\x00\x00\x80\x3f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := readGraph(b)
		if err != nil {
			require.ErrorIs(t, err, meta.ErrMalformed)
			return
		}
		numbers := 0
		for _, x := range g.tensors {
			numbers += len(x.data)
		}
		require.LessOrEqual(t, 4*numbers, len(b))
		if net, err := compile("any", g); err == nil {
			require.NotEmpty(t, net.layers)
		}
	})
}

// TestVectorIsScalar runs the whole network both ways.
func TestVectorIsScalar(t *testing.T) {
	if !useVector {
		t.Skip("this processor has no vector kernels")
	}
	n := load(t, "yunet_n_640_640.onnx")
	r := rand.New(rand.NewPCG(3, 1))
	m := image.NewRGBA(image.Rect(0, 0, 200, 150))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
	}
	heads := func() []fmap {
		var p pool
		maps, err := n.run(context.Background(), tensorOf(m, 0, &p), &p)
		require.NoError(t, err)
		return maps
	}
	fast := heads()
	useVector = false
	defer func() { useVector = true }()
	slow := heads()
	for _, h := range n.heads {
		for _, id := range []int{h.cls, h.obj, h.box} {
			require.InDeltaSlice(t, slow[id].v, fast[id].v, 2e-4)
		}
	}
}
