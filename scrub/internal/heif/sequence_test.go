package heif

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// film is an animation for a test: the boxes of its tracks can be changed.
type film struct {
	frames [][]byte
	boxes  map[string][]byte // contents of the boxes of the track of pictures, by type
	alpha  bool
	tracks [][]byte // further ones
	inMoov [][]byte
	inTrak [][]byte
	inStbl [][]byte
	entry  []byte // boxes behind av1C
	more   map[string][]byte
}

func newFilm() film {
	n := func(v uint64) []byte { return testkit.Number(4, v) }
	join := func(p ...[]byte) []byte { return bytes.Join(p, nil) }
	matrix := join(n(1<<16), make([]byte, 12), n(1<<16), make([]byte, 12), n(1<<30))
	return film{
		frames: [][]byte{testkit.AV1Data, testkit.AV1Data, testkit.AV1Data},
		boxes: map[string][]byte{
			"mvhd": join(n(0), n(0), n(0), n(1000), n(300), n(1<<16), []byte{1, 0}, make([]byte, 10), matrix, make([]byte, 24), n(2)),
			"tkhd": join(n(1), n(0), n(0), n(1), n(0), n(300), make([]byte, 16), matrix, n(64<<16), n(64<<16)),
			"mdhd": join(n(0), n(0), n(0), n(1000), n(300), []byte{0x55, 0xc4, 0, 0}),
			"hdlr": join(n(0), n(0), []byte("pict"), make([]byte, 12), []byte{0}),
			"elst": join(n(1), n(1), n(300), n(0), n(1<<16)),
			"stts": join(n(0), n(2), n(2), n(100), n(1), n(100)),
			"ctts": join(n(0), n(1), n(3), n(7)),
			"stsc": join(n(0), n(2), n(1), n(2), n(1), n(2), n(1), n(1)),
			"stss": join(n(0), n(1), n(1)),
		},
	}
}

// file lays the animation out; its pictures are in front of the item's data.
func (a film) file() []byte {
	f := testkit.AVIF()
	f.Brands = []string{"avis", "avis", "avif", "msf1", "iso8", "mif1"}
	f.Lost = bytes.Join(a.frames, nil)
	start := bytes.Index(f.Bytes(), []byte("mdat")) + 4
	n := func(v int) []byte { return testkit.Number(4, uint64(v)) }
	box := func(typ string) []byte { return testkit.Box(typ, a.boxes[typ], a.more[typ]) }
	trak := func(alpha bool) []byte {
		conf := bytes.Join([][]byte{testkit.Box("av1C", testkit.AV1Config), a.entry}, nil)
		hdlr, tref := box("hdlr"), []byte(nil)
		if alpha {
			conf = append(conf, testkit.FullBox("auxi", 0, 0, []byte(alphaURN+"\x00"))...)
			hdlr = testkit.Box("hdlr", bytes.Replace(a.boxes["hdlr"], []byte("pict"), []byte("auxv"), 1))
			tref = testkit.Box("tref", testkit.Box("auxl", n(1)))
		}
		visual := bytes.Join([][]byte{make([]byte, 6), {0, 1}, make([]byte, 16), {0, 64, 0, 64}, n(72 << 16), n(72 << 16), n(0), {0, 1}, append([]byte{8}, a.more["compressor"]...)}, nil)
		visual = append(append(visual, make([]byte, 74-len(visual))...), 0, 24, 255, 255)
		sizes := bytes.Join([][]byte{n(0), n(0), n(len(a.frames))}, nil)
		for _, f := range a.frames {
			sizes = append(sizes, n(len(f))...)
		}
		second := start + len(a.frames[0]) + len(a.frames[1])
		stbl := bytes.Join([][]byte{
			testkit.FullBox("stsd", 0, 0, n(1), testkit.Box("av01", visual, conf), a.more["stsd"]),
			box("stts"), box("ctts"), box("stsc"), testkit.Box("stsz", sizes, a.more["stsz"]),
			testkit.Box("stco", n(0), n(2), n(start), n(second), a.more["stco"]), box("stss"), bytes.Join(a.inStbl, nil),
		}, nil)
		above := append(testkit.FullBox("vmhd", 0, 1, make([]byte, 8)), testkit.Box("dinf")...)
		mdia := testkit.Box("mdia", box("mdhd"), hdlr, testkit.Box("minf", above, testkit.Box("stbl", stbl)))
		return testkit.Box("trak", box("tkhd"), tref, testkit.Box("edts", box("elst")), bytes.Join(a.inTrak, nil), mdia)
	}
	parts := [][]byte{box("mvhd"), trak(false)}
	if a.alpha {
		parts = append(parts, trak(true))
	}
	f.After = [][]byte{testkit.Box("moov", append(append(parts, a.tracks...), a.inMoov...)...)}
	return f.Bytes()
}

