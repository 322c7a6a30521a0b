package verify

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// chunk is how much of the output one step compares and sweeps: it and the
// source's half of the comparison stay in the processor's cache.
const chunk = 128 << 10

// walk goes through the output once, in order. Each chunk is compared with what
// it was made from, our own literals are blanked, and what remains is swept. It
// is an io.ReaderAt in front of the output: what the parser reads passes by on
// its way, and what lies before that is looked at first.
type walk struct {
	ctx    context.Context
	layout *plan.Sealed
	out    io.ReaderAt
	src    io.ReaderAt // nil: there is no source to compare with
	sweep  *sweep

	written int64        // that much of the output is there
	more    <-chan int64 // how much there is in the end, step by step; nil if it is all there

	pos    int64 // what lies before it was seen
	ranges []plan.Range
	body   []plan.Span
	*room
	carried int // bytes at the start of buf that were seen, for what crosses a border
	err     error
}

// room is what a walk needs of memory. It is used again.
type room struct {
	buf  [overlap + chunk]byte
	want [overlap + chunk]byte // the source's bytes for the comparison
}

var rooms = sync.Pool{New: func() any { return new(room) }}

func newWalk(ctx context.Context, layout *plan.Sealed, out, src io.ReaderAt, s *sweep) *walk {
	w := &walk{ctx: ctx, layout: layout, out: out, src: src, sweep: s, written: layout.Size, body: layout.Body(), room: rooms.Get().(*room)}
	for r := range layout.Ranges() {
		w.ranges = append(w.ranges, r)
	}
	return w
}

// end gives back what w used. It must not be used after that.
func (w *walk) end() { rooms.Put(w.room) }

// ReadAt implements io.ReaderAt for the parser.
func (w *walk) ReadAt(b []byte, off int64) (int, error) {
	err := w.upto(off)
	if err == nil {
		err = w.await(min(off+int64(len(b)), w.layout.Size))
	}
	if err != nil {
		return 0, err
	}
	n, err := w.out.ReadAt(b, off)
	if off <= w.pos && off+int64(n) > w.pos {
		if err := w.see(b[w.pos-off : n]); err != nil {
			return 0, err
		}
	}
	return n, err
}

// await waits until the first end bytes of the output are written.
func (w *walk) await(end int64) error {
	for w.written < end && w.err == nil {
		if n, ok := <-w.more; ok {
			w.written = n
		} else {
			w.err = errStopped
		}
	}
	return w.err
}

// upto goes through what was not seen yet of the output before end.
func (w *walk) upto(end int64) error {
	for end = min(end, w.layout.Size); w.pos < end; {
		if w.err == nil {
			w.err = context.Cause(w.ctx)
		}
		n := min(int64(len(w.buf)-w.carried), end-w.pos)
		if w.await(w.pos+n) != nil {
			break
		}
		if got, err := w.out.ReadAt(w.buf[w.carried:w.carried+int(n)], w.pos); int64(got) < n {
			w.err = fmt.Errorf("reading the written file at %d: %w", w.pos+int64(got), err)
			break
		}
		if w.look(int(n)) != nil {
			break
		}
	}
	return w.err
}

// see takes the next bytes of the output.
func (w *walk) see(b []byte) error {
	for len(b) > 0 && w.err == nil {
		n := copy(w.buf[w.carried:], b)
		b = b[n:]
		_ = w.look(n)
	}
	return w.err
}

// look looks at the next n bytes of the output, which are in buf behind those that
// are carried.
func (w *walk) look(n int) error {
	all := w.buf[:w.carried+n]
	if w.err = w.compare(all[w.carried:]); w.err != nil {
		return w.err
	}
	start := w.pos - int64(w.carried)
	for len(w.body) > 0 && w.body[0].End() <= start {
		w.body = w.body[1:]
	}
	if f, ok := w.sweep.find(all, start, w.body); ok {
		w.err = fmt.Errorf("%w: %s of the source is still in it", meta.ErrUnverified, f)
		return w.err
	}
	w.pos += int64(n)
	w.carried = copy(w.buf[:], all[max(len(all)-overlap, 0):])
	return nil
}

// compare checks b, the output at pos, against the ranges that it is made of,
// and blanks what is our own.
func (w *walk) compare(b []byte) error {
	end := w.pos + int64(len(b))
	for len(w.ranges) > 0 && w.ranges[0].Out.Off < end {
		r := w.ranges[0]
		lo, hi := max(r.Out.Off, w.pos), min(r.Out.End(), end)
		part := b[lo-w.pos : hi-w.pos]
		if r.Lit != nil {
			if !bytes.Equal(part, r.Lit[lo-r.Out.Off:hi-r.Out.Off]) {
				return fmt.Errorf("%w: bytes %d to %d are not what was written", meta.ErrUnverified, lo, hi)
			}
			clear(part)
		} else if w.src != nil {
			want, err := w.source(r.Src+lo-r.Out.Off, len(part))
			if err != nil {
				return err
			}
			if !bytes.Equal(part, want) {
				return fmt.Errorf("%w: bytes %d to %d differ from the source", meta.ErrUnverified, lo, hi)
			}
		}
		if r.Out.End() > end {
			return nil
		}
		w.ranges = w.ranges[1:]
	}
	return nil
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
