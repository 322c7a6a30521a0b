package tiff

import (
	"fmt"
	"slices"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// writer lays out the front of a clean file: its header and the IFDs of all
// pages with their values. The strips and tiles follow in the order of the
// source, so that their offsets are the only numbers that the layout decides.
type writer struct {
	f    *file
	lit  []byte
	refs []plan.Ref
	same map[string]uint64 // where a long value stands: pages share what is equal
}

// front is the literal at the start of the clean file. Until the relocations are
// resolved it holds the offsets of the source.
func (f *file) front(pages []*page) ([]byte, []plan.Ref, error) {
	w := &writer{f: f, same: map[string]uint64{}}
	w.lit = append(w.lit, "II"...)
	if f.o.Uint16([]byte{0, 1}) == 1 {
		w.lit = []byte("MM")
	}
	if f.big {
		w.number(2, 43)
		w.number(2, 8)
		w.number(2, 0)
		w.number(8, 16)
	} else {
		w.number(2, 42)
		w.number(4, 8)
	}
	for i, p := range pages {
		if err := w.page(p, i+1 < len(pages)); err != nil {
			return nil, nil, err
		}
	}
	return w.lit, w.refs, nil
}

// page appends an IFD and, behind it, the values that do not fit into its fields.
func (w *writer) page(p *page, more bool) error {
	offs, sizes := make([]uint64, len(p.parts)), make([]uint64, len(p.parts))
	for i, q := range p.parts {
		offs[i], sizes[i] = uint64(q.off), uint64(p.f.clean(q))
	}
	typ, at, size := uint16(typeLong), uint16(tagStripOffsets), uint16(tagStripBytes)
	if w.f.big {
		typ = typeLong8
	}
	if p.tiled {
		at, size = tagTileOffsets, tagTileBytes
	}
	fields := append(slices.Concat(p.fields, p.credit), entry{tag: at, typ: typ, vals: offs}, entry{tag: size, typ: typ, vals: sizes})
	if p.tables != nil {
		fields = append(fields, entry{tag: tagJPEGTables, typ: typeUndefined, raw: p.tables})
	}
	if p.profile != nil {
		fields = append(fields, entry{tag: tagICC, typ: typeUndefined, raw: p.profile})
	}
	slices.SortFunc(fields, func(a, b entry) int { return int(a.tag) - int(b.tag) })

	word := int(w.f.word())
	w.number(int(w.f.either(2, 8)), uint64(len(fields)))
	entries := len(w.lit)
	w.lit = append(w.lit, make([]byte, len(fields)*int(w.f.entry())+word)...)
	for i, e := range fields {
		b := w.encode(e)
		pos := entries + i*int(w.f.entry())
		head := w.f.append(w.f.append(nil, 2, uint64(e.tag)), 2, uint64(e.typ))
		head = w.f.append(head, word, uint64(int64(len(b))/sizeOf(e.typ)))
		copy(w.lit[pos:], head)
		pos += len(head)
		if len(b) <= word {
			copy(w.lit[pos:], b)
		} else {
			at := w.far(b, e.tag == at)
			copy(w.lit[pos:], w.f.append(nil, word, at))
			pos = int(at)
		}
		if e.tag == at {
			for k, q := range p.parts {
				if q.n > 0 {
					w.refs = append(w.refs, plan.Ref{At: pos + k*word, Width: word, Order: w.f.o, From: -1, To: q.off})
				}
			}
		}
		if int64(len(w.lit)) > w.f.w.Limits().Block {
			return fmt.Errorf("tiff: %d bytes of tags: %w", len(w.lit), meta.ErrLimit)
		}
	}
	if more {
		copy(w.lit[entries+len(fields)*int(w.f.entry()):], w.f.append(nil, word, uint64(len(w.lit))))
	}
	return nil
}

// far places a value behind the IFD, at an even offset, unless an equal one
// stands somewhere before; own is a value that is relocated.
func (w *writer) far(b []byte, own bool) uint64 {
	if at, ok := w.same[string(b)]; ok && !own {
		return at
	}
	at := uint64(len(w.lit))
	w.lit = append(w.lit, b...)
	if len(w.lit)&1 != 0 {
		w.lit = append(w.lit, 0)
	}
	if !own {
		w.same[string(b)] = at
	}
	return at
}

func (w *writer) encode(e entry) []byte {
	if e.raw != nil {
		return e.raw
	}
	size := int(sizeOf(e.typ))
	if e.typ == typeRational {
		size = 4
	}
	out := make([]byte, 0, len(e.vals)*size)
	for _, v := range e.vals {
		out = w.f.append(out, size, v)
	}
	return out
}

func (w *writer) number(size int, v uint64) { w.lit = w.f.append(w.lit, size, v) }

// append adds a number of 2, 4 or 8 bytes in the file's order.
func (f *file) append(b []byte, size int, v uint64) []byte {
	at := len(b)
	b = append(b, "\x00\x00\x00\x00\x00\x00\x00\x00"[:size]...)
	switch size {
	case 2:
		f.o.PutUint16(b[at:], uint16(v))
	case 4:
		f.o.PutUint32(b[at:], uint32(v))
	default:
		f.o.PutUint64(b[at:], v)
	}
	return b
}