func TestSequence(t *testing.T) {
	out, found := clean(t, newFilm().file())
	assert.Contains(t, string(out), "moov")
	assert.NotContains(t, stay(found), meta.LabelHiddenContent)
	assert.Equal(t, 4, bytes.Count(out, testkit.AV1Data), "three pictures of the animation, and the still one")
	assert.Less(t, bytes.Index(out, []byte("moov")), bytes.Index(out, []byte("mdat")))

	a := newFilm()
	a.alpha = true
	out, _ = clean(t, a.file())
	assert.Equal(t, 2, bytes.Count(out, []byte("trak")))
	assert.Contains(t, string(out), "auxi\x00\x00\x00\x00"+alphaURN)

	a = newFilm()
	a.boxes["elst"] = bytes.Join([][]byte{testkit.Number(4, 0), testkit.Number(4, 1), testkit.Number(4, 200), testkit.Number(4, 100), testkit.Number(4, 1<<16)}, nil)
	_, found = clean(t, a.file())
	assert.Contains(t, stay(found), meta.LabelHiddenContent, "pictures in front of the edit list")
}

func TestSequenceBrands(t *testing.T) {
	b := newFilm().file()
	copy(b[8:], "hevs") // another coding than it has
	out, _ := clean(t, b)
	assert.Equal(t, "avis", string(out[8:12]))
}

func TestSequenceCanaries(t *testing.T) {
	want, _ := clean(t, newFilm().file())
	text := []byte("the " + token + " is here")
	a := newFilm()
	for i := range a.frames {
		a.frames[i] = append(obu(15, text), append(bytes.Clone(testkit.AV1Data), obu(5, append([]byte{0x1f}, text...))...)...)
	}
	for typ, at := range map[string]int{"mvhd": 4, "tkhd": 4, "mdhd": 4} {
		a.boxes[typ] = bytes.Clone(a.boxes[typ])
		copy(a.boxes[typ][at:], token)
	}
	a.boxes["hdlr"] = append(a.boxes["hdlr"][:len(a.boxes["hdlr"])-1:len(a.boxes["hdlr"])-1], append(text, 0)...)
	a.more = map[string][]byte{"compressor": []byte(token), "stsd": text}
	for typ := range a.boxes {
		a.more[typ] = text
	}
	a.inMoov = [][]byte{testkit.Box("udta", testkit.Box("\xa9xyz", text)), testkit.Box("free", text), testkit.Box("iods", text)}
	a.inTrak = [][]byte{testkit.Box("udta", text), testkit.FullBox("meta", 0, 0, text), testkit.Box("uuid", make([]byte, 16), text)}
	a.inStbl = [][]byte{testkit.Box("sgpd", text), testkit.Box("sbgp", text), testkit.Box("zzzz", text)}
	a.entry = append(testkit.Box("zzzz", text), testkit.Box("btrt", text)...)
	sound := bytes.Replace(bytes.Replace(soundTrack(), []byte("NAMENAME"), []byte(token), 1), []byte("pict"), []byte("soun"), 1)
	a.tracks = [][]byte{sound}
	out, found := clean(t, a.file())
	absent(t, out, token)
	assert.Equal(t, want, out)
	for _, l := range []meta.Label{meta.LabelSound, meta.LabelDateOther, meta.LabelSoftware, meta.LabelEncoderData, meta.LabelSurplus} {
		assert.Contains(t, removed(found), l)
	}
}

