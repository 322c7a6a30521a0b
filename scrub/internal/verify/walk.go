package verify

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// chunk is how much of the output one step compares and sweeps: it and the
// source's half of the comparison stay in the processor's cache.
const chunk = 128 << 10

// walk reads the output once, in order. Each chunk is compared with what it was
// made from, our own literals are blanked, and what remains is swept.
type walk struct {
	layout *plan.Sealed
	out    io.ReaderAt
	src    io.ReaderAt // nil: there is no source to compare with
	sweep  *sweep

	want []byte // the source's bytes for the comparison
}

func (w *walk) run(ctx context.Context) error {
	size := w.layout.Size
	buf := make([]byte, overlap+min(chunk, size))
	w.want = make([]byte, min(chunk, size))
	ranges := collect(w.layout)
	body := w.layout.Body()
	carried := 0 // bytes at the start of buf that the last step has seen
	for pos := int64(0); pos < size; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n := int(min(chunk, size-pos))
		now := buf[carried : carried+n]
		if got, err := w.out.ReadAt(now, pos); got < n {
			return fmt.Errorf("reading the written file at %d: %w", pos+int64(got), err)
		}
		var err error
		if ranges, err = w.compare(ranges, pos, now); err != nil {
			return err
		}
		for len(body) > 0 && body[0].End() <= pos-int64(carried) {
			body = body[1:]
		}
		if f, ok := w.sweep.find(buf[:carried+n], pos-int64(carried), body); ok {
			return fmt.Errorf("%w: %s of the source is still in it", meta.ErrUnverified, f)
		}
		pos += int64(n)
		keep := min(overlap, carried+n)
		copy(buf, buf[carried+n-keep:carried+n])
		carried = keep
	}
	return nil
}

// compare checks b, the output at pos, against the ranges that it is made of,
// blanks what is our own, and returns the ranges still to come.
func (w *walk) compare(ranges []plan.Range, pos int64, b []byte) ([]plan.Range, error) {
	end := pos + int64(len(b))
	for len(ranges) > 0 {
		r := ranges[0]
		lo, hi := max(r.Out.Off, pos), min(r.Out.End(), end)
		part := b[lo-pos : hi-pos]
		if r.Lit != nil {
			if !bytes.Equal(part, r.Lit[lo-r.Out.Off:hi-r.Out.Off]) {
				return nil, fmt.Errorf("%w: bytes %d to %d are not what was written", meta.ErrUnverified, lo, hi)
			}
			clear(part)
		} else if w.src != nil {
			want, err := w.source(r.Src+lo-r.Out.Off, len(part))
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(part, want) {
				return nil, fmt.Errorf("%w: bytes %d to %d differ from the source", meta.ErrUnverified, lo, hi)
			}
		}
		if r.Out.End() > end {
			break
		}
		ranges = ranges[1:]
	}
	return ranges, nil
}

// source returns n bytes of the source, which are valid until the next call.
func (w *walk) source(off int64, n int) ([]byte, error) {
	if h, ok := w.src.(rd.Held); ok && off+int64(n) <= int64(len(h)) {
		return h[off:][:n], nil
	}
	if k, err := w.src.ReadAt(w.want[:n], off); k < n {
		return nil, fmt.Errorf("%w: reading it again at %d: %w", meta.ErrChanged, off, err)
	}
	return w.want[:n], nil
}

func collect(s *plan.Sealed) []plan.Range {
	var out []plan.Range
	for r := range s.Ranges() {
		out = append(out, r)
	}
	return out
}
