package plan

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// block is the unit of writing, in bytes: large enough that system calls vanish,
// small enough that what was written is still in the processor's cache when it is
// looked at.
const block = 128 << 10

// writers are used again: a folder of small photos would be made of garbage else.
var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, block) }}

// Write writes the output to dst, in blocks. What is kept of a source that is held
// in memory is not copied on the way.
func (s *Sealed) Write(ctx context.Context, dst io.Writer, src io.ReaderAt) error {
	w := writers.Get().(*bufio.Writer)
	w.Reset(onlyWriter{dst})
	defer func() {
		w.Reset(nil)
		writers.Put(w)
	}()
	for _, q := range s.pieces {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		switch h, held := src.(rd.Held); {
		case q.Act == Replace:
			_, _ = w.Write(q.Lit) // Flush says what went wrong
		case q.Act == Keep && held && q.End() <= int64(len(h)):
			_, _ = w.Write(h[q.Off:q.End()])
		case q.Act == Keep:
			n, err := w.ReadFrom(stopping{ctx, io.NewSectionReader(src, q.Off, q.Len)})
			if err == nil && n < q.Len {
				err = io.EOF
			}
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("%d bytes at %d are gone: %w", q.Len, q.Off, meta.ErrChanged)
			}
			if err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

// onlyWriter hides ReadFrom, which would allocate a buffer of its own.
type onlyWriter struct{ io.Writer }

// stopping reads until the context ends.
type stopping struct {
	ctx context.Context
	io.Reader
}

func (s stopping) Read(b []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	return s.Reader.Read(b)
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