// soundTrack is a track whose samples are nowhere.
func soundTrack() []byte {
	a := newFilm()
	empty := func(typ string, n int) []byte { return testkit.FullBox(typ, 0, 0, make([]byte, n)) }
	return testkit.Box("trak", testkit.Box("tkhd", a.boxes["tkhd"]), testkit.Box("mdia", testkit.Box("mdhd", a.boxes["mdhd"]),
		testkit.Box("hdlr", a.boxes["hdlr"], []byte("NAMENAME")), testkit.Box("minf", testkit.Box("stbl", empty("stsd", 4), empty("stts", 4), empty("stsc", 4), empty("stsz", 8)))))
}

func TestSequenceGrowth(t *testing.T) {
	want, _ := clean(t, newFilm().file())
	for _, typ := range []string{"mvhd", "tkhd", "mdhd", "hdlr", "elst", "stts", "ctts", "stsc", "stss", "stsz", "stco", "stsd"} {
		for _, n := range []int{1, 64} {
			a := newFilm()
			a.more = map[string][]byte{typ: bytes.Repeat([]byte(token), 8)[:n]}
			out, found := clean(t, a.file())
			assert.Equal(t, want, out, typ)
			assert.NotEmpty(t, removed(found), typ)
		}
	}
}

func TestSequenceRefused(t *testing.T) {
	n := func(v ...uint64) (b []byte) {
		for _, v := range v {
			b = append(b, testkit.Number(4, v)...)
		}
		return b
	}
	for name, c := range map[string]struct {
		change func(*film)
		err    error
	}{
		"fragments":      {func(a *film) { a.inMoov = [][]byte{testkit.Box("mvex")} }, meta.ErrUnsupported},
		"two films":      {func(a *film) { a.tracks = [][]byte{soundTrack()} }, meta.ErrUnsupported},
		"no times":       {func(a *film) { a.boxes["stts"] = n(0, 0) }, meta.ErrMalformed},
		"too many times": {func(a *film) { a.boxes["stts"] = n(0, 1, 4, 1) }, meta.ErrMalformed},
		"no chunks":      {func(a *film) { a.boxes["stsc"] = n(0, 0) }, meta.ErrMalformed},
		"chunks of more": {func(a *film) { a.boxes["stsc"] = n(0, 1, 1, 9, 1) }, meta.ErrMalformed},
		"chunks of less": {func(a *film) { a.boxes["stsc"] = n(0, 1, 1, 1, 1) }, meta.ErrMalformed},
		"sync too far":   {func(a *film) { a.boxes["stss"] = n(0, 1, 9) }, meta.ErrMalformed},
		"many edits":     {func(a *film) { a.boxes["elst"] = n(0, 1<<20) }, meta.ErrLimit},
		"edits cut":      {func(a *film) { a.boxes["elst"] = n(0, 9) }, meta.ErrTruncated},
		"no handler":     {func(a *film) { a.boxes["hdlr"] = n(0) }, meta.ErrMalformed},
		"version 2":      {func(a *film) { a.boxes["mdhd"] = append([]byte{2}, a.boxes["mdhd"][1:]...) }, meta.ErrUnsupported},
		"broken picture": {func(a *film) { a.frames[1] = []byte{0x32, 99} }, meta.ErrTruncated},
	} {
		a := newFilm()
		c.change(&a)
		_, _, err := testkit.Clean(t, AVIF, a.file(), meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
	b := newFilm().file()
	for i := range b {
		_, _, _ = testkit.Clean(t, AVIF, b[:i], meta.Policy{})
	}
	require.NotEmpty(t, b)
}
