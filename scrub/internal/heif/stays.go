package heif

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/meta"
)

// stays lists what remains in the file and is not seen, or not at once.
func (d *describer) stays() (fs []meta.Finding) {
	hidden := func(where, value string) {
		fs = append(fs, meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: where, Value: value, Fate: meta.Stays})
	}
	seen := map[string]bool{}
	for _, k := range d.c.items {
		if w, h, ok := k.size(); ok {
			if p := k.property("clap"); p != nil {
				cw, ch := apertureSize(p.body)
				if cw != w || ch != h {
					hidden("outside the clean aperture", fmt.Sprintf("%d x %d of %d x %d are shown", cw, ch, w, h))
				}
			}
		}
		switch k.typ {
		case "grid":
			g, _ := readGrid(k.body, len(k.inputs))
			w, h, ok := d.c.byID[k.inputs[0]].size()
			w, h = w*uint64(g.columns+1), h*uint64(g.rows+1)
			if v := fmt.Sprintf("%d x %d of %d x %d are shown", g.width, g.height, w, h); ok && (w > uint64(g.width) || h > uint64(g.height)) && !seen[v] {
				seen[v] = true
				hidden("beyond the edge of the tiles", v)
			}
		case "iovl":
			hidden("under an overlay", fmt.Sprintf("%d pictures on one canvas", len(k.inputs)))
		case "tmap":
			fs = append(fs, meta.Finding{Kind: meta.Picture, Label: meta.LabelGainMap, Where: "item tmap", Fate: meta.Stays})
		}
	}
	if s := d.c.sequence; s != nil && s.edited {
		hidden("outside the edit list", "")
	}
	primary := d.c.byID[d.f.m.primary]
	for _, p := range primary.props {
		switch {
		case p.typ == "irot" && p.body[0] > 0:
			fs = append(fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "irot", Value: fmt.Sprintf("turned by %d degrees", 90*int(p.body[0])), Fate: meta.Stays})
		case p.typ == "imir":
			fs = append(fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "imir", Value: "mirrored", Fate: meta.Stays})
		}
	}
	return fs
}

// size is what the item's ispe property says.
func (k *kept) size() (w, h uint64, ok bool) {
	p := k.property("ispe")
	if p == nil {
		return 0, 0, false
	}
	return uint64(binary.BigEndian.Uint32(p.body[4:])), uint64(binary.BigEndian.Uint32(p.body[8:])), true
}

// apertureSize is the size of a clean aperture in whole pixels (14496-12, 12.1.4).
func apertureSize(b []byte) (w, h uint64) {
	c := &cursor{b: b}
	wn, wd, hn, hd := c.uint(4), c.uint(4), c.uint(4), c.uint(4)
	return wn / max(wd, 1), hn / max(hd, 1)
}
