package heif

import (
	"fmt"
	"sort"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// part is a range of the source that is kept, or that a literal takes the place of.
type part struct {
	plan.Span
	lit []byte
}

// out is the number of bytes that are written for p.
func (p part) out() int64 {
	if p.lit != nil {
		return int64(len(p.lit))
	}
	return p.Len
}

// join appends p, merging it with what it follows directly.
func join(ps []part, p part) []part {
	if k := len(ps) - 1; k >= 0 && p.lit == nil && ps[k].lit == nil && ps[k].End() == p.Off {
		ps[k].Len += p.Len
		return ps
	}
	return append(ps, p)
}

// stream is the data of an item, which its extents make up, and what is kept of it.
type stream struct {
	w      *rd.Window
	spans  []plan.Span
	starts []int64 // where each span begins in the data
	size   int64
	kept   []part
	marks  []mark // of kept data, where it was in the item

	told    bool  // a unit that says something else than the picture went
	layers  int64 // bytes of further layers
	needles [][]byte
}

// mark says that out bytes are written for the n bytes at pos of the item.
type mark struct{ pos, n, out int64 }

func newStream(w *rd.Window, spans []plan.Span) *stream {
	s := &stream{w: w}
	for _, p := range spans {
		if p.Len > 0 {
			s.spans, s.starts = append(s.spans, p), append(s.starts, s.size)
			s.size += p.Len
		}
	}
	return s
}

// pieces are the ranges of the source that hold n bytes of the data from pos on.
func (s *stream) pieces(pos, n int64) (out []plan.Span) {
	for i := sort.Search(len(s.starts), func(i int) bool { return s.starts[i] > pos }) - 1; n > 0; i++ {
		in := pos - s.starts[i]
		k := min(n, s.spans[i].Len-in)
		out = append(out, plan.Span{Off: s.spans[i].Off + in, Len: k})
		pos, n = pos+k, n-k
	}
	return out
}

// peek returns the n bytes of the data at pos, or as many as are left.
func (s *stream) peek(pos int64, n int) ([]byte, error) {
	k := min(int64(n), s.size-pos)
	if len(s.spans) == 1 {
		return s.w.Peek(s.spans[0].Off+pos, int(k))
	}
	return s.bytes(pos, k)
}

func (s *stream) bytes(pos, n int64) ([]byte, error) {
	var out []byte
	for _, p := range s.pieces(pos, n) {
		b, err := s.w.Bytes(p.Off, p.Len)
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return out, nil
}

// keep keeps n bytes of the data at pos.
func (s *stream) keep(pos, n int64) {
	s.mark(pos, n, n)
	for _, p := range s.pieces(pos, n) {
		s.kept = join(s.kept, part{Span: p})
	}
}

// replace writes lit in place of n bytes of the data at pos.
func (s *stream) replace(pos, n int64, lit []byte) {
	s.mark(pos, n, int64(len(lit)))
	s.kept = append(s.kept, part{Span: s.pieces(pos, n)[0], lit: lit})
}

// full reports an item of more ranges than a file may have.
func (s *stream) full() error {
	if len(s.kept) > s.w.Limits().Pieces {
		return fmt.Errorf("more than %d pieces: %w", s.w.Limits().Pieces, meta.ErrLimit)
	}
	return nil
}

// out is the number of bytes that are written.
func (s *stream) out() (n int64) {
	for _, p := range s.kept {
		n += p.out()
	}
	return n
}

func (s *stream) mark(pos, n, out int64) {
	if k := len(s.marks) - 1; k >= 0 && n == out && s.marks[k].n == s.marks[k].out && s.marks[k].pos+s.marks[k].n == pos {
		s.marks[k].n += n
		s.marks[k].out += n
		return
	}
	s.marks = append(s.marks, mark{pos, n, out})
}

// before is the number of bytes that are written of the data before pos.
func (s *stream) before(pos int64) (n int64) {
	for _, m := range s.marks {
		switch {
		case m.pos+m.n <= pos:
			n += m.out
		case m.pos < pos:
			n += min(m.out, pos-m.pos)
		}
	}
	return n
}
