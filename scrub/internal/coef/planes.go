package coef

import "slices"

// Planes is a Store of all coefficients of a frame.
type Planes struct {
	f      *Frame
	blocks [][]Block // by component, row by row
}

// NewPlanes makes a store with all coefficients zero.
func NewPlanes(f *Frame) *Planes {
	p := &Planes{f: f}
	for _, c := range f.Components {
		p.blocks = append(p.blocks, make([]Block, c.Wide*c.High))
	}
	return p
}

// At implements Store; the block is the store's own.
func (p *Planes) At(comp, x, y int) *Block { return &p.blocks[comp][y*p.f.Components[comp].Wide+x] }

// Put implements Store.
func (p *Planes) Put(comp, x, y int, b *Block) { *p.At(comp, x, y) = *b }

// Equal reports whether two stores of one geometry hold the same in every block
// that is not left out.
func (p *Planes) Equal(q *Planes, leave func(comp, x, y int) bool) bool {
	for c, blocks := range p.blocks {
		wide := p.f.Components[c].Wide
		for i := range blocks {
			if blocks[i] != q.blocks[c][i] && !leave(c, i%wide, i/wide) {
				return false
			}
		}
	}
	return true
}

// Clone is a copy of its own.
func (p *Planes) Clone() *Planes {
	q := &Planes{f: p.f}
	for _, b := range p.blocks {
		q.blocks = append(q.blocks, slices.Clone(b))
	}
	return q
}

// MCUs is the number of MCUs in a row and in a column of a scan of all
// components, and the size of one in blocks of each component. A lone component
// has MCUs of one block (T.81, A.2.2).
func (f *Frame) MCUs() (wide, high int, h, v []int) {
	for _, c := range f.Components {
		h, v = append(h, c.H), append(v, c.V)
	}
	if len(f.Components) == 1 {
		c := f.Components[0]
		return c.ownWide, c.ownHigh, []int{1}, []int{1}
	}
	return f.mcuWide, f.mcuHigh, h, v
}
