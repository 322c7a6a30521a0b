package mp4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// UUIDs of boxes that programs and makers put into films.
var uuids = map[string]struct {
	name     string
	kind     meta.Kind
	label    meta.Label
	describe func(b []byte) []meta.Finding
}{
	"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac": {"XMP", meta.Unknown, meta.LabelXMPBlock, xmp.Describe},
	"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81": {"C2PA", meta.Provenance, meta.LabelC2PA, manifest},
	"\xff\xcc\x82\x63\xf8\x55\x4a\x93\x88\x14\x58\x7a\x02\x52\x1f\xdd": {"spherical video", meta.Software, meta.LabelXMPBlock, xmp.Describe},
	"JpgTiffExif->JP2": {"Exif", meta.Unknown, meta.LabelExifBlock, exif.Describe},
	"\x05\x37\xcd\xab\x9d\x0c\x44\x31\xa7\x2a\xfa\x56\x1f\x2a\x11\x3e": {"Exif", meta.Unknown, meta.LabelExifBlock, exif.Describe},
	"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48": {"Canon", meta.MakerNote, meta.LabelMakerNote, nil},
	"PROF\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40":             {"Sony profile", meta.MakerNote, meta.LabelPrivateBlock, nil},
	"USMT\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40":             {"Sony", meta.MakerNote, meta.LabelPrivateBlock, nil},
}

// manifest finds the JUMBF box in a C2PA box: a version, a purpose and an offset
// are before it.
func manifest(b []byte) []meta.Finding {
	if i := bytes.Index(b[:min(len(b), 256)], []byte("jumb")); i >= 4 {
		return c2pa.Describe(b[i-4:])
	}
	return nil
}

// tell says what a box holds that goes.
func (f *film) tell(b box.Box, in string) error {
	switch b.Type {
	case "free", "skip", "wide":
		return f.filler(b)
	case "udta", "meta":
		return f.userData(b)
	case "tfra", "mfra", "sidx":
		f.strange(b.Type, in, b.Size, nil)
		return nil
	}
	data, err := f.read(b)
	if err != nil {
		return err
	}
	if b.Type == "uuid" {
		f.uuid(b, data)
		return nil
	}
	f.item(b.Type, in, data, b.Size)
	return nil
}

func (f *film) uuid(b box.Box, data []byte) {
	u, ok := uuids[string(b.UUID[:])]
	if ok && u.describe != nil && data != nil {
		if fs := u.describe(data); len(fs) > 0 {
			f.gone(fs...)
			return
		}
	}
	g := meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: fmt.Sprintf("uuid box %x", b.UUID), Size: b.Size, Needles: meta.Texts(data)}
	if ok {
		g.Kind, g.Label, g.Where = u.kind, u.label, "uuid box: "+u.name
	}
	f.gone(g)
}

// userData describes lists of user data: QuickTime's udta, and meta with keys and
// items as ISO (8.11.1) and QuickTime have it.
func (f *film) userData(b box.Box) error {
	data, err := f.read(b)
	if err != nil {
		return err
	}
	before := f.removed
	f.list(b.Type, data, 0)
	if f.removed == before {
		f.strange(b.Type, b.Type, b.Size, nil)
	}
	return nil
}

// list describes the boxes of a list in memory. What is no box is told as it is.
func (f *film) list(in string, b []byte, depth int) {
	if in == "meta" && len(b) >= 8 && string(b[4:8]) != "hdlr" {
		b = b[4:]
	}
	var keys []string
	err := parts(b, func(name string, data []byte) error {
		switch {
		case (name == "udta" || name == "meta") && depth < 4:
			f.list(name, data, depth+1)
		case name == "hdlr":
			f.handlerNames(data)
		case name == "keys" && in == "meta":
			keys = readKeys(data)
		case name == "ilst":
			f.items(data, keys)
		default:
			f.item(name, in, data, int64(len(data)+8))
		}
		return nil
	})
	if err != nil {
		f.strange("unreadable", in, int64(len(b)), b)
	}
}

// readKeys reads the names of QuickTime's items.
func readKeys(b []byte) (out []string) {
	if len(b) < 8 {
		return nil
	}
	_ = parts(b[8:], func(_ string, data []byte) error { // what is unreadable has no name
		if len(out) < maxFindings {
			out = append(out, string(data))
		}
		return nil
	})
	return out
}

// items describes ilst: each item holds values, and is numbered where there are keys.
func (f *film) items(b []byte, keys []string) {
	err := parts(b, func(name string, item []byte) error {
		if n := int(order.Uint32([]byte(name))); n > 0 && n <= len(keys) {
			name = keys[n-1]
		}
		var title string
		return parts(item, func(part string, data []byte) error {
			switch {
			case part == "name" && len(data) > 4:
				title = string(data[4:])
			case part == "data" && len(data) >= 8:
				if name == "----" && title != "" {
					f.value(title, "ilst", data[8:], int64(len(data)))
				} else {
					f.value(name, "ilst", data[8:], int64(len(data)))
				}
			case part != "mean":
				f.strange(part, "ilst", int64(len(data)), data)
			}
			return nil
		})
	})
	if err != nil {
		f.strange("unreadable", "ilst", int64(len(b)), b)
	}
}

