package paint

// Brush says how the unknown samples of one plane are painted.
type Brush struct {
	Regions []Region // in stored pixels
	Style   Style
	Chroma  bool // the plane is a difference of colours, with grey in its middle
}

// Paint gives every unknown sample of a patch its value: the fill, and over it
// what the style paints in each region. The first sample lies at pixel x0, y0 of
// the picture; a sample is sx by sy pixels.
func (b *Brush) Paint(p *Patch, x0, y0, sx, sy int) {
	p.Fill(neutral)
	var near []reach
	for _, r := range b.Regions {
		if r.X < x0+p.W*sx && x0 < r.X+r.W && r.Y < y0+p.H*sy && y0 < r.Y+r.H {
			near = append(near, newReach(r, p.W, x0+sx/2, sx))
		}
	}
	fill := p
	if b.Style == Mosaic { // it looks at other samples than its own
		fill = &Patch{W: p.W, H: p.H, V: append([]int32(nil), p.V...)}
	}
	for y := range p.H {
		py := y0 + y*sy + sy/2
		for i := range near {
			near[i].row(py)
		}
		for x := range p.W {
			if p.Known[y*p.W+x] {
				continue
			}
			px := x0 + x*sx + sx/2
			v := fill.At(x, y)
			for i := range near {
				r := &near[i]
				d := r.across[x] + r.down
				c := r.coverAt(d)
				switch {
				case c == 0:
				case b.Style == Solid:
					v = mix(v, b.tone(solidTone), c)
				case b.Style == Soft:
					v = b.soft(v, d) + b.grain(px, py)
				default:
					tx, ty := r.tile(px, py)
					under := fill.At(min(max((tx-x0)/sx, 0), p.W-1), min(max((ty-y0)/sy, 0), p.H-1))
					v = mix(v, b.soft(under, r.distance(tx, ty))+4*b.grain(tx, ty), c)
				}
			}
			p.V[y*p.W+x] = min(max(v, 0), 255) << 8
		}
	}
}

// reach is a region with the parts of the distance from its middle, for the
// columns of a patch and one row: divisions are dear where there are millions.
type reach struct {
	Region
	across []int64
	down   int64
}

// outside is a distance beyond every region, even if a part of it is added.
const outside = 1 << 40

func newReach(r Region, n, x0, sx int) reach {
	out := reach{r, make([]int64, n), 0}
	for i := range out.across {
		out.across[i] = part(x0+i*sx, r.X, r.W)
	}
	return out
}

func (r *reach) row(y int) { r.down = part(y, r.Y, r.H) }

// part is the distance in one direction, squared, where one is the edge.
func part(x, from, n int) int64 {
	if x < from || x >= from+n {
		return outside
	}
	d := int64(2*(x-from) + 1 - n)
	return d * d * one / int64(n*n)
}

// mix is c of b over a.
func mix(a, b int32, c int64) int32 { return int32((int64(a)*(one-c) + int64(b)*c) / one) }

// tone is a luma, or the grey of a plane of colour differences.
func (b *Brush) tone(luma int32) int32 {
	if b.Chroma {
		return neutral
	}
	return luma
}

// soft blends a faint oval over the fill, d from the middle of a region. It is
// even in the middle and fades at the edge, so that it reads as a head that is
// covered, before a bright wall too.
func (b *Brush) soft(fill int32, d int64) int32 {
	return mix(fill, b.tone(ovalTone), min(max(one-d, 0)*3/2, one*5/8))
}

// grain is a small noise that depends on the place alone, so that a soft cover
// does not look like a sticker: -2 to 2, and none in colour.
func (b *Brush) grain(x, y int) int32 {
	if b.Chroma {
		return 0
	}
	v := uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca77
	v ^= v >> 15
	v *= 0x2c1b3c6d
	v ^= v >> 12
	return int32(v%5) - 2
}

// tile is the pixel in the middle of the tile that the pixel at x, y belongs to:
// eight tiles are the shorter side of a region.
func (r Region) tile(x, y int) (int, int) {
	side := max(min(r.W, r.H)/8, 4)
	return r.X + (x-r.X)/side*side + side/2, r.Y + (y-r.Y)/side*side + side/2
}
