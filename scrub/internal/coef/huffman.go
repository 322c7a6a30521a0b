package coef

import (
	"fmt"

	"tabir/scrub/meta"
)

// Huffman is a decoding table made from a DHT entry (T.81, C.2 and F.2.2.3).
type Huffman struct {
	fast    [1 << fastBits]uint16 // value<<8 | length, 0 where the code is longer
	maxCode [17]int32             // the largest code of each length, -1 for none
	first   [17]int32             // index of the first value of a length, less its first code
	values  []byte
}

const fastBits = 9

// NewHuffman makes a table from the number of codes of each length, 1 to 16
// bits, and the values in the order of the codes. A table that is no prefix
// code is refused with meta.ErrMalformed.
func NewHuffman(counts [16]byte, values []byte) (*Huffman, error) {
	h := &Huffman{values: values}
	code, k := int32(0), int32(0)
	for n := 1; n <= 16; n++ {
		c := int32(counts[n-1])
		h.first[n], h.maxCode[n] = k-code, -1
		if code+c > 1<<n || int(k+c) > len(values) {
			return nil, fmt.Errorf("huffman table: codes of %d bits overflow: %w", n, meta.ErrMalformed)
		}
		for range c {
			if n <= fastBits {
				lo := code << (fastBits - n)
				for i := range int32(1) << (fastBits - n) {
					h.fast[lo+i] = uint16(values[k])<<8 | uint16(n)
				}
			}
			code, k = code+1, k+1
		}
		if c > 0 {
			h.maxCode[n] = code - 1
		}
		code <<= 1
	}
	return h, nil
}

// decode reads one code.
func (h *Huffman) decode(b *bits) (byte, error) {
	if b.n < 16 {
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	if b.n >= fastBits {
		if e := h.fast[b.acc>>(b.n-fastBits)&(1<<fastBits-1)]; e != 0 {
			b.n -= uint(e & 0xff)
			return byte(e >> 8), nil
		}
	}
	code := int32(0)
	for n := uint(1); n <= 16; n++ {
		if b.n < n {
			return 0, errShort
		}
		code = int32(b.acc >> (b.n - n) & (1<<n - 1))
		if code <= h.maxCode[n] {
			b.n -= n
			return h.values[h.first[n]+code], nil
		}
	}
	return 0, fmt.Errorf("huffman code %b at %d: %w", code, b.pos, meta.ErrMalformed)
}
