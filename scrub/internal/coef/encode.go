package coef

import (
	"fmt"
	mathbits "math/bits"

	"tabir/scrub/meta"
)

// Code is a Huffman table for encoding: the number of codes of each length and
// the values in their order, as DHT holds them, and the code of each value.
type Code struct {
	Counts [16]byte
	Values []byte
	code   [256]uint16
	length [256]uint8
}

// Encode writes all components in one sequential scan, with Huffman tables made
// for just these coefficients: nothing in the result comes from how the source
// was coded. Table 0 is for the first component, table 1 for the others. The
// bytes are stuffed and end with ones up to a whole byte (T.81, F.1.2).
func (p *Planes) Encode() (dc, ac []Code, data []byte, err error) {
	var count counter
	if err := p.scan(&count); err != nil {
		return nil, nil, nil, err
	}
	tables := min(len(p.f.Components), 2)
	w := writer{}
	for t := range tables {
		dc, ac = append(dc, newCode(&count.dc[t])), append(ac, newCode(&count.ac[t]))
		w.dc[t], w.ac[t] = &dc[t], &ac[t]
	}
	if err := p.scan(&w); err != nil {
		return nil, nil, nil, err
	}
	return dc, ac, w.end(), nil
}

// sink takes the symbols of a scan: once to count them, once to write them.
type sink interface {
	symbol(table int, isAC bool, value byte)
	bits(v uint32, n uint)
}

func (p *Planes) scan(s sink) error {
	wide, high, h, v := p.f.MCUs()
	var last [4]int32
	for m := range wide * high {
		mx, my := m%wide, m/wide
		for c := range p.f.Components {
			for y := range v[c] {
				for x := range h[c] {
					b := p.At(c, mx*h[c]+x, my*v[c]+y)
					if err := encode(s, b, min(c, 1), last[c]); err != nil {
						return fmt.Errorf("block %d, %d of component %d: %w", mx*h[c]+x, my*v[c]+y, c, err)
					}
					last[c] = int32(b[0])
				}
			}
		}
	}
	return nil
}

// size is the number of bits of |v|.
func size(v int32) uint { return uint(mathbits.Len32(uint32(max(v, -v)))) }

// extra are the n bits that tell a value of that size (T.81, F.1.2.1).
func extra(v int32, n uint) uint32 {
	if v < 0 {
		v += 1<<n - 1
	}
	return uint32(v)
}

// The largest sizes of 8-bit pictures (T.81, tables F.1 and F.2).
const (
	maxDC = 11
	maxAC = 10
)

var errRange = fmt.Errorf("coefficient out of range: %w", meta.ErrMalformed)

func encode(s sink, b *Block, table int, last int32) error {
	d := int32(b[0]) - last
	n := size(d)
	if n > maxDC {
		return errRange
	}
	s.symbol(table, false, byte(n))
	s.bits(extra(d, n), n)
	run := 0
	for k := 1; k < 64; k++ {
		v := int32(b[zigzag[k]])
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			s.symbol(table, true, 0xf0)
		}
		if n = size(v); n > maxAC {
			return errRange
		}
		s.symbol(table, true, byte(run<<4)|byte(n))
		s.bits(extra(v, n), n)
		run = 0
	}
	if run > 0 {
		s.symbol(table, true, 0)
	}
	return nil
}

// counter counts symbols.
type counter struct{ dc, ac [2][256]int64 }

func (c *counter) symbol(t int, isAC bool, v byte) {
	if isAC {
		c.ac[t][v]++
	} else {
		c.dc[t][v]++
	}
}

func (*counter) bits(uint32, uint) {}

// writer writes codes and bits.
type writer struct {
	dc, ac [2]*Code
	out    []byte
	acc    uint64
	n      uint
}

func (w *writer) symbol(t int, isAC bool, v byte) {
	c := w.dc[t]
	if isAC {
		c = w.ac[t]
	}
	w.bits(uint32(c.code[v]), uint(c.length[v]))
}

func (w *writer) bits(v uint32, n uint) {
	w.acc, w.n = w.acc<<n|uint64(v), w.n+n
	for w.n >= 8 {
		w.n -= 8
		b := byte(w.acc >> w.n)
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

func (w *writer) end() []byte {
	if w.n > 0 {
		w.bits(1<<(8-w.n)-1, 8-w.n)
	}
	return w.out
}

// newCode makes the best prefix code of at most 16 bits for symbols that occur
// so often (T.81, K.2, with its reserved code of all ones).
func newCode(count *[256]int64) Code {
	var freq [257]int64
	copy(freq[:], count[:])
	freq[256] = 1
	var length, other [257]int
	for i := range other {
		other[i] = -1
	}
	for {
		a, b := -1, -1 // the two rarest; of equal ones the last
		for i, f := range freq {
			switch {
			case f == 0:
			case a < 0 || f <= freq[a]:
				a, b = i, a
			case b < 0 || f <= freq[b]:
				b = i
			}
		}
		if b < 0 {
			break
		}
		freq[a], freq[b] = freq[a]+freq[b], 0
		for length[a]++; other[a] >= 0; length[a]++ {
			a = other[a]
		}
		other[a] = b
		for length[b]++; other[b] >= 0; length[b]++ {
			b = other[b]
		}
	}
	var n [64]int
	for _, l := range length {
		n[min(l, 63)]++
	}
	for i := 63; i > 16; i-- { // figure K.3: move pairs up until 16 bits are enough
		for n[i] > 0 {
			j := i - 2
			for n[j] == 0 {
				j--
			}
			n[i] -= 2
			n[i-1]++
			n[j+1] += 2
			n[j]--
		}
	}
	for i := 16; i > 0; i-- { // the code of all ones stays unused
		if n[i] > 0 {
			n[i]--
			break
		}
	}
	var c Code
	for l := 1; l <= 63; l++ {
		for v := range 256 {
			if length[v] == l {
				c.Values = append(c.Values, byte(v))
			}
		}
	}
	code, k := uint16(0), 0
	for l := 1; l <= 16; l++ {
		c.Counts[l-1] = byte(n[l])
		for range n[l] {
			c.code[c.Values[k]], c.length[c.Values[k]] = code, uint8(l)
			code, k = code+1, k+1
		}
		code <<= 1
	}
	return c
}
