package heif

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// union is all kept data in the order of the source, without overlaps, and where
// it lands behind the header of the clean file.
type union struct {
	parts []part
	at    []int64
	size  int64
}

// newUnion merges the kept data of all items.
func newUnion(all []part) (*union, error) {
	slices.SortStableFunc(all, func(a, b part) int {
		return int(min(max(a.Off-b.Off, -1), 1))
	})
	u := &union{}
	for _, p := range all {
		k := len(u.parts) - 1
		if k < 0 || p.Off >= u.parts[k].End() && (p.Off > u.parts[k].End() || p.lit != nil || u.parts[k].lit != nil) {
			u.parts = append(u.parts, p)
			continue
		}
		last := &u.parts[k]
		if p.lit != nil || last.lit != nil {
			if p.Span != last.Span || !bytes.Equal(p.lit, last.lit) {
				return nil, fmt.Errorf("heif: items overlap at %d: %w", p.Off, meta.ErrMalformed)
			}
			continue
		}
		last.Len = max(last.Len, p.End()-last.Off)
	}
	for _, p := range u.parts {
		u.at = append(u.at, u.size)
		u.size += p.out()
	}
	return u, nil
}

// place is where the source position off, which is kept, lands.
func (u *union) place(off int64) int64 {
	i := sort.Search(len(u.parts), func(i int) bool { return u.parts[i].End() > off })
	return u.at[i] + off - u.parts[i].Off
}

// extent is a range of the clean file's data, and the source position of its beginning.
type extent struct{ at, n, src int64 }

// extents are where the data of an item lands, in as few ranges as it can be.
func (u *union) extents(ps []part) (out []extent) {
	for _, p := range ps {
		at := u.place(p.Off)
		if k := len(out) - 1; k >= 0 && out[k].at+out[k].n == at {
			out[k].n += p.out()
		} else {
			out = append(out, extent{at, p.out(), p.Off})
		}
	}
	return out
}

// plan lists the pieces of the clean file: a header of ours, and the data of the
// pictures as the source has it.
func (f *file) plan(c *closure) (*plan.Plan, error) {
	var all []part
	for _, s := range c.walked {
		all = append(all, s.kept...)
	}
	if c.sequence != nil {
		for _, t := range c.sequence.tracks {
			for _, k := range t.chunks {
				all = append(all, k.parts...)
			}
		}
	}
	u, err := newUnion(all)
	if err != nil {
		return nil, err
	}
	if len(u.parts) > f.w.Limits().Pieces {
		return nil, fmt.Errorf("heif: %d pieces: %w", len(u.parts), meta.ErrLimit)
	}
	h := &header{c: c, union: u, exif: f.exifOfOurs()}
	if h.film, err = f.film(u); err != nil {
		return nil, err
	}
	h.extras = h.newExtras()
	lit, refs, err := h.write()
	if err != nil {
		return nil, err
	}
	out := plan.New(f.w.Size())
	out.Insert(lit, refs...)
	pos := int64(0)
	for _, p := range u.parts {
		out.Drop(pos, p.Off-pos)
		if p.lit != nil {
			out.Replace(p.Off, p.Len, p.lit)
		} else {
			out.Picture(p.Off, p.Len)
		}
		pos = p.End()
	}
	pos = h.addFilm(out, pos)
	out.Drop(pos, f.w.Size()-pos)
	same, err := h.same(lit)
	if err != nil {
		return nil, err
	}
	out.Findings, err = f.describe(c, h, same)
	return out, err
}

// same reports whether the clean file is the source, where the film is.
func (h *header) same(lit []byte) (bool, error) {
	f, u := h.c.f, h.union
	if ok, err := h.filmStays(int64(len(lit)) + u.size); !ok || err != nil {
		return false, err
	}
	for i, p := range u.parts {
		if int64(len(lit))+u.at[i] != p.Off {
			return false, nil
		}
		if ok, err := f.w.Equal(p.Off, p.lit); !ok || err != nil {
			return false, err
		}
	}
	return f.w.Equal(0, lit)
}

// header is everything in front of the picture data.
type header struct {
	c     *closure
	union *union
	exif  []byte     // an Exif block of ours, or nil
	film  *mp4.Inner // nil where none is kept
	// extras are items of ours, whose data stands in front of that of the pictures.
	extras []extra

	wide bool // positions have 8 bytes
	idat []byte
	refs []plan.Ref // to be moved by where the iloc box is
	own  []int      // where the positions of extras are stated, to be moved likewise
}

