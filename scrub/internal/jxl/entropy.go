package jxl

import (
	"math/bits"
	"slices"

	"tabir/scrub/meta"
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

// countCodes are the codes of the logarithms of counts (C.2.5): length, and value
// with its first bit lowest. The last one stands for a repetition.
var countCodes = [14][2]uint32{{5, 17}, {4, 11}, {4, 15}, {4, 3}, {4, 9}, {4, 7}, {3, 4}, {3, 2}, {3, 5}, {3, 6}, {3, 0}, {6, 33}, {7, 1}, {7, 65}}

// code reads one of the codes of a table like countCodes.
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

// histogram reads how often each symbol of an alphabet occurs, of 4096 (C.2.5).
func (r *reader) histogram() []int {
	const all = 1 << ansBits
	switch {
	case r.flag(): // one or two symbols
		two := r.flag()
		a, b := r.varLen(3), 0
		if two {
			b = r.varLen(3)
		}
		counts := make([]int, max(a, b)+1)
		counts[a] = all
		if two {
			if a == b {
				r.malformed("one symbol twice")
			}
			counts[a] = int(r.bits(ansBits))
			counts[b] = all - counts[a]
		}
		return counts
	case r.flag(): // all alike
		n := r.varLen(3) + 1
		counts := make([]int, n)
		for i := range counts {
			counts[i] = all / n
			if i < all%n {
				counts[i]++
			}
		}
		return counts
	}
	n := 0
	for n < 3 && r.flag() {
		n++
	}
	shift := int(r.bits(n)|1<<n) - 1
	if shift > ansBits+1 {
		r.malformed("counts too exact")
	}
	counts, logs := make([]int, r.varLen(3)+3), []int(nil)
	repeats := map[int]int{} // how often the count before a place is repeated
	most, at := -1, -1
	for i := 0; i < len(counts) && r.err == nil; i++ {
		log := r.code(countCodes[:])
		logs = append(logs, log)
		if log == ansBits+1 {
			n := r.varLen(3) + 4
			repeats[i] = n
			for ; n > 1 && i+1 < len(counts); n-- {
				logs, i = append(logs, 0), i+1
			}
		} else if log > most {
			most, at = log, i
		}
	}
	if at < 0 || at+1 < len(logs) && logs[at+1] == ansBits+1 {
		r.malformed("counts of nothing")
	}
	if r.err != nil {
		return counts
	}
	sum := 0
	for i := 0; i < len(counts); i++ {
		if n := repeats[i]; n > 0 {
			for ; n > 0 && i < len(counts); n, i = n-1, i+1 {
				if i > 0 {
					counts[i] = counts[i-1]
				}
				sum += counts[i]
			}
			i--
			continue
		}
		if log := logs[i]; log > 0 && i != at {
			more := max(min(log-1, shift-(ansBits-log+1)>>1), 0)
			counts[i] = 1<<(log-1) + int(r.bits(more))<<(log-1-more)
			sum += counts[i]
		}
	}
	if counts[at] = all - sum; counts[at] <= 0 {
		r.malformed("counts that are too many")
	}
	return counts
}

// alias is an alias table (C.2.6).
type alias struct {
	counts []int
	log    int // of the size of an entry
	slots  []slot
}

type slot struct{ cutoff, other, offset int }

// alias builds the table for counts in an alphabet of 1 << logSize symbols.
func (r *reader) alias(counts []int, logSize int) alias {
	size := 1 << logSize
	for len(counts) > size && counts[len(counts)-1] == 0 {
		counts = counts[:len(counts)-1]
	}
	if len(counts) > size {
		r.malformed("an alphabet too large")
		return alias{}
	}
	t := alias{make([]int, size), ansBits - logSize, make([]slot, size)}
	copy(t.counts, counts)
	entry := 1 << t.log
	if i := slices.Index(t.counts, 1<<ansBits); i >= 0 {
		for s := range t.slots {
			t.slots[s] = slot{0, i, entry * s}
		}
		return t
	}
	var over, under []int
	cut := slices.Clone(t.counts)
	sort := func(i int) {
		if cut[i] > entry {
			over = append(over, i)
		} else if cut[i] < entry {
			under = append(under, i)
		}
	}
	for i := range cut {
		sort(i)
	}
	for len(over) > 0 && len(under) > 0 {
		o, u := over[len(over)-1], under[len(under)-1]
		over, under = over[:len(over)-1], under[:len(under)-1]
		cut[o] -= entry - cut[u]
		t.slots[u].other, t.slots[u].offset = o, cut[o]
		sort(o)
	}
	for i, c := range cut {
		if c == entry {
			t.slots[i] = slot{0, i, 0}
		} else {
			t.slots[i].cutoff = c
			t.slots[i].offset -= c
		}
	}
	return t
}

// look finds the symbol that v, of 12 bits, stands for.
func (t alias) look(v uint32) (symbol, frequency, offset uint32) {
	i, in := int(v>>t.log), int(v&(1<<t.log-1))
	if s := t.slots[i]; in >= s.cutoff {
		return uint32(s.other), uint32(t.counts[s.other]), uint32(s.offset + in)
	}
	return uint32(i), uint32(t.counts[i]), uint32(in)
}

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
			r.fail("a prefix code of wrong symbols", meta.ErrMalformed)
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
