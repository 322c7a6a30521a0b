// Package face finds faces. Nobody finds all of them: what it returns is a proposal
// that somebody has to look at.
//
// The better detector is YuNet (Wu, Peng, Yu: "YuNet: a tiny millisecond-level face
// detector", 2023) in pure Go, with the weights of the official files; Basic is
// there without any file.
package face

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"

	"tabir/scrub/internal/beside"
)

// Detector is what both have in common. A detector may be used by several
// goroutines at once.
type Detector interface {
	// Name says which detector it is.
	Name() string
	// Detect finds faces in an upright picture. The boxes are in pixels of it,
	// the surest first.
	Detect(ctx context.Context, m image.Image, mode Mode) ([]Box, error)
}

// Level says how sure a detector is.
type Level uint8

const (
	Maybe Level = iota // somebody must look
	Found
)

// String is the stable name of l that JSON output uses.
func (l Level) String() string {
	if l == Found {
		return "found"
	}
	return "maybe"
}

// Box is a face: its frame in pixels of the upright picture, which it may leave,
// and how sure the detector is (0 to 1 for YuNet; Basic has its own scale).
type Box struct {
	X, Y, W, H float64
	Score      float64
	Level      Level
}

// Mode is how hard is looked.
type Mode uint8

const (
	Default  Mode = iota
	Quick         // one small pass, for previews while somebody waits
	Thorough      // also at twice the size, for tiny faces
)

// pass is one look at the picture: turned by quarters, with its longest side at
// most size pixels, or enlarged to it.
type pass struct {
	size         int
	turns        int
	enlarge      bool
	found, maybe float64
}

// passes by mode. The thresholds were measured once and are not tuned to any
// set of photos.
var passes = map[Mode][]pass{
	Quick: {{640, 0, false, 0.5, 0.3}},
	Default: {
		{640, 0, false, 0.5, 0.3}, {1600, 0, false, 0.5, 0.3},
		{640, 1, false, 0.7, 0.5}, {640, 2, false, 0.7, 0.5}, {640, 3, false, 0.7, 0.5},
	},
	Thorough: {
		{640, 0, false, 0.5, 0.3}, {1600, 0, false, 0.5, 0.3},
		{640, 1, false, 0.7, 0.5}, {640, 2, false, 0.7, 0.5}, {640, 3, false, 0.7, 0.5},
		{2560, 0, true, 0.7, 0.5},
	},
}

// smallPass is the longest side of a pass that runs beside a larger one.
const smallPass = 640

// sameFace is the overlap (intersection over union) above which two boxes are
// one face.
const sameFace = 0.3

// Detect finds faces in an upright picture. The boxes are in pixels of it, the
// surest first. The small passes together take as long as the large one, so they
// run beside it.
func (n *Net) Detect(ctx context.Context, m image.Image, mode Mode) ([]Box, error) {
	b := m.Bounds()
	if b.Empty() {
		return nil, nil
	}
	scaled := map[image.Point]*image.RGBA{}
	for _, s := range passes[mode] {
		if size := fit(b.Dx(), b.Dy(), s); scaled[size] == nil {
			scaled[size] = resized(m, size)
		}
	}
	found := make([][]Box, len(passes[mode]))
	lane := func(large bool) error {
		var p pool
		for i, s := range passes[mode] {
			if s.size > smallPass != large {
				continue
			}
			size := fit(b.Dx(), b.Dy(), s)
			boxes, err := n.look(ctx, scaled[size], s, &p)
			if err != nil {
				return err
			}
			sx, sy := float64(b.Dx())/float64(size.X), float64(b.Dy())/float64(size.Y)
			for _, x := range boxes {
				x.X, x.Y, x.W, x.H = x.X*sx, x.Y*sy, x.W*sx, x.H*sy
				found[i] = append(found[i], x)
			}
		}
		return nil
	}
	small := beside.Run(func() error { return lane(false) })
	large := lane(true)
	if err := cmp.Or(small(), large); err != nil {
		return nil, err
	}
	return unite(slices.Concat(found...)), nil
}

// resized is the picture at another size.
func resized(m image.Image, size image.Point) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: size})
	if b := m.Bounds(); size == b.Size() {
		draw.Draw(out, out.Rect, m, b.Min, draw.Src)
	} else {
		draw.BiLinear.Scale(out, out.Rect, m, b, draw.Src, nil)
	}
	return out
}

