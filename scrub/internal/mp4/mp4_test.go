package mp4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, MP4, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// bases are films of all arrangements.
func bases() map[string]*testkit.Film {
	return map[string]*testkit.Film{"header first": testkit.NewFilm(true), "header last": testkit.NewFilm(false), "fragments": testkit.NewFragments()}
}

// quick is what a simple reader of films sees: the samples of each track. It
// shares no code with the parser.
func quick(b []byte) map[string][]string {
	be := binary.BigEndian
	out := map[string][]string{}
	var walk func(b []byte, each func(typ string, data []byte, off int))
	walk = func(b []byte, each func(string, []byte, int)) {
		for at := 0; at+8 <= len(b); {
			n := int(be.Uint32(b[at:]))
			each(string(b[at+4:at+8]), b[at+8:at+n], at)
			at += n
		}
	}
	names := map[uint32]string{}
	walk(b, func(typ string, moov []byte, off int) {
		if typ == "moof" {
			walk(moov, func(typ string, traf []byte, _ int) {
				if typ != "traf" {
					return
				}
				id := uint32(0)
				walk(traf, func(typ string, d []byte, _ int) {
					if typ == "tfhd" {
						id = be.Uint32(d[4:])
					}
					if typ == "trun" {
						pos := off + int(int32(be.Uint32(d[8:])))
						for i := range int(be.Uint32(d[4:])) {
							n := int(be.Uint32(d[12+4*i:]))
							out[names[id]] = append(out[names[id]], string(b[pos:pos+n]))
							pos += n
						}
					}
				})
			})
		}
		if typ != "moov" {
			return
		}
		walk(moov, func(typ string, trak []byte, _ int) {
			if typ != "trak" {
				return
			}
			box := map[string][]byte{}
			var in func(string, []byte, int)
			in = func(typ string, d []byte, _ int) {
				box[typ] = d
				if strings.Contains("mdia minf stbl", typ) {
					walk(d, in)
				}
			}
			walk(trak, in)
			name := string(box["hdlr"][8:12])
			names[be.Uint32(box["tkhd"][12:])] = name
			sizes, sc, chunk := box["stsz"][12:], box["stsc"][8:], 0
			for n := 0; len(sizes) > 0; chunk++ {
				for len(sc) > 0 && int(be.Uint32(sc)) == chunk+1 {
					n, sc = int(be.Uint32(sc[4:])), sc[12:]
				}
				pos := int(be.Uint32(box["stco"][8+4*chunk:]))
				for range n {
					k := int(be.Uint32(sizes))
					out[name] = append(out[name], string(b[pos:pos+k]))
					pos, sizes = pos+k, sizes[4:]
				}
			}
		})
	})
	return out
}

func absent(t testing.TB, out []byte, name string) {
	t.Helper()
	var le, be []byte
	for _, u := range utf16.Encode([]rune(token)) {
		le, be = binary.LittleEndian.AppendUint16(le, u), binary.BigEndian.AppendUint16(be, u)
	}
	for _, n := range [][]byte{[]byte(token), le, be} {
		require.False(t, bytes.Contains(out, n), "%s survived", name)
	}
}

func TestSamplesStay(t *testing.T) {
	for name, f := range bases() {
		src := f.Bytes()
		out, found := clean(t, src)
		before, after := quick(src), quick(out)
		require.NotEmpty(t, before["meta"], name)
		assert.Equal(t, before["vide"], after["vide"], name)
		assert.Equal(t, before["soun"], after["soun"], name)
		assert.Len(t, after, 2, "%s: the track of positions goes", name)
		assert.NotContains(t, string(out), "position", "%s: and its samples", name)
		assert.NotContains(t, string(out), "Some", "%s: names go", name)
		said := map[meta.Label]meta.Fate{}
		for _, g := range found {
			said[g.Label] = g.Fate
		}
		assert.Equal(t, meta.Removed, said[meta.LabelPosition], name)
		for _, l := range []meta.Label{meta.LabelFacesVoices, meta.LabelEncoderData, meta.LabelSound} {
			assert.Contains(t, said, l, name)
			assert.Equal(t, meta.Stays, said[l], name)
		}

		out, p, err := testkit.Clean(t, MP4, src, meta.Policy{NoSound: true})
		require.NoError(t, err)
		assert.Equal(t, map[string][]string{"vide": before["vide"]}, quick(out), "%s without sound", name)
		assert.NotContains(t, string(out), "sound")
		for _, g := range p.Findings {
			assert.False(t, g.Label == meta.LabelSound && g.Fate != meta.Removed)
		}
	}
}

