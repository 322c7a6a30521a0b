package tiff

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/iptc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// Bounds of the report.
const (
	maxFindings = 1000
	maxBlocks   = 64       // pages whose tags are described one by one
	maxBlock    = 4 << 20  // bytes of tags of a page that are described together
	maxLook     = 64 << 10 // bytes of a gap that are looked at
	maxText     = 4 << 10  // of one whose texts are looked for: a longer one may be an older copy of the picture
	maxGaps     = 64
)

// describer says what goes.
type describer struct {
	f     *file
	found []meta.Finding
	seen  map[string]int // where a finding stands: pages repeat each other
	more  int

	blocks  map[string]bool // tags that were described already, by their sum
	values  map[field]bool  // and single values
	undone  int             // pages whose tags were not described
	loop    bool
	broken  int   // fields whose value is not in the file
	surplus int64 // values that nothing reads
}

func newDescriber(f *file) *describer {
	return &describer{f: f, seen: map[string]int{}, blocks: map[string]bool{}, values: map[field]bool{}}
}

// add takes findings of page n with their fate.
func (d *describer) add(n int, fs ...meta.Finding) {
	for _, f := range fs {
		key := fmt.Sprint(f.Kind, f.Label, f.Fate, "\x00", f.Value, "\x00", f.Size)
		if i, ok := d.seen[key]; ok {
			for _, b := range f.Needles {
				if old := &d.found[i].Needles; len(*old) < 8 && !slices.ContainsFunc(*old, func(o []byte) bool { return bytes.Equal(o, b) }) {
					*old = append(*old, b)
				}
			}
			continue
		}
		if len(d.found) >= maxFindings {
			d.more++
			continue
		}
		if n > 1 {
			f.Where += fmt.Sprintf(", page %d", n)
		}
		d.seen[key] = len(d.found)
		d.found = append(d.found, f)
	}
}

// gone adds what describers say of something that goes. Of the orientation the
// page speaks, which keeps it.
func (d *describer) gone(n int, fs ...meta.Finding) {
	d.add(n, meta.With(meta.Removed, slices.DeleteFunc(fs, func(f meta.Finding) bool { return f.Label == meta.LabelOrientation }))...)
}

// choices reads what the user asked to keep from the tags of a page.
func (d *describer) choices(p *page, keep meta.Keep) exif.Choices {
	if keep == 0 {
		return exif.Choices{}
	}
	c := exif.ReadChoices(d.f.block(p.d, func(uint16) bool { return true }), keep)
	text := func(tag uint16, s string, l meta.Label, k meta.Kind) {
		if s != "" {
			p.credit = append(p.credit, entry{tag: tag, typ: typeASCII, raw: append([]byte(s), 0)})
			d.add(1, meta.Finding{Kind: k, Label: l, Where: fmt.Sprintf("tag %d of ours", tag), Value: meta.Show(s), Fate: meta.Kept})
		}
	}
	text(tagArtist, c.Artist, meta.LabelAuthor, meta.Owner)
	text(tagCopyright, c.Copyright, meta.LabelCopyright, meta.Owner)
	text(tagDateTime, c.Date, meta.LabelDateTaken, meta.Date)
	return c
}

// page describes the tags of a page that do not stay.
func (d *describer) page(p *page, keep exif.Choices) error {
	d.surplus += p.surplus
	d.surplus += int64(p.d.more)
	ours := map[uint16]string{tagArtist: keep.Artist, tagCopyright: keep.Copyright, tagDateTime: keep.Date}
	goes := func(tag uint16) bool {
		if p.used[tag] || special[tag] != nil || tag == tagSubIFDs || tag == tagJPEGOffset || tag == tagJPEGBytes {
			return false
		}
		if s := ours[tag]; s != "" {
			b, err := d.f.value(p.d.fields[tag])
			return err != nil || string(b) != s+"\x00"
		}
		return true
	}
	any := false
	for _, tag := range p.d.order {
		v := p.d.fields[tag]
		if v.n < 0 && !p.used[tag] {
			d.broken++
		}
		if describe := special[tag]; describe != nil && !p.used[tag] && v.n >= 0 {
			if err := d.apart(p.n, v, describe); err != nil {
				return err
			}
		}
		any = any || goes(tag)
	}
	if v, ok := p.d.fields[tagJPEGOffset]; ok && len(p.parts) > 0 {
		d.small(&ifd{fields: map[uint16]field{tagJPEGOffset: v, tagJPEGBytes: p.d.fields[tagJPEGBytes]}}, p.n, "tags 513 and 514")
	}
	for i, sub := range d.f.subIFDs(p.d) {
		d.small(sub, p.n, fmt.Sprintf("sub-IFD %d", i+1))
		d.block(p.n, sub, func(tag uint16) bool { return !layout[tag] })
	}
	if any {
		d.block(p.n, p.d, goes)
	}
	if o := p.orientation(); o > 1 {
		d.add(p.n, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "tag 274", Value: exif.Turned(o), Fate: meta.Stays})
	}
	if n := p.padding(); n > 0 {
		d.add(p.n, meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: "beyond the edge, in tiles or strips", Value: fmt.Sprintf("%d pixels", n), Fate: meta.Stays})
	}
	return nil
}

