package coef

import "math"

// fix is the scale of the constants below.
const fixBits = 14

var (
	fixDC  = int32(math.Round(math.Sqrt(0.125) * (1 << fixBits)))        // 1/(2√2)
	fixCos = int32(math.Round(math.Cos(math.Pi/8) / 2 * (1 << fixBits))) // cos(π/8)/2
	fixSin = int32(math.Round(math.Sin(math.Pi/8) / 2 * (1 << fixBits)))
)

// Reduced is component comp at n/8 of its size, n being 1, 2, 4 or 8: the inverse
// DCT of n by n points over the low frequencies of each block, clamped to bytes,
// in rows of Wide·n samples. q is the table of the component, in natural order.
func (p *Planes) Reduced(comp, n int, q *[64]uint16) []byte {
	c := p.f.Components[comp]
	return reduced(c.Wide, c.High, n, q, func(x, y int) *Block { return p.At(comp, x, y) })
}

func reduced(wide, high, n int, q *[64]uint16, at func(x, y int) *Block) []byte {
	stride := wide * n
	out := make([]byte, stride*high*n)
	for y := range high {
		for x := range wide {
			b, dst := at(x, y), out[y*n*stride+x*n:]
			switch n {
			case 1:
				dst[0] = sample(int32(b[0]) * int32(q[0]) << fixBits / 8)
			case 2:
				b.quarter(q, dst, stride)
			case 4:
				b.half(q, dst, stride)
			case 8:
				for i, v := range b.Inverse(q) {
					dst[i/8*stride+i%8] = byte(min(max(v+128, 0), 255))
				}
			}
		}
	}
	return out
}

// sample rounds a value in fixed point and shifts its level (T.81, A.3.1).
func sample(v int32) byte {
	return byte(min(max((v+1<<(fixBits-1))>>fixBits+128, 0), 255))
}

// quarter is the inverse DCT of two by two points.
func (b *Block) quarter(q *[64]uint16, dst []byte, stride int) {
	const eighth = 1 << (fixBits - 3) // fixDC squared
	p, r := int32(b[0])*int32(q[0]), int32(b[1])*int32(q[1])
	s, t := int32(b[8])*int32(q[8]), int32(b[9])*int32(q[9])
	dst[0], dst[1] = sample((p+r+s+t)*eighth), sample((p-r+s-t)*eighth)
	dst = dst[stride:]
	dst[0], dst[1] = sample((p+r-s-t)*eighth), sample((p-r-s+t)*eighth)
}

// half is the inverse DCT of four by four points.
func (b *Block) half(q *[64]uint16, dst []byte, stride int) {
	var cols [4][4]int32 // columns are done first, with four bits kept
	for u := range 4 {
		f0, f1 := int32(b[u])*int32(q[u]), int32(b[8+u])*int32(q[8+u])
		f2, f3 := int32(b[16+u])*int32(q[16+u]), int32(b[24+u])*int32(q[24+u])
		s := four(f0, f1, f2, f3)
		for y, v := range s {
			cols[y][u] = int32((v + 1<<(fixBits-5)) >> (fixBits - 4))
		}
	}
	for y := range 4 {
		c := &cols[y]
		s := four(c[0], c[1], c[2], c[3])
		d := dst[y*stride:][:4]
		for x, v := range s {
			d[x] = sample(int32((v + 1<<3) >> 4))
		}
	}
}

// four is an inverse DCT of four points, scaled by 1<<fixBits.
func four(f0, f1, f2, f3 int32) [4]int64 {
	e, g := int64(f0+f2)*int64(fixDC), int64(f0-f2)*int64(fixDC)
	o := int64(f1)*int64(fixCos) + int64(f3)*int64(fixSin)
	p := int64(f1)*int64(fixSin) - int64(f3)*int64(fixCos)
	return [4]int64{e + o, g + p, g - p, e - o}
}
