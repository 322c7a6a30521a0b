package face

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tabir/scrub/meta"
)

// fmap is a feature map: for every pixel, row by row, its c channels. The number
// of channels is a multiple of four; those beyond what the model has are zero.
type fmap struct {
	w, h, c int
	v       []float32
}

// layer is one step of the network with its weights in the order of its kernel.
type layer struct {
	op            string // conv3 (stride 2), point, depth, pool, up
	in, add, out  int    // feature maps; add is what up adds to
	ci, co        int
	weights, bias []float32
	wide          []float32 // the weights of sixteen outputs side by side, nil where they do not come in sixteens
	relu          bool
}

// Net is a YuNet network with its weights: convolutions of 1×1 and of 3×3 per
// channel on a pyramid, and heads for three strides.
type Net struct {
	name   string
	layers []layer
	maps   int
	last   []int // the last layer that reads a map
	heads  [3]struct{ cls, obj, box int }
}

// Load reads one of the official YuNet files. Any other file is refused.
func Load(onnx []byte) (*Net, error) {
	name, err := identify(onnx)
	if err != nil {
		return nil, err
	}
	g, err := readGraph(onnx)
	if err != nil {
		return nil, err
	}
	return compile(name, g)
}

// Name says which of the files it is.
func (n *Net) Name() string { return n.name }

// strides are the sizes of the cells of the three heads, in pixels.
var strides = [3]int{8, 16, 32}

// compile turns the graph into layers. What the heads for landmarks compute is
// not asked for and left out.
func compile(name string, g *graph) (*Net, error) {
	bad := func(what string) (*Net, error) {
		return nil, fmt.Errorf("face: model with %s: %w", what, meta.ErrMalformed)
	}
	made := map[string]node{} // by output
	for _, n := range g.nodes {
		for _, o := range n.out {
			made[o] = n
		}
	}
	net := &Net{name: name}
	ids := map[string]int{"input": 0}
	net.maps = 1
	// source skips the operations that only move or squash what a head gives.
	source := func(s string) string {
		for made[s].op == "Sigmoid" || made[s].op == "Reshape" || made[s].op == "Transpose" {
			s = made[s].in[0]
		}
		return s
	}
	needed := map[string]bool{}
	var need func(string)
	need = func(s string) {
		if n, ok := made[s]; ok && !needed[s] {
			needed[s] = true
			for _, i := range n.in {
				need(i)
			}
		}
	}
	for _, s := range strides {
		for _, h := range []string{"cls", "obj", "bbox"} {
			need(source(fmt.Sprintf("%s_%d", h, s)))
		}
	}
	for _, n := range g.nodes {
		if len(n.out) != 1 || len(n.in) == 0 || !needed[n.out[0]] {
			continue
		}
		in, ok := ids[n.in[0]]
		if !ok {
			return bad("an operation before its input")
		}
		if n.op == "Relu" {
			net.layers[len(net.layers)-1].relu = true // always right behind its convolution
			ids[n.out[0]] = in
			continue
		}
		l := layer{in: in, add: -1, out: net.maps}
		switch n.op {
		case "MaxPool":
			l.op = "pool"
		case "Resize":
			// Twice the size by repeating; the Add that follows completes it.
			ids[n.out[0]] = in
			continue
		case "Add":
			up, ok := ids[n.in[1]]
			if !ok {
				return bad("a sum of nothing")
			}
			l.op, l.add, l.in = "up", in, up
		case "Conv":
			if err := l.conv(n, g); err != nil {
				return nil, err
			}
		default:
			return bad("operation " + n.op)
		}
		ids[n.out[0]] = net.maps
		net.maps++
		net.layers = append(net.layers, l)
	}
	for i, s := range strides {
		h := &net.heads[i]
		for _, x := range []struct {
			at   *int
			name string
		}{{&h.cls, "cls"}, {&h.obj, "obj"}, {&h.box, "bbox"}} {
			id, ok := ids[source(fmt.Sprintf("%s_%d", x.name, s))]
			if !ok || id == 0 {
				return bad("a head missing")
			}
			*x.at = id
		}
	}
	net.lifetimes()
	return net, nil
}

// lifetimes finds the last layer that reads each map; the heads are read at the end.
func (n *Net) lifetimes() {
	n.last = slices.Repeat([]int{-1}, n.maps)
	for i, l := range n.layers {
		n.last[l.in] = i
		if l.add >= 0 {
			n.last[l.add] = i
		}
	}
	for _, h := range n.heads {
		for _, m := range []int{h.cls, h.obj, h.box} {
			n.last[m] = len(n.layers)
		}
	}
}

