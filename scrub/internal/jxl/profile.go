package jxl

import (
	"fmt"
	"math/bits"

	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// coloured is a colour profile inside the codestream: where its coded form lies,
// and what takes its place.
type coloured struct {
	from, end int64  // bytes of the codestream, from the one in which it begins on
	lit       []byte // nil: there is none
	same      bool   // it is there already
	findings  []meta.Finding
}

// recolour writes the profile of h anew, as other formats have it. One that is not
// understood may hold anything, and cannot be left out: it is meta.ErrUnsupported.
func recolour(s *stream, h header) (c coloured, err error) {
	if h.icc == nil {
		return c, nil
	}
	c.from, c.end = h.iccAt>>3, h.end
	out, fs, err := icc.Rewrite(h.icc)
	if err != nil {
		return c, fmt.Errorf("jxl: the colour profile in the codestream is not understood (%v): %w", err, meta.ErrUnsupported)
	}
	first, err := s.byte(c.from)
	if err != nil {
		return c, err
	}
	w := &writer{}
	w.bits(uint64(first), int(h.iccAt&7))
	w.profile(predict(out))
	c.lit = w.b
	c.same = int64(len(w.b)) == c.end-c.from
	for i := 0; i < len(w.b) && c.same; i++ {
		b, err := s.byte(c.from + int64(i))
		if err != nil {
			return c, err
		}
		c.same = b == w.b[i]
	}
	for i := range fs {
		fs[i].Where = inside
	}
	c.findings = icc.Settle(fs, c.same)
	return c, nil
}

// put plans n bytes of the codestream from pos on, which lie at off of the file.
func (c coloured) put(out *plan.Plan, off, pos, n int64) {
	if c.lit == nil {
		out.Picture(off, n)
		return
	}
	before := min(max(c.from-pos, 0), n)
	within := min(max(c.end-pos, 0), n) - before
	out.Picture(off, before)
	switch {
	case c.same:
		out.Keep(off+before, within)
	case within > 0 && pos+before == c.from:
		out.Replace(off+before, within, c.lit)
	default:
		out.Drop(off+before, within)
	}
	out.Picture(off+before+within, n-before-within)
}

// grows is by how many bytes the codestream becomes longer.
func (c coloured) grows() int64 {
	if c.lit == nil {
		return 0
	}
	return int64(len(c.lit)) - (c.end - c.from)
}

// profile reads the coded colour profile (E.4).
func (r *reader) profile() []byte {
	n := r.u64()
	if n > uint64(r.s.w.Limits().Block) {
		r.fail("a colour profile too large to read", meta.ErrLimit)
		return nil
	}
	c := r.entropy(41)
	var b []byte
	var last, before byte
	for i := range n {
		ctx := 0
		if i > 128 {
			ctx = 1 + classOf(last, classes1, 7) + 8*classOf(before, classes2, 4)
		}
		v := c.next(r, ctx)
		if v > 255 {
			r.malformed("a colour profile that is not bytes")
		}
		if r.err != nil {
			return nil
		}
		before, last = last, byte(v)
		b = append(b, last)
	}
	c.end(r)
	p, err := unpredict(b, int(r.s.w.Limits().Block))
	if err != nil {
		r.fail("a colour profile", err)
	}
	return p
}

// class is a range of bytes that predict alike.
type class struct {
	lo, hi byte
	class  int
}

var (
	classes1 = []class{{'a', 'z', 0}, {'A', 'Z', 0}, {'0', '9', 1}, {'.', '.', 1}, {',', ',', 1}, {0, 0, 2}, {1, 1, 3}, {2, 15, 4}, {241, 254, 5}, {255, 255, 6}}
	classes2 = []class{{'a', 'z', 0}, {'A', 'Z', 0}, {'0', '9', 1}, {'.', '.', 1}, {',', ',', 1}, {0, 15, 2}, {241, 255, 3}}
)

func classOf(b byte, in []class, other int) int {
	for _, c := range in {
		if b >= c.lo && b <= c.hi {
			return c.class
		}
	}
	return other
}

// writer writes bits, the lowest of each byte first.
type writer struct {
	b []byte
	n int // bits
}

func (w *writer) bits(v uint64, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// u64 writes a U64 (B.4).
func (w *writer) u64(v uint64) {
	switch {
	case v == 0:
		w.bits(0, 2)
	case v <= 16:
		w.bits(1, 2)
		w.bits(v-1, 4)
	case v <= 272:
		w.bits(2, 2)
		w.bits(v-17, 8)
	default:
		w.bits(3, 2)
		w.bits(v, 12)
		for v >>= 12; v > 0; v >>= 8 { // what is read has at most 25 bits
			w.bits(1, 1)
			w.bits(v, 8)
		}
		w.bits(0, 1)
	}
}

// profile writes bytes as they are read by [reader.profile], each in eight bits,
// and fills the last byte.
func (w *writer) profile(p []byte) {
	w.u64(uint64(len(p)))
	w.bits(0, 1)      // no copies
	w.bits(1, 1)      // one cluster
	w.bits(0, 2)      // for all contexts
	w.bits(1, 1)      // prefix codes
	w.bits(15, 4)     // whose symbols are the numbers
	w.bits(1, 1)      // of an alphabet of
	w.bits(7, 4)      // 1 + 1<<7
	w.bits(127, 7)    // + 127 symbols
	w.bits(0, 2+2*10) // the lengths of its codes have a code; of what comes before 8 in it there is none
	w.bits(7, 4)      // 8 has one, which alone needs no bits
	w.bits(0, 2*7)
	for _, c := range p {
		w.bits(uint64(bits.Reverse8(c)), 8)
	}
	w.n = (w.n + 7) &^ 7
}
