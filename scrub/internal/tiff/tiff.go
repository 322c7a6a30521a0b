// Package tiff plans the cleaning of TIFF and BigTIFF pictures (TIFF 6.0 with
// its supplements and Technical Note 2) page by page: the tags that decoding
// needs are written anew in one form, at the front of the file, and strips and
// tiles are copied as they are. All else is dropped: other tags, reduced pages,
// sub-IFDs, and the bytes between the parts.
package tiff

import (
	"fmt"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Format is TIFF and BigTIFF. Raw photos that are built on them are told by
// their content and are meta.ErrUnknownFormat, by name.
var Format = plan.Format{
	Name:   "tiff",
	Exts:   []string{".tif", ".tiff", ".btf", ".tf8"},
	Sniff:  sniff,
	Parse:  parse,
	Skims:  true,
	Canvas: openCanvas,
}

func sniff(h []byte) bool {
	if len(h) < 4 || len(h) >= 10 && string(h[8:10]) == "CR" {
		return false // Canon's raw photos say so behind the header
	}
	switch string(h[:4]) {
	case "II*\x00", "MM\x00*", "II+\x00", "MM\x00+":
		return true
	}
	return false
}

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	f, pages, d, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	out := plan.New(w.Size())
	gaps, same, err := f.lay(out, pages)
	if err != nil {
		return nil, err
	}
	if err := d.finish(gaps, same); err != nil {
		return nil, err
	}
	out.Findings = d.found
	return out, nil
}

// read learns all about the pages that stay, and describes what goes.
func read(w *rd.Window, pol meta.Policy) (*file, []*page, *describer, error) {
	f, err := open(w)
	if err != nil {
		return nil, nil, nil, err
	}
	d := newDescriber(f)
	dirs, err := f.chain(d)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := f.raw(dirs[0]); err != nil {
		return nil, nil, nil, err
	}
	var pages []*page
	parts := 0
	for i, dir := range dirs {
		p := &page{f: f, d: dir, n: i + 1, used: map[uint16]bool{}}
		if p.reduced(i, len(dirs)) {
			d.small(p.d, p.n, fmt.Sprintf("page %d", p.n))
			if err := d.page(p, exif.Choices{}); err != nil {
				return nil, nil, nil, err
			}
			continue
		}
		if err := p.read(); err != nil {
			return nil, nil, nil, err
		}
		if parts += len(p.parts); parts > maxParts {
			return nil, nil, nil, fmt.Errorf("tiff: more than %d strips and tiles: %w", maxParts, meta.ErrLimit)
		}
		if err := p.keep(); err != nil {
			return nil, nil, nil, err
		}
		if err := p.strips(d); err != nil {
			return nil, nil, nil, err
		}
		if err := p.colour(d); err != nil {
			return nil, nil, nil, err
		}
		keep := meta.Keep(0)
		if len(pages) == 0 {
			keep = pol.Keep
		}
		if err := d.page(p, d.choices(p, keep)); err != nil {
			return nil, nil, nil, err
		}
		pages = append(pages, p)
	}
	if len(pages) == 0 {
		return nil, nil, nil, fmt.Errorf("tiff: only reduced copies of pictures: %w", meta.ErrUnsupported)
	}
	return f, pages, d, nil
}

// chain reads the IFDs from the first on. A link to one that was read already
// ends it, as in libtiff.
func (f *file) chain(d *describer) ([]*ifd, error) {
	var out []*ifd
	seen := map[int64]bool{}
	for off := f.first; off != 0; {
		if seen[off] {
			d.loop = true
			break
		}
		if len(out) == maxPages {
			return nil, fmt.Errorf("tiff: more than %d pages: %w", maxPages, meta.ErrLimit)
		}
		seen[off] = true
		dir, err := f.readIFD(off)
		if err != nil {
			return nil, err
		}
		out = append(out, dir)
		off = dir.next
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("tiff: no page: %w", meta.ErrMalformed)
	}
	return out, nil
}

// reduced reports whether page i of n is a small copy of another one: it says
// so, or it is a thumbnail as in the second IFD of an Exif block.
func (p *page) reduced(i, n int) bool {
	if n == 1 {
		return false
	}
	_, strips := p.d.fields[tagStripOffsets]
	_, tiles := p.d.fields[tagTileOffsets]
	if _, ok := p.d.fields[tagJPEGOffset]; ok && i > 0 && !strips && !tiles {
		return true
	}
	if v, err := p.one(tagSubfile, 0); err == nil && v&1 != 0 {
		return true
	}
	v, err := p.one(tagOldSubfile, 1)
	delete(p.used, tagOldSubfile)
	return err == nil && v == 2
}