// write lays the header out: ftyp, meta and the head of mdat.
func (h *header) write() (lit []byte, refs []plan.Ref, err error) {
	for {
		lit, refs, err = h.layout()
		if err != nil || h.wide || int64(len(lit))+h.union.size < 1<<32 {
			return lit, refs, err
		}
		h.wide = true
	}
}

func (h *header) layout() ([]byte, []plan.Ref, error) {
	h.idat, h.refs, h.own = nil, nil, nil
	props, assoc, err := h.properties()
	if err != nil {
		return nil, nil, err
	}
	iloc := h.locations()
	front := slices.Concat(
		box.MakeFull("hdlr", 0, 0, make([]byte, 4), []byte("pict"), make([]byte, 12), []byte{0}),
		box.MakeFull("pitm", 0, 0, put(nil, 2, uint64(h.c.byID[h.c.f.m.primary].number))),
	)
	back := slices.Concat(h.entries(), h.references(), box.Make("iprp", props, assoc), h.groups())
	if h.idat != nil {
		back = append(back, box.Make("idat", h.idat)...)
	}
	ftyp := h.c.fileType()
	lit := slices.Concat(ftyp, box.MakeFull("meta", 0, 0, front, iloc, back))
	ilocAt := len(ftyp) + 12 + len(front)
	for i := range h.refs {
		h.refs[i].At += ilocAt
	}
	for i := range h.own {
		h.own[i] += ilocAt
	}
	if h.c.sequence != nil {
		if lit, err = h.movie(lit); err != nil {
			return nil, nil, err
		}
	}
	lit = h.mediaHead(lit)
	for _, r := range h.refs {
		pos := uint64(len(lit)) + uint64(h.union.place(r.To))
		copy(lit[r.At:], put(nil, r.Width, pos))
	}
	return lit, h.refs, nil
}

// mediaHead appends the head of mdat and the data of our extras.
func (h *header) mediaHead(lit []byte) []byte {
	size := uint64(h.union.size)
	for _, e := range h.extras {
		size += uint64(len(e.body))
	}
	if h.wide {
		lit = put(append(put(lit, 4, 1), "mdat"...), 8, 16+size)
	} else {
		lit = append(put(lit, 4, 8+size), "mdat"...)
	}
	for i, e := range h.extras {
		copy(lit[h.own[i]:], put(nil, h.width(), uint64(len(lit))))
		lit = append(lit, e.body...)
	}
	return lit
}

// width is the number of bytes of a position.
func (h *header) width() int {
	if h.wide {
		return 8
	}
	return 4
}

// locations is the iloc box (14496-12, 8.11.3, version 1): picture data in mdat, and
// our extras too, since many readers look nowhere else; the little that derived
// items say in idat.
func (h *header) locations() []byte {
	n := h.width()
	b := put(put(nil, 1, uint64(n<<4|n)), 1, 0)
	var items []byte
	count := 0
	item := func(number uint32, method uint64, extents int) {
		count++
		items = put(put(put(put(items, 2, uint64(number)), 2, method), 2, 0), 2, uint64(extents))
	}
	const head = 8 + 4 + 2 + 2
	for _, k := range h.c.items {
		if k.data == nil {
			if len(k.body) > 0 {
				item(k.number, 1, 1)
				items = put(put(items, n, uint64(len(h.idat))), n, uint64(len(k.body)))
				h.idat = append(h.idat, k.body...)
			} else {
				item(k.number, 0, 0) // libheif asks for the place of the data that iden has none of
			}
			continue
		}
		es := h.union.extents(k.data.kept)
		item(k.number, 0, len(es))
		for _, e := range es {
			h.refs = append(h.refs, plan.Ref{At: head + len(items), Width: n, Order: binary.BigEndian, From: -1, To: e.src})
			items = put(put(items, n, 0), n, uint64(e.n))
		}
	}
	for _, e := range h.extras {
		item(e.number, 0, 1)
		h.own = append(h.own, head+len(items))
		items = put(put(items, n, 0), n, uint64(len(e.body)))
	}
	return box.MakeFull("iloc", 1, 0, b, put(nil, 2, uint64(count)), items)
}

