package mp4

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/rd"
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
	walk := func(b []byte, each func(typ string, data []byte, off int)) {
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
	testkit.Absent(t, out, token, name)
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

func TestRefused(t *testing.T) {
	const stbl = "moov/trak/mdia/minf/stbl"
	for name, c := range map[string]struct {
		harm func(f *testkit.Film)
		err  error
		says string
	}{
		"encrypted":           {func(f *testkit.Film) { f.Get(stbl + "/stsd").Kids[0].Type = "encv" }, meta.ErrUnsupported, "encrypted"},
		"encrypted, by a box": {func(f *testkit.Film) { a := f.Get(stbl + "/stsd/avc1"); a.Kids = append(a.Kids, testkit.Leaf("sinf")) }, meta.ErrUnsupported, "encrypted"},
		"unknown format":      {func(f *testkit.Film) { f.Get(stbl + "/stsd").Kids[0].Type = "SVQ9" }, meta.ErrUnsupported, "SVQ9"},
		"compressed header":   {func(f *testkit.Film) { f.Get("moov").Kids = []*testkit.Atom{testkit.Leaf("cmov", "x")} }, meta.ErrUnsupported, "cmov"},
		"media elsewhere": {func(f *testkit.Film) {
			f.Get("moov/trak/mdia/minf/dinf/dref").Kids[0].Data = testkit.Fields(0, "file:///film")
		}, meta.ErrUnsupported, "another file"},
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

// TestInsideAnotherFile: the film of a motion photo is cleaned where it lies.
func TestInsideAnotherFile(t *testing.T) {
	for name, f := range bases() {
		film := f.Bytes()
		want, _ := clean(t, film)
		photo := append([]byte("the picture before it"), film...)
		const before = 21
		w, err := rd.New(context.Background(), rd.Held(append(photo, "the end"...)), int64(len(photo)+7), rd.Default).Sub(before, int64(len(film)))
		require.NoError(t, err)
		p, err := MP4.Parse(w, meta.Policy{})
		require.NoError(t, err, name)
		s, err := p.Seal(rd.Default.Pieces)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, s.Write(context.Background(), &out, rd.Held(film)))
		assert.True(t, bytes.Equal(want, out.Bytes()), name)
	}
}

// TestTrailers: makers put data behind the boxes.
func TestTrailers(t *testing.T) {
	want, _ := clean(t, testkit.NewFilm(true).Bytes())
	for tail, says := range map[string]string{
		"\x00\x01" + strings.Repeat("\xfe", 300) + "8db42d694ccc418790edff439fe026bf": "Insta360",
		"\x05\x00\x00\x00\x01": "",
		"Alma " + token:        "Alma " + token,
	} {
		out, found := clean(t, append(testkit.NewFilm(true).Bytes(), tail...))
		assert.True(t, bytes.Equal(want, out), "%q", tail)
		last := ""
		for _, g := range found {
			if g.Where == "behind the end of the picture" {
				last = string(g.Label) + g.Value
			}
		}
		assert.Contains(t, last, says)
		assert.NotEmpty(t, last)
	}
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

// settings is a film with many decoder settings.
func FuzzMP4(f *testing.F) {
	for _, b := range bases() {
		f.Add(b.Bytes())
	}
	f.Add(settings().Bytes())
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, pol := range []meta.Policy{{}, {NoSound: true}} {
			if out, p, err := testkit.Clean(t, MP4, src, pol); err == nil {
				require.Equal(t, bytes.Equal(src, out), !removes(p.Findings), "what changes is said")
			}
		}
	})
}

func removes(fs []meta.Finding) bool {
	return slices.ContainsFunc(fs, func(g meta.Finding) bool { return g.Fate == meta.Removed })
}

// TestSecondBrands: a file has one list of brands.
func TestSecondBrands(t *testing.T) {
	want, _ := clean(t, testkit.NewFilm(true).Bytes())
	f := testkit.NewFilm(true)
	f.Top = append(f.Top, testkit.Leaf("ftyp", "isom", 0, "isomavc1"))
	out, found := clean(t, f.Bytes())
	assert.Equal(t, want, out)
	assert.True(t, removes(found))
}

// TestSaysWhatChanges: where a clean film changes in nothing but the form of its
// boxes, that is said.
func TestSaysWhatChanges(t *testing.T) {
	film, _ := clean(t, testkit.NewFilm(false).Bytes())
	at := bytes.Index(film, []byte("moov")) - 4
	moov := film[at+8:]
	for name, src := range map[string][]byte{
		"empty media data":    append(bytes.Clone(film), testkit.Box("mdat")...),
		"large size":          slices.Concat(film[:at], []byte("\x00\x00\x00\x01moov"), testkit.Number(8, uint64(len(moov)+16)), moov),
		"to the end":          slices.Concat(film[:at], []byte("\x00\x00\x00\x00moov"), moov),
		"zeros end the boxes": slices.Concat(film[:at], testkit.Box("moov", moov, make([]byte, 4))),
	} {
		out, found := clean(t, src)
		assert.Equal(t, film, out, name)
		assert.True(t, removes(found), name)
	}
}