func four(n int) int { return (n + 3) &^ 3 }

// conv takes the weights of a convolution: [out][in][ky][kx].
func (l *layer) conv(n node, g *graph) error {
	bad := fmt.Errorf("face: model with an unknown convolution: %w", meta.ErrMalformed)
	if len(n.in) != 3 {
		return bad
	}
	w, b := g.tensors[n.in[1]], g.tensors[n.in[2]]
	if len(w.dims) != 4 || w.dims[0] < 1 || w.dims[0] > 256 || w.dims[1] > 256 || len(b.data) != w.dims[0] ||
		len(w.data) != w.dims[0]*w.dims[1]*w.dims[2]*w.dims[3] {
		return bad
	}
	out, in, k := w.dims[0], w.dims[1], w.dims[2]
	l.co = four(out)
	l.bias = make([]float32, l.co)
	copy(l.bias, b.data)
	switch {
	case k == 1 && n.group == 1:
		l.op, l.ci = "point", four(in)
		l.pack(func(o, i int) float32 {
			if o >= out || i >= in {
				return 0
			}
			return w.data[o*in+i]
		})
	case k == 3 && in == 1:
		l.op, l.ci = "depth", l.co
		l.weights = make([]float32, 9*l.co)
		for o := range out {
			for t := range 9 {
				l.weights[t*l.co+o] = w.data[o*9+t]
			}
		}
	case k == 3 && n.group == 1:
		// The pixels under the kernel are gathered as ky, kx, channel.
		l.op, l.ci = "conv3", four(9*in)
		l.pack(func(o, i int) float32 {
			if o >= out || i >= 9*in {
				return 0
			}
			return w.data[(o*in+i%in)*9+i/in]
		})
	default:
		return bad
	}
	return nil
}

// pack puts the weights of four, and of sixteen, outputs side by side for every input.
func (l *layer) pack(at func(o, i int) float32) {
	side := func(n int) []float32 {
		out := make([]float32, 0, l.co*l.ci)
		for o := 0; o < l.co; o += n {
			for i := range l.ci {
				for k := range n {
					out = append(out, at(o+k, i))
				}
			}
		}
		return out
	}
	l.weights = side(4)
	if l.co%16 == 0 {
		l.wide = side(16)
	}
}

// run feeds a picture of 3 channels, whose sides are multiples of 32, through
// the network and returns the maps of the heads. Maps are reused between calls
// through the pool.
func (n *Net) run(ctx context.Context, picture fmap, p *pool) ([]fmap, error) {
	maps := make([]fmap, n.maps)
	maps[0] = picture
	for i, l := range n.layers {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		maps[l.out] = l.apply(maps, p)
		for _, m := range []int{l.in, l.add} {
			if m > 0 && n.last[m] == i {
				p.give(maps[m])
				maps[m] = fmap{}
			}
		}
	}
	return maps, nil
}

func (l *layer) apply(maps []fmap, p *pool) fmap {
	in := maps[l.in]
	switch l.op {
	case "conv3":
		out := p.take(in.w/2, in.h/2, l.co)
		conv3(out, in, l, p)
		return out
	case "point":
		out := p.take(in.w, in.h, l.co)
		pointwise(out.v, in.v, in.w*in.h, l)
		return out
	case "depth":
		out := p.take(in.w, in.h, l.co)
		depthwise(out, in, l, p)
		return out
	case "pool":
		out := p.take(in.w/2, in.h/2, in.c)
		maxPool(out, in)
		return out
	}
	base := maps[l.add]
	out := p.take(base.w, base.h, base.c)
	upAdd(out, base, in)
	return out
}

// pool keeps the memory of maps that are done with.
type pool struct{ free [][]float32 }

func (p *pool) take(w, h, c int) fmap {
	n := w * h * c
	best := -1
	for i, b := range p.free {
		if cap(b) >= n && (best < 0 || cap(b) < cap(p.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return fmap{w, h, c, make([]float32, n)}
	}
	b := p.free[best][:n]
	p.free = slices.Delete(p.free, best, best+1)
	return fmap{w, h, c, b}
}

func (p *pool) give(m fmap) {
	if cap(m.v) > 0 {
		p.free = append(p.free, m.v)
	}
}

func sigmoid(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }
