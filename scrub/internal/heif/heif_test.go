package heif

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, HEIC, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// removed are the labels of what went.
func removed(fs []meta.Finding) (out []meta.Label) {
	for _, f := range fs {
		if f.Fate == meta.Removed {
			out = append(out, f.Label)
		}
	}
	return out
}

// stay are the labels of what is said to remain.
func stay(fs []meta.Finding) (out []meta.Label) {
	for _, f := range fs {
		if f.Fate == meta.Stays {
			out = append(out, f.Label)
		}
	}
	return out
}

func absent(t testing.TB, out []byte, token string) {
	t.Helper()
	testkit.Absent(t, out, token)
}

func tiling(rows, columns byte, w, h uint16) []byte {
	return append([]byte{0, 0, rows - 1, columns - 1}, append(testkit.Number(2, uint64(w)), testkit.Number(2, uint64(h))...)...)
}

func auxiliary(urn string) []byte {
	return testkit.FullBox("auxC", 0, 0, append([]byte(urn), 0))
}

const alphaURN = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"

// bases are the kinds of pictures that are kept.
func bases() map[string]testkit.HEIFFile {
	irot, imir := testkit.Box("irot", []byte{1}), testkit.Box("imir", []byte{0})
	tiles := testkit.HEIC()
	tiles.Primary = 9
	tiles.Items = []testkit.HEIFItem{testkit.HEVCItem(1), testkit.HEVCItem(2), {ID: 9, Type: "grid", Data: tiling(1, 2, 128, 64), Idat: true, Props: [][]byte{testkit.Extent(128, 64), irot, imir}}}
	tiles.Items[0].Hidden, tiles.Items[1].Hidden = true, true
	tiles.Refs = []testkit.HEIFRef{{Type: "dimg", From: 9, To: []uint32{1, 2}}}

	alpha := testkit.AVIF()
	alpha.Items = append(alpha.Items, testkit.AV1Item(2, auxiliary(alphaURN)))
	alpha.Items[1].Props[3] = auxiliary(alphaURN) // in place of colours
	alpha.Items[1].Props = alpha.Items[1].Props[:4]
	alpha.Refs = []testkit.HEIFRef{{Type: "auxl", From: 2, To: []uint32{1}}, {Type: "prem", From: 1, To: []uint32{2}}}

	gain := testkit.HEIC()
	gain.Brands = append(gain.Brands, "tmap")
	gain.Items = append(gain.Items, testkit.HEVCItem(2), testkit.HEIFItem{ID: 3, Type: "tmap", Data: append(make([]byte, 6), bytes.Repeat([]byte{0, 0, 0, 1}, 14)...), Props: [][]byte{testkit.Extent(64, 64)}})
	gain.Refs = []testkit.HEIFRef{{Type: "dimg", From: 3, To: []uint32{1, 2}}}
	gain.Groups = [][]byte{testkit.FullBox("altr", 0, 0, testkit.Number(4, 77), testkit.Number(4, 2), testkit.Number(4, 3), testkit.Number(4, 1))}

	overlay := testkit.HEIC()
	overlay.Primary = 3
	overlay.Items = append(overlay.Items, testkit.HEVCItem(2), testkit.HEIFItem{ID: 3, Type: "iovl", Idat: true, Data: append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 99, 0, 99}, 0, 0, 0, 0, 0, 16, 0, 9), Props: [][]byte{testkit.Extent(99, 99)}})
	overlay.Refs = []testkit.HEIFRef{{Type: "dimg", From: 3, To: []uint32{1, 2}}}

	turned := testkit.HEIC()
	turned.Primary = 2
	turned.Items = append(turned.Items, testkit.HEIFItem{ID: 2, Type: "iden", Props: [][]byte{testkit.Extent(64, 64), irot}})
	turned.Refs = []testkit.HEIFRef{{Type: "dimg", From: 2, To: []uint32{1}}}

	sample := testkit.AVIF()
	sample.Items = append(sample.Items, testkit.AV1Item(2), testkit.HEIFItem{ID: 3, Type: "sato", Data: []byte{2, 5, 0, 0, 0, 0, 16, 1, 0x82, 2, 0x80}, Props: [][]byte{testkit.Extent(64, 64)}})
	sample.Refs = []testkit.HEIFRef{{Type: "dimg", From: 3, To: []uint32{1, 2}}}
	sample.Groups = [][]byte{testkit.FullBox("altr", 0, 0, testkit.Number(4, 9), testkit.Number(4, 2), testkit.Number(4, 3), testkit.Number(4, 1))}

	split := testkit.HEIC()
	split.Items[0].Split = 20

	inline := testkit.AVIF()
	inline.Items[0].Idat = true
	for _, f := range []testkit.HEIFFile{gain, overlay, turned, sample} { // what is only an input is not shown
		for _, id := range f.Refs[0].To {
			f.Items[id-1].Hidden = id != f.Primary
		}
	}
	return map[string]testkit.HEIFFile{
		"heic": testkit.HEIC(), "avif": testkit.AVIF(), "grid": tiles, "alpha": alpha, "gain map": gain, "overlay": overlay,
		"identity": turned, "sample transform": sample, "split": split, "inline": inline,
	}
}

