package heif

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"strings"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/iptc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

const (
	maxBlocks = 64 // blocks of text and Exif that are read
	maxNames  = 64 // names of items
)

// exifBlock is the TIFF structure in the data of an Exif item (23008-12, A.2.1).
func exifBlock(b []byte) []byte {
	if len(b) < 4 {
		return nil
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return bytes.TrimPrefix(b[4:], []byte("Exif\x00\x00"))
	}
	return b[4+n:]
}

// block reads the data of an item that is no picture.
func (f *file) block(it *item) ([]byte, error) {
	s := newStream(f.w, it.parts)
	if s.size > f.w.Limits().Block {
		return nil, fmt.Errorf("%d bytes: %w", s.size, meta.ErrLimit)
	}
	return s.bytes(0, s.size)
}

// roles say what dropped pictures are to the others.
type roles struct {
	thumb, original, tile map[uint32]bool
}

func (d *describer) roles() roles {
	r := roles{map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}}
	for _, ref := range d.f.m.refs {
		switch ref.typ {
		case "thmb":
			r.thumb[ref.from] = true
		case "base":
			for _, to := range ref.to {
				r.original[to] = true
			}
		}
	}
	for from, to := range d.f.m.inputs {
		if d.c.byID[from] == nil {
			for _, id := range to {
				r.tile[id] = true
			}
		}
	}
	return r
}

// items describes the items that are dropped, and the names of all.
func (d *describer) items(h *header) error {
	roles := d.roles()
	blocks := 0
	for i := range d.f.m.items {
		it := &d.f.m.items[i]
		if d.c.byID[it.id] != nil {
			continue
		}
		size := int64(0)
		for _, p := range it.parts {
			size += max(p.Len, 0)
		}
		switch it.typ {
		case "Exif", "mime", "uri ", "iptc":
			if blocks++; blocks <= maxBlocks {
				if err := d.text(it, h, size); err != nil {
					return err
				}
				continue
			}
			d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: "further items " + it.typ, Size: size})
		default:
			d.picture(it, roles, size)
		}
	}
	return d.names()
}

// text describes an item that is no picture.
func (d *describer) text(it *item, h *header, size int64) error {
	entry, err := d.entry(it)
	if err != nil {
		return err
	}
	_, rest, _ := bytes.Cut(entry, []byte{0}) // the name
	typ, rest, _ := bytes.Cut(rest, []byte{0})
	encoding, _, _ := bytes.Cut(rest, []byte{0})
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: "item " + strings.TrimSpace(it.typ), Value: meta.Show(string(typ)), Size: size}
	if it.method > 1 || it.outside || it.sealed || d.f.reachable(it) != nil || d.room < size {
		d.add(f)
		return nil
	}
	d.room -= size
	b, err := d.f.block(it)
	if err != nil {
		return err
	}
	switch {
	case h.isOurs(it, b):
	case it.typ == "Exif":
		fs := exif.Describe(exifBlock(b))
		// How the picture is turned is said by irot and imir (23008-12, A.2.1).
		d.add(slices.DeleteFunc(fs, func(g meta.Finding) bool { return g.Label == meta.LabelOrientation })...)
	case it.typ == "mime" && len(encoding) > 0:
		f.Label, f.Value = meta.LabelCompressed, meta.Show(string(typ)+", "+string(encoding))
		d.add(f)
	case it.typ == "mime" && string(typ) == xmpType:
		d.add(xmp.Describe(b)...)
	case it.typ == "iptc":
		d.add(iptc.DescribeIIM(b)...)
	default:
		f.Needles = meta.Texts(b)
		d.add(f)
	}
	return nil
}

// entry is what the item's infe box says behind the type of the item.
func (d *describer) entry(it *item) ([]byte, error) {
	b := d.f.m.entries[it.entry]
	head := int64(12)
	if v, err := d.f.w.Byte(b.Data()); err != nil {
		return nil, err
	} else if v == 3 {
		head = 14
	}
	return d.f.w.Bytes(b.Data()+head, min(max(b.Len()-head, 0), 1024))
}

// picture describes a picture that is dropped. Of the tiles of a dropped picture
// only the picture is spoken of.
func (d *describer) picture(it *item, r roles, size int64) {
	f := meta.Finding{Kind: meta.Picture, Label: meta.LabelSecondPicture, Where: "item " + meta.Show(strings.TrimSpace(it.typ)), Size: size}
	aux := d.f.auxOf(it)
	switch known := derivations[it.typ] != nil || codings[it.typ] != "" || it.typ == "hvc1" || it.typ == "av01"; {
	case !known:
		f.Kind, f.Label = meta.Unknown, meta.LabelUnknownBlock
	case r.thumb[it.id]:
		f.Label = meta.LabelThumbnail
	case strings.HasSuffix(aux, "linearthumbnail"):
		f.Label, f.Value = meta.LabelPreview, "without edits"
	case aux != "":
		f.Label, f.Value = auxLabel(aux), meta.Show(aux)
	case it.typ == "tmap":
		f.Label = meta.LabelGainMap
	case r.original[it.id]:
		f.Value = "from which the picture was made"
	case r.tile[it.id]:
		return
	}
	d.add(f)
}

