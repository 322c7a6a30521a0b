package mp4

import (
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// numbers reads a table of numbers in a file, one after the other, through a
// window of its own. Nothing of the table stays in memory.
type numbers struct {
	w    *rd.Window
	off  int64
	page []byte
}

// table opens the entries behind the first skip content bytes of b.
func (f *film) table(b box.Box, skip int64) (*numbers, error) {
	if b.Len() < skip {
		return nil, fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.Truncated)
	}
	w, err := f.w.Sub(b.Data()+skip, b.Len()-skip)
	return &numbers{w: w}, err
}

// next reads the next number of n bytes, at most 8.
func (t *numbers) next(n int) (uint64, error) {
	if len(t.page) < n {
		p, err := t.w.Peek(t.off, n)
		if err != nil {
			return 0, err
		}
		if t.page, err = t.w.Page(t.off); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		t.page = t.page[:max(len(t.page), len(p))]
	}
	v := uint64(0)
	for _, c := range t.page[:n] {
		v = v<<8 | uint64(c)
	}
	t.page, t.off = t.page[n:], t.off+int64(n)
	return v, nil
}

// count reads the number of entries of each bytes that a full box states at an
// offset into its content, and checks that they are there.
func (f *film) count(b box.Box, at, each int64) (int64, error) {
	if b.Len() < at+4 {
		return 0, fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.Truncated)
	}
	n, err := f.w.Uint32(b.Data()+at, order)
	if err == nil && int64(n)*each > b.Len()-at-4 {
		err = fmt.Errorf("box %q at %d: %d entries: %w", b.Type, b.Off, n, meta.Truncated)
	}
	return int64(n), err
}

// sizes walks the sample sizes of a track (8.7.3).
type sizes struct {
	*numbers
	n     int64 // samples
	all   int64 // bytes of each, 0: they differ
	width int   // bits of a size
	half  uint64
	odd   bool
}

func (f *film) sizes(t *track) (s sizes, err error) {
	b := t.parts["stsz"]
	if c := t.parts["stz2"]; c.Size > 0 {
		if b.Size > 0 {
			return s, fmt.Errorf("two tables of sample sizes: %w", meta.ErrMalformed)
		}
		h, err := f.w.Bytes(c.Data(), min(c.Len(), 8))
		if err != nil {
			return s, err
		}
		if len(h) < 8 || h[7] != 4 && h[7] != 8 && h[7] != 16 {
			return s, fmt.Errorf("box %q at %d: %w", c.Type, c.Off, meta.ErrMalformed)
		}
		s.width = int(h[7])
		if s.n, err = f.count(c, 8, 0); err != nil {
			return s, err
		}
		s.numbers, err = f.table(c, 12)
		return s, err
	}
	if b.Size == 0 {
		return s, nil
	}
	s.width = 32
	if s.n, err = f.count(b, 8, 0); err != nil {
		return s, err
	}
	all, err := f.w.Uint32(b.Data()+4, order)
	if err != nil {
		return s, err
	}
	s.all = int64(all)
	if s.numbers, err = f.table(b, 12); err == nil && s.all == 0 && s.n*4 > b.Len()-12 {
		err = fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.Truncated)
	}
	return s, err
}

// sum is the number of bytes of the next n samples.
func (s *sizes) sum(n int64) (total int64, err error) {
	if s.all != 0 {
		if n > 1<<62/s.all {
			return 0, fmt.Errorf("%d samples of %d bytes: %w", n, s.all, meta.Truncated)
		}
		return s.all * n, nil
	}
	if s.numbers == nil && n > 0 {
		return 0, fmt.Errorf("no table of sample sizes: %w", meta.Truncated)
	}
	for range n {
		v := uint64(0)
		switch {
		case s.width != 4:
			v, err = s.next(s.width / 8)
		case s.odd:
			v, s.odd = s.half&15, false
		default:
			s.half, err = s.next(1)
			v, s.odd = s.half>>4, true
		}
		if err != nil {
			return 0, err
		}
		total += int64(v)
	}
	return total, nil
}

// frame is how uncompressed sound lies in chunks: so many bytes for so many samples.
type frame struct{ bytes, samples int64 }

// width is the number of bytes of a chunk offset.
func (t *track) width() int {
	if t.offsets == "co64" {
		return 8
	}
	return 4
}

