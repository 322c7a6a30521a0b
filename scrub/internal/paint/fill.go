// Package paint covers areas of pictures. What it paints is made of the pixels
// around an area and of nothing inside it: the bytes of a covered picture do not
// depend on what was covered.
package paint

// Patch is a part of one plane of samples in which some are unknown.
type Patch struct {
	W, H  int
	V     []int32 // samples, in 1/256
	Known []bool
}

// NewPatch makes a patch in which nothing is known.
func NewPatch(w, h int) *Patch { return &Patch{w, h, make([]int32, w*h), make([]bool, w*h)} }

// Set makes the sample at x, y known.
func (p *Patch) Set(x, y int, v int32) { p.V[y*p.W+x], p.Known[y*p.W+x] = v<<8, true }

// At is the sample at x, y.
func (p *Patch) At(x, y int) int32 { return (p.V[y*p.W+x] + 128) >> 8 }

// sweeps smooth a level. The coarse levels have done the far way already: large
// ones need only to lose the steps between the samples of the level below.
func (p *Patch) sweeps() int {
	if p.W*p.H > 1<<14 {
		return 6
	}
	return 24
}

// Fill gives every unknown sample the value that a membrane stretched between
// the known ones has there (the solution of Laplace's equation, by relaxation
// from coarse to fine). Where nothing at all is known it is neutral. The
// arithmetic is in integers: the same on every processor.
func (p *Patch) Fill(neutral int32) {
	any, all := false, true
	for _, k := range p.Known {
		any, all = any || k, all && k
	}
	switch {
	case all:
		return
	case !any:
		for i := range p.V {
			p.V[i] = neutral << 8
		}
		return
	}
	if p.W > 1 || p.H > 1 {
		half := p.half()
		half.Fill(neutral)
		for y := range p.H {
			for x := range p.W {
				if i := y*p.W + x; !p.Known[i] {
					p.V[i] = half.V[y/2*half.W+x/2]
				}
			}
		}
	}
	for range p.sweeps() {
		p.relax()
	}
}

// half is the patch at half the size; a sample is known where one of its four is.
func (p *Patch) half() *Patch {
	h := NewPatch((p.W+1)/2, (p.H+1)/2)
	for y := range h.H {
		for x := range h.W {
			sum, n := int64(0), int64(0)
			for k := range 4 {
				sx, sy := 2*x+k&1, 2*y+k>>1
				if sx < p.W && sy < p.H && p.Known[sy*p.W+sx] {
					sum, n = sum+int64(p.V[sy*p.W+sx]), n+1
				}
			}
			if n > 0 {
				h.V[y*h.W+x], h.Known[y*h.W+x] = int32(sum/n), true
			}
		}
	}
	return h
}

// relax moves every unknown sample to the mean of its neighbours.
func (p *Patch) relax() {
	for y := range p.H {
		row, known := p.V[y*p.W:][:p.W], p.Known[y*p.W:][:p.W]
		inside := y > 0 && y+1 < p.H
		for x := range row {
			if known[x] {
				continue
			}
			if i := y*p.W + x; inside && x > 0 && x+1 < p.W {
				row[x] = (row[x-1] + row[x+1] + p.V[i-p.W] + p.V[i+p.W]) >> 2
			} else {
				row[x] = p.border(x, y)
			}
		}
	}
}

// border is the mean of the neighbours of a sample at the border of the patch.
func (p *Patch) border(x, y int) int32 {
	sum, n := int32(0), int32(0)
	for _, d := range [4][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		if u, v := x+d[0], y+d[1]; u >= 0 && v >= 0 && u < p.W && v < p.H {
			sum, n = sum+p.V[v*p.W+u], n+1
		}
	}
	return sum / max(n, 1)
}