func auxLabel(aux string) meta.Label {
	switch {
	case strings.Contains(aux, "gainmap"):
		return meta.LabelGainMap
	case strings.HasSuffix(aux, "matte"):
		return meta.LabelMatte
	case strings.HasSuffix(aux, "depth"), strings.HasSuffix(aux, "auxid:2"):
		return meta.LabelDepth
	}
	return meta.LabelSecondPicture
}

// names describes the names of items, and what stands behind the fields of their
// entries.
func (d *describer) names() error {
	seen := map[string]bool{}
	for i := range d.f.m.items {
		it := &d.f.m.items[i]
		entry, err := d.entry(it)
		if err != nil {
			return err
		}
		name, rest, _ := bytes.Cut(entry, []byte{0})
		if k := d.c.byID[it.id]; k != nil {
			d.f.m.surplus += int64(len(rest))
		}
		if len(name) == 0 || seen[string(name)] || len(seen) >= maxNames {
			continue
		}
		seen[string(name)] = true
		f := meta.Finding{Kind: meta.Text, Label: meta.LabelTextOther, Where: "name of an item", Value: meta.Show(string(name))}
		if genericNames[string(name)] {
			f.Kind, f.Label = meta.Software, meta.LabelSoftware
		} else {
			f.Needles = [][]byte{bytes.Clone(name)}
		}
		d.add(f)
	}
	return nil
}

// genericNames are what encoders call any item.
var genericNames = map[string]bool{
	"HEVC Image": true, "L-HEVC Image": true, "Derived image": true, "Color": true, "Alpha": true, "Exif": true, "XMP": true,
	"GMap": true, "Image": true, "SampleTransform": true,
}

// described are properties that say something besides how the picture looks.
var described = map[string]struct {
	kind  meta.Kind
	label meta.Label
}{
	"udes": {meta.Text, meta.LabelCaption},
	"altt": {meta.Text, meta.LabelCaption},
	"crtt": {meta.Date, meta.LabelDateTaken},
	"mdft": {meta.Date, meta.LabelDateChanged},
	"cmin": {meta.Settings, meta.LabelSettings},
	"cmex": {meta.Settings, meta.LabelSettings},
	"wbbr": {meta.Settings, meta.LabelSettings},
	"aebr": {meta.Settings, meta.LabelSettings},
	"fobr": {meta.Settings, meta.LabelSettings},
	"afbr": {meta.Settings, meta.LabelSettings},
	"dobr": {meta.Settings, meta.LabelSettings},
	"pano": {meta.Settings, meta.LabelSettings},
}

// technical are properties of pictures, which go unmentioned with a picture that goes.
var technical = map[string]bool{
	"hvcC": true, "av1C": true, "auxC": true, "colr": true, "lhvC": true, "oinf": true, "tols": true, "avcC": true, "jpgC": true,
	"j2kH": true, "vvcC": true, "a1lx": true, "rloc": true, "iscl": true,
}

// properties describes the properties that are not kept.
func (d *describer) properties() {
	used, shown := map[uint16]bool{}, map[uint16]bool{}
	for i := range d.f.m.items {
		it := &d.f.m.items[i]
		for _, u := range it.props {
			used[u.prop] = true
			shown[u.prop] = shown[u.prop] || d.c.byID[it.id] != nil
		}
	}
	for i, b := range d.f.m.props {
		_, keeps := allowed[b.Type]
		void := shown[uint16(i+1)] && (keeps || b.Type == "colr") && !d.f.m.told[b.Off] // it means nothing
		if used[uint16(i+1)] && (keeps || technical[b.Type]) && !void {
			continue
		}
		f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: "property " + meta.Show(b.Type), Size: b.Size}
		if k, ok := described[b.Type]; ok {
			f.Kind, f.Label = k.kind, k.label
		}
		if len(d.found) < maxFound {
			if raw, err := d.read(b.Data(), min(b.Len(), 4096)); err == nil {
				f.Needles = meta.Texts(raw)
			}
		}
		d.add(f)
	}
}

// orphans describes the bytes of mdat and idat that no item refers to.
func (d *describer) orphans() {
	var used []plan.Span
	for i := range d.f.m.items {
		for _, p := range d.f.m.items[i].parts {
			if p.Len > 0 {
				used = append(used, p)
			}
		}
	}
	if s := d.c.sequence; s != nil {
		for _, t := range s.tracks {
			used = append(used, t.spans...)
		}
	}
	slices.SortFunc(used, func(a, b plan.Span) int { return cmp.Compare(a.Off, b.Off) })
	lost, first := int64(0), plan.Span{}
	for _, s := range append(d.f.data[:len(d.f.data):len(d.f.data)], d.f.m.idat) {
		pos := s.Off
		gap := func(to int64) {
			if to > pos {
				if lost += to - pos; first.Len == 0 {
					first = plan.Span{Off: pos, Len: min(to-pos, 4096)}
				}
			}
		}
		at := sort.Search(len(used), func(i int) bool { return used[i].Off >= s.Off })
		for ; at < len(used) && used[at].Off < s.End(); at++ {
			gap(min(used[at].Off, s.End()))
			pos = max(pos, used[at].End())
		}
		gap(s.End())
	}
	if lost > 0 {
		f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "picture data that no item refers to", Size: lost}
		if b, err := d.read(first.Off, first.Len); err == nil {
			f.Needles = meta.Texts(b)
		}
		d.add(f)
	}
}
