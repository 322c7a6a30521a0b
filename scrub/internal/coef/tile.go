package coef

// Tile is a Store of the blocks in a rectangle of MCUs. Of the others it remembers
// no more than Shadow does: memory is that of the part.
type Tile struct {
	*Planes
	shadow     *Shadow
	x0, y0     int // the first MCU
	wide, high int // in MCUs
	h, v       []int
}

// NewTile makes a store for wide by high MCUs of f from x0, y0 on, all of them in it.
func NewTile(f *Frame, x0, y0, wide, high int) *Tile {
	_, _, h, v := f.MCUs()
	g := &Frame{mcuWide: wide, mcuHigh: high}
	for i, c := range f.Components {
		c.Wide, c.High = wide*h[i], high*v[i]
		c.ownWide, c.ownHigh = c.Wide, c.High
		g.Components = append(g.Components, c)
	}
	return &Tile{NewPlanes(g), NewShadow(f), x0, y0, wide, high, h, v}
}

func (p *Tile) inside(comp, x, y int) (int, int, bool) {
	x, y = x-p.x0*p.h[comp], y-p.y0*p.v[comp]
	return x, y, x >= 0 && y >= 0 && x < p.wide*p.h[comp] && y < p.high*p.v[comp]
}

// At implements Store.
func (p *Tile) At(comp, x, y int) *Block {
	if u, v, in := p.inside(comp, x, y); in {
		return p.Planes.At(comp, u, v)
	}
	return p.shadow.At(comp, x, y)
}

// Put implements Store.
func (p *Tile) Put(comp, x, y int, b *Block) {
	if u, v, in := p.inside(comp, x, y); in {
		p.Planes.Put(comp, u, v, b)
		return
	}
	p.shadow.Put(comp, x, y, b)
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
