package plan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// copyBuf is the unit of copying where the kernel cannot copy for us.
const copyBuf = 128 << 10

// Write writes the output to dst. Where src and dst are files, kept ranges go
// from one to the other inside the kernel; where src is held in memory, they are
// not copied on the way.
func (s *Sealed) Write(ctx context.Context, dst io.Writer, src io.ReaderAt) error {
	var buf []byte
	for i, q := range s.pieces {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		switch q.Act {
		case Replace:
			if _, err := dst.Write(q.Lit); err != nil {
				return err
			}
		case Keep:
			if h, ok := src.(rd.Held); ok && q.End() <= int64(len(h)) {
				if _, err := dst.Write(h[q.Off:q.End()]); err != nil {
					return err
				}
				continue
			}
			if rs, ok := src.(io.ReadSeeker); ok {
				if _, err := rs.Seek(q.Off, io.SeekStart); err != nil {
					return err
				}
				// io.CopyN on two files is one copy_file_range; on a SectionReader it is not.
				if _, err := io.CopyN(dst, rs, q.Len); err != nil {
					return short(err, q)
				}
				continue
			}
			if buf == nil {
				buf = make([]byte, copyBuf)
			}
			if n, err := io.CopyBuffer(onlyWriter{dst}, io.NewSectionReader(src, q.Off, q.Len), buf); err != nil || n != q.Len {
				return short(err, s.pieces[i])
			}
		}
	}
	return nil
}

// onlyWriter hides ReadFrom, which would allocate a buffer of its own.
type onlyWriter struct{ io.Writer }

func short(err error, q Piece) error {
	if err == nil || errors.Is(err, io.EOF) {
		return fmt.Errorf("%d bytes at %d are gone: %w", q.Len, q.Off, meta.ErrChanged)
	}
	return err
}

// Range is a run of output bytes and where they come from: a range of the
// source, or a literal of ours.
type Range struct {
	Out Span
	Src int64  // position in the source, for kept bytes
	Lit []byte // the literal, else nil
}

// Ranges walks the output in order.
func (s *Sealed) Ranges() iter.Seq[Range] {
	return func(yield func(Range) bool) {
		for i, q := range s.pieces {
			n := q.out()
			if n > 0 && !yield(Range{Out: Span{s.at[i], n}, Src: q.Off, Lit: q.Lit}) {
				return
			}
		}
	}
}

// Body lists the picture data in positions of the output.
func (s *Sealed) Body() []Span {
	out := make([]Span, 0, len(s.body))
	for _, b := range s.body {
		for off := b.Off; off < b.End(); {
			i := s.find(off)
			q := s.pieces[i]
			n := min(q.End(), b.End()) - off
			at := s.at[i] + off - q.Off
			if k := len(out) - 1; k >= 0 && out[k].End() == at {
				out[k].Len += n
			} else {
				out = append(out, Span{at, n})
			}
			off += n
		}
	}
	return out
}

// Identity reports whether the output is the source, byte for byte: the plan of
// a clean file is the identity.
func (s *Sealed) Identity(src io.ReaderAt) (bool, error) {
	if s.Size != s.src {
		return false, nil
	}
	for r := range s.Ranges() {
		if r.Lit == nil {
			if r.Src != r.Out.Off {
				return false, nil
			}
			continue
		}
		b := make([]byte, len(r.Lit))
		if _, err := src.ReadAt(b, r.Out.Off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if !bytes.Equal(b, r.Lit) {
			return false, nil
		}
	}
	return true, nil
}
