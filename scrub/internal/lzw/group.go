package lzw

import (
	"encoding/binary"
	"math"
)

// group is how many codes are looked at in one step: so many of 12 bits are at
// hand in 64, wherever in a byte they begin.
const group = 4

// lanes is what it takes to look at a group of codes of one width side by side in
// one number.
type lanes struct {
	ones  uint64 // the lowest bit of each
	upper uint64 // all bits but the lowest of each
	above uint64 // the bit above each
	clear uint64 // the clear code in each, without the lowest bit
	steps uint64 // how far each is behind the first
}

func makeLanes(width uint32, clear uint64) (l lanes) {
	for i := range uint64(group) {
		at := (group - 1 - i) * uint64(width)
		l.ones |= 1 << at
		l.upper |= (1<<width - 2) << at
		l.steps |= i << at
	}
	l.above = l.ones << width
	l.clear = clear * l.ones & l.upper
	return l
}

// plain reports whether no code of a group is a clear or end code, and each is at
// most as large as most says, which is how large the table is when its turn comes.
func (l *lanes) plain(x, most uint64) bool {
	// Where a lane of a difference is negative it borrows from the bit above. A clear
	// or end code differs from the clear code in the lowest bit at most.
	y := x&l.upper ^ l.clear
	return ((most-x)^most^x|(y-l.ones)^y^l.ones)&l.above == 0
}

// skip goes through the codes at hand and those from b[i] on while all of a whole
// group are in the table and of the same width, and none is a clear or end code or
// brings the last pixel. It returns how many bytes of b were then taken.
func (z *Codes) skip(b []byte, i int) int {
	// A group is read with what follows it in 64 bits, which may lie behind b.
	reach := b[:cap(b)]
	for z.prev > 0 && 8*i >= int(z.have) {
		at := 8*i - int(z.have) // bits
		step := group * int(z.width)
		last := min(8*len(b)-step, 8*len(reach)-64) // where a group may begin
		n, done := int(z.limit-z.next)/group, 0
		if z.next == maxCodes && !z.msb {
			n = math.MaxInt
		}
		if last < at || n <= 0 {
			break
		}
		n = min(n, (last-at)/step+1)
		if z.msb {
			done = z.pass(reach, at, n)
		} else {
			done = z.count(reach, at, n)
		}
		at += done * step
		i, z.acc = (at+7)/8, 0
		if z.have = uint32(8*i - at); z.have > 0 && z.msb {
			z.acc = uint64(b[i-1]) << (64 - z.have)
		} else if z.have > 0 {
			z.acc = uint64(b[i-1]) >> (8 - z.have)
		}
		if z.next = min(z.next+uint32(done*group), maxCodes); z.next != z.limit || z.width == maxWidth {
			break
		}
		z.widen(z.width + 1)
	}
	return i
}

// pass goes through n groups of codes of a TIFF from bit at of b on, and returns
// through how many it came.
func (z *Codes) pass(b []byte, at, n int) int {
	l, step := z.lanes, group*int(z.width)
	most, down := uint64(z.next)*l.ones+l.steps, uint64(64-step)
	for k := range n {
		x := binary.BigEndian.Uint64(b[at>>3:]) << (at & 7) >> (down & 63)
		if !l.plain(x, most) {
			return k
		}
		most += group * l.ones
		at += step
	}
	return n
}

// count is pass for a GIF, and counts the pixels.
func (z *Codes) count(b []byte, at, n int) int {
	width, t := uint64(z.width), z.table
	mask := uint64(1)<<(width&63) - 1
	next, prev, left := z.next, z.prev, z.left
	k := 0
	for ; k < n; k++ {
		x := binary.LittleEndian.Uint64(b[at>>3:]) >> (at & 7)
		// What a code stands for is in the table before it is looked up, since it
		// may be the newest one. A clear or end code stands for none.
		fresh := (*[group]uint16)(t[next:])
		fresh[0] = prev + 1
		n0 := t[x&mask%maxCodes]
		fresh[1] = n0 + 1
		x >>= width & 63
		n1 := t[x&mask%maxCodes]
		fresh[2] = n1 + 1
		x >>= width & 63
		n2 := t[x&mask%maxCodes]
		fresh[3] = n2 + 1
		x >>= width & 63
		n3 := t[x&mask%maxCodes]
		sum := int64(n0) + int64(n1) + int64(n2) + int64(n3)
		if sum >= none || left <= sum {
			*fresh = [group]uint16{none, none, none, none}
			break // these codes are looked at one by one
		}
		left, prev = left-sum, n3
		next = min(next+group, maxCodes)
		at += group * int(width)
	}
	z.prev, z.left = prev, left
	return k
}
