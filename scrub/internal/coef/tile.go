package coef

// Tile is a Store of what is needed to see a rectangle of MCUs at n/8 of its size:
// the n by n low frequencies of its blocks. Of all else it remembers no more than
// Shadow does. So memory is that of what is seen.
type Tile struct {
	n          int
	x0, y0     int // the first MCU
	wide, high []int
	h, v       []int
	low        [][]int16 // by component, n·n a block
	shadow     *Shadow
	block      Block
}

// NewTile makes a store for wide by high MCUs of f from x0, y0 on, all of them in
// it; n is 1, 2, 4 or 8.
func NewTile(f *Frame, x0, y0, wide, high, n int) *Tile {
	_, _, h, v := f.MCUs()
	t := &Tile{n: n, x0: x0, y0: y0, h: h, v: v, shadow: NewShadow(f)}
	for i := range f.Components {
		t.wide, t.high = append(t.wide, wide*h[i]), append(t.high, high*v[i])
		t.low = append(t.low, make([]int16, t.wide[i]*t.high[i]*n*n))
	}
	return t
}

// kept are the coefficients that are kept of a block, nil outside of the tile.
func (t *Tile) kept(comp, x, y int) []int16 {
	x, y = x-t.x0*t.h[comp], y-t.y0*t.v[comp]
	if x < 0 || y < 0 || x >= t.wide[comp] || y >= t.high[comp] {
		return nil
	}
	return t.low[comp][(y*t.wide[comp]+x)*t.n*t.n:][:t.n*t.n]
}

// At implements Store. The block is good until the next call.
func (t *Tile) At(comp, x, y int) *Block {
	t.block = *t.shadow.At(comp, x, y)
	for i, v := range t.kept(comp, x, y) {
		t.block[i/t.n*8+i%t.n] = v
	}
	return &t.block
}

// Put implements Store.
func (t *Tile) Put(comp, x, y int, b *Block) {
	t.shadow.Put(comp, x, y, b)
	k := t.kept(comp, x, y)
	for i := range k {
		k[i] = b[i/t.n*8+i%t.n]
	}
}

// Reduced is component comp of the tile, as that of Planes; n is that of NewTile.
func (t *Tile) Reduced(comp int, q *[64]uint16) []byte {
	return reduced(t.wide[comp], t.high[comp], t.n, q, func(x, y int) *Block {
		return t.At(comp, x+t.x0*t.h[comp], y+t.y0*t.v[comp])
	})
}

// Cut is a frame and a store of their own that hold wide by high MCUs of p from
// x0, y0 on, and nothing else of it; the frame is width by height pixels large.
func (p *Planes) Cut(x0, y0, wide, high, width, height int) (*Frame, *Planes) {
	_, _, h, v := p.f.MCUs()
	f := NewFrame(false, width, height, append([]Component(nil), p.f.Components...))
	out := NewPlanes(f)
	for c := range f.Components {
		for y := range high * v[c] {
			for x := range wide * h[c] {
				out.Put(c, x, y, p.At(c, x0*h[c]+x, y0*v[c]+y))
			}
		}
	}
	return f, out
}