// entries is the iinf box. Items have no names.
func (h *header) entries() []byte {
	entry := func(number uint32, typ string, flags uint32, rest ...byte) []byte {
		return box.MakeFull("infe", 2, flags, put(put(nil, 2, uint64(number)), 2, 0), []byte(typ), []byte{0}, rest)
	}
	var out []byte
	for _, k := range h.c.items {
		flags := uint32(0)
		if k.hidden {
			flags = 1
		}
		out = append(out, entry(k.number, k.typ, flags)...)
	}
	for _, e := range h.extras {
		out = append(out, entry(e.number, e.typ, 1, e.rest...)...)
	}
	return box.MakeFull("iinf", 0, 0, put(nil, 2, uint64(len(h.c.items)+len(h.extras))), out)
}

// references is the iref box, nil where there are none.
func (h *header) references() []byte {
	var out []byte
	add := func(typ string, from uint32, to ...uint32) {
		b := put(put(nil, 2, uint64(from)), 2, uint64(len(to)))
		for _, n := range to {
			b = put(b, 2, uint64(n))
		}
		out = append(out, box.Make(typ, b)...)
	}
	numbers := func(ids []uint32) (out []uint32) {
		for _, id := range ids {
			out = append(out, h.c.byID[id].number)
		}
		return out
	}
	for _, k := range h.c.items {
		if len(k.inputs) > 0 {
			add("dimg", k.number, numbers(k.inputs)...)
		}
		if to := h.c.alpha[k.id]; to != nil {
			add("auxl", k.number, numbers(to)...)
		}
		if to, ok := h.c.prem[k.id]; ok {
			add("prem", k.number, h.c.byID[to].number)
		}
	}
	for _, e := range h.extras {
		add("cdsc", e.number, h.c.byID[h.c.f.m.primary].number)
	}
	if out == nil {
		return nil
	}
	return box.MakeFull("iref", 0, 0, out)
}

// groups is the grpl box with the alternatives to the primary item, nil where
// there are none.
func (h *header) groups() []byte {
	if len(h.c.alt) == 0 {
		return nil
	}
	b := put(put(nil, 4, uint64(h.number(groupNumber))), 4, uint64(len(h.c.alt)+1))
	for _, id := range append(slices.Clone(h.c.alt), h.c.f.m.primary) {
		b = put(b, 4, uint64(h.c.byID[id].number))
	}
	return box.Make("grpl", box.MakeFull("altr", 0, 0, b))
}

// properties are the ipco and ipma boxes. Equal properties are written once.
func (h *header) properties() (ipco, ipma []byte, err error) {
	index := map[string]int{}    // of boxes
	known := map[*property]int{} // items share them
	var boxes, assoc []byte
	type entry struct {
		number uint32
		uses   []use
	}
	var entries []entry
	for _, k := range h.c.items {
		e := entry{number: k.number}
		for _, p := range k.props {
			i := known[p]
			if i == 0 {
				b := box.Make(p.typ, p.body)
				if i = index[string(b)]; i == 0 {
					i = len(index) + 1
					index[string(b)] = i
					boxes = append(boxes, b...)
				}
				known[p] = i
			}
			e.uses = append(e.uses, use{uint16(i), p.essential})
		}
		if len(e.uses) > 0 {
			entries = append(entries, e)
		}
	}
	if len(index) > maxProps {
		return nil, nil, fmt.Errorf("heif: %d properties: %w", len(index), meta.ErrLimit)
	}
	flags, n := uint32(0), 1
	if len(index) > 127 {
		flags, n = 1, 2
	}
	for _, e := range entries {
		if len(e.uses) > 255 {
			return nil, nil, fmt.Errorf("heif: %d properties of one item: %w", len(e.uses), meta.ErrLimit)
		}
		assoc = append(put(assoc, 2, uint64(e.number)), byte(len(e.uses)))
		for _, u := range e.uses {
			v := uint64(u.prop)
			if u.essential {
				v |= 1 << (8*n - 1)
			}
			assoc = put(assoc, n, v)
		}
	}
	return box.Make("ipco", boxes), box.MakeFull("ipma", 0, flags, put(nil, 4, uint64(len(entries))), assoc), nil
}
