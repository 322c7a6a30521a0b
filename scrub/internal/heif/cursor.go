package heif

import "encoding/binary"

// cursor reads big-endian numbers one after the other. Reading behind the end
// gives zeros and sets short.
type cursor struct {
	b     []byte
	short bool
}

// take returns the next n bytes.
func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.short, c.b = true, nil
		return make([]byte, min(n, 8))
	}
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

// uint reads a number of n bytes, 0 to 8.
func (c *cursor) uint(n int) uint64 {
	var v uint64
	for _, b := range c.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// put appends v in n bytes to b.
func put(b []byte, n int, v uint64) []byte {
	var w [8]byte
	binary.BigEndian.PutUint64(w[:], v)
	return append(b, w[8-n:]...)
}

// width is 2, or 4 where v does not fit.
func width(v uint32) int {
	if v > 0xffff {
		return 4
	}
	return 2
}