// photo is a file with the token in every place where it can hide.
func photo() testkit.HEIFFile {
	f := bases()["grid"]
	text := []byte("the " + token + " is here")
	exif := append([]byte("\x00\x00\x00\x06Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 6, token)...)
	packet := []byte(`<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="` + token + `"/></rdf:RDF></x:xmpmeta>`)
	hidden := testkit.HEVCItem(30)
	hidden.Data = append(testkit.Number(4, uint64(len(text)+2)), append([]byte{0x28, 1}, text...)...)
	sei := nal(39, append([]byte{5, byte(16 + len(text))}, append(bytes.Repeat([]byte{9}, 16), append(text, 0x80)...)...))
	f.Items[0].Data = append(sei, f.Items[0].Data...)
	f.Items[1].Name = token
	aux := func(id uint32, urn string) testkit.HEIFItem {
		it := testkit.HEVCItem(id, auxiliary(urn))
		it.Data = hidden.Data
		return it
	}
	f.Items = append(f.Items,
		testkit.HEIFItem{ID: 20, Type: "Exif", Data: exif},
		testkit.HEIFItem{ID: 21, Type: "mime", Rest: []byte("application/rdf+xml\x00"), Data: packet},
		testkit.HEIFItem{ID: 22, Type: "mime", Rest: []byte("text/plain\x00deflate\x00"), Data: text},
		testkit.HEIFItem{ID: 23, Type: "uri ", Rest: []byte("tag:" + token + "\x00"), Data: text},
		testkit.HEIFItem{ID: 24, Type: "zzzz", Data: text, Name: "name " + token},
		testkit.HEIFItem{ID: 25, Type: "mime", Rest: []byte("application/rdf+xml\x00"), Data: packet, Idat: true},
		hidden,
		aux(31, "urn:mpeg:hevc:2015:auxid:2"),
		aux(32, "urn:com:apple:photo:2018:aux:portraiteffectsmatte"),
		aux(33, "tag:apple.com,2023:photo:aux:linearthumbnail"),
		aux(34, "urn:com:apple:photo:2020:aux:hdrgainmap"),
		aux(35, "urn:"+token),
		testkit.HEVCItem(36), // a second picture
	)
	f.Refs = append(f.Refs, testkit.HEIFRef{Type: "cdsc", From: 20, To: []uint32{9}}, testkit.HEIFRef{Type: "thmb", From: 30, To: []uint32{9}},
		testkit.HEIFRef{Type: "auxl", From: 31, To: []uint32{9}}, testkit.HEIFRef{Type: "auxl", From: 35, To: []uint32{9}}, testkit.HEIFRef{Type: token[:4], From: 36, To: []uint32{9}})
	f.Items[2].Props[0] = testkit.Box("ispe", f.Items[2].Props[0][8:], text)
	f.Unused = [][]byte{testkit.FullBox("udes", 0, 0, []byte("en\x00"), text, []byte("\x00\x00")), testkit.Extent(8, 8)}
	f.Handler = token
	f.Lost = text
	f.InMeta = [][]byte{testkit.Box("zzzz", text), testkit.Box("free", text), testkit.FullBox("dinf", 0, 0, text)}
	f.Before = [][]byte{testkit.Box("free", text)}
	f.Between = [][]byte{testkit.Box("uuid", []byte(uuidXMP), packet), testkit.Box("uuid", bytes.Repeat([]byte{7}, 16), text), testkit.Box("skip", text)}
	f.After = [][]byte{testkit.Box("mpvd", testkit.Box("ftyp", []byte("mp42\x00\x00\x00\x00")), testkit.Box("moov", testkit.Box("udta", testkit.Box("\xa9xyz", text)))),
		testkit.Box("sefd", text), testkit.Box("udta", text), testkit.Box("moov", text), testkit.Box("mdat", text), text}
	f.Groups = [][]byte{testkit.FullBox("ster", 0, 0, testkit.Number(4, 78), testkit.Number(4, 1), testkit.Number(4, 9), text)}
	return f
}

func TestSniff(t *testing.T) {
	for name, f := range bases() {
		b := f.Bytes()
		avif := f.Brands[0] == "avif"
		assert.Equal(t, avif, AVIF.Sniff(b[:64]), name)
		assert.Equal(t, !avif, HEIC.Sniff(b[:64]), name)
	}
	of := func(brands ...string) string { return family(testkit.HEIFFile{Brands: brands}.Bytes()) }
	assert.Equal(t, "avif", of("mif1", "miaf", "avif"))
	assert.Equal(t, "heic", of("mif1", "heic"))
	assert.Equal(t, "", of("mp42", "isom"))
	assert.Equal(t, "", of("crx ", "heix"))
	assert.Equal(t, "", family([]byte("\x00\x00\x00\x10ftyp")))
}

func TestKinds(t *testing.T) {
	for name, f := range bases() {
		out, found := clean(t, f.Bytes())
		again, found2 := clean(t, out)
		assert.Equal(t, out, again, name)
		assert.Equal(t, bytes.Equal(out, f.Bytes()), len(removed(found)) == 0, name)
		assert.Empty(t, removed(found2), name)
	}
}

// TestWide reads the widest numbers that each box can have.
func TestWide(t *testing.T) {
	for name, f := range bases() {
		want, _ := clean(t, f.Bytes())
		f.Wide = true
		out, found := clean(t, f.Bytes())
		assert.Equal(t, want, out, name)
		assert.NotEmpty(t, removed(found), name)
	}
	f := photo()
	want, _ := clean(t, f.Bytes())
	f.Wide = true
	out, _ := clean(t, f.Bytes())
	assert.Equal(t, want, out)
}

// TestSharedData keeps one copy of data that several items have in common.
func TestSharedData(t *testing.T) {
	f := bases()["grid"]
	f.Items[1].Data = nil
	b := f.Bytes()
	at := uint64(len(b) - len(testkit.HEVCData))
	size := testkit.Number(4, uint64(len(testkit.HEVCData)))
	first, second := append(testkit.Number(4, at), size...), append(testkit.Number(4, at+uint64(len(testkit.HEVCData))), 0, 0, 0, 0)
	require.Equal(t, 1, bytes.Count(b, second))
	out, _ := clean(t, bytes.Replace(b, second, first, 1))
	assert.Equal(t, 1, bytes.Count(out, testkit.HEVCData))
	assert.True(t, bytes.HasSuffix(out, testkit.HEVCData))
}

func TestCanaries(t *testing.T) {
	want, _ := clean(t, bases()["grid"].Bytes())
	out, found := clean(t, photo().Bytes())
	absent(t, out, token)
	assert.Equal(t, want, out, "nothing but the picture is left")
	for _, l := range []meta.Label{
		meta.LabelPosition, meta.LabelMaker, meta.LabelSerial, meta.LabelAuthor, meta.LabelThumbnail, meta.LabelDepth, meta.LabelMatte, meta.LabelPreview,
		meta.LabelGainMap, meta.LabelSecondPicture, meta.LabelVideo, meta.LabelCompressed, meta.LabelEncoderData, meta.LabelCaption, meta.LabelSoftware, meta.LabelSurplus,
	} {
		assert.Contains(t, removed(found), l)
	}
	for _, f := range found {
		assert.NotEqual(t, meta.LabelOrientation == f.Label && f.Fate == meta.Removed, true, "how the picture is turned is said by irot")
	}
}

// TestInsertions puts a box that does not belong there at every place where a box may stand.
func TestInsertions(t *testing.T) {
	for name, f := range bases() {
		want, _ := clean(t, f.Bytes())
		for _, typ := range []string{"zzzz", "free", "uuid"} {
			extra := testkit.Box(typ, []byte("sixteen bytes...and the "+token))
			for where, change := range map[string]func(*testkit.HEIFFile){
				"before meta": func(f *testkit.HEIFFile) { f.Before = [][]byte{extra} },
				"in meta":     func(f *testkit.HEIFFile) { f.InMeta = [][]byte{extra} },
				"in ipco":     func(f *testkit.HEIFFile) { f.Unused = [][]byte{extra} },
				"in grpl":     func(f *testkit.HEIFFile) { f.Groups = append([][]byte{extra}, f.Groups...) },
				"before mdat": func(f *testkit.HEIFFile) { f.Between = [][]byte{extra} },
				"after mdat":  func(f *testkit.HEIFFile) { f.After = [][]byte{extra} },
			} {
				g := f
				change(&g)
				out, found := clean(t, g.Bytes())
				assert.Equal(t, want, out, "%s: %s %s", name, typ, where)
				assert.NotEmpty(t, removed(found))
			}
		}
	}
}

// TestGrowth makes each kept structure longer than its fields need.
func TestGrowth(t *testing.T) {
	for name, f := range bases() {
		want, _ := clean(t, f.Bytes())
		for _, n := range []int{1, 64} {
			more := bytes.Repeat([]byte(token), 8)[:n]
			for i, it := range f.Items {
				for k, p := range it.Props {
					g := f
					g.Items = append([]testkit.HEIFItem(nil), f.Items...)
					g.Items[i].Props = append([][]byte(nil), it.Props...)
					g.Items[i].Props[k] = testkit.Box(string(p[4:8]), p[8:], more)
					out, found := clean(t, g.Bytes())
					assert.Equal(t, want, out, "%s: %s", name, p[4:8])
					assert.NotEmpty(t, removed(found))
				}
				g := f
				g.Items = append([]testkit.HEIFItem(nil), f.Items...)
				if derivations[it.Type] != nil {
					g.Items[i].Data = append(bytes.Clone(it.Data), more...)
				} else {
					g.Items[i].Rest = more
				}
				out, _ := clean(t, g.Bytes())
				assert.Equal(t, want, out, "%s: %s", name, it.Type)
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	for name, f := range bases() {
		b := f.Bytes()
		if name == "inline" {
			b = b[:len(b)-8] // an empty mdat box, which nobody misses
		}
		for n := range len(b) {
			_, err := testkit.Parse(HEIC, b[:n], meta.Policy{})
			require.Error(t, err, "%s cut to %d", name, n)
		}
	}
	b := photo().Bytes()
	for n := 1; n < len(b); n += 7 {
		_, _, _ = testkit.Clean(t, HEIC, b[:n], meta.Policy{})
	}
}

func TestKeep(t *testing.T) {
	src := photo().Bytes()
	out, p, err := testkit.Clean(t, HEIC, src, meta.Policy{Keep: meta.KeepCredit | meta.KeepDate})
	require.NoError(t, err)
	assert.Contains(t, string(out), "Alma "+token)
	assert.Contains(t, string(out), "2023:04:05")
	assert.NotContains(t, string(out), "serial-")
	kept := 0
	for _, f := range p.Findings {
		if f.Fate == meta.Kept {
			kept++
		}
	}
	assert.Equal(t, 3, kept)
	plain, _ := clean(t, out)
	want, _ := clean(t, src)
	assert.Equal(t, want, plain)
}

func TestHiddenContent(t *testing.T) {
	crop := testkit.HEIC()
	var clap []byte
	for _, v := range []uint64{32, 1, 64, 1, 0, 1, 0, 1} {
		clap = append(clap, testkit.Number(4, v)...)
	}
	crop.Items[0].Props = append(crop.Items[0].Props, testkit.Box("clap", clap))
	_, found := clean(t, crop.Bytes())
	assert.Contains(t, stay(found), meta.LabelHiddenContent)

	tiles := bases()["grid"]
	_, found = clean(t, tiles.Bytes())
	assert.NotContains(t, stay(found), meta.LabelHiddenContent)
	assert.Contains(t, stay(found), meta.LabelOrientation)
	tiles.Items[2].Data = tiling(1, 2, 100, 64)
	_, found = clean(t, tiles.Bytes())
	assert.Contains(t, stay(found), meta.LabelHiddenContent)

	_, found = clean(t, bases()["overlay"].Bytes())
	assert.Contains(t, stay(found), meta.LabelHiddenContent)
	_, found = clean(t, bases()["gain map"].Bytes())
	assert.Contains(t, stay(found), meta.LabelGainMap)
}

func TestGainMapWithoutGroup(t *testing.T) {
	f := bases()["gain map"]
	f.Groups = nil
	out, found := clean(t, f.Bytes())
	plain, _ := clean(t, testkit.HEIC().Bytes())
	assert.Equal(t, plain, out, "no viewer shows it")
	assert.Contains(t, removed(found), meta.LabelGainMap)
}

func TestGainMapOfAnotherCoding(t *testing.T) {
	f := bases()["gain map"]
	f.Items[1].Type = "jpeg"
	_, found := clean(t, f.Bytes())
	assert.Contains(t, removed(found), meta.LabelGainMap)
	assert.NotContains(t, stay(found), meta.LabelGainMap)
}

func TestBrands(t *testing.T) {
	for want, brands := range map[string][]string{
		"heic\x00\x00\x00\x00mif1heicmiaf": {"heic", "mif1", "heic", "zzzz", "miaf", "heic"},
		"mif1\x00\x00\x00\x00mif1heic":     {"mif1", "mif1", "heic"},
		"heic\x00\x00\x00\x00mif1heic":     {"heis", "mif1", "heis"},
		"mif1\x00\x00\x00\x00mif1":         {"mif1", "avif", "mif1"},
	} {
		f := testkit.HEIC()
		f.Brands = brands
		out, _ := clean(t, f.Bytes())
		assert.Equal(t, want, string(out[8:binary.BigEndian.Uint32(out)]), strings.Join(brands, " "))
	}
}
