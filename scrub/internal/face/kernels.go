package face

import "math"

// The kernels are plain Go: the reference, and what runs everywhere. They work
// on two pixels and four outputs at a time, which keeps their sums in registers.

// rectify is max(v, 0) without a branch, which the data would make unpredictable.
func rectify(v float32) float32 {
	b := math.Float32bits(v)
	return math.Float32frombits(b &^ uint32(int32(b)>>31))
}

// pointwise is a 1×1 convolution of n pixels.
func pointwise(dst, src []float32, n int, l *layer) {
	x := pointVector(dst, src, n, l)
	for ; x+2 <= n; x += 2 {
		point2(dst[x*l.co:(x+2)*l.co], src[x*l.ci:(x+1)*l.ci], src[(x+1)*l.ci:(x+2)*l.ci], l)
	}
	if x < n {
		p := src[x*l.ci : (x+1)*l.ci]
		both := make([]float32, 2*l.co)
		point2(both, p, p, l)
		copy(dst[x*l.co:(x+1)*l.co], both)
	}
}

// point2 computes all outputs of the pixels p and q.
func point2(dst, p, q []float32, l *layer) {
	q = q[:len(p)]
	w := l.weights
	for o := 0; o < l.co; o += 4 {
		b := l.bias[o : o+4 : o+4]
		a0, a1, a2, a3 := b[0], b[1], b[2], b[3]
		c0, c1, c2, c3 := b[0], b[1], b[2], b[3]
		k := w[:4*len(p)]
		w = w[4*len(p):]
		for i, v := range p {
			u := q[i]
			if len(k) < 4 {
				break // never: it spares the checks below
			}
			k0, k1, k2, k3 := k[0], k[1], k[2], k[3]
			k = k[4:]
			a0 += v * k0
			a1 += v * k1
			a2 += v * k2
			a3 += v * k3
			c0 += u * k0
			c1 += u * k1
			c2 += u * k2
			c3 += u * k3
		}
		if l.relu {
			a0, a1, a2, a3 = rectify(a0), rectify(a1), rectify(a2), rectify(a3)
			c0, c1, c2, c3 = rectify(c0), rectify(c1), rectify(c2), rectify(c3)
		}
		d := dst[o : o+4 : o+4]
		d[0], d[1], d[2], d[3] = a0, a1, a2, a3
		d = dst[l.co+o : l.co+o+4 : l.co+o+4]
		d[0], d[1], d[2], d[3] = c0, c1, c2, c3
	}
}

// colours are the channels of a picture that count.
const colours = 3

// conv3 is the first convolution: 3×3 with stride 2 and a border of zeros. The
// nine pixels under the kernel become one of a 1×1 convolution.
func conv3(dst, src fmap, l *layer, p *pool) {
	row := p.take(dst.w, 1, l.ci)
	for y := range dst.h {
		clear(row.v)
		for x := range dst.w {
			at := row.v[x*l.ci:]
			for ky := range 3 {
				sy := 2*y + ky - 1
				if sy < 0 || sy >= src.h {
					continue
				}
				for kx := range 3 {
					sx := 2*x + kx - 1
					if sx < 0 || sx >= src.w {
						continue
					}
					copy(at[(ky*3+kx)*colours:], src.v[(sy*src.w+sx)*src.c:][:colours])
				}
			}
		}
		pointwise(dst.v[y*dst.w*dst.c:], row.v, dst.w, l)
	}
	p.give(row)
}

// depthwise is a 3×3 convolution of each channel by itself, with a border of zeros.
func depthwise(dst, src fmap, l *layer, p *pool) {
	c, n := src.c, src.w*src.c
	zero := p.take(src.w+2, 1, c)
	clear(zero.v)
	var rows [3]fmap // with a pixel of zeros on each side
	for i := range rows {
		rows[i] = p.take(src.w+2, 1, c)
		clear(rows[i].v)
	}
	load := func(y int) []float32 {
		if y < 0 || y >= src.h {
			return zero.v
		}
		r := rows[y%3].v
		copy(r[c:], src.v[y*n:(y+1)*n])
		return r
	}
	above, here := zero.v, load(0)
	for y := range src.h {
		below := load(y + 1)
		depthRow(dst.v[y*n:(y+1)*n], above, here, below, c, l)
		above, here = here, below
	}
	for _, r := range rows {
		p.give(r)
	}
	p.give(zero)
}

func depthRow(dst, above, here, below []float32, c int, l *layer) {
	if depthVector(dst, above, here, below, c, l) {
		return
	}
	w := l.weights
	w0, w1, w2 := w[:c], w[c:2*c], w[2*c:3*c]
	w3, w4, w5 := w[3*c:4*c], w[4*c:5*c], w[5*c:6*c]
	w6, w7, w8 := w[6*c:7*c], w[7*c:8*c], w[8*c:9*c]
	for at := 0; at+c <= len(dst); at += c {
		d := dst[at : at+c]
		a0, a1, a2 := above[at:][:c], above[at+c:][:c], above[at+2*c:][:c]
		h0, h1, h2 := here[at:][:c], here[at+c:][:c], here[at+2*c:][:c]
		b0, b1, b2 := below[at:][:c], below[at+c:][:c], below[at+2*c:][:c]
		for k, s := range l.bias[:c] {
			s += a0[k]*w0[k] + a1[k]*w1[k] + a2[k]*w2[k]
			s += h0[k]*w3[k] + h1[k]*w4[k] + h2[k]*w5[k]
			s += b0[k]*w6[k] + b1[k]*w7[k] + b2[k]*w8[k]
			if l.relu {
				s = rectify(s)
			}
			d[k] = s
		}
	}
}

// maxPool takes the largest of 2×2 pixels. All values are at least zero, for
// which the order of the bits is the order of the numbers.
func maxPool(dst, src fmap) {
	c, n := src.c, src.w*src.c
	for y := range dst.h {
		top, low := src.v[2*y*n:][:n], src.v[(2*y+1)*n:][:n]
		d := dst.v[y*dst.w*c:][:dst.w*c]
		for x := range dst.w {
			for k := range c {
				at := 2*x*c + k
				m := max(int32(math.Float32bits(top[at])), int32(math.Float32bits(top[at+c])),
					int32(math.Float32bits(low[at])), int32(math.Float32bits(low[at+c])))
				d[x*c+k] = math.Float32frombits(uint32(m))
			}
		}
	}
}

// upAdd adds small, each pixel repeated to 2×2, to base.
func upAdd(dst, base, small fmap) {
	c := base.c
	for y := range base.h {
		b, d := base.v[y*base.w*c:][:base.w*c], dst.v[y*base.w*c:][:base.w*c]
		s := small.v[y/2*small.w*c:][:small.w*c]
		for x := range base.w {
			at, from := x*c, x/2*c
			for k := range c {
				d[at+k] = b[at+k] + s[from+k]
			}
		}
	}
}
