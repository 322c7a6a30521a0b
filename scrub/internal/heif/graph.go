package heif

import (
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Bounds of the graph. The largest grid has 256 by 256 tiles (23008-12, 6.6.2.3).
const (
	maxItems   = 1<<16 - 1 // item numbers of ours have two bytes
	maxProps   = 1<<15 - 1 // an association has 15 bits (23008-12, 9.3)
	maxRefs    = 1 << 18
	maxExtents = 1 << 18
	maxUses    = 1 << 20
)

// item is an entry of iinf with what other boxes say of it.
type item struct {
	id      uint32
	typ     string
	hidden  bool
	sealed  bool  // item_protection_index is set
	entry   int32 // index in graph.entries
	method  byte  // construction method: 0 file, 1 idat, 2 another item
	outside bool  // in another file
	located bool
	parts   []plan.Span // extents, in positions of the file
	props   []use
}

// use is the association of a property with an item.
type use struct {
	prop      uint16 // from 1
	essential bool
}

// reference is an entry of iref (14496-12, 8.11.12).
type reference struct {
	typ  string
	from uint32
	to   []uint32
}

// graph is the content of the meta box.
type graph struct {
	handler box.Box
	primary uint32
	items   []item
	entries []box.Box // infe boxes
	byID    map[uint32]int
	refs    []reference         // auxl, prem, thmb and base
	inputs  map[uint32][]uint32 // dimg, by the derived item
	props   []box.Box           // ipco
	groups  []group             // altr
	idat    plan.Span
	loc     box.Box
	seen    map[string]bool
	dropped []box.Box // unknown boxes
	more    map[string]*tally
	uses    int            // associations so far
	surplus int64          // bytes behind the fields of a box
	told    map[int64]bool // property boxes, by position, that were reported
}

// group is an entity group of the type altr (23008-12, 9.4).
type group struct{ ids []uint32 }

func bad(b box.Box, what string) error {
	return fmt.Errorf("heif: %s box at %d: %s: %w", meta.Show(b.Type), b.Off, what, meta.ErrMalformed)
}

// full reads a FullBox of at most Limits.Block bytes.
func (f *file) full(b box.Box) (version byte, flags uint32, c *cursor, err error) {
	raw, err := f.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return 0, 0, nil, err
	}
	c = &cursor{b: raw}
	version = byte(c.uint(1))
	flags = uint32(c.uint(3))
	if c.short {
		return 0, 0, nil, bad(b, "no version")
	}
	return version, flags, c, nil
}

// done counts what is left behind the fields of a box.
func (f *file) done(b box.Box, c *cursor) error {
	if c.short {
		return fmt.Errorf("heif: %s box at %d: %w", meta.Show(b.Type), b.Off, meta.Truncated)
	}
	f.m.surplus += int64(len(c.b))
	return nil
}

