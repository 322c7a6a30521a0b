package mp4

import (
	"bytes"
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Flags of tfhd (8.8.7) and trun (8.8.8).
const (
	hasBase     = 0x1
	hasFormat   = 0x2
	hasDuration = 0x8
	hasSize     = 0x10
	hasFlags    = 0x20
	isEmpty     = 0x10000
	baseIsMoof  = 0x20000

	hasOffset    = 0x1
	hasFirst     = 0x4
	eachDuration = 0x100
	eachSize     = 0x200
	eachFlags    = 0x400
	eachOffset   = 0x800

	sampleFlags = 0x0FFF0000 // the bits of sample flags that have a meaning for players
)

// defaults are what fragments take for granted of a track (8.8.3).
type defaults struct{ size int64 }

// readDefaults reads trex.
func (f *film) readDefaults(b box.Box) error {
	if b.Type != "trex" {
		return nil
	}
	h, err := f.header(b, 24, 24)
	if err != nil {
		return err
	}
	if len(f.defaults) > maxTracks {
		return fmt.Errorf("more than %d tracks: %w", maxTracks, meta.ErrLimit)
	}
	id := order.Uint32(h.b[4:])
	if f.defaults[id] != nil {
		return fmt.Errorf("second box \"trex\" of track %d: %w", id, meta.ErrMalformed)
	}
	f.defaults[id] = &defaults{int64(order.Uint32(h.b[16:]))}
	return nil
}

// writeDefaults writes the boxes of mvex.
func (f *film) writeDefaults(b box.Box) error {
	switch b.Type {
	case "mehd":
		h, err := f.header(b, 8, 12)
		if err != nil {
			return err
		}
		clear(h.b[1:4])
		f.put(b, box.Make(b.Type, h.b))
		return nil
	case "trex":
		h, err := f.header(b, 24, 24)
		if err != nil {
			return err
		}
		if f.keeps(order.Uint32(h.b[4:])) {
			order.PutUint32(h.b[20:], order.Uint32(h.b[20:])&sampleFlags)
			f.put(b, box.MakeFull(b.Type, 0, 0, h.b[4:]))
		} else {
			f.skip(b.End()) // its track is named
		}
		return nil
	}
	return f.drop(b, "mvex")
}

// keeps reports whether the track of a number stays.
func (f *film) keeps(id uint32) bool {
	return f.any(func(t *track) bool { return t.id == id && t.keep })
}

// fragment is a movie fragment in its exact form.
type fragment struct {
	box.Box
	lit  []byte
	at   []int       // where in lit the data offsets are
	runs []plan.Span // the samples that they lead to, of the tracks that stay
	lost int64       // bytes of samples of the other ones
	odd  []box.Box   // boxes that are left out
	far  int64       // where data end that the next track may go on from
}

// readFragment takes the samples of a fragment.
func (f *film) readFragment(b box.Box) error {
	if b.Type != "moof" {
		return nil
	}
	g, err := f.fragment(b, 0)
	if err != nil {
		return err
	}
	f.unused += g.lost
	f.fragments = f.fragments || g.lit != nil
	for _, r := range g.runs {
		if r.Off < b.End() {
			return fmt.Errorf("samples at %d before their fragment: %w", r.Off, meta.ErrUnsupported)
		}
		if err := f.sample(r.Off, r.Len); err != nil {
			return err
		}
	}
	return nil
}

// fragment reads a movie fragment (8.8.4) and makes its exact form: the tracks
// that stay, with all data offsets counted from its beginning.
func (f *film) fragment(b box.Box, sequence uint32) (*fragment, error) {
	g := &fragment{Box: b, far: b.Off}
	var tracks []byte
	err := f.children(b, func(c box.Box) error {
		switch c.Type {
		case "traf":
			lit, err := f.trackFragment(g, c, 8+16+len(tracks))
			tracks = append(tracks, lit...)
			return err
		case "mfhd":
		default:
			g.odd = append(g.odd, c)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("fragment at %d: %w", b.Off, err)
	}
	if tracks != nil {
		g.lit = box.Make("moof", box.MakeFull("mfhd", 0, 0, be32(nil, int64(sequence))), tracks)
	}
	return g, nil
}

// trackFragment reads traf (8.8.6); at is where its exact form will stand in the
// fragment's.
func (f *film) trackFragment(g *fragment, b box.Box, at int) ([]byte, error) {
	var head, out []byte
	var keep bool
	var size int64
	base := g.Off
	err := f.children(b, func(c box.Box) error {
		if head == nil && c.Type != "tfhd" {
			return fmt.Errorf("box %q before tfhd: %w", meta.Show(c.Type), meta.ErrMalformed)
		}
		switch c.Type {
		case "tfhd":
			if head != nil {
				return fmt.Errorf("second box \"tfhd\": %w", meta.ErrMalformed)
			}
			h, err := f.w.Bytes(c.Data(), min(c.Len(), 40))
			if err != nil {
				return err
			}
			head, base, size, err = f.fragmentHeader(g, h)
			if err != nil {
				return err
			}
			keep = f.keeps(order.Uint32(head[12:]))
			g.far = base
			out = append(out, head...)
		case "tfdt":
			h, err := f.header(c, 8, 12)
			if err != nil {
				return err
			}
			clear(h.b[1:4])
			out = append(out, box.Make("tfdt", h.b)...)
		case "trun":
			lit, err := f.run(g, c, base, size, keep, at+8+len(out))
			out = append(out, lit...)
			return err
		default:
			g.odd = append(g.odd, c)
		}
		return nil
	})
	if err != nil || !keep {
		return nil, err
	}
	return box.Make("traf", out), nil
}

// fragmentHeader is the exact form of tfhd, with where its data offsets count
// from and how large its samples are.
func (f *film) fragmentHeader(g *fragment, h []byte) (out []byte, base, size int64, err error) {
	if len(h) < 8 {
		return nil, 0, 0, fmt.Errorf("box \"tfhd\": %w", meta.Truncated)
	}
	flags := order.Uint32(h) & 0xFFFFFF
	exact := flags&(hasFormat|hasDuration|hasSize|hasFlags|isEmpty) | baseIsMoof
	out = append(out, h[4:8]...)
	h, base = h[8:], g.far
	if flags&baseIsMoof != 0 {
		base = g.Off
	}
	if d := f.defaults[order.Uint32(out)]; d != nil {
		size = d.size
	}
	for _, field := range []uint32{hasBase, hasFormat, hasDuration, hasSize, hasFlags} {
		n := 4
		if field == hasBase {
			n = 8
		}
		if flags&field == 0 {
			continue
		}
		if len(h) < n {
			return nil, 0, 0, fmt.Errorf("box \"tfhd\": %w", meta.Truncated)
		}
		switch field {
		case hasBase:
			if base = int64(order.Uint64(h)); base < 0 || base > f.w.Size() {
				return nil, 0, 0, fmt.Errorf("data at %d: %w", base, meta.Truncated)
			}
		case hasSize:
			size = int64(order.Uint32(h))
			out = append(out, h[:4]...)
		case hasFlags:
			out = be32(out, int64(order.Uint32(h)&sampleFlags))
		default:
			out = append(out, h[:4]...)
		}
		h = h[n:]
	}
	return box.MakeFull("tfhd", 0, exact, out), base, size, nil
}

// run reads trun and adds its samples to the fragment. Its exact form, which
// will stand at a place in the fragment's, always has a data offset.
func (f *film) run(g *fragment, b box.Box, base, size int64, keep bool, at int) ([]byte, error) {
	n, err := f.count(b, 4, 0)
	if err != nil {
		return nil, err
	}
	h, err := f.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return nil, err
	}
	version, flags := min(h[0], 1), order.Uint32(h)&0xFFFFFF
	exact := flags&(hasFirst|eachDuration|eachSize|eachFlags|eachOffset) | hasOffset
	h = h[8:]
	word := func() (v uint32) {
		if len(h) < 4 {
			err = fmt.Errorf("box \"trun\" at %d: %w", b.Off, meta.Truncated)
			return 0
		}
		v, h = order.Uint32(h), h[4:]
		return v
	}
	off := g.far
	if flags&hasOffset != 0 {
		off = base + int64(int32(word()))
	}
	out := be32(be32(nil, n), off-g.Off)
	if flags&hasFirst != 0 {
		out = be32(out, int64(word()&sampleFlags))
	}
	total := int64(0)
	if flags&(eachDuration|eachSize|eachFlags|eachOffset) == 0 {
		if total = n * size; size > 0 && n > f.w.Size()/size {
			return nil, fmt.Errorf("%d samples of %d bytes: %w", n, size, meta.Truncated)
		}
	} else {
		for range n {
			each := size
			for _, field := range []uint32{eachDuration, eachSize, eachFlags, eachOffset} {
				if flags&field == 0 {
					continue
				}
				v := word()
				switch field {
				case eachSize:
					each = int64(v)
				case eachFlags:
					v &= sampleFlags
				}
				out = be32(out, int64(v))
			}
			if err != nil {
				return nil, err
			}
			total += each
		}
	}
	if err != nil {
		return nil, err
	}
	if off < 0 || total > f.w.Size() || off > f.w.Size()-total {
		return nil, fmt.Errorf("samples at %d: %w", off, meta.Truncated)
	}
	g.far = off + total
	if !keep {
		g.lost += total
		return nil, nil
	}
	if n == 0 {
		return nil, nil
	}
	if total > 0 {
		g.at = append(g.at, at+16)
		g.runs = append(g.runs, plan.Span{Off: off, Len: total})
	} else {
		clear(out[4:8]) // it leads to nothing
	}
	return box.MakeFull("trun", version, exact, out), nil
}

// writeFragment writes a fragment. runs are the samples of the film from here on.
func (f *film) writeFragment(b box.Box, runs []plan.Span) error {
	f.sequence++
	g, err := f.fragment(b, f.sequence)
	if err != nil {
		return err
	}
	if g.lit == nil {
		f.sequence--
	}
	for _, c := range g.odd {
		if err := f.tell(c, "moof"); err != nil {
			return err
		}
	}
	old, err := f.w.Bytes(b.Off, b.Size)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, g.lit) {
		f.plainly("moof box")
	}
	if g.lit == nil {
		f.skip(b.End())
		return nil
	}
	if f.still(g, runs) {
		f.emit(b.Off, b.Size, g.lit)
		return nil
	}
	var refs []plan.Ref
	for i, at := range g.at {
		refs = append(refs, plan.Ref{At: at, Width: 4, Order: order, From: b.Off, To: g.runs[i].Off, Edge: true})
	}
	f.emit(b.Off, b.Size, g.lit, refs...)
	return nil
}

// still reports whether the samples of a fragment will lie as far from it as now:
// it stays as long as it is, and of the media data behind it nothing goes.
func (f *film) still(g *fragment, runs []plan.Span) bool {
	m, err := box.At(f.w, g.End(), f.w.Size())
	if err != nil || m.Type != "mdat" || m.Head != 8 || m.Open || int64(len(g.lit)) != g.Size ||
		len(runs) == 0 || runs[0] != (plan.Span{Off: m.Data(), Len: m.Len()}) {
		return false
	}
	for _, r := range g.runs {
		if r.End() > m.End() {
			return false
		}
	}
	return true
}
