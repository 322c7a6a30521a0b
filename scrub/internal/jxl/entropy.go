package jxl

import (
	"math/bits"
	"slices"
)

// coder decodes entropy-coded numbers (18181-1, annex C). Of a codestream only
// the colour profile and the order of sections are read with it.
type coder struct {
	clusters []byte // by context
	configs  []config
	prefix   []prefix // one of the two, by cluster
	ans      []alias
	state    uint32

	copies              bool // LZ77
	threshold, shortest uint32
	lengths             config
	window              []uint32
	decoded             int // numbers so far
	from, left          int // of the copy on its way
}

const (
	ansBits   = 12
	ansEnd    = 0x13 << 16 // the state in which a stream ends (C.3.2)
	maxWindow = 1 << 20
)

// entropy reads the distributions for so many contexts (C.2).
func (r *reader) entropy(contexts int) *coder {
	c := r.distributions(contexts, false)
	c.begin(r)
	return c
}

func (r *reader) distributions(contexts int, plain bool) *coder {
	c := &coder{}
	if c.copies = r.flag(); c.copies {
		c.threshold = r.u32(val(224), val(512), val(4096), dist{15, 8})
		c.shortest = r.u32(val(3), val(4), dist{2, 5}, dist{8, 9})
		c.lengths = r.config(8)
		contexts++
		if plain {
			r.malformed("copies where there are none")
		}
	}
	c.clusters = make([]byte, contexts)
	count := 1
	if contexts > 1 && r.err == nil {
		count = r.clusters(c.clusters)
	}
	usesPrefix := r.flag()
	logSize := 15
	if !usesPrefix {
		logSize = 5 + int(r.bits(2))
	}
	for range count {
		c.configs = append(c.configs, r.config(logSize))
	}
	if usesPrefix {
		sizes := make([]int, count)
		for i := range sizes {
			if sizes[i] = 1 + r.varLen(4); sizes[i] > 1<<logSize {
				r.malformed("an alphabet too large")
			}
		}
		for i := 0; i < count && r.err == nil; i++ {
			c.prefix = append(c.prefix, r.prefix(sizes[i]))
		}
		return c
	}
	for i := 0; i < count && r.err == nil; i++ {
		c.ans = append(c.ans, r.alias(r.histogram(), logSize))
	}
	return c
}

// varLen reads a short number: its length in so many bits, then its bits (C.2.5).
func (r *reader) varLen(lengthBits int) int {
	if !r.flag() {
		return 0
	}
	n := int(r.bits(lengthBits))
	return 1<<n + int(r.bits(n))
}

// clusters reads which cluster each context belongs to (C.2.2) and returns the
// number of clusters.
func (r *reader) clusters(m []byte) int {
	if r.flag() { // simple
		n := int(r.bits(2))
		for i := range m {
			m[i] = byte(r.bits(n))
		}
	} else {
		front := r.flag()
		c := r.distributions(1, len(m) <= 2)
		c.begin(r)
		for i := range m {
			v := c.next(r, 0)
			if v > 255 {
				r.malformed("too many clusters")
			}
			m[i] = byte(v)
		}
		c.end(r)
		if front {
			moveToFront(m)
		}
	}
	return int(slices.Max(m)) + 1
}

// moveToFront undoes the move-to-front coding of m.
func moveToFront(m []byte) {
	var order [256]byte
	for i := range order {
		order[i] = byte(i)
	}
	for i, v := range m {
		b := order[v]
		m[i] = b
		copy(order[1:int(v)+1], order[:v])
		order[0] = b
	}
}

// config says how a symbol and bits behind it make a number (C.2.3, C.3.3).
type config struct{ split, msb, lsb int }

func (r *reader) config(logSize int) (c config) {
	c.split = int(r.bits(bits.Len(uint(logSize))))
	if c.split != logSize {
		c.msb = int(r.bits(bits.Len(uint(c.split))))
		if c.msb > c.split {
			r.malformed("numbers of no form")
			return config{}
		}
		c.lsb = int(r.bits(bits.Len(uint(c.split - c.msb))))
	}
	if c.split > logSize || c.msb+c.lsb > c.split {
		r.malformed("numbers of no form")
		return config{}
	}
	return c
}

// number makes a number of a symbol and the bits behind it.
func (c config) number(r *reader, symbol uint32) uint32 {
	if symbol < 1<<c.split {
		return symbol
	}
	in := c.msb + c.lsb
	n := c.split - in + int((symbol-1<<c.split)>>in)
	if n > 29 {
		r.malformed("a number too large")
		return 0
	}
	low := symbol & (1<<c.lsb - 1)
	high := symbol>>c.lsb&(1<<c.msb-1) | 1<<c.msb
	return (high<<n|r.bits(n))<<c.lsb | low
}

func (c *coder) begin(r *reader) {
	if c.state = ansEnd; c.prefix == nil {
		c.state = r.bits(32)
	}
}

// end checks that the stream ended as it should.
func (c *coder) end(r *reader) {
	if c.state != ansEnd {
		r.malformed("entropy-coded data that does not end")
	}
}

// next decodes the next number in the given context.
func (c *coder) next(r *reader, context int) uint32 {
	if r.err != nil {
		return 0
	}
	if c.left == 0 {
		cluster := c.clusters[context]
		symbol := c.symbol(r, cluster)
		if !c.copies || symbol < c.threshold {
			return c.keep(c.configs[cluster].number(r, symbol))
		}
		c.left = int(c.lengths.number(r, symbol-c.threshold)) + int(c.shortest)
		cluster = c.clusters[len(c.clusters)-1]
		distance := int(c.configs[cluster].number(r, c.symbol(r, cluster))) + 1
		c.from = c.decoded - min(distance, c.decoded, maxWindow)
		if c.decoded == 0 || c.left == 0 {
			r.malformed("a copy of nothing")
			return 0
		}
	}
	c.left--
	v := c.window[c.from%maxWindow]
	c.from++
	return c.keep(v)
}

// keep remembers a number for copies.
func (c *coder) keep(v uint32) uint32 {
	if c.copies {
		if len(c.window) < maxWindow {
			c.window = append(c.window, v)
		} else {
			c.window[c.decoded%maxWindow] = v
		}
		c.decoded++
	}
	return v
}

func (c *coder) symbol(r *reader, cluster byte) uint32 {
	if r.err != nil {
		return 0
	}
	if c.prefix != nil {
		return c.prefix[cluster].symbol(r)
	}
	symbol, frequency, offset := c.ans[cluster].look(c.state & (1<<ansBits - 1))
	c.state = frequency*(c.state>>ansBits) + offset
	if c.state < 1<<16 {
		c.state = c.state<<16 | r.bits(16)
	}
	return symbol
}
