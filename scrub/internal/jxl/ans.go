package jxl

import "slices"

// countCodes are the codes of the logarithms of counts (C.2.5): length, and value
// with its first bit lowest. The last one stands for a repetition.
var countCodes = [14][2]uint32{{5, 17}, {4, 11}, {4, 15}, {4, 3}, {4, 9}, {4, 7}, {3, 4}, {3, 2}, {3, 5}, {3, 6}, {3, 0}, {6, 33}, {7, 1}, {7, 65}}

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
