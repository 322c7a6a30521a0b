package jxl

import (
	"math/bits"
	"slices"
)

// prefix is a canonical prefix code (C.2.4; RFC 7932, 3.2).
type prefix struct {
	count   [16]int // codes of each length
	symbols []int   // by code
}

// makePrefix makes a code of the lengths of its symbols.
func makePrefix(lengths []byte) (p prefix) {
	for n := byte(1); n < 16; n++ {
		for s, l := range lengths {
			if l == n {
				p.count[n]++
				p.symbols = append(p.symbols, s)
			}
		}
	}
	return p
}

func (p prefix) symbol(r *reader) uint32 {
	if len(p.symbols) == 1 {
		return uint32(p.symbols[0])
	}
	code, first, at := 0, 0, 0
	for n := 1; n < 16; n++ {
		code = code<<1 | int(r.bits(1))
		first <<= 1
		if in := code - first; in < p.count[n] {
			return uint32(p.symbols[at+in])
		}
		first, at = first+p.count[n], at+p.count[n]
	}
	r.malformed("an unknown code")
	return 0
}

// prefix reads the code of an alphabet (RFC 7932, 3.4 and 3.5).
func (r *reader) prefix(size int) prefix {
	if size == 1 {
		return prefix{symbols: []int{0}}
	}
	first := int(r.bits(2))
	if first == 1 {
		return r.simplePrefix(size)
	}
	// The lengths are themselves coded, and so are the lengths of that code.
	order := []int{1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	codes := [][2]uint32{{2, 0}, {4, 7}, {3, 3}, {2, 2}, {2, 1}, {4, 15}}
	lengths := make([]byte, 18)
	space, used := 32, 0
	for _, i := range order[first:] {
		if space <= 0 {
			break
		}
		if n := r.code(codes); n > 0 {
			lengths[i] = byte(n)
			space -= 32 >> n
			used++
		}
	}
	if space != 0 && used != 1 {
		r.malformed("a prefix code that is not whole")
	}
	return r.lengths(size, makePrefix(lengths))
}

// lengths reads the lengths of the codes of an alphabet by the given code.
func (r *reader) lengths(size int, by prefix) prefix {
	lengths := make([]byte, 0, size)
	last, space := byte(8), 1<<15
	var run int
	var of byte // what is repeated
	for len(lengths) < size && space > 0 && r.err == nil {
		n := byte(by.symbol(r))
		if n < 16 {
			run = 0
			lengths = append(lengths, n)
			if n > 0 {
				last = n
				space -= 1 << 15 >> n
			}
			continue
		}
		what, more := byte(0), int(n)-14
		if n == 16 {
			what = last
		}
		if what != of {
			run, of = 0, what
		}
		before := run
		if run > 0 {
			run = (run - 2) << more
		}
		run += int(r.bits(more)) + 3
		if len(lengths)+run-before > size {
			r.malformed("a prefix code too long")
			break
		}
		lengths = append(lengths, slices.Repeat([]byte{of}, run-before)...)
		if of > 0 {
			space -= (run - before) << (15 - of)
		}
	}
	if space != 0 {
		r.malformed("a prefix code that is not whole")
	}
	return makePrefix(lengths)
}

// simplePrefix reads a code of up to four symbols.
func (r *reader) simplePrefix(size int) prefix {
	n := int(r.bits(2)) + 1
	symbols := make([]int, n)
	for i := range symbols {
		symbols[i] = int(r.bits(bits.Len(uint(size - 1))))
		if symbols[i] >= size || slices.Contains(symbols[:i], symbols[i]) {
			r.malformed("a prefix code of wrong symbols")
			return prefix{symbols: []int{0}}
		}
	}
	p := prefix{symbols: symbols}
	switch {
	case n == 2:
		p.count[1] = 2
		slices.Sort(symbols)
	case n == 3:
		p.count[1], p.count[2] = 1, 2
		slices.Sort(symbols[1:])
	case n == 4 && r.flag():
		p.count[1], p.count[2], p.count[3] = 1, 1, 2
		slices.Sort(symbols[2:])
	case n == 4:
		p.count[2] = 4
		slices.Sort(symbols)
	}
	return p
}

// code reads one of the codes of a table of lengths and values.
func (r *reader) code(table [][2]uint32) int {
	v := uint32(0)
	for n := uint32(0); n < 8; n++ {
		for i, c := range table {
			if c[0] == n && c[1] == v {
				return i
			}
		}
		v |= r.bits(1) << n
	}
	r.malformed("an unknown code")
	return 0
}