// places lists every box that holds others, and every box that does not.
func places(f *testkit.Film) (parents, leaves []*testkit.Atom) {
	var walk func(a *testkit.Atom)
	walk = func(a *testkit.Atom) {
		if len(a.Kids) > 0 {
			parents = append(parents, a)
		} else {
			leaves = append(leaves, a)
		}
		for _, k := range a.Kids {
			walk(k)
		}
	}
	for _, a := range f.Top {
		walk(a)
	}
	return parents, leaves
}

// TestInsertions puts boxes that do not belong there at every place.
func TestInsertions(t *testing.T) {
	for name, f := range bases() {
		want, _ := clean(t, f.Bytes())
		odd := func(typ string) *testkit.Atom { return testkit.Leaf(typ, "\x00\x00\x00\x00", token) }
		for _, typ := range []string{"zzzz", "free", "uuid", "udta", "skip"} {
			for i := range f.Top {
				old := f.Top
				a := odd(typ)
				if typ == "uuid" {
					a.Data = append([]byte("0123456789abcdef"), a.Data...)
				}
				f.Top = append(append(append([]*testkit.Atom(nil), old[:i+1]...), a), old[i+1:]...)
				out, found := clean(t, f.Bytes())
				assert.True(t, bytes.Equal(want, out), "%s: %s behind %d", name, typ, i)
				assert.NotEmpty(t, found)
				f.Top = old
			}
			parents, _ := places(f)
			for _, p := range parents {
				if p.Type == "dref" || p.Type == "stsd" {
					continue // their boxes are counted
				}
				for i := range len(p.Kids) + 1 {
					if p.Type == "traf" && i == 0 {
						continue // nothing stands before its header
					}
					old := p.Kids
					a := odd(typ)
					if typ == "uuid" {
						a.Data = append([]byte("0123456789abcdef"), a.Data...)
					}
					p.Kids = append(append(append([]*testkit.Atom(nil), old[:i]...), a), old[i:]...)
					out, _ := clean(t, f.Bytes())
					assert.True(t, bytes.Equal(want, out), "%s: %s in %s at %d", name, typ, p.Type, i)
					p.Kids = old
				}
			}
		}
	}
}