// fit is the size of the picture for a pass.
func fit(w, h int, s pass) image.Point {
	long := max(w, h)
	if long <= s.size && !s.enlarge {
		return image.Pt(w, h)
	}
	f := min(float64(s.size)/float64(long), 2)
	return image.Pt(max(int(math.Round(float64(w)*f)), 1), max(int(math.Round(float64(h)*f)), 1))
}

// look runs one pass and returns its boxes in pixels of m.
func (n *Net) look(ctx context.Context, m *image.RGBA, s pass, p *pool) ([]Box, error) {
	picture := tensorOf(m, s.turns, p)
	maps, err := n.run(ctx, picture, p)
	if err != nil {
		return nil, err
	}
	var out []Box
	for i, h := range n.heads {
		out = decode(out, maps[h.cls], maps[h.obj], maps[h.box], strides[i], s)
		p.give(maps[h.cls])
		p.give(maps[h.obj])
		p.give(maps[h.box])
	}
	p.give(picture)
	for i := range out {
		out[i] = unturn(out[i], s.turns, float64(m.Rect.Dx()), float64(m.Rect.Dy()))
	}
	return unite(out), nil
}

// tensorOf is the picture, turned clockwise by quarters, as the network wants
// it: blue, green, red, from 0 to 255, with black to the right and below up to
// multiples of 32. A fourth channel is zero.
func tensorOf(m *image.RGBA, turns int, p *pool) fmap {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	tw, th := w, h
	if turns&1 != 0 {
		tw, th = h, w
	}
	t := p.take((tw+31)&^31, (th+31)&^31, 4)
	clear(t.v)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turns {
			case 1:
				tx, ty = h-1-y, x
			case 2:
				tx, ty = w-1-x, h-1-y
			case 3:
				tx, ty = y, w-1-x
			}
			s, d := m.Pix[y*m.Stride+4*x:][:4], t.v[4*(ty*t.w+tx):][:4]
			d[0], d[1], d[2] = float32(s[2]), float32(s[1]), float32(s[0])
		}
	}
	return t
}

// unturn maps a box of a turned picture back; w and h are the upright sides.
func unturn(b Box, turns int, w, h float64) Box {
	switch turns {
	case 1:
		b.X, b.Y, b.W, b.H = b.Y, h-b.X-b.W, b.H, b.W
	case 2:
		b.X, b.Y = w-b.X-b.W, h-b.Y-b.H
	case 3:
		b.X, b.Y, b.W, b.H = w-b.Y-b.H, b.X, b.H, b.W
	}
	return b
}

// decode turns the heads of one stride into boxes: the score is the root of the
// products of both probabilities, the box is told from its cell.
func decode(out []Box, cls, obj, box fmap, stride int, s pass) []Box {
	for y := range cls.h {
		for x := range cls.w {
			at := (y*cls.w + x) * cls.c
			score := math.Sqrt(sigmoid(cls.v[at]) * sigmoid(obj.v[at]))
			if !(score >= s.maybe) {
				continue
			}
			v, f := box.v[(y*box.w+x)*box.c:][:4], float64(stride)
			w, h := math.Exp(min(float64(v[2]), 10))*f, math.Exp(min(float64(v[3]), 10))*f
			b := Box{X: (float64(x)+float64(v[0]))*f - w/2, Y: (float64(y)+float64(v[1]))*f - h/2, W: w, H: h, Score: score}
			if score >= s.found {
				b.Level = Found
			}
			out = append(out, b)
		}
	}
	return out
}

// unite keeps the surest of boxes that are one face (non-maximum suppression).
func unite(boxes []Box) []Box {
	slices.SortStableFunc(boxes, func(a, b Box) int {
		if a.Level != b.Level {
			return int(b.Level) - int(a.Level)
		}
		return cmp.Compare(b.Score, a.Score)
	})
	var out []Box
	for _, b := range boxes {
		if !slices.ContainsFunc(out, func(o Box) bool { return overlap(o, b) > sameFace }) {
			out = append(out, b)
		}
	}
	return out
}

// overlap is the intersection of two boxes over their union.
func overlap(a, b Box) float64 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (a.W*a.H + b.W*b.H - w*h)
}