// orientation is what the clean page says, 1 where it says nothing.
func (p *page) orientation() int {
	for _, e := range p.fields {
		if e.tag == tagOrientation {
			return int(e.vals[0])
		}
	}
	return 1
}

// padding is the number of pixels that decode and lie beyond the edge.
func (p *page) padding() int64 {
	if !p.tiled || p.partW == 0 {
		return p.hidden
	}
	_, across, down := p.count()
	return p.hidden + across*p.partW*down*p.partH - p.width*p.height
}

// layout are the tags of a small copy that say how it is stored.
var layout = map[uint16]bool{
	tagSubfile: true, tagOldSubfile: true, tagWidth: true, tagHeight: true, tagBits: true, tagCompression: true, tagPhotometric: true,
	tagStripOffsets: true, tagSamples: true, tagRows: true, tagStripBytes: true, tagPlanar: true, tagTileWidth: true, tagTileHeight: true,
	tagTileOffsets: true, tagTileBytes: true, tagJPEGOffset: true, tagJPEGBytes: true, tagSubIFDs: true, tagJPEGTables: true,
}

// small names a small copy of the picture, or another one beside it.
func (d *describer) small(s *ifd, n int, where string) {
	one := func(tag uint16) uint64 {
		v, err := d.f.numbers(s.fields[tag])
		if err != nil || len(v) != 1 {
			return 0
		}
		return v[0]
	}
	f := meta.Finding{Kind: meta.Picture, Label: meta.LabelPreview, Where: where, Fate: meta.Removed}
	if w, h := one(tagWidth), one(tagHeight); w > 0 && h > 0 {
		f.Value = fmt.Sprintf("%d × %d pixels", w, h)
		if w <= 512 && h <= 512 {
			f.Label = meta.LabelThumbnail
		}
	} else {
		f.Label = meta.LabelThumbnail
	}
	for _, tags := range [][2]uint16{{tagStripOffsets, tagStripBytes}, {tagTileOffsets, tagTileBytes}, {tagJPEGOffset, tagJPEGBytes}} {
		offs, err1 := d.f.numbers(s.fields[tags[0]])
		sizes, err2 := d.f.numbers(s.fields[tags[1]])
		if err1 != nil || err2 != nil {
			continue
		}
		for i := range min(len(offs), len(sizes)) {
			off, size := offset(offs[i]), offset(sizes[i])
			if off <= d.f.w.Size() && size <= d.f.w.Size()-off {
				d.f.claim(off, size, named)
				f.Size += size
			}
		}
	}
	d.add(n, f)
}

// special are the tags with a describer of their own.
var special = map[uint16]func(b []byte) []meta.Finding{
	tagXMP:  xmp.Describe,
	tagIPTC: iptc.DescribeIIM,
	tagC2PA: c2pa.Describe,
	tagPhotoshop: func(b []byte) []meta.Finding {
		fs, blocks, packets := iptc.DescribeIRB(b)
		for _, b := range blocks {
			fs = append(fs, exif.Describe(b)...)
		}
		for _, b := range packets {
			fs = append(fs, xmp.Describe(b)...)
		}
		return fs
	},
	tagLayers: func(b []byte) []meta.Finding {
		return []meta.Finding{{Kind: meta.Picture, Label: meta.LabelLayers, Where: "Photoshop ImageSourceData", Size: int64(len(b))}}
	},
	33550: geo, 33922: geo, 34264: geo, 34735: geo, 34736: geo, 34737: geo,
}

// geo names a tag of GeoTIFF (OGC 19-008), which places the picture on the earth.
func geo(b []byte) []meta.Finding {
	f := meta.Finding{Kind: meta.Location, Label: meta.LabelPosition, Where: "GeoTIFF", Value: "placed on a map"}
	if len(b) >= 24 {
		f.Needles = [][]byte{b[:min(len(b), 48)]}
	}
	return []meta.Finding{f}
}