// chunks goes through the chunks of a track (8.7.4, 8.7.5). Those of a track that
// stays are remembered, in its table and among the media; a chunk that holds
// nothing, or says that it lies at 0, has none.
func (f *film) chunks(t *track) error {
	sz, err := f.sizes(t)
	if err != nil {
		return err
	}
	t.samples = sz.n
	if !t.keep {
		if n, err := sz.sum(sz.n); err == nil {
			f.unused += n
		}
		return nil
	}
	co, sc := t.parts[t.offsets], t.parts["stsc"]
	if t.parts["stco"].Size > 0 && t.parts["co64"].Size > 0 {
		return fmt.Errorf("two tables of chunks: %w", meta.ErrMalformed)
	}
	if co.Size == 0 || sc.Size == 0 {
		if sz.n > 0 {
			return fmt.Errorf("%d samples without a table of chunks: %w", sz.n, meta.ErrMalformed)
		}
		return nil
	}
	width := t.width()
	n, err := f.count(co, 4, int64(width))
	if err != nil {
		return err
	}
	if t.table, err = f.w.Bytes(co.Data()+8, n*int64(width)); err != nil {
		return err
	}
	if n == 0 {
		t.samples, t.lost = 0, sz.n > 0
		return nil
	}
	per, err := f.perChunk(t, sc)
	if err != nil {
		return err
	}
	frame, err := f.rawFrame(t)
	if err != nil {
		return err
	}
	left := sz.n
	for i := range n {
		k, err := per(i + 1)
		if err != nil {
			return err
		}
		if k > left {
			return fmt.Errorf("chunk %d of %d samples where %d are left: %w", i+1, k, left, meta.ErrMalformed)
		}
		left -= k
		size, err := sz.sum(k)
		if err != nil {
			return err
		}
		if frame.samples > 0 {
			size = (k + frame.samples - 1) / frame.samples * frame.bytes
		}
		e := t.table[i*int64(width) : (i+1)*int64(width)]
		off := int64(0)
		for _, c := range e {
			off = off<<8 | int64(c)
		}
		switch {
		case off < 0:
			return fmt.Errorf("chunk %d: %w", i+1, meta.Truncated)
		case size == 0 || off == 0:
			f.changed = f.changed || off != 0
			clear(e)
		default:
			if err := f.sample(off, size); err != nil {
				return err
			}
		}
	}
	if left > 0 {
		return fmt.Errorf("%d samples in no chunk: %w", left, meta.ErrMalformed)
	}
	return nil
}

// perChunk returns a function that says how many samples a chunk has. It is
// asked for one chunk after the other, from 1.
func (f *film) perChunk(t *track, b box.Box) (func(i int64) (int64, error), error) {
	n, err := f.count(b, 4, 12)
	if err != nil {
		return nil, err
	}
	entries, err := f.table(b, 8)
	if err != nil {
		return nil, err
	}
	var first, next, now, then int64 // chunk and samples of the entry in force and of the next one
	read := func() error {
		if n == 0 {
			next = 1 << 62
			return nil
		}
		n--
		a, err := entries.next(4)
		if err != nil {
			return err
		}
		k, err := entries.next(4)
		if err != nil {
			return err
		}
		d, err := entries.next(4)
		if err != nil {
			return err
		}
		if int64(a) <= first || first == 0 && a != 1 && next == 0 || d == 0 || int(d) > len(t.formats) {
			return fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.ErrMalformed)
		}
		next, then = int64(a), int64(k)
		return nil
	}
	if err := read(); err != nil {
		return nil, err
	}
	return func(i int64) (int64, error) {
		for next == i {
			first, now = next, then
			if err := read(); err != nil {
				return 0, err
			}
		}
		if first == 0 {
			return 0, fmt.Errorf("box %q at %d: no entry: %w", b.Type, b.Off, meta.ErrMalformed)
		}
		return now, nil
	}, nil
}

// rawFrame says how the chunks of uncompressed sound are measured, whose samples
// are moments and no blocks: the entry of the format tells (QuickTime File
// Format, "Sound Sample Descriptions").
func (f *film) rawFrame(t *track) (frame, error) {
	if t.handler != "soun" {
		return frame{}, nil
	}
	b := t.parts["stts"]
	n, err := f.count(b, 4, 8)
	if err != nil || n != 1 {
		return frame{}, err
	}
	h, err := f.w.Bytes(b.Data()+8, 8)
	if err != nil || order.Uint32(h[4:]) != 1 {
		return frame{}, err
	}
	return f.soundFrame(t)
}