// item describes one box that is no list; data is nil where it was not read.
func (f *film) item(name, in string, data []byte, size int64) {
	switch {
	case data == nil:
		f.strange(name, in, size, nil)
	case name == "XMP_":
		f.gone(xmp.Describe(data)...)
	case name == "Exif", name == "exif":
		f.gone(exif.Describe(bytes.TrimPrefix(data, []byte("Exif\x00\x00")))...)
	case name == "jumb", name == "c2pa":
		f.gone(c2pa.Describe(box.Make(name, data))...)
	case name == "loci":
		f.place(data)
	case name == "xml ":
		f.nonRealTime(data)
	case strings.HasPrefix(name, "\xa9"):
		f.value(name, in, international(data), size)
	case isAsset[name] && len(data) > 6 && order.Uint32(data) == 0:
		f.value(name, in, data[6:], size) // a version and a language are before the text
	default:
		f.value(name, in, data, size)
	}
}

// international is the first text of a QuickTime text list: length, language, text.
func international(b []byte) []byte {
	if len(b) >= 4 {
		if n := int(order.Uint16(b)); n <= len(b)-4 {
			return b[4 : 4+n]
		}
	}
	return b
}

// place describes loci (3GPP TS 26.244, 8.2).
func (f *film) place(b []byte) {
	g := meta.Finding{Kind: meta.Location, Label: meta.LabelPosition, Where: "loci box"}
	if len(b) > 6 {
		name, rest, ok := bytes.Cut(b[6:], []byte{0})
		if v := text(name); v != "" {
			f.gone(meta.Finding{Kind: meta.Location, Label: meta.LabelPlace, Where: "loci box", Value: meta.Show(v), Needles: [][]byte{cut(name)}})
		}
		if ok && len(rest) >= 9 {
			g.Value = fmt.Sprintf("%.5f, %.5f", fixed(rest[5:]), fixed(rest[1:]))
		}
	}
	f.gone(g)
}

func fixed(b []byte) float64 { return float64(int32(order.Uint32(b))) / 65536 }

// nonRealTime describes the XML that Sony's cameras write about a recording.
func (f *film) nonRealTime(b []byte) {
	f.gone(meta.Finding{Kind: meta.MakerNote, Label: meta.LabelPrivateBlock, Where: "xml box", Size: int64(len(b)), Needles: meta.Texts(b)})
	for _, a := range []struct {
		name  string
		kind  meta.Kind
		label meta.Label
	}{
		{"manufacturer", meta.Device, meta.LabelMaker}, {"modelName", meta.Device, meta.LabelModel}, {"serialNo", meta.Serial, meta.LabelSerial},
		{"CreationDate value", meta.Date, meta.LabelDateTaken}, {"umidRef", meta.Serial, meta.LabelImageID},
	} {
		_, v, ok := bytes.Cut(b, []byte(a.name+`="`))
		if v, _, end := bytes.Cut(v, []byte(`"`)); ok && end && len(v) > 0 {
			f.gone(meta.Finding{Kind: a.kind, Label: a.label, Where: "xml box", Value: meta.Show(string(v)), Needles: [][]byte{cut(v)}})
		}
	}
}

// value describes a value by its name.
func (f *film) value(name, in string, b []byte, size int64) {
	k, ok := known[name]
	if !ok {
		k, ok = keyed(name)
	}
	if !ok {
		k = word{meta.Unknown, meta.LabelUnknownBlock}
	}
	g := meta.Finding{Kind: k.kind, Label: k.label, Where: meta.Show(in + ": " + strings.Replace(name, "\xa9", "©", 1)), Size: size}
	if len(bytes.Trim(b, "\x00")) == 0 {
		f.plainly(g.Where)
		return
	}
	if k.kind != meta.Picture && k.kind != meta.Settings {
		if v := text(b); v != "" {
			g.Value, g.Size = meta.Show(v), 0
		} else if k.kind != meta.MakerNote {
			g.Value = printable(b)
		}
		if k.kind != meta.Software {
			g.Needles = meta.Texts(b)
			if g.Value != "" && len(g.Needles) == 0 {
				g.Needles = [][]byte{cut(b)}
			}
		}
	}
	f.gone(g)
}

// text is b if it is a text, in UTF-8 or in UTF-16 with its mark.
func text(b []byte) string {
	b = b[:min(len(b), 4096)]
	if bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, binary.BigEndian.Uint16(b[i:]))
		}
		return strings.Trim(string(utf16.Decode(u)), "\x00")
	}
	b = bytes.Trim(b, "\x00")
	for len(b) > 0 && !utf8.Valid(b) && !utf8.RuneStart(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	if !utf8.Valid(b) || bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
		return ""
	}
	return string(b)
}

// printable is the text in b, without what is no text.
func printable(b []byte) string {
	runs := meta.Texts(b)
	return meta.Show(string(bytes.Join(runs[:min(len(runs), 3)], []byte(" "))))
}

// cut is as much of a value as is looked for in the written file.
func cut(b []byte) []byte { return bytes.Clone(b[:min(len(b), 256)]) }
