package heif

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"tabir/scrub/meta"
)

const (
	maxDepth = 8 // derivations of derivations
	maxAlt   = 8 // alternatives that are looked at
)

// kept is an item of the clean file.
type kept struct {
	*item
	number uint32 // its new one
	inputs []uint32
	done   bool   // its inputs are kept
	body   []byte // of a derived item, in exact form
	props  []*property
	data   *stream // of a coded item
}

// closure is the primary item and all that showing it needs, in the order of
// their numbers.
type closure struct {
	f     *file
	items []*kept
	byID  map[uint32]*kept
	alpha map[uint32][]uint32 // from an alpha picture to its masters
	prem  map[uint32]uint32   // from a master to the alpha picture that it was multiplied by
	alt   []uint32            // derived items that are shown instead of the primary item where they can be

	sequence *sequence // nil where there is none

	known  map[meaning]*property
	walked map[string]*stream
}

// meaning is a property and the type of an item: what it means depends on both.
type meaning struct {
	prop uint16
	typ  string
}

// codings are kinds of items that are pictures and are not kept.
var codings = map[string]string{
	"avc1": "AVC", "jpeg": "JPEG", "j2k1": "JPEG 2000", "vvc1": "VVC", "evc1": "EVC", "lhv1": "layered HEVC", "unci": "uncompressed", "mski": "mask",
}

// closure finds what is kept.
func (f *file) closure() (*closure, error) {
	c := &closure{f: f, byID: map[uint32]*kept{}, alpha: map[uint32][]uint32{}, prem: map[uint32]uint32{}, known: map[meaning]*property{}, walked: map[string]*stream{}}
	if err := c.add(f.m.primary, 0); err != nil {
		return nil, err
	}
	if err := c.alternatives(); err != nil {
		return nil, err
	}
	if err := c.alphas(); err != nil {
		return nil, err
	}
	if len(c.items) > maxKept {
		return nil, fmt.Errorf("heif: %d items: %w", len(c.items), meta.ErrLimit)
	}
	slices.SortFunc(c.items, func(a, b *kept) int { return int(int64(a.id) - int64(b.id)) })
	for i, k := range c.items {
		k.number = uint32(i + 1)
	}
	for _, k := range c.items {
		if err := c.read(k); err != nil {
			return nil, fmt.Errorf("heif: item %d: %w", k.id, err)
		}
	}
	return c, nil
}

// add keeps the item with the given number and its inputs.
func (c *closure) add(id uint32, depth int) error {
	if k := c.byID[id]; k != nil {
		if k.inputs != nil && !k.done {
			return fmt.Errorf("heif: item %d is made of itself: %w", id, meta.ErrMalformed)
		}
		return nil
	}
	it := c.f.m.item(id)
	if it == nil {
		return fmt.Errorf("heif: item %d is missing: %w", id, meta.ErrMalformed)
	}
	if depth > maxDepth {
		return fmt.Errorf("heif: item %d is derived %d times: %w", id, depth, meta.ErrLimit)
	}
	k := &kept{item: it}
	derived := derivations[it.typ] != nil
	switch {
	case it.sealed:
		return fmt.Errorf("heif: item %d is encrypted: %w", id, meta.ErrUnsupported)
	case it.outside || it.method > 1:
		return fmt.Errorf("heif: item %d: data in another file or item: %w", id, meta.ErrUnsupported)
	case !derived && it.typ != "hvc1" && it.typ != "av01":
		name := codings[it.typ]
		if name == "" {
			name = fmt.Sprintf("%q", meta.Show(it.typ))
		}
		return fmt.Errorf("heif: item %d: %s picture: %w", id, name, meta.ErrUnsupported)
	}
	c.byID[id] = k
	c.items = append(c.items, k)
	if !derived {
		return nil
	}
	k.inputs = c.f.m.inputs[id]
	for _, in := range k.inputs {
		if err := c.add(in, depth+1); err != nil {
			return err
		}
	}
	k.done = true
	return nil
}

// alternatives keeps the items that stand in front of the primary item in a group
// of alternatives and are made of it: with a gain map (tmap), or with more bits
// (sato). Without such a group no viewer shows them.
func (c *closure) alternatives() error {
	primary, left := c.f.m.primary, maxAlt
	for _, g := range c.f.m.groups {
		at := slices.Index(g.ids, primary)
		for _, id := range g.ids[:max(at, 0)] {
			it := c.f.m.item(id)
			if it == nil || it.typ != "tmap" && it.typ != "sato" || c.byID[id] != nil || left == 0 {
				continue
			}
			if left--; !c.usable(it) {
				continue
			}
			if err := c.add(id, 0); err != nil {
				return err
			}
			c.alt = append(c.alt, id)
		}
	}
	return nil
}

