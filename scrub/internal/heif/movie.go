package heif

import (
	"encoding/binary"
	"fmt"
	"slices"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// movie appends the moov box of an animation to lit: the tracks that are kept,
// without times, names and languages.
func (h *header) movie(lit []byte) ([]byte, error) {
	s := h.c.sequence
	c, err := h.timed(s.head)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{box.MakeFull("mvhd", 1, 0, make([]byte, 16), c.scale, c.duration,
		[]byte{0, 1, 0, 0, 1, 0}, make([]byte, 10), identity, make([]byte, 24), put(nil, 4, uint64(len(s.tracks)+1)))}
	at := len(lit) + 8 + len(parts[0])
	for i, t := range s.tracks {
		b, err := h.track(t, uint64(i+1), at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, b)
		at += len(b)
	}
	return append(lit, box.Make("moov", parts...)...), nil
}

// identity is the matrix that turns nothing (14496-12, 6.2.2).
var identity = slices.Concat(
	[]byte{0, 1, 0, 0}, make([]byte, 12), []byte{0, 1, 0, 0}, make([]byte, 12), []byte{0x40, 0, 0, 0})

// clock is a scale and a duration, in 4 and 8 bytes.
type clock struct{ scale, duration []byte }

// timed reads the beginning of mvhd and mdhd, which are alike (8.2.2, 8.4.2).
func (h *header) timed(b box.Box) (clock, error) {
	v, _, c, err := h.c.f.full(b)
	if err != nil {
		return clock{}, err
	}
	if v > 1 {
		return clock{}, fmt.Errorf("heif: %s of version %d: %w", b.Type, v, meta.ErrUnsupported)
	}
	c.take(8 << v)
	out := clock{put(nil, 4, c.uint(4)), long(c, v)}
	return out, c.whole()
}

// long reads a duration in the width of a version. All bits set say that it is unknown.
func long(c *cursor, version byte) []byte {
	if version == 1 {
		return put(nil, 8, c.uint(8))
	}
	v := c.uint(4)
	if v == 1<<32-1 {
		v = 1<<64 - 1
	}
	return put(nil, 8, v)
}

// track is the trak box of t, which begins at position at of the header.
func (h *header) track(t *track, number uint64, at int) ([]byte, error) {
	tkhd, err := h.trackHeader(t, number)
	if err != nil {
		return nil, err
	}
	front := tkhd
	if number > 1 {
		front = append(front, box.Make("tref", box.Make("auxl", put(nil, 4, 1)))...)
	}
	edits, err := h.edits(t)
	if err != nil {
		return nil, err
	}
	front = append(front, edits...)
	c, err := h.timed(t.at["mdhd"])
	if err != nil {
		return nil, err
	}
	mdhd := box.MakeFull("mdhd", 1, 0, make([]byte, 16), c.scale, c.duration, []byte{0x55, 0xc4, 0, 0})
	hdlr := box.MakeFull("hdlr", 0, 0, make([]byte, 4), []byte(t.handler), make([]byte, 12), []byte{0})
	above := slices.Concat(box.MakeFull("vmhd", 0, 1, make([]byte, 8)), selfContained)
	const heads = 8 + 8 + 8 + 8 // trak, mdia, minf, stbl
	stbl, err := h.table(t, at+heads+len(front)+len(mdhd)+len(hdlr)+len(above))
	if err != nil {
		return nil, err
	}
	return box.Make("trak", front, box.Make("mdia", mdhd, hdlr, box.Make("minf", above, box.Make("stbl", stbl)))), nil
}

// trackHeader is tkhd (8.3.2) with the flags, the duration, the matrix and the size.
func (h *header) trackHeader(t *track, number uint64) ([]byte, error) {
	v, flags, c, err := h.c.f.full(t.at["tkhd"])
	if err != nil {
		return nil, err
	}
	if v > 1 {
		return nil, fmt.Errorf("heif: tkhd of version %d: %w", v, meta.ErrUnsupported)
	}
	c.take(8<<v + 8)
	duration := long(c, v)
	c.take(16)
	look := c.take(36 + 8)
	if err := c.whole(); err != nil {
		return nil, err
	}
	return box.MakeFull("tkhd", 1, flags&7, make([]byte, 16), put(nil, 4, number), make([]byte, 4), duration,
		make([]byte, 16), look), nil
}

// edits is edts with its edit list (8.6.6), nil where there is none.
func (h *header) edits(t *track) ([]byte, error) {
	if t.at["elst"].Size == 0 {
		return nil, nil
	}
	v, flags, c, err := h.c.f.full(t.at["elst"])
	if err != nil {
		return nil, err
	}
	n := c.uint(4)
	if n > maxEdits {
		return nil, fmt.Errorf("heif: %d edits: %w", n, meta.ErrLimit)
	}
	out := put(nil, 4, n)
	for range n {
		var length, start uint64
		if v == 0 {
			length, start = c.uint(4), uint64(int64(int32(c.uint(4))))
		} else {
			length, start = c.uint(8), c.uint(8)
		}
		h.c.sequence.edited = h.c.sequence.edited || int64(start) > 0
		out = append(put(put(out, 8, length), 8, start), c.take(4)...)
	}
	if err := c.whole(); err != nil {
		return nil, err
	}
	return box.Make("edts", box.MakeFull("elst", 1, flags&1, out)), nil
}

// table is the content of stbl, which begins at position at of the header.
func (h *header) table(t *track, at int) ([]byte, error) {
	n := len(t.sizes)
	times, err := h.times(t, "stts", n)
	if err != nil {
		return nil, err
	}
	out := append(t.entry.write(), times...)
	if t.at["ctts"].Size > 0 {
		if times, err = h.times(t, "ctts", n); err != nil {
			return nil, err
		}
		out = append(out, times...)
	}
	if t.at["stss"].Size > 0 {
		sync, err := h.sync(t, n)
		if err != nil {
			return nil, err
		}
		out = append(out, sync...)
	}
	out = append(out, t.runs()...)
	var sizes []byte
	for _, s := range t.sizes {
		sizes = put(sizes, 4, uint64(s))
	}
	out = append(out, box.MakeFull("stsz", 0, 0, make([]byte, 4), put(nil, 4, uint64(n)), sizes)...)

	typ, width := "stco", h.width()
	if h.wide {
		typ = "co64"
	}
	for i, c := range t.chunks {
		es := h.union.extents(c.parts)
		if len(es) != 1 {
			return nil, fmt.Errorf("heif: samples overlap: %w", meta.ErrMalformed)
		}
		h.refs = append(h.refs, plan.Ref{At: at + len(out) + 16 + i*width, Width: width, Order: binary.BigEndian, From: -1, To: es[0].src})
	}
	return append(out, box.MakeFull(typ, 0, 0, put(nil, 4, uint64(len(t.chunks))), make([]byte, width*len(t.chunks)))...), nil
}

// write is the stsd box of a sample entry (12.1.3).
func (e *entry) write() []byte {
	b := append(make([]byte, 6), 0, 1)
	b = append(b, make([]byte, 16)...)
	b = put(put(b, 2, e.width), 2, e.height)
	b = append(b, 0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1)
	b = append(b, make([]byte, 32)...)
	b = append(b, 0, 0x18, 0xff, 0xff)
	for _, p := range e.props {
		b = append(b, box.Make(p.typ, p.body)...)
	}
	return box.MakeFull("stsd", 0, 0, put(nil, 4, 1), box.Make(e.typ, b))
}

// times is stts or ctts for n samples (8.6.1), in as few runs as it can be.
func (h *header) times(t *track, typ string, n int) ([]byte, error) {
	b := t.at[typ]
	v, _, c, err := h.c.f.full(b)
	if err != nil {
		return nil, err
	}
	if typ == "stts" {
		v = 0
	}
	type run struct{ n, v uint64 }
	var runs []run
	left := uint64(n)
	for range c.uint(4) {
		r := run{c.uint(4), c.uint(4)}
		if c.short || r.n > left {
			return nil, bad(b, "number of samples")
		}
		left -= r.n
		if k := len(runs) - 1; k >= 0 && runs[k].v == r.v {
			runs[k].n += r.n
		} else if r.n > 0 {
			runs = append(runs, r)
		}
	}
	if left > 0 {
		return nil, bad(b, "number of samples")
	}
	out := put(nil, 4, uint64(len(runs)))
	for _, r := range runs {
		out = put(put(out, 4, r.n), 4, r.v)
	}
	return box.MakeFull(typ, v&1, 0, out), nil
}

// sync is stss (8.6.2): rising numbers of samples.
func (h *header) sync(t *track, n int) ([]byte, error) {
	b := t.at["stss"]
	_, _, c, err := h.c.f.full(b)
	if err != nil {
		return nil, err
	}
	count, last := c.uint(4), uint64(0)
	out := put(nil, 4, count)
	for range count {
		v := c.uint(4)
		if v <= last || v > uint64(n) {
			return nil, bad(b, "number of a sample")
		}
		last = v
		out = put(out, 4, v)
	}
	return box.MakeFull("stss", 0, 0, out), nil
}

// runs is stsc.
func (t *track) runs() []byte {
	var out []byte
	n, last := 0, 0
	for i, c := range t.chunks {
		if c.samples != last {
			out = put(put(put(out, 4, uint64(i+1)), 4, uint64(c.samples)), 4, 1)
			n, last = n+1, c.samples
		}
	}
	return box.MakeFull("stsc", 0, 0, put(nil, 4, uint64(n)), out)
}