// TestGrowth makes every box longer than its fields are.
func TestGrowth(t *testing.T) {
	for name, f := range bases() {
		want, _ := clean(t, f.Bytes())
		_, leaves := places(f)
		for _, a := range leaves {
			for _, more := range []string{"\x00", "x", strings.Repeat("\x00", 64), strings.Repeat(token, 8)} {
				old := a.Data
				a.Data = append(bytes.Clone(old), more...)
				out, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
				if err == nil {
					absent(t, out, name+" "+a.Type)
					assert.True(t, bytes.Equal(want, out), "%s: %s grown by %d", name, a.Type, len(more))
				} else {
					assert.Equal(t, "gpmd", a.Type, "%s: %v", name, err)
				}
				a.Data = old
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	for name, f := range bases() {
		b := f.Bytes()
		if name == "fragments" {
			continue // each fragment may be the last
		}
		for n := range len(b) {
			_, err := testkit.Parse(MP4, b[:n], meta.Policy{})
			require.Error(t, err, "%s cut to %d", name, n)
		}
	}
}

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

func TestRefused(t *testing.T) {
	const stbl = "moov/trak/mdia/minf/stbl"
	for name, c := range map[string]struct {
		harm func(f *testkit.Film)
		err  error
		says string
	}{
		"encrypted":             {func(f *testkit.Film) { f.Get(stbl + "/stsd").Kids[0].Type = "encv" }, meta.ErrUnsupported, "encrypted"},
		"encrypted, by a box":   {func(f *testkit.Film) { a := f.Get(stbl + "/stsd/avc1"); a.Kids = append(a.Kids, testkit.Leaf("sinf")) }, meta.ErrUnsupported, "encrypted"},
		"unknown format":        {func(f *testkit.Film) { f.Get(stbl + "/stsd").Kids[0].Type = "SVQ9" }, meta.ErrUnsupported, "SVQ9"},
		"compressed header":     {func(f *testkit.Film) { f.Get("moov").Kids = []*testkit.Atom{testkit.Leaf("cmov", "x")} }, meta.ErrUnsupported, "cmov"},
		"media elsewhere":       {func(f *testkit.Film) { f.Get("moov/trak/mdia/minf/dinf/dref").Kids[0].Data[3] = 0 }, meta.ErrUnsupported, "another file"},
		"nothing to show":       {func(f *testkit.Film) { m := f.Get("moov"); m.Kids = append(m.Kids[:1], m.Kids[3:]...) }, meta.ErrUnsupported, "nothing to show"},
		"no header":             {func(f *testkit.Film) { f.Top = f.Top[:1] }, meta.ErrMalformed, "no movie header"},
		"two headers":           {func(f *testkit.Film) { f.Top = append(f.Top, f.Get("moov")) }, meta.ErrMalformed, "second"},
		"two of a table":        {func(f *testkit.Film) { a := f.Get(stbl); a.Kids = append(a.Kids, f.Get(stbl+"/stts")) }, meta.ErrMalformed, "second"},
		"same number":           {func(f *testkit.Film) { f.Get("moov/trak 1/tkhd").Data[15] = 1 }, meta.ErrMalformed, "track number"},
		"more samples":          {func(f *testkit.Film) { copy(f.Get(stbl + "/stsz").Data[8:], "\x00\x00\x00\x09") }, meta.ErrMalformed, "stsz"},
		"fewer samples":         {func(f *testkit.Film) { copy(f.Get(stbl + "/stsz").Data[8:], "\x00\x00\x00\x03") }, meta.ErrMalformed, "chunk"},
		"samples beyond":        {func(f *testkit.Film) { copy(f.Get(stbl + "/stsz").Data[12:], "\x7f\x00\x00\x00") }, meta.ErrTruncated, "samples"},
		"samples in the header": {func(f *testkit.Film) { copy(f.Get(stbl + "/stsz").Data[12:], "\x00\x00\x04\x00") }, meta.ErrMalformed, "samples"},
		"no such format":        {func(f *testkit.Film) { copy(f.Get(stbl + "/stsc").Data[16:], "\x00\x00\x00\x02") }, meta.ErrMalformed, "stsc"},
		"table of colours":      {func(f *testkit.Film) { copy(f.Get(stbl + "/stsd/avc1").Data[76:], "\x00\x00") }, meta.ErrUnsupported, "colours"},
		"stream at an address":  {func(f *testkit.Film) { f.Get("moov/trak 1/mdia/minf/stbl/stsd/mp4a/esds").Data[8] = 0x40 }, meta.ErrUnsupported, "address"},
	} {
		f := testkit.NewFilm(true)
		c.harm(f)
		_, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
		assert.ErrorContains(t, err, c.says, name)
	}
	_, _, err := testkit.Clean(t, MP4, soundAlone(), meta.Policy{NoSound: true})
	assert.ErrorIs(t, err, meta.ErrUnsupported)
	_, _, err = testkit.Clean(t, MP4, soundAlone(), meta.Policy{})
	assert.NoError(t, err)
}

func soundAlone() []byte {
	f := testkit.NewFilm(true)
	m := f.Get("moov")
	m.Kids = []*testkit.Atom{m.Kids[0], m.Kids[2]}
	return f.Bytes()
}

// TestStandIn: a phone records sound twice, and only one of the ways is known.
func TestStandIn(t *testing.T) {
	f := testkit.NewFilm(true)
	moov := f.Get("moov")
	other := testkit.NewFilm(true).Get("moov/trak 1")
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/tkhd").Data[15] = 9
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/mdia/minf/stbl/stsd").Kids[0].Type = "apac"
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/mdia/minf/stbl/stco").Data = testkit.Fields(0, 3, 1, 1, 1)
	moov.Kids = append(moov.Kids, other)
	_, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
	assert.ErrorContains(t, err, "apac")
	for _, i := range []int{1, 3} {
		f.Get(fmt.Sprintf("moov/trak %d/tkhd", i)).Data[35] = 1 // their group
	}
	f.Get("moov/trak 1/tkhd").Data[3] = 2 // only one is on
	src := f.Bytes()
	out, _ := clean(t, src)
	assert.Len(t, quick(out)["soun"], 5)
}

func TestHiddenContent(t *testing.T) {
	f := testkit.NewFilm(true)
	said := func() (v []string) {
		_, found := clean(t, f.Bytes())
		for _, g := range found {
			if g.Label == meta.LabelHiddenContent {
				assert.Equal(t, meta.Stays, g.Fate)
				v = append(v, g.Value)
			}
		}
		return v
	}
	assert.Empty(t, said())
	f.Get("moov/trak/edts/elst").Data = testkit.Fields(0, 1, 100, 300, 0x10000)
	assert.Equal(t, []string{"0.2 s of the video before what is shown", "0.2 s of the video after what is shown"}, said())
	f.Get("moov/trak/edts/elst").Data = testkit.Fields(0, 1, 500, 100, 0x10000)
	e := f.Get("moov/trak/mdia/minf/stbl/stsd/avc1")
	e.Kids = append(e.Kids, testkit.Leaf("clap", 32, 1, 48, 1, 0, 1, 0, 1))
	assert.Equal(t, []string{"edges that are not shown"}, said())
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]kind{
		"\x00\x00\x00\x18ftypisom": isMP4, "\x00\x00\x00\x18ftypqt  ": isMOV, "\x00\x00\x00\x18ftypheic": isNone, "\x00\x00\x00\x18ftypavif": isNone,
		"\x00\x00\x00\x18ftypcrx ": isNone, "\x00\x00\x00\x18ftypM4A ": isNone, "\x00\x00\x00\x18ftypXAVC": isMP4, "\x00\x00\x00\x08wide": isMOV,
		"\x00\x01\x00\x08moov": isMOV, "\x00\x00\x00\x01mdat": isMOV, "\x00\x00\x00\x02moov": isNone, "": isNone, "RIFF": isNone,
	} {
		assert.Equal(t, want, sniff([]byte(head)), "%q", head)
	}
	assert.Nil(t, MP4.Canvas, "areas of a film cannot be covered, and that is said")
}

// TestCorpus looks at real films beside the checkout.
func TestCorpus(t *testing.T) {
	paths, _ := filepath.Glob("../../../../shared/corpus/m[po][4v]/*")
	if len(paths) == 0 {
		t.Skip("no ../shared/corpus beside the checkout")
	}
	refused := map[string]string{
		"exiftool__QuickTime.mov":  "149 samples in no chunk", // its media were taken out
		"mp4ff__audio.mp4":         "encrypted track",
		"mp4ff__stpp_combined.mp4": "nothing to show",
		"mp4ff__stpp_prog.mp4":     "nothing to show",
		"nom__sony-a7-xavc.mp4":    "truncated", // the header alone
	}
	for _, p := range paths {
		src, err := os.ReadFile(p)
		require.NoError(t, err)
		out, _, err := testkit.Clean(t, MP4, src, meta.Policy{})
		if why := refused[filepath.Base(p)]; why != "" {
			assert.ErrorContains(t, err, why, p)
			continue
		}
		if assert.NoError(t, err, p) {
			sameFrames(t, p, out)
		}
	}
}

// sameFrames asks ffmpeg, where it is installed, for all pictures and sounds.
func sameFrames(t *testing.T, path string, out []byte) {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		return
	}
	cleaned := filepath.Join(t.TempDir(), "out"+filepath.Ext(path))
	require.NoError(t, os.WriteFile(cleaned, out, 0o600))
	sums := func(p string) string {
		b, err := exec.Command(ffmpeg, "-v", "error", "-copyts", "-i", p, "-map", "0:V?", "-map", "0:a?", "-c", "copy", "-f", "framemd5", "-").Output()
		require.NoError(t, err, p)
		return string(b)
	}
	assert.True(t, sums(path) == sums(cleaned), path)
}

func TestMalformed(t *testing.T) {
	paths, _ := filepath.Glob("../../../../shared/malformed/*")
	if len(paths) == 0 {
		t.Skip("no ../shared/malformed beside the checkout")
	}
	for _, p := range paths {
		if src, err := os.ReadFile(p); err == nil {
			_, _, _ = testkit.Clean(t, MP4, src, meta.Policy{})
		}
	}
}

func FuzzMP4(f *testing.F) {
	for _, b := range bases() {
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, pol := range []meta.Policy{{}, {NoSound: true}} {
			_, _, _ = testkit.Clean(t, MP4, src, pol)
		}
	})
}
