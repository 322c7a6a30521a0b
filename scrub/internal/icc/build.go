package icc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"tabir/scrub/meta"
)

// colourTags are the tags that colour management reads to show a picture, in
// the order in which they are written. The multi-process tags D2Bx are not
// among them: a profile that has them has A2Bx as well (ICC.1:2010, 8.3), and
// few programs read them.
var colourTags = []string{
	"A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2",
	"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC",
	"wtpt", "bkpt", "chad", "cicp",
}

// rebuild makes a profile of the colour tags of f.
func (f *profile) rebuild() ([]byte, error) {
	var tags []tag
	has := map[string]bool{}
	for _, sig := range colourTags {
		b := f.tags[sig]
		if b == nil {
			continue
		}
		e, err := f.exact(sig, b)
		if err != nil {
			return nil, err
		}
		tags = append(tags, tag{sig, e})
		has[sig] = true
	}
	matrix := has["rXYZ"] && has["gXYZ"] && has["bXYZ"] && has["rTRC"] && has["gTRC"] && has["bTRC"]
	if !has["A2B0"] && !has["A2B1"] && !(f.space == "RGB " && matrix) && !(f.space == "GRAY" && has["kTRC"]) {
		return nil, fmt.Errorf("icc: profile without its colour tags: %w", meta.ErrMalformed)
	}
	intent := f.intent
	if intent > 3 {
		intent = 0
	}
	return build(f.major, f.class, f.space, f.pcs, intent, "Colour profile", tags), nil
}

type tag struct {
	sig  string
	data []byte
}

// build lays a profile out: header, tag table, and each element once at a
// multiple of four. Every header field that is about a device, a program or a
// time is zero.
func build(major byte, class, space, pcs string, intent uint32, name string, tags []tag) []byte {
	be := binary.BigEndian
	tags = append([]tag{{"desc", description(major, name)}, {"cprt", text(major, "CC0")}}, tags...)
	out := make([]byte, 132+12*len(tags))
	version := uint32(0x02400000)
	if major == 4 {
		version = 0x04400000
	}
	be.PutUint32(out[8:], version)
	copy(out[12:], class+space+pcs)
	copy(out[36:], "acsp")
	be.PutUint32(out[64:], intent)
	copy(out[68:], d50)
	be.PutUint32(out[128:], uint32(len(tags)))
	for i, t := range tags {
		at := -1
		for j := range i {
			if bytes.Equal(tags[j].data, t.data) {
				at = int(be.Uint32(out[132+12*j+4:]))
			}
		}
		if at < 0 {
			at = len(out)
			out = append(out, t.data...)
			for len(out)%4 != 0 {
				out = append(out, 0)
			}
		}
		e := out[132+12*i:]
		copy(e, t.sig)
		be.PutUint32(e[4:], uint32(at))
		be.PutUint32(e[8:], uint32(len(t.data)))
	}
	be.PutUint32(out, uint32(len(out)))
	return out
}

// d50 is the illuminant of the connection space (7.2.16).
const d50 = "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d"

// text is a text element of the version: textType (10.24) or mluc (10.15).
func text(major byte, s string) []byte {
	if major == 2 {
		return []byte("text\x00\x00\x00\x00" + s + "\x00")
	}
	be := binary.BigEndian
	u := utf16.Encode([]rune(s))
	out := append([]byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS"), 0, 0, 0, byte(2*len(u)), 0, 0, 0, 28)
	for _, c := range u {
		out = be.AppendUint16(out, c)
	}
	return out
}

// description is the name of the profile: textDescriptionType (ICC.1:2001, 6.5.17) or mluc.
func description(major byte, s string) []byte {
	if major != 2 {
		return text(major, s)
	}
	out := append([]byte("desc\x00\x00\x00\x00"), 0, 0, 0, byte(len(s)+1))
	out = append(out, s...)
	return append(out, make([]byte, 1+4+4+2+1+67)...)
}
