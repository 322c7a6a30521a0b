package mp4

import (
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// writeTable writes a table of entries of each bytes. The box has at bytes
// before the number of entries; fix returns how many entries stay as they are,
// or a table of ours in their place.
func (f *film) writeTable(b box.Box, at, each int64, fix func(n int64) (int64, []byte, error)) error {
	n, err := f.count(b, at, each)
	if err != nil {
		return err
	}
	lead, err := f.w.Bytes(b.Data(), at)
	if err != nil {
		return err
	}
	if lead[0] != 1 || b.Type != "ctts" && b.Type != "elst" {
		lead[0] = 0
	}
	clear(lead[1:4])
	keep, ours, err := fix(n)
	if err != nil {
		return err
	}
	size := keep * each
	if ours != nil {
		keep, size = int64(len(ours))/each, int64(len(ours))
	}
	head := append(be32(nil, 12+at+size), b.Type...)
	head = be32(append(head, lead...), keep)
	if ours != nil {
		f.put(b, append(head, ours...))
		return nil
	}
	return f.keepTable(b, head, at+4, size)
}

// keepTable writes head in place of the head of a box and of its first lead
// bytes, and keeps size bytes of a table behind them.
func (f *film) keepTable(b box.Box, head []byte, lead, size int64) error {
	if lead+size > b.Len() {
		return fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.Truncated)
	}
	f.emit(b.Off, b.Head+lead, head)
	f.out.Keep(f.pos, size)
	f.pos += size
	if more := b.End() - f.pos; more > 0 {
		f.gone(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: b.Type + " box", Size: more})
	}
	f.skip(b.End())
	return nil
}

// runs checks a table of runs of samples (stts, ctts): entries for no sample, and
// for more than there are, mean nothing.
func (f *film) runs(b box.Box, samples int64) func(n int64) (int64, []byte, error) {
	return func(n int64) (int64, []byte, error) {
		t, err := f.table(b, 8)
		if err != nil {
			return 0, nil, err
		}
		tidy, total := true, int64(0)
		for range n {
			v, err := t.next(8)
			if err != nil {
				return 0, nil, err
			}
			total += int64(v >> 32)
			tidy = tidy && v>>32 != 0 && total <= samples
		}
		if tidy {
			return n, nil, nil
		}
		old, err := f.w.Bytes(b.Data()+8, 8*n)
		if err != nil {
			return 0, nil, err
		}
		out := []byte{}
		for left := samples; left > 0 && len(old) > 0; old = old[8:] {
			if k := min(int64(order.Uint32(old)), left); k > 0 {
				out = append(be32(out, k), old[4:8]...)
				left -= k
			}
		}
		return 0, out, nil
	}
}

// whole keeps all entries of a table.
func whole(n int64) (int64, []byte, error) { return n, nil, nil }

// writeSizes writes the table of sample sizes in the form that it has.
func (f *film) writeSizes(t *track, b box.Box) error {
	s, err := f.sizes(t)
	switch {
	case err != nil:
		return err
	case b.Type == "stz2":
		head := append(be32(nil, 20+(s.n*int64(s.width)+7)/8), b.Type...)
		head = be32(be32(be32(head, 0), int64(s.width)), s.n)
		return f.keepTable(b, head, 12, (s.n*int64(s.width)+7)/8)
	case s.all == 0:
		return f.writeTable(b, 8, 4, whole)
	}
	f.put(b, box.MakeFull(b.Type, 0, 0, be32(be32(nil, s.all), s.n)))
	return nil
}

// rising checks a table of numbers of samples (stss, stps): each is larger than
// the one before, and there is such a sample.
func (f *film) rising(b box.Box, samples int64) func(n int64) (int64, []byte, error) {
	return func(n int64) (int64, []byte, error) {
		t, err := f.table(b, 8)
		if err != nil {
			return 0, nil, err
		}
		last := int64(0)
		for i := range n {
			v, err := t.next(4)
			if err != nil {
				return 0, nil, err
			}
			if int64(v) <= last || int64(v) > samples {
				return i, nil, nil
			}
			last = int64(v)
		}
		return n, nil, nil
	}
}

// chunkRuns checks the table of samples a chunk: entries for chunks that are not
// there mean nothing. The rest was read with the chunks.
func (f *film) chunkRuns(t *track, b box.Box) func(n int64) (int64, []byte, error) {
	chunks := int64(len(t.table) / t.width())
	return func(n int64) (int64, []byte, error) {
		e, err := f.table(b, 8)
		if err != nil {
			return 0, nil, err
		}
		for i := range n {
			first, err := e.next(4)
			if err != nil {
				return 0, nil, err
			}
			if int64(first) > chunks {
				return i, nil, nil
			}
			if _, err := e.next(8); err != nil {
				return 0, nil, err
			}
		}
		return n, nil, nil
	}
}

// emptyTable is a sample table of a type without an entry, for a track whose
// samples are nowhere: what is said of them is of no use. It is nil for other boxes.
func emptyTable(kind string) []byte {
	switch kind {
	case "stts", "ctts", "stss", "stps", "stsc", "stco", "co64":
		return box.MakeFull(kind, 0, 0, be32(nil, 0))
	case "stsz":
		return box.MakeFull(kind, 0, 0, be32(be32(nil, 0), 0))
	case "stz2":
		return box.MakeFull(kind, 0, 0, be32(be32(nil, 8), 0))
	}
	return nil
}

// writeOffsets writes the chunk offsets, which move with the media.
func (f *film) writeOffsets(t *track, b box.Box) {
	n := len(t.table) / t.width()
	head := append(be32(nil, 16+int64(len(t.table))), b.Type...)
	head = append(be32(be32(head, 0), int64(n)), t.table...)
	var refs []plan.Ref
	if n > 0 {
		refs = append(refs, plan.Ref{At: 16, Width: t.width(), Order: order, From: -1, Count: n})
	}
	if more := b.Size - int64(len(head)); more > 0 {
		f.gone(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: b.Type + " box", Size: more})
	}
	f.emit(b.Off, b.Size, head, refs...)
}
