package plan

import (
	"fmt"
	"slices"
	"sort"

	"tabir/scrub/meta"
)

// Sealed is a checked plan with its layout: where every piece lands, and every
// relocation resolved.
type Sealed struct {
	Size   int64 // bytes of the output
	pieces []Piece
	at     []int64 // where pieces[i] begins in the output
	body   []Span
	src    int64
}

// Seal checks that the pieces cover the source exactly once, that the picture
// data is kept and that every pointer lands in written bytes, and lays the
// output out. It fails with meta.ErrInternal, because only a mistake in a
// format can make it fail, or with meta.ErrLimit.
func (p *Plan) Seal(maxPieces int) (*Sealed, error) {
	if len(p.Pieces) > maxPieces {
		return nil, fmt.Errorf("plan: %d pieces: %w", len(p.Pieces), meta.ErrLimit)
	}
	s := &Sealed{pieces: slices.Clone(p.Pieces), at: make([]int64, len(p.Pieces)), body: p.Body, src: p.Size}
	pos := int64(0)
	for i, q := range p.Pieces {
		if q.Off != pos || q.Len < 0 || q.Len > p.Size-pos {
			return nil, fmt.Errorf("plan: piece %d covers %d+%d, expected it at %d of %d: %w", i, q.Off, q.Len, pos, p.Size, meta.ErrInternal)
		}
		if q.Act != Replace && (q.Lit != nil || q.Refs != nil) {
			return nil, fmt.Errorf("plan: piece %d at %d has a literal and is not replaced: %w", i, q.Off, meta.ErrInternal)
		}
		s.at[i] = s.Size
		s.Size += q.out()
		pos += q.Len
	}
	if pos != p.Size {
		return nil, fmt.Errorf("plan: covers %d of %d bytes: %w", pos, p.Size, meta.ErrInternal)
	}
	if err := s.checkBody(); err != nil {
		return nil, err
	}
	return s, s.resolve()
}

// out is the number of bytes that a piece writes.
func (q Piece) out() int64 {
	switch q.Act {
	case Keep:
		return q.Len
	case Replace:
		return int64(len(q.Lit))
	}
	return 0
}

func (s *Sealed) checkBody() error {
	for _, b := range s.body {
		for off := b.Off; off < b.End(); {
			i := s.find(off)
			if i < 0 || s.pieces[i].Act != Keep {
				return fmt.Errorf("plan: picture data at %d is not kept: %w", off, meta.ErrInternal)
			}
			off = s.pieces[i].End()
		}
	}
	return nil
}

// find returns the piece that holds source position off, or -1.
func (s *Sealed) find(off int64) int {
	i := sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].End() > off })
	if i == len(s.pieces) || off < s.pieces[i].Off {
		return -1
	}
	return i
}

// resolve writes the relocated numbers into copies of their literals.
func (s *Sealed) resolve() error {
	for i := range s.pieces {
		q := &s.pieces[i]
		if len(q.Refs) == 0 {
			continue
		}
		lit := append([]byte(nil), q.Lit...)
		for _, r := range q.Refs {
			if r.Count > 0 {
				if err := s.table(lit, r); err != nil {
					return fmt.Errorf("plan: literal for %d: %w", q.Off, err)
				}
				continue
			}
			to, err := s.moved(r.To, r.Edge)
			if err != nil {
				return err
			}
			from := int64(0)
			if r.From >= 0 {
				if from, err = s.moved(r.From, true); err != nil {
					return err
				}
			}
			if err := put(lit, r, to-from); err != nil {
				return fmt.Errorf("plan: literal for %d: %w", q.Off, err)
			}
		}
		q.Lit, q.Refs = lit, nil
	}
	return nil
}

// table relocates r.Count numbers, each of which counts from r.To in the source
// and will from r.From in the output.
func (s *Sealed) table(lit []byte, r Ref) error {
	if r.Width != 4 && r.Width != 8 || r.At < 0 || r.Count > (len(lit)-r.At)/r.Width {
		return fmt.Errorf("table of %d numbers at %d of %d bytes: %w", r.Count, r.At, len(lit), meta.ErrInternal)
	}
	from := int64(0)
	if r.From >= 0 {
		var err error
		if from, err = s.moved(r.From, true); err != nil {
			return err
		}
	}
	for one := r; one.At < r.At+r.Count*r.Width; one.At += r.Width {
		old := uint64(0)
		if r.Width == 8 {
			old = r.Order.Uint64(lit[one.At:])
		} else {
			old = uint64(r.Order.Uint32(lit[one.At:]))
		}
		if old == 0 {
			continue
		}
		to, err := s.moved(r.To+int64(min(old, 1<<62)), r.Edge)
		if err != nil {
			return err
		}
		if err := put(lit, one, to-from); err != nil {
			return err
		}
	}
	return nil
}

// moved maps a source position to the output. A pointer must land in a written
// piece: anywhere in a kept one, at the start of a replaced one.
func (s *Sealed) moved(off int64, edge bool) (int64, error) {
	if off == s.src && edge {
		return s.Size, nil
	}
	i := s.find(off)
	if i < 0 {
		return 0, fmt.Errorf("plan: pointer to %d outside the source: %w", off, meta.ErrInternal)
	}
	q, in := s.pieces[i], off-s.pieces[i].Off
	switch {
	case q.Act == Keep:
		return s.at[i] + in, nil
	case in == 0 && (edge || q.Act == Replace):
		return s.at[i], nil
	case edge && q.Act == Drop:
		return s.at[i], nil
	}
	return 0, fmt.Errorf("plan: pointer to %d, which is not written: %w", off, meta.ErrInternal)
}

func put(lit []byte, r Ref, v int64) error {
	if r.At < 0 || r.Width < 0 || r.At > len(lit)-r.Width {
		return fmt.Errorf("relocation at %d+%d of %d bytes: %w", r.At, r.Width, len(lit), meta.ErrInternal)
	}
	if v < 0 || r.Width < 8 && v>>(8*r.Width) != 0 {
		return fmt.Errorf("%d does not fit %d bytes: %w", v, r.Width, meta.ErrLimit)
	}
	switch b := lit[r.At:]; r.Width {
	case 2:
		r.Order.PutUint16(b, uint16(v))
	case 4:
		r.Order.PutUint32(b, uint32(v))
	case 8:
		r.Order.PutUint64(b, uint64(v))
	default:
		return fmt.Errorf("relocation of %d bytes: %w", r.Width, meta.ErrInternal)
	}
	return nil
}