// graph reads the meta box (14496-12, 8.11).
func (f *file) graph() error {
	m := &f.m
	m.byID, m.seen, m.more, m.told = map[uint32]int{}, map[string]bool{}, map[string]*tally{}, map[int64]bool{}
	m.inputs = map[uint32][]uint32{}
	if f.meta.Len() < 4 {
		return bad(f.meta, "too short")
	}
	var late []box.Box // what speaks of items, whose entries may come later
	err := box.Walk(f.w, f.meta.Data()+4, f.meta.End(), func(b box.Box) error {
		switch b.Type {
		case "hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "grpl", "idat", "dinf":
			if m.seen[b.Type] {
				return bad(b, "there are two")
			}
			m.seen[b.Type] = true
		}
		switch b.Type {
		case "hdlr":
			m.handler = b
			return f.handlerType(b)
		case "pitm":
			return f.primary(b)
		case "iinf":
			return f.itemInfo(b)
		case "iloc":
			m.loc = b
		case "iref", "iprp", "grpl":
			late = append(late, b)
		case "idat":
			m.idat = plan.Span{Off: b.Data(), Len: b.Len()}
		default:
			if len(m.dropped) < maxOthers {
				m.dropped = append(m.dropped, b)
			} else {
				count(m.more, b.Type, b.Size)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !m.seen["pitm"] || !m.seen["iinf"] || !m.seen["iloc"] || !m.seen["iprp"] {
		return bad(f.meta, "no picture items")
	}
	if err := f.locations(m.loc); err != nil {
		return err
	}
	for _, b := range late {
		read := map[string]func(box.Box) error{"iref": f.references, "iprp": f.properties, "grpl": f.groupList}[b.Type]
		if err := read(b); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) handlerType(b box.Box) error {
	_, _, c, err := f.full(b)
	if err != nil {
		return err
	}
	c.take(4)
	if h := string(c.take(4)); h != "pict" {
		return fmt.Errorf("heif: handler %q: %w", meta.Show(h), meta.ErrUnsupported)
	}
	return nil
}

func (f *file) primary(b box.Box) error {
	version, _, c, err := f.full(b)
	if err != nil {
		return err
	}
	n := 2
	if version > 0 {
		n = 4
	}
	f.m.primary = uint32(c.uint(n))
	return f.done(b, c)
}

// itemInfo reads iinf and its infe boxes (14496-12, 8.11.6).
func (f *file) itemInfo(b box.Box) error {
	v, err := f.w.Byte(b.Data())
	if err != nil || b.Len() < 6 {
		return bad(b, "too short")
	}
	head := int64(6)
	if v > 0 {
		head = 8
	}
	if b.Len() < head {
		return bad(b, "too short")
	}
	return box.Walk(f.w, b.Data()+head, b.End(), func(e box.Box) error {
		if e.Type != "infe" {
			count(f.m.more, e.Type, e.Size)
			return nil
		}
		return f.itemEntry(e)
	})
}

func (f *file) itemEntry(e box.Box) error {
	m := &f.m
	if len(m.items) >= maxItems {
		return fmt.Errorf("heif: more than %d items: %w", maxItems, meta.ErrLimit)
	}
	h, err := f.w.Peek(e.Data(), int(min(e.Len(), 16)))
	if err != nil {
		return err
	}
	c := &cursor{b: h}
	version, flags := c.uint(1), c.uint(3)
	if version < 2 || version > 3 {
		return fmt.Errorf("heif: item entry of version %d: %w", version, meta.ErrUnsupported)
	}
	it := item{id: uint32(c.uint(2 * int(version-1))), hidden: flags&1 != 0, entry: int32(len(m.items))}
	it.sealed = c.uint(2) != 0
	it.typ = string(c.take(4))
	if c.short {
		return bad(e, "too short")
	}
	if _, ok := m.byID[it.id]; ok || it.id == 0 {
		return bad(e, fmt.Sprintf("item %d is not the only one", it.id))
	}
	m.byID[it.id] = len(m.items)
	m.items = append(m.items, it)
	m.entries = append(m.entries, e)
	return nil
}

// item returns the item with the given number, or nil.
func (m *graph) item(id uint32) *item {
	if i, ok := m.byID[id]; ok {
		return &m.items[i]
	}
	return nil
}

// references reads iref.
func (f *file) references(b box.Box) error {
	m := &f.m
	v, err := f.w.Byte(b.Data())
	if err != nil || b.Len() < 4 {
		return bad(b, "too short")
	}
	n := 2
	if v > 0 {
		n = 4
	}
	total := 0
	return box.Walk(f.w, b.Data()+4, b.End(), func(r box.Box) error {
		raw, err := f.w.Bytes(r.Data(), r.Len())
		if err != nil {
			return err
		}
		c := &cursor{b: raw}
		ref := reference{typ: r.Type, from: uint32(c.uint(n))}
		k := int(c.uint(2))
		if total += 1 + k; total > maxRefs {
			return fmt.Errorf("heif: more than %d references: %w", maxRefs, meta.ErrLimit)
		}
		if k*n > len(c.b) {
			return bad(r, "too short")
		}
		for range k {
			ref.to = append(ref.to, uint32(c.uint(n)))
		}
		switch ref.typ {
		case "dimg":
			if len(m.inputs[ref.from]) > 0 {
				return bad(r, fmt.Sprintf("item %d has two lists of inputs", ref.from))
			}
			m.inputs[ref.from] = ref.to
		case "auxl", "prem", "thmb", "base":
			m.refs = append(m.refs, ref)
		}
		return f.done(r, c)
	})
}

// groupList reads the altr groups of grpl; others arrange what is dropped.
func (f *file) groupList(b box.Box) error {
	return box.Walk(f.w, b.Data(), b.End(), func(g box.Box) error {
		if g.Type != "altr" || len(f.m.groups) >= maxOthers {
			count(f.m.more, g.Type, g.Size)
			return nil
		}
		_, _, c, err := f.full(g)
		if err != nil {
			return err
		}
		c.uint(4)
		n := c.uint(4)
		if c.short || n > uint64(len(c.b)/4) {
			return bad(g, "too short")
		}
		if n > 1024 {
			return fmt.Errorf("heif: group of %d: %w", n, meta.ErrLimit)
		}
		var ids []uint32
		for range n {
			ids = append(ids, uint32(c.uint(4)))
		}
		f.m.groups = append(f.m.groups, group{ids})
		return f.done(g, c)
	})
}

// properties reads iprp: the boxes of ipco and the associations of ipma
// (23008-12, 9.3).
func (f *file) properties(b box.Box) error {
	m := &f.m
	return box.Walk(f.w, b.Data(), b.End(), func(b box.Box) error {
		switch {
		case b.Type == "ipco" && m.props == nil:
			return box.Walk(f.w, b.Data(), b.End(), func(p box.Box) error {
				if len(m.props) >= maxProps {
					count(m.more, "property", p.Size)
					return nil
				}
				m.props = append(m.props, p)
				return nil
			})
		case b.Type == "ipma":
			return f.associations(b)
		case b.Type == "ipco":
			return bad(b, "there are two")
		}
		count(m.more, b.Type, b.Size)
		return nil
	})
}

func (f *file) associations(b box.Box) error {
	version, flags, c, err := f.full(b)
	if err != nil {
		return err
	}
	id, wide := 2, 1
	if version > 0 {
		id = 4
	}
	if flags&1 != 0 {
		wide = 2
	}
	for n := c.uint(4); n > 0 && !c.short; n-- {
		it := f.m.item(uint32(c.uint(id)))
		k := c.uint(1)
		if f.m.uses += int(k); f.m.uses > maxUses {
			return fmt.Errorf("heif: more than %d uses of properties: %w", maxUses, meta.ErrLimit)
		}
		var uses []use
		for range k {
			v := uint16(c.uint(wide))
			u := use{v & 0x7f, v&0x80 != 0}
			if wide == 2 {
				u = use{v & 0x7fff, v&0x8000 != 0}
			}
			if u.prop > 0 {
				uses = append(uses, u)
			}
		}
		switch {
		case it == nil: // of no item: says nothing
		case it.props != nil:
			return bad(b, fmt.Sprintf("item %d twice", it.id))
		default:
			it.props = uses
		}
	}
	return f.done(b, c)
}
