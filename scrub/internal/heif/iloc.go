package heif

import (
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// locations reads iloc (14496-12, 8.11.3). Extents in idat are turned into
// positions of the file. Whether they lie in it is asked of what is kept.
func (f *file) locations(b box.Box) error {
	version, _, c, err := f.full(b)
	if err != nil {
		return err
	}
	if version > 2 {
		return fmt.Errorf("heif: item locations of version %d: %w", version, meta.ErrUnsupported)
	}
	sizes := c.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	for _, n := range []int{offset, length, base, index} {
		if n != 0 && n != 4 && n != 8 {
			return bad(b, fmt.Sprintf("numbers of %d bytes", n))
		}
	}
	idLen := 2
	if version == 2 {
		idLen = 4
	}
	total := 0
	for n := c.uint(idLen); n > 0 && !c.short; n-- {
		id := uint32(c.uint(idLen))
		method := byte(0)
		if version > 0 {
			method = byte(c.uint(2) & 15)
		}
		outside := c.uint(2) != 0
		from := c.uint(base)
		k := int(c.uint(2))
		if k*(index+offset+length) > len(c.b) {
			return fmt.Errorf("heif: iloc box at %d: %w", b.Off, meta.Truncated)
		}
		if total += k; total > maxExtents {
			return fmt.Errorf("heif: more than %d extents: %w", maxExtents, meta.ErrLimit)
		}
		it := f.m.item(id)
		if it != nil && it.located {
			return bad(b, fmt.Sprintf("item %d twice", id))
		}
		var parts []plan.Span
		for range k {
			c.take(index)
			at, size := from+c.uint(offset), c.uint(length)
			parts = append(parts, f.extent(method, at, size))
		}
		if it != nil {
			it.method, it.outside, it.located, it.parts = method, outside, true, parts
		}
	}
	return f.done(b, c)
}

// extent is the place of an extent in the file; one that lies outside has a
// length below zero.
func (f *file) extent(method byte, at, size uint64) plan.Span {
	limit, start := uint64(f.w.Size()), int64(0)
	if method == 1 {
		limit, start = uint64(f.m.idat.Len), f.m.idat.Off
	}
	if at > limit || size > limit-at {
		return plan.Span{Len: -1}
	}
	return plan.Span{Off: start + int64(at), Len: int64(size)}
}