// usable reports whether an alternative is made of the primary item, by rules
// that are known, from data that can be read.
func (c *closure) usable(it *item) bool {
	inputs := c.f.m.inputs[it.id]
	if !slices.Contains(inputs, c.f.m.primary) || it.typ == "tmap" && inputs[0] != c.f.m.primary || it.sealed || it.outside || it.method > 1 {
		return false
	}
	for _, id := range inputs {
		if in := c.f.m.item(id); in == nil || derivations[in.typ] == nil && in.typ != "hvc1" && in.typ != "av01" {
			return false
		}
	}
	_, _, err := c.derive(it, len(inputs))
	return err == nil
}

// alphas keeps the transparency of what is kept so far.
func (c *closure) alphas() error {
	masters := maps.Clone(c.byID)
	has := map[uint32]bool{}
	for _, r := range c.f.m.refs {
		it := c.f.m.item(r.from)
		if r.typ != "auxl" || it == nil || masters[r.from] != nil || !c.isAlpha(it) {
			continue
		}
		for _, to := range r.to {
			if masters[to] == nil {
				continue
			}
			if has[to] {
				return fmt.Errorf("heif: item %d: more than one alpha picture: %w", to, meta.ErrMalformed)
			}
			has[to] = true
			if err := c.add(r.from, 1); err != nil {
				return err
			}
			c.alpha[r.from] = append(c.alpha[r.from], to)
		}
	}
	for _, r := range c.f.m.refs {
		if r.typ == "prem" && len(r.to) == 1 && slices.Contains(c.alpha[r.to[0]], r.from) {
			c.prem[r.from] = r.to[0]
		}
	}
	return nil
}

// isAlpha reports whether an item says that it is transparency.
func (c *closure) isAlpha(it *item) bool { return isAlpha(c.f.auxOf(it)) }

// auxOf is the kind of auxiliary picture that an item says to be.
func (f *file) auxOf(it *item) string {
	for _, u := range it.props {
		if int(u.prop) > len(f.m.props) || f.m.props[u.prop-1].Type != "auxC" {
			continue
		}
		b := f.m.props[u.prop-1]
		raw, err := f.w.Bytes(b.Data(), min(b.Len(), 256))
		if err != nil {
			return ""
		}
		return auxType(raw)
	}
	return ""
}

// property is the item's property of that type, nil where it has none.
func (k *kept) property(typ string) *property {
	for _, p := range k.props {
		if p.typ == typ {
			return p
		}
	}
	return nil
}

// properties reads the properties of an item. One that is unknown and needed is
// refused.
func (c *closure) properties(k *kept) error {
	for _, u := range k.item.props {
		if int(u.prop) > len(c.f.m.props) {
			return fmt.Errorf("property %d is missing: %w", u.prop, meta.ErrMalformed)
		}
		b := c.f.m.props[u.prop-1]
		as := meaning{u.prop, k.typ}
		p, ok := c.known[as]
		if !ok {
			var err error
			if p, err = c.f.property(b, k.item); err != nil {
				return err
			}
			c.known[as] = p
		}
		if p == nil {
			if u.essential && !moot[b.Type] {
				return fmt.Errorf("property %q: %w", meta.Show(b.Type), meta.ErrUnsupported)
			}
			continue
		}
		q := k.like(p)
		if q == nil {
			k.props = append(k.props, p)
		} else if turns[p.typ] || !bytes.Equal(p.body, q.body) {
			return fmt.Errorf("two properties %q: %w", p.typ, meta.ErrMalformed)
		}
	}
	return nil
}

// turns are the properties that count each time.
var turns = map[string]bool{"irot": true, "imir": true, "clap": true}

// moot are the properties that say nothing where they are not kept, needed or not.
var moot = map[string]bool{
	"colr": true, "auxC": true, "hvcC": true, "av1C": true, "a1lx": true,
	"pixi": true, "pasp": true, "clli": true, "mdcv": true, "amve": true, "cclv": true,
}

// like is the item's property that says the same kind of thing as p.
func (k *kept) like(p *property) *property {
	for _, q := range k.props {
		if q.typ == p.typ && (p.typ != "colr" || bytes.Equal(p.body[:4], q.body[:4])) {
			return q
		}
	}
	return nil
}
