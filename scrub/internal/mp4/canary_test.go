package mp4

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestCanaries plants a token in every place of a film where data hides, but for
// the compressed samples.
func TestCanaries(t *testing.T) {
	text := func(typ string) *testkit.Atom { return testkit.Leaf(typ, uint16(len(token)), uint16(0x15C7), token) }
	data := func(typ string) *testkit.Atom {
		return testkit.Parent(typ, testkit.Leaf("data", 1, 0, token))
	}
	meta4 := func(kids ...*testkit.Atom) *testkit.Atom {
		return &testkit.Atom{Type: "meta", Data: make([]byte, 4), Kids: kids}
	}
	list := testkit.Leaf("hdlr", 0, 0, "mdir", token+"\x00\x00\x00\x00", token)
	keys := testkit.Parent("meta", testkit.Leaf("hdlr", 0, 0, "mdta", make([]byte, 13)),
		&testkit.Atom{Type: "keys", Data: testkit.Fields(0, 1), Kids: []*testkit.Atom{testkit.Leaf("mdta", "com.apple.quicktime.location.ISO6709")}},
		testkit.Parent("ilst", data("\x00\x00\x00\x01")))
	at := func(path string, a *testkit.Atom) func(*testkit.Film) {
		return func(f *testkit.Film) { p := f.Get(path); p.Kids = append(p.Kids, a) }
	}
	over := func(path string, at int) func(*testkit.Film) {
		return func(f *testkit.Film) { copy(f.Get(path).Data[at:], token) }
	}
	const stbl, entry = "moov/trak/mdia/minf/stbl", "moov/trak/mdia/minf/stbl/stsd/avc1"
	for name, plant := range map[string]func(*testkit.Film){
		"©xyz":          at("moov", testkit.Parent("udta", text("\xa9xyz"))),
		"©nam":          at("moov", testkit.Parent("udta", text("\xa9nam"))),
		"unknown":       at("moov", testkit.Parent("udta", testkit.Leaf("what", token))),
		"3GPP text":     at("moov", testkit.Parent("udta", testkit.Leaf("titl", 0, uint16(0x15C7), token))),
		"3GPP place":    at("moov", testkit.Parent("udta", testkit.Leaf("loci", 0, uint16(0x15C7), token+"\x00", byte(0), 1, 2, 3, token))),
		"items":         at("moov", testkit.Parent("udta", meta4(list, testkit.Parent("ilst", data("\xa9ART"), data("covr"), data("odd "))))),
		"named item":    at("moov", testkit.Parent("udta", meta4(list, testkit.Parent("ilst", testkit.Parent("----", testkit.Leaf("mean", 0, token), testkit.Leaf("name", 0, token), testkit.Leaf("data", 1, 0, token)))))),
		"keys":          at("moov", keys),
		"XMP":           at("moov", testkit.Parent("udta", testkit.Leaf("XMP_", "<x:xmpmeta>"+token))),
		"track text":    at("moov/trak", testkit.Parent("udta", text("\xa9nam"))),
		"track meta":    at("moov/trak", keys),
		"XML":           at("moov", meta4(testkit.Leaf("xml ", `<NonRealTimeMeta><Device serialNo="`+token+`"/>`))),
		"other handler": at("moov/trak/mdia/minf", testkit.Leaf("hdlr", 0, "dhlralis", make([]byte, 12), token)),
		"language tag":  at("moov/trak/mdia", testkit.Leaf("elng", 0, token)),
		"handler name": func(f *testkit.Film) {
			f.Get("moov/trak/mdia/hdlr").Data = testkit.Fields(0, 0, "vide", token, "code", token)
		},
		"compressor":        over(entry, 43),
		"vendor, quality":   over(entry, 12),
		"reserved of entry": over(entry, 0),
		"resolution":        over(entry, 28),
		"sound vendor":      over("moov/trak 1/mdia/minf/stbl/stsd/mp4a", 10),
		"times":             over("moov/mvhd", 4),
		"track times":       over("moov/trak/tkhd", 4),
		"media times":       over("moov/trak/mdia/mdhd", 4),
		"track reserved":    over("moov/trak/tkhd", 24),
		"movie reserved":    over("moov/mvhd", 26),
		"previews":          over("moov/mvhd", 76),
		"colour of mode":    func(f *testkit.Film) { copy(f.Get("moov/trak/mdia/minf/vmhd").Data[6:], token) },
		"hidden in avcC":    func(f *testkit.Film) { a := f.Get(entry + "/avcC"); a.Data = append(a.Data, token...) },
		"SEI in avcC": func(f *testkit.Film) {
			f.Get(entry + "/avcC").Data = testkit.Fields("\x01\x4d\x00\x1e\xff\xe2", uint16(4), "\x67\x4d\x00\x1e", uint16(9), "\x06"+token, "\x01", uint16(4), "\x68\xee\x1f\x20")
		},
		"profile":           at(entry, testkit.Leaf("colr", "prof"+token)),
		"empty dates":       at("moov", testkit.Leaf("free", token)),
		"QuickTime's alias": func(f *testkit.Film) { f.Get("moov/trak/mdia/minf/dinf/dref").Kids[0] = testkit.Leaf("alis", 1, token) },
		"no-sample run": func(f *testkit.Film) {
			f.Get(stbl + "/stts").Data = testkit.Fields(0, 3, 5, 100, 0, token[:4], 0, token[4:])
		},
		"sync of nothing": func(f *testkit.Film) { f.Get(stbl + "/stss").Data = testkit.Fields(0, 3, 1, token) },
		"chunks of nothing": func(f *testkit.Film) {
			f.Get(stbl + "/stsc").Data = testkit.Fields(0, 3, 1, 2, 1, 3, 1, 1, token, 1)
		},
		"dependencies":    at(stbl, testkit.Leaf("sdtp", 0, token)),
		"groups":          at(stbl, testkit.Leaf("sgpd", 0, token)),
		"brand":           func(f *testkit.Film) { f.Top[0].Data = append(f.Top[0].Data, token...) },
		"minor version":   func(f *testkit.Film) { copy(f.Top[0].Data[4:], token[:4]) },
		"between samples": func(f *testkit.Film) { a := f.Get("mdat"); a.Data = append([]byte(token), a.Data...) },
		"behind samples":  func(f *testkit.Film) { a := f.Get("mdat"); a.Data = append(a.Data, token...) },
		"second mdat":     func(f *testkit.Film) { f.Top = append(f.Top, testkit.Leaf("mdat", token)) },
		"behind the end":  func(f *testkit.Film) { f.Top = append(f.Top, testkit.Leaf("\x00\x01\x02\x03", token)) },
		"uuid":            func(f *testkit.Film) { f.Top = append(f.Top, testkit.Leaf("uuid", "0123456789abcdef", token)) },
		"switched off": func(f *testkit.Film) {
			f.Get("moov/trak 1/tkhd").Data[3] = 0
			f.Get("mdat").Data = bytes.ReplaceAll(f.Get("mdat").Data, []byte("<sound sam"), []byte("<"+token+"m"))
		},
		"unused decoder settings": func(f *testkit.Film) {
			f.Get("moov/trak 1/mdia/minf/stbl/stsd/mp4a/esds").Data = testkit.Fields(0, "\x03\x23\x00\x02\x00\x04\x1B\x40\x15\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x05\x02\x11\x90\x13\x08"+token+"\x06\x01\x02")
		},
		"decoder info": func(f *testkit.Film) {
			f.Get("moov/trak 1/mdia/minf/stbl/stsd/mp4a/esds").Data = testkit.Fields(0, "\x03\x21\x00\x02\x00\x04\x19\x40\x15\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x05\x0A\x11\x90"+token+"\x06\x01\x02")
		},
	} {
		for _, first := range []bool{true, false} {
			f := testkit.NewFilm(first)
			plant(f)
			src := f.Bytes()
			if name == "switched off" {
				require.Contains(t, string(src), token)
			}
			out, found := clean(t, src)
			absent(t, out, name)
			assert.NotContains(t, string(out), token[:4], name)
			removed := false
			for _, g := range found {
				removed = removed || g.Fate == meta.Removed
			}
			assert.True(t, removed, name)
		}
	}
}
