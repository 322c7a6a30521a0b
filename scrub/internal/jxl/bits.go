package jxl

import (
	"fmt"
	"sort"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// stream is a codestream that lies in one or more parts of the file.
type stream struct {
	w     *rd.Window
	parts []plan.Span
	start []int64 // where each part begins in the codestream
	size  int64

	page []byte // bytes of the codestream from at on
	at   int64
}

func newStream(w *rd.Window, parts []plan.Span) *stream {
	s := &stream{w: w, parts: parts}
	for _, p := range parts {
		s.start = append(s.start, s.size)
		s.size += p.Len
	}
	return s
}

// byte returns the byte at pos.
func (s *stream) byte(pos int64) (byte, error) {
	if in := pos - s.at; in >= 0 && in < int64(len(s.page)) {
		return s.page[in], nil
	}
	if pos >= s.size {
		return 0, fmt.Errorf("jxl: codestream ends at %d: %w", s.size, meta.Truncated)
	}
	i := sort.Search(len(s.start), func(i int) bool { return s.start[i] > pos }) - 1
	in := pos - s.start[i]
	page, err := s.w.Page(s.parts[i].Off + in)
	if err != nil {
		return 0, err
	}
	s.page, s.at = page[:min(int64(len(page)), s.parts[i].Len-in)], pos
	return s.page[0], nil
}

// reader reads bits, the lowest of each byte first (18181-1, B.2). After an
// error, which err holds, it reads zeros.
type reader struct {
	s   *stream
	pos int64 // in bits
	err error
}

// fail notes that the codestream is not as it should be.
func (r *reader) fail(what string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("jxl: %s before bit %d of the codestream: %w", what, r.pos, err)
	}
}

func (r *reader) malformed(what string) { r.fail(what, meta.ErrMalformed) }

// bits reads a number of n bits, at most 32.
func (r *reader) bits(n int) uint32 {
	var v uint64
	for got := 0; got < n && r.err == nil; {
		b, err := r.s.byte(r.pos >> 3)
		if err != nil {
			r.err = err
			return 0
		}
		in := int(r.pos & 7)
		take := min(8-in, n-got)
		v |= uint64(b>>in) & (1<<take - 1) << got
		got, r.pos = got+take, r.pos+int64(take)
	}
	if r.err != nil {
		return 0
	}
	return uint32(v)
}

func (r *reader) flag() bool { return r.bits(1) == 1 }

// skip reads n numbers of 16 bits, which nothing here depends on.
func (r *reader) skip(n int) {
	for range n {
		r.bits(16)
	}
}

// align goes to the next byte. The bits up to it are zero.
func (r *reader) align() {
	if n := int(-r.pos & 7); n > 0 && r.bits(n) != 0 {
		r.malformed("padding that is not zero")
	}
}

// dist is one of the four distributions of a U32: n bits, to which off is added (B.3).
type dist struct{ n, off uint32 }

func val(v uint32) dist { return dist{0, v} }

// u32 reads a U32 (B.3).
func (r *reader) u32(d0, d1, d2, d3 dist) uint32 {
	d := [4]dist{d0, d1, d2, d3}[r.bits(2)]
	return r.bits(int(d.n)) + d.off
}

// u64 reads a U64 (B.4).
func (r *reader) u64() uint64 {
	switch r.bits(2) {
	case 0:
		return 0
	case 1:
		return 1 + uint64(r.bits(4))
	case 2:
		return 17 + uint64(r.bits(8))
	}
	v := uint64(r.bits(12))
	for shift := 12; r.flag(); shift += 8 {
		if shift == 60 {
			return v | uint64(r.bits(4))<<60
		}
		v |= uint64(r.bits(8)) << shift
	}
	return v
}

// enum reads an enumeration (B.6).
func (r *reader) enum() uint32 { return r.u32(val(0), val(1), dist{4, 2}, dist{6, 18}) }

// name reads a name, which is free text.
func (r *reader) name() string {
	b := make([]byte, r.u32(val(0), dist{4, 0}, dist{5, 16}, dist{10, 48}))
	for i := range b {
		b[i] = byte(r.bits(8))
	}
	return string(b)
}

// extensions reads what later editions may add (B.8). There is none so far, and
// what an unknown one means to the picture cannot be told.
func (r *reader) extensions() {
	if r.u64() != 0 {
		r.fail("an extension", meta.ErrUnsupported)
	}
}
