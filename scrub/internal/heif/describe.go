package heif

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// Types of uuid boxes.
const (
	uuidXMP  = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"
	uuidC2PA = "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"
)

// describer says what is dropped. Findings that differ only in size are one.
type describer struct {
	f     *file
	c     *closure
	found []meta.Finding
	room  int64 // bytes of blocks that may still be read
}

// maxFound bounds the findings of one file.
const maxFound = 300

// describe lists what the source holds. same says that it is a clean file.
func (f *file) describe(c *closure, h *header, same bool) ([]meta.Finding, error) {
	d := &describer{f: f, c: c, found: f.found, room: f.w.Limits().Block}
	for _, b := range f.others {
		if err := d.box(b); err != nil {
			return nil, err
		}
	}
	for _, b := range f.m.dropped {
		if err := d.box(b); err != nil {
			return nil, err
		}
	}
	if f.mpvd.Size > 0 {
		if err := d.film(f.mpvd, h.film); err != nil {
			return nil, err
		}
	}
	d.tallies(f.more, "box %s")
	d.tallies(f.m.more, "box %s in meta")
	if err := d.sequence(); err != nil {
		return nil, err
	}
	if err := d.header(); err != nil {
		return nil, err
	}
	if err := d.items(h); err != nil {
		return nil, err
	}
	d.properties()
	d.streams()
	d.orphans()
	if n := f.w.Size() - f.tail; n > 0 {
		d.add(trailer.Describe(f.w, f.tail, n)...)
	}
	if f.m.surplus > 0 {
		d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "behind the fields of boxes", Size: f.m.surplus})
	}
	if !same && !slices.ContainsFunc(d.found, func(g meta.Finding) bool { return g.Fate == meta.Removed }) {
		d.add(meta.Finding{Kind: meta.Settings, Label: meta.LabelSurplus, Where: "order and numbering of the boxes", Size: f.meta.Size})
	}
	d.found = append(d.found, d.stays()...)
	return append(d.found, h.keptFindings()...), nil
}

// add takes what goes.
func (d *describer) add(fs ...meta.Finding) {
	for _, g := range fs {
		g.Fate = meta.Removed
		i := slices.IndexFunc(d.found, func(o meta.Finding) bool {
			return o.Fate == g.Fate && o.Kind == g.Kind && o.Label == g.Label && o.Where == g.Where && o.Value == g.Value
		})
		switch {
		case i >= 0 && (g.Value == "" || len(d.found) >= maxFound):
			d.found[i].Size += g.Size
			if len(d.found[i].Needles) < maxOthers {
				d.found[i].Needles = append(d.found[i].Needles, g.Needles...)
			}
		case len(d.found) < maxFound:
			d.found = append(d.found, g)
		}
	}
}

// read returns a block of at most n bytes at off, nil where too much was read already.
func (d *describer) read(off, n int64) ([]byte, error) {
	if d.room -= n; d.room < 0 {
		return nil, nil
	}
	return d.f.w.Bytes(off, n)
}

// box describes a dropped box.
func (d *describer) box(b box.Box) error {
	where := "box " + meta.Show(b.Type)
	at := func(fs []meta.Finding) {
		for i := range fs {
			fs[i].Where = where
			if fs[i].Label == meta.LabelTrailer { // the words for unknown bytes behind a picture
				fs[i].Label = meta.LabelUnknownBlock
			}
		}
		d.add(fs...)
	}
	switch same, err := d.f.w.Equal(b.Off, selfContained); {
	case err != nil:
		return err
	case same && b.Size == int64(len(selfContained)):
		// It says that all data is in this file.
	case b.Type == "uuid" && (string(b.UUID[:]) == uuidXMP || string(b.UUID[:]) == uuidC2PA):
		raw, err := d.read(b.Data(), b.Len())
		if err != nil {
			return err
		}
		if string(b.UUID[:]) == uuidXMP {
			d.add(xmp.Describe(raw)...)
		} else {
			d.add(c2pa.Describe(afterPurpose(raw))...)
		}
	case b.Len() == 0 || (b.Type == "free" || b.Type == "skip") && zero(d.f.w, b.Data(), b.Len()):
		d.add(meta.Finding{Kind: meta.Settings, Label: meta.LabelSurplus, Where: where, Size: b.Size})
	case b.Type == "moov":
		at(trailer.Describe(d.f.w, b.Off, b.Size))
		d.add(meta.Finding{Kind: meta.Media, Label: meta.LabelVideo, Where: where, Value: "animation", Size: b.Size})
	default:
		at(trailer.Describe(d.f.w, b.Data(), b.Len()))
	}
	return nil
}

// selfContained is the usual dinf box (14496-12, 8.7.1).
var selfContained = box.Make("dinf", box.MakeFull("dref", 0, 0, put(nil, 4, 1), box.MakeFull("url ", 0, 1)))

// afterPurpose is what stands behind version, purpose and offset in the uuid box
// of C2PA (C2PA specification, A.5.1).
func afterPurpose(b []byte) []byte {
	if len(b) < 4 {
		return b
	}
	_, rest, ok := bytes.Cut(b[4:], []byte{0})
	if !ok || len(rest) < 8 {
		return b
	}
	return rest[8:]
}

func (d *describer) tallies(m map[string]*tally, where string) {
	for _, typ := range slices.Sorted(maps.Keys(m)) {
		t := m[typ]
		name := meta.Show(typ)
		if typ == "" {
			name = "of other types"
		}
		d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: fmt.Sprintf(where, name), Value: fmt.Sprintf("%d of them", t.n), Size: t.size})
	}
}

// header describes what ftyp and hdlr say besides.
func (d *describer) header() error {
	f := d.f
	raw, err := f.w.Bytes(f.ftyp.Data(), min(f.ftyp.Len(), 1024))
	if err != nil {
		return err
	}
	var strange []string
	for i := 0; i+4 <= len(raw); i += 4 {
		s := string(raw[i : i+4])
		if _, ok := families[s]; ok || truths[s] != nil || harmless[s] || i == 4 && s == "\x00\x00\x00\x00" {
			continue
		}
		strange = append(strange, meta.Show(s))
	}
	if len(strange) > 0 {
		d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "ftyp box", Value: strings.Join(strange, " ")})
	}
	f.m.surplus += max(f.ftyp.Len()-1024, f.ftyp.Len()%4)
	return d.handler(f.m.handler)
}

// harmless are brands that say what other parts of a file are, and no more.
var harmless = map[string]bool{
	"iso8": true, "iso9": true, "isoa": true, "isom": true, "mp41": true, "mp42": true, "hevi": true, "MiAn": true, "MiBu": true,
	"MiBr": true, "MiCm": true, "1pic": true, "avio": true, "geo1": true,
}

// streams describes what went from inside the picture data.
func (d *describer) streams() {
	in := d.f.inside
	if in.told {
		d.add(meta.Finding{Kind: meta.Software, Label: meta.LabelEncoderData, Where: "between the parts of the picture data", Needles: in.needles})
	}
	if in.layers > 0 {
		d.add(meta.Finding{Kind: meta.Picture, Label: meta.LabelSecondPicture, Where: "further layers of the picture data", Size: in.layers})
	}
}