// apart describes one value by its own describer.
func (d *describer) apart(n int, v field, describe func([]byte) []meta.Finding) error {
	if v.n > d.f.w.Limits().Block || v.tag == tagLayers {
		f := meta.Finding{Kind: meta.Picture, Label: meta.LabelLayers, Where: "Photoshop ImageSourceData", Size: v.n}
		if v.tag != tagLayers {
			f = meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: fmt.Sprintf("tag %d", v.tag), Size: v.n}
		}
		d.gone(n, f)
		return nil
	}
	b, err := d.f.value(v)
	if err != nil {
		return err
	}
	if d.values[v] {
		return nil // pages share it
	}
	d.values[v] = true
	d.gone(n, describe(b)...)
	return nil
}

// block describes the tags of an IFD together, with the Exif and GPS IFDs that
// it points to.
func (d *describer) block(n int, dir *ifd, goes func(uint16) bool) {
	b := d.f.block(dir, goes)
	sum := sha256.Sum256(b)
	key := string(sum[:])
	if d.blocks[key] {
		return
	}
	if len(d.blocks) >= maxBlocks {
		d.undone++
		return
	}
	d.blocks[key] = true
	d.gone(n, exif.Describe(b)...)
}

// jpeg describes a segment of a JPEG datastream that goes, or what of it does.
func (d *describer) jpeg(g *segment) {
	lit := g.exact()
	switch b := g.body; {
	case lit != nil:
		if len(lit) < int(g.n) || g.marker == mAPP0+14 && !bytes.Equal(lit[4:], b) {
			d.surplus += max(g.n-int64(len(lit)), 1)
		}
	case g.marker == mDQT || g.marker == mDHT:
		d.surplus += g.n
	case g.marker == mCOM:
		v := strings.TrimRight(string(b), "\x00 ")
		d.gone(1, meta.Finding{Kind: meta.Text, Label: meta.LabelComment, Where: "COM segment of a strip", Value: meta.Show(v), Size: g.n, Needles: [][]byte{[]byte(v)}})
	case bytes.HasPrefix(b, []byte("Exif\x00")) && len(b) > 6:
		d.gone(1, exif.Describe(b[6:])...)
	case bytes.HasPrefix(b, []byte("http://ns.adobe.com/xap/1.0/\x00")):
		d.gone(1, xmp.Describe(b[29:])...)
	case bytes.HasPrefix(b, []byte("JFIF\x00")) && len(b) <= 14:
		d.gone(1, meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "JFIF segment of a strip"})
	default:
		d.gone(1, meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: fmt.Sprintf("APP%d segment of a strip", g.marker-mAPP0), Size: g.n, Needles: meta.Texts(b)})
	}
}

// finish describes what lies between and behind the parts, and what was counted.
func (d *describer) finish(gaps []plan.Span, ours bool) error {
	if k := len(gaps) - 1; k >= 0 && gaps[k].End() == d.f.w.Size() && gaps[k].Len > 1 { // one byte makes an even number
		d.gone(1, trailer.Describe(d.f.w, gaps[k].Off, gaps[k].Len)...)
		gaps = gaps[:k]
	}
	var zeros, bytes int64
	var needles [][]byte
	for i, g := range gaps {
		if i >= maxGaps {
			bytes += g.Len
			continue
		}
		b, err := d.f.w.Bytes(g.Off, min(g.Len, maxLook))
		if err != nil {
			return err
		}
		if g.Len <= maxLook && isZero(b) {
			zeros += g.Len
			continue
		}
		bytes += g.Len
		if g.Len <= maxText {
			needles = append(needles, meta.Texts(b)...)
		}
	}
	if bytes += d.surplus; bytes > 0 {
		d.gone(1, meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "between the parts", Size: bytes, Needles: needles})
	}
	if zeros > 0 {
		d.gone(1, meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "filling between the parts", Size: zeros})
	}
	if d.broken > 0 {
		d.gone(1, meta.Finding{Kind: meta.Unknown, Label: meta.LabelExifBad, Where: "tags", Value: fmt.Sprintf("%d values", d.broken)})
	}
	if n := d.more + d.undone; n > 0 {
		d.gone(1, meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "further pages", Value: fmt.Sprintf("%d more", n)})
	}
	if !ours {
		d.add(1, meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "order of the parts", Fate: meta.Rewritten})
	}
	return nil
}

func isZero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }
