package heif

import (
	"fmt"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

const (
	maxDerived = 4096    // bytes of a derived item, besides those for each input
	maxParts   = 1 << 17 // ranges of picture data, before neighbours are merged
)

// read reads properties and data of an item that is kept.
func (c *closure) read(k *kept) (err error) {
	if err := c.properties(k); err != nil {
		return err
	}
	if derivations[k.typ] != nil {
		var surplus int64
		k.body, surplus, err = c.derive(k.item, len(k.inputs))
		c.f.m.surplus += surplus
		return err
	}
	if err := c.f.reachable(k.item); err != nil {
		return err
	}
	conf := k.property(map[string]string{"hvc1": "hvcC", "av01": "av1C"}[k.typ])
	if conf == nil {
		return fmt.Errorf("no configuration: %w", meta.ErrMalformed)
	}
	if k.data, err = c.walk(k, conf); err != nil {
		return err
	}
	if k.data.out() == 0 {
		return fmt.Errorf("no picture data: %w", meta.ErrMalformed)
	}
	for i, p := range k.props {
		if p.typ == "a1lx" {
			k.props[i] = &property{typ: p.typ, body: moveLayers(p.body, k.data)}
		}
	}
	return nil
}

// walk goes through the data of a coded item. Items may share data, as equal
// tiles do; the same data is walked once.
func (c *closure) walk(k *kept, conf *property) (*stream, error) {
	size := 0
	if k.typ == "hvc1" {
		size = lengthSize(conf.body)
	}
	key := fmt.Sprint(k.typ, size, k.item.parts)
	if s := c.walked[key]; s != nil {
		return s, nil
	}
	s := newStream(c.f.w, k.item.parts)
	c.walked[key] = s
	return s, c.f.units(s, size)
}

// units goes through NAL units with lengths of size bytes, or through OBUs where
// size is 0. A file whose pictures lie over each other many times is refused.
func (f *file) units(s *stream, size int) error {
	if f.walked += s.size; f.walked > 4*f.w.Size() {
		return fmt.Errorf("pictures overlap: %w", meta.ErrLimit)
	}
	walk := walkOBU
	if size > 0 {
		walk = func(s *stream) error { return walkNAL(s, size) }
	}
	if err := walk(s); err != nil {
		return err
	}
	if f.pieces += len(s.kept); f.pieces > maxParts {
		return fmt.Errorf("more than %d pieces: %w", maxParts, meta.ErrLimit)
	}
	f.tell(s)
	return nil
}

// reachable checks that the data of an item lies in the file, and not in its header.
func (f *file) reachable(it *item) error {
	for _, p := range it.parts {
		if p.Len < 0 {
			return fmt.Errorf("data outside the file: %w", meta.Truncated)
		}
		if it.method == 0 && (overlap(p, plan.Span{Len: f.ftyp.Size}) || overlap(p, plan.Span{Off: f.meta.Off, Len: f.meta.Size})) {
			return fmt.Errorf("data in the header: %w", meta.ErrMalformed)
		}
	}
	return nil
}

// derive reads the data of a derived item with n inputs. surplus is what it has
// besides.
func (c *closure) derive(it *item, n int) (body []byte, surplus int64, err error) {
	if err := c.f.reachable(it); err != nil {
		return nil, 0, err
	}
	s := newStream(c.f.w, it.parts)
	b, err := s.bytes(0, min(s.size, int64(maxDerived+8*n)))
	if err != nil {
		return nil, 0, err
	}
	if body, err = derivations[it.typ](b, n); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", it.typ, err)
	}
	return body, max(s.size-int64(len(body)), 0), nil
}

func overlap(a, b plan.Span) bool { return a.Len > 0 && a.Off < b.End() && b.Off < a.End() }

// moveLayers is a1lx with the sizes that the layers have in the clean file.
func moveLayers(body []byte, s *stream) []byte {
	size := 2
	if body[0]&1 != 0 {
		size = 4
	}
	out := body[:1:1]
	pos := int64(0)
	for c := (&cursor{b: body[1:]}); len(c.b) > 0; {
		n := int64(c.uint(size))
		end := min(pos+n, s.size)
		out = put(out, size, uint64(s.before(end)-s.before(pos)))
		pos = end
	}
	return out
}
