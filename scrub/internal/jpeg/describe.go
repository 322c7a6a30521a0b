package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/iptc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// describer says what dropped segments hold. Blocks that span several segments
// are put together first.
type describer struct {
	w     *rd.Window
	found []meta.Finding
	room  int64 // bytes of spanning blocks that may still be held

	irb      []byte
	extended map[string][]extension // by the GUID of the packet
	guids    []string
	jumbf    map[uint16][]byte // by the number of the box
	boxes    []uint16
	surplus  int64
	dropped  []segment
	chunks   int            // segments of the colour profile, which is described as a whole
	ours     []byte         // the segments that the clean file gets
	after    []meta.Finding // of what stays and of the colour profile
}

// extension is a part of an extended XMP packet (XMP part 3, 1.1.3.1).
type extension struct {
	at   uint32
	data []byte
}

func newDescriber(w *rd.Window, chunks int, after []meta.Finding) *describer {
	return &describer{w: w, chunks: chunks, after: after, room: w.Limits().Block, extended: map[string][]extension{}, jumbf: map[uint16][]byte{}}
}

// add takes what dropped segments hold. Of the orientation the header speaks,
// which keeps it.
func (d *describer) add(fs ...meta.Finding) {
	fs = slices.DeleteFunc(fs, func(f meta.Finding) bool { return f.Label == meta.LabelOrientation })
	d.found = append(d.found, meta.With(meta.Removed, fs)...)
}

// segment describes a dropped application segment or comment.
func (d *describer) segment(s segment) error {
	b, err := d.w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return err
	}
	if s.marker == mCOM {
		v := strings.TrimRight(string(b), "\x00 ")
		d.add(meta.Finding{Kind: meta.Text, Label: meta.LabelComment, Where: "COM segment", Value: meta.Show(v), Size: s.n, Needles: [][]byte{[]byte(v)}})
		return nil
	}
	app := s.marker - mAPP0
	if s.marker < mAPP0 || app > 15 {
		d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: fmt.Sprintf("segment %02X", s.marker), Size: s.n})
		return nil
	}
	where := func(name string) string { return fmt.Sprintf("APP%d: %s", app, name) }
	switch {
	case app <= 2 && bytes.Contains(d.ours, segmentOf(nil, s.marker, b)):
		// Ours already.
	case app == 1 && bytes.HasPrefix(b, []byte(idExif)) && len(b) > 6:
		d.add(exif.Describe(b[6:])...)
	case app == 0 && bytes.HasPrefix(b, []byte(idJFIF)):
		if len(b) > 14 {
			d.add(meta.Finding{Kind: meta.Picture, Label: meta.LabelThumbnail, Where: where("JFIF"), Size: int64(len(b) - 14)})
		}
		if len(b) >= 14 && !bytes.Equal(b[7:12], jfif(b)[7:12]) {
			d.add(meta.Finding{Kind: meta.Settings, Label: meta.LabelSurplus, Where: where("JFIF"), Size: 5})
		}
	case app == 14 && bytes.HasPrefix(b, []byte(idAdobe)) && len(b) == 12:
		// Written anew, with all that it says.
	case app == 2 && bytes.HasPrefix(b, []byte(idICC)) && d.chunks > 0:
		d.chunks-- // rewriteICC speaks of the profile as a whole
	case app == 1 && bytes.HasPrefix(b, []byte(idXMP)):
		d.add(xmp.Describe(b[len(idXMP):])...)
	case d.spanning(app, b):
	default:
		d.private(app, b, where)
	}
	return nil
}

// spanning keeps b if it is a part of a block that spans segments.
func (d *describer) spanning(app byte, b []byte) bool {
	if d.room -= int64(len(b)); d.room < 0 {
		return false
	}
	switch {
	case app == 1 && bytes.HasPrefix(b, []byte(idExtended)) && len(b) >= len(idExtended)+40:
		e := b[len(idExtended):] // GUID, full length, offset, data
		guid := string(e[:32])
		if d.extended[guid] == nil {
			d.guids = append(d.guids, guid)
		}
		d.extended[guid] = append(d.extended[guid], extension{binary.BigEndian.Uint32(e[36:]), e[40:]})
	case app == 13 && bytes.HasPrefix(b, []byte(idPhotoshop)):
		d.irb = append(d.irb, b[len(idPhotoshop):]...)
	case app == 11 && bytes.HasPrefix(b, []byte(idJUMBF)) && len(b) >= 16:
		n, data := binary.BigEndian.Uint16(b[2:]), b[8:]
		if _, ok := d.jumbf[n]; ok {
			data = data[8:] // each segment repeats the header of the box (ISO 19566-5, annex D)
		} else {
			d.boxes = append(d.boxes, n)
		}
		d.jumbf[n] = append(d.jumbf[n], data...)
	default:
		return false
	}
	return true
}

// private describes a segment by its identifier alone.
func (d *describer) private(app byte, b []byte, where func(string) string) {
	f := meta.Finding{
		Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: where("private block"),
		Value: meta.Show(printable(b)), Size: int64(len(b) + 4), Needles: meta.Texts(b),
	}
	for _, k := range known {
		if k.app == app && bytes.HasPrefix(b, []byte(k.id)) {
			f.Kind, f.Label, f.Where = k.kind, k.label, where(k.name)
			if k.kind == meta.Settings || k.kind == meta.Picture {
				f.Value, f.Needles = "", nil
			}
			break
		}
	}
	d.add(f)
}

// printable is the text in b, without what is no text.
func printable(b []byte) string {
	return strings.Join(strings.FieldsFunc(string(b[:min(len(b), 200)]), func(r rune) bool { return r < ' ' || r > '~' }), " ")
}

// finish describes what was dropped of a picture whose plan is out, and adds it
// to the findings there.
func (d *describer) finish(out *plan.Plan) error {
	d.ours = out.Pieces[oursAt].Lit
	for _, s := range d.dropped {
		if err := d.segment(s); err != nil {
			return err
		}
	}
	d.blocks()
	out.Findings = append(out.Findings, append(d.found, d.after...)...)
	return nil
}

// blocks describes the blocks that span segments.
func (d *describer) blocks() {
	if d.irb != nil {
		fs, blocks, packets := iptc.DescribeIRB(d.irb)
		d.add(fs...)
		for _, b := range blocks {
			d.add(exif.Describe(b)...)
		}
		for _, p := range packets {
			d.add(xmp.Describe(p)...)
		}
	}
	for _, g := range d.guids {
		parts := d.extended[g]
		slices.SortStableFunc(parts, func(a, b extension) int { return int(int64(a.at) - int64(b.at)) })
		var packet []byte
		for _, p := range parts {
			packet = append(packet, p.data...)
		}
		d.add(xmp.Describe(packet)...)
	}
	for _, n := range d.boxes {
		d.add(c2pa.Describe(d.jumbf[n])...)
	}
	if d.surplus > 0 {
		d.add(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "between segments", Size: d.surplus})
	}
}
