package tiff

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xtiff "golang.org/x/image/tiff"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

var (
	le binary.ByteOrder = binary.LittleEndian
	be binary.ByteOrder = binary.BigEndian
)

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// samePixels compares what another decoder makes of the first page; what it
// cannot decode says nothing.
func samePixels(t testing.TB, a, b []byte) {
	t.Helper()
	if c, err := xtiff.DecodeConfig(bytes.NewReader(a)); err != nil || c.Width*c.Height > 1<<20 {
		return
	}
	x, err := xtiff.Decode(bytes.NewReader(a))
	if err != nil {
		return
	}
	if _, pages, _, err := read(window(a), meta.Policy{}); err == nil && pages[0].planes > 1 {
		return // it does not know of planes
	}
	y, err := xtiff.Decode(bytes.NewReader(b))
	require.NoError(t, err, "the output must decode as the source does")
	require.Equal(t, x, y)
}

func absent(t testing.TB, out []byte) {
	t.Helper()
	testkit.Absent(t, out, token)
}

// each calls f for all bases in both byte orders, as TIFF and as BigTIFF.
func each(t *testing.T, f func(t *testing.T, b builder, pics []pic)) {
	for name, pics := range bases() {
		for kind, b := range map[string]builder{"II": {o: le}, "MM": {o: be}, "II big": {o: le, big: true}, "MM big": {o: be, big: true}} {
			b.at = -1
			t.Run(name+" "+kind, func(t *testing.T) { f(t, b, pics) })
		}
	}
}

// TestBases: what is needed stays, whatever the order of the parts.
func TestBases(t *testing.T) {
	each(t, func(t *testing.T, b builder, pics []pic) {
		src := b.build(pics...)
		out, found := clean(t, src)
		samePixels(t, src, out)
		for _, f := range found {
			if f.Label != meta.LabelSurplus { // tables that a grey picture does not use
				assert.False(t, f.Fate == meta.Removed && f.Kind.Identifies(), "%+v", f)
			}
		}
		b.out, b.place, b.last = nil, 0, true
		again, _ := clean(t, b.build(pics...))
		require.Equal(t, out, again)
	})
}

// TestGaps puts bytes at every place between the parts, and behind them.
func TestGaps(t *testing.T) {
	each(t, func(t *testing.T, b builder, pics []pic) {
		for _, last := range []bool{false, true} {
			b.last = last
			one := b
			want, _ := clean(t, one.build(pics...))
			for at := range one.place {
				for _, gap := range []string{token, token + "\x00more", "\xff\xd8\xff\xe1\x00\x20Exif\x00\x00" + token} {
					two := b
					two.at, two.gap = at, []byte(gap)
					out, found := clean(t, two.build(pics...))
					require.Equal(t, want, out, "at place %d", at)
					require.True(t, slices.ContainsFunc(found, func(f meta.Finding) bool { return f.Fate == meta.Removed && f.Size > 0 }), "it is named")
				}
			}
		}
	})
}

// TestTags adds every tag that is not on the allow-list; the output stays the same.
func TestTags(t *testing.T) {
	known := map[uint16]bool{tagWidth: true, tagHeight: true, tagBits: true, tagCompression: true, tagPhotometric: true, tagSamples: true,
		tagRows: true, tagPlanar: true, tagFormat: true, tagTileWidth: true, tagTileHeight: true, tagTileOffsets: true, tagTileBytes: true,
		tagStripOffsets: true, tagStripBytes: true, tagExtra: true, tagIndexed: true, tagImageDepth: true, tagJPEGTables: true, tagDNGVersion: true}
	for _, r := range allowed {
		known[r.tag] = r.when(&page{photometric: 1, compression: compNone, samples: 1, bits: 8})
	}
	base := bases()["grey"][0]
	want, _ := clean(t, build(le, false, base))
	for id := range 1 << 16 {
		if id := uint16(id); !known[id] {
			out, found := clean(t, build(le, false, with(base, text(id, token+" and more"))))
			require.True(t, bytes.Equal(want, out), "tag %d", id)
			require.NotEmpty(t, found, "tag %d", id)
			if id != tagSubIFDs && id != tagJPEGOffset && id != tagJPEGBytes && id != tagExifIFD && id != tagGPSIFD {
				require.Equal(t, meta.Removed, found[0].Fate, "tag %d: %v", id, found)
			}
		}
	}
}

// TestTextBehindDeflate: text behind the end of a zlib stream, in its strip, goes.
func TestTextBehindDeflate(t *testing.T) {
	p := bases()["alpha"][0]
	want, _ := clean(t, build(le, false, p))
	coded := p.parts[0]
	p.parts = [][]byte{append(bytes.Clone(coded), "the photo of "+token...)}
	out, found := clean(t, build(le, false, p))
	assert.True(t, bytes.Equal(want, out))
	assert.NotEmpty(t, found)
	absent(t, out)

	// Text that is part of the stream, or stands where there is none, stays.
	stored := []byte("\x78\x01\x01\x10\x00\xef\xffsixteen letters!")
	for _, b := range [][]byte{append(stored, "\x30\x43\x06\x27"...), []byte("no zlib stream at all"), coded[:len(coded)/2]} {
		p.parts = [][]byte{b}
		src := build(le, false, p)
		out, _ := clean(t, src)
		assert.True(t, bytes.Contains(out, b), "%q", b)
	}
}

// TestPlaces plants a token in every block that a TIFF file carries.
func TestPlaces(t *testing.T) {
	base := bases()["grey"][0]
	sub := with(strips(basic(1, compNone, 1, 8), 9, []byte(token+string(samples(180, 3)))), long(tagSubfile, 1), text(270, token))
	exifIFD := pic{tags: []tag{text(0x9003, "2023:04:05 06:07:08"), blob(0x927c, []byte("Nikon "+token)...), text(0xa431, token)},
		subs: map[uint16][]pic{tagInteropIFD: {{tags: []tag{text(1, "R98"), text(0x1000, token)}}}}}
	gps := pic{tags: []tag{text(1, "S"), ratio(2, 8, 1, 30, 1, 2484, 100), text(3, "E"), ratio(4, 115, 1, 15, 1, 4500, 100), blob(0x1b, []byte("ASCII\x00\x00\x00"+token)...)}}
	pointing := func(id uint16, p ...pic) pic { b := base; b.subs = map[uint16][]pic{id: p}; return b }
	want, _ := clean(t, build(be, false, base))
	for name, c := range map[string]struct {
		pics  []pic
		label meta.Label
	}{
		"Exif":           {[]pic{pointing(tagExifIFD, exifIFD)}, meta.LabelMakerNote},
		"GPS":            {[]pic{pointing(tagGPSIFD, gps)}, meta.LabelPosition},
		"sub-IFD":        {[]pic{pointing(tagSubIFDs, sub, sub)}, meta.LabelThumbnail},
		"sub-IFD's Exif": {[]pic{pointing(tagSubIFDs, with(pic{}, text(270, token)))}, meta.LabelCaption},
		"reduced page":   {[]pic{base, sub}, meta.LabelThumbnail},
		"reduced first":  {[]pic{sub, base}, meta.LabelThumbnail},
		"old reduced":    {[]pic{base, with(without(sub, tagSubfile), short(tagOldSubfile, 2))}, meta.LabelThumbnail},
		"Exif thumbnail": {[]pic{base, {tags: []tag{long(tagJPEGOffset, 8), long(tagJPEGBytes, 40), short(tagCompression, 6), text(270, token)}}}, meta.LabelThumbnail},
		"XMP":            {[]pic{with(base, tag{id: tagXMP, typ: typeByte, raw: []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + token + "</x:xmpmeta>")})}, meta.LabelXMPBlock},
		"IPTC":           {[]pic{with(base, blob(tagIPTC, []byte("\x1c\x02\x50\x00\x08"+token)...))}, meta.LabelAuthor},
		"Photoshop":      {[]pic{with(base, blob(tagPhotoshop, []byte("8BIM\x04\x04\x00\x00\x00\x00\x00\x0d\x1c\x02\x50\x00\x08"+token+"\x00")...))}, meta.LabelAuthor},
		"layers":         {[]pic{with(base, blob(tagLayers, []byte("Adobe Photoshop Document Data Block\x00"+token)...))}, meta.LabelLayers},
		"C2PA":           {[]pic{with(base, blob(tagC2PA, []byte("\x00\x00\x00\x20jumb"+token)...))}, meta.LabelC2PA},
		"GeoTIFF":        {[]pic{with(base, tag{id: 33922, typ: typeDouble, raw: bytes.Repeat([]byte(token), 6)})}, meta.LabelPosition},
		"GDAL":           {[]pic{with(base, text(42112, "<GDALMetadata>"+token+"</GDALMetadata>"))}, meta.LabelTextOther},
		"broken ICC":     {[]pic{with(base, blob(tagICC, []byte(token)...))}, meta.LabelColourProfile},
		"palette":        {[]pic{with(base, short(tagColorMap, 1, 2, 3))}, meta.LabelSettings},
	} {
		src := build(be, false, c.pics...)
		out, found := clean(t, src)
		absent(t, out)
		labels := map[meta.Label]bool{}
		for _, f := range found {
			labels[f.Label] = true
		}
		assert.True(t, labels[c.label], "%s: %v", name, found)
		assert.True(t, bytes.Equal(want, out), name)
		if len(c.pics) == 1 {
			b := builder{o: be, big: true, at: -1}
			big, _ := clean(t, b.build(c.pics...))
			absent(t, big)
		}
	}
}

// TestGrowth grows what is kept: lengths of strips, and values of tags.
func TestGrowth(t *testing.T) {
	for name, pics := range bases() {
		want, _ := clean(t, build(le, false, pics...))
		for _, n := range []int{1, 64} {
			if name != "alpha" && name != "fax" { // their codings do not say where they end
				out, _, err := testkit.Clean(t, Format, (&builder{o: le, at: -1, grow: n}).build(pics...), meta.Policy{})
				require.NoError(t, err, name)
				require.True(t, bytes.Equal(want, out), "%s: strips grown by %d", name, n)
			}
			for i, p := range pics {
				for k, g := range p.tags {
					more := append([]pic(nil), pics...)
					more[i] = with(p)
					if g.raw != nil {
						g.raw = append(bytes.Clone(g.raw), bytes.Repeat([]byte("x"), n)...)
					} else {
						g.vals = append(append([]uint64(nil), g.vals...), make([]uint64, 2*n)...)
					}
					more[i].tags[k] = g
					out, _, err := testkit.Clean(t, Format, build(le, false, more...), meta.Policy{})
					if err != nil {
						require.ErrorIs(t, err, meta.ErrMalformed, "%s: tag %d", name, g.id)
						continue
					}
					if g.id == tagXResolution || g.id == tagYResolution {
						continue // what is no resolution counts as none
					}
					require.True(t, bytes.Equal(want, out), "%s: tag %d grown by %d", name, g.id, n)
				}
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	each(t, func(t *testing.T, b builder, pics []pic) {
		src := b.build(pics...)
		for n := range src {
			_, err := testkit.Parse(Format, src[:n], meta.Policy{})
			require.Error(t, err, "cut to %d", n)
		}
	})
}

// TestForms: numbers of other types, defaults that are written out and strips
// that one length describes say the same.
func TestForms(t *testing.T) {
	grey := bases()["grey"][0]
	want, _ := clean(t, build(le, false, grey))
	retype := func(p pic, typ uint16) pic {
		p = with(p)
		for i := range p.tags {
			p.tags[i].typ = typ
		}
		return p
	}
	for name, p := range map[string]pic{
		"SHORT":           retype(grey, typeShort),
		"LONG":            retype(grey, typeLong),
		"LONG8":           retype(grey, typeLong8),
		"defaults":        with(grey, short(tagOrientation, 1), short(tagPlanar, 1), short(tagFillOrder, 1), short(tagPredictor, 1), short(tagFormat, 1), long(tagSubfile, 0)),
		"no defaults":     without(grey, tagSamples),
		"square":          with(grey, ratio(tagXResolution, 300, 1), ratio(tagYResolution, 600, 2), short(tagUnit, 2)),
		"odd resolution":  with(grey, ratio(tagXResolution, 300, 0), text(tagYResolution, token), short(tagUnit, 9)),
		"odd white":       with(grey, text(tagWhitePoint, token), short(tagPrimaries, 1, 2)),
		"unknown turn":    with(grey, short(tagOrientation, 9)),
		"repeated tag":    with(grey, short(tagSamples, 4)),
		"too many strips": func() pic { p := with(grey); p.parts = append(p.parts[:2:2], []byte(token)); return p }(),
	} {
		out, _ := clean(t, build(le, false, p))
		assert.True(t, bytes.Equal(want, out), name)
	}
	rgb := bases()["rgb"][0]
	want, _ = clean(t, build(le, false, rgb))
	out, found := clean(t, build(le, false, with(without(rgb, tagBits), short(tagBits, 8, 8, 8, 8, 0x4321))))
	assert.True(t, bytes.Equal(want, out), "more values than samples")
	assert.NotEmpty(t, found)
	out, _ = clean(t, build(le, false, with(without(rgb, tagBits), short(tagBits, 8))))
	assert.Less(t, len(out), len(want), "one number of bits for all samples stays one")
	out, _ = clean(t, build(le, false, with(without(rgb, tagRows), long(tagRows, 1<<32-1))))
	assert.True(t, bytes.Equal(want, out), "a strip higher than the picture")
}

// TestLengths: uncompressed strips are as long as their rows.
func TestLengths(t *testing.T) {
	grey := bases()["grey"][0]
	src := build(le, false, grey)
	want, _ := clean(t, src)
	_, pages, _, err := read(window(src), meta.Policy{})
	require.NoError(t, err)
	at := pages[0].d.fields[tagStripBytes].at
	for _, n := range []uint32{1, 99, 101, 1 << 31} {
		b := bytes.Clone(src)
		le.PutUint32(b[at:], n)
		out, _ := clean(t, b)
		assert.True(t, bytes.Equal(want, out), "%d", n)
	}
	src = build(le, false, bases()["tiles"]...)
	_, pages, _, err = read(window(src), meta.Policy{})
	require.NoError(t, err)
	le.PutUint32(src[pages[0].d.fields[tagTileBytes].at:], 9)
	_, err = testkit.Parse(Format, src, meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrTruncated)

	sparse := tiles(basic(1, compDeflate, 1, 8), testkit.Deflate(samples(256, 1)), nil)
	src = build(le, false, sparse)
	out, _ := clean(t, src)
	_, pages, _, err = read(window(out), meta.Policy{})
	require.NoError(t, err)
	assert.Equal(t, part{}, pages[0].parts[1], "a tile that is left out stays out")
}

func TestShared(t *testing.T) {
	grey := bases()["grey"][0]
	src := build(le, false, grey, grey)
	f, pages, _, err := read(window(src), meta.Policy{})
	require.NoError(t, err)
	second := pages[1].d.fields[tagStripOffsets]
	for i, q := range pages[0].parts { // the second page shows the strips of the first
		f.o.PutUint32(src[second.at+int64(4*i):], uint32(q.off))
	}
	out, _ := clean(t, src)
	single, _ := clean(t, build(le, false, grey))
	assert.Less(t, len(out), len(single)+200)
	samePixels(t, src, out)

	f.o.PutUint32(src[second.at:], uint32(pages[0].parts[0].off)+5) // or a part of them
	_, _ = clean(t, src)

	f.o.PutUint32(src[second.at:], uint32(pages[1].d.off))
	_, err = testkit.Parse(Format, src, meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed, "samples in an IFD")
}

// TestOlderCopy: an older copy of the picture between the parts is no reason to
// doubt the new one.
func TestOlderCopy(t *testing.T) {
	pixels := bytes.Repeat([]byte("pixels that read like text "), 400)
	p := strips(with(without(without(basic(1, compNone, 1, 8), tagWidth), tagHeight), long(tagWidth, 27), long(tagHeight, 400)), 400, pixels)
	b := builder{o: le, at: 1, gap: pixels}
	src := b.build(p)
	_, found := clean(t, src)
	for _, f := range found {
		assert.Empty(t, f.Needles)
	}
}

func TestLoop(t *testing.T) {
	pics := bases()["several"]
	src := build(le, false, pics...)
	_, pages, _, err := read(window(src), meta.Policy{})
	require.NoError(t, err)
	want, _ := clean(t, src)
	last := pages[2].d
	le.PutUint32(src[last.off+2+int64(12*len(last.order)):], uint32(pages[1].d.off))
	out, _ := clean(t, src)
	assert.Equal(t, want, out)
}

func TestRefused(t *testing.T) {
	grey := bases()["grey"][0]
	set := func(p pic, g tag) pic { return with(without(p, g.id), g) }
	sensor := set(grey, short(tagPhotometric, photoCFA))
	whole, _, _ := jpegParts(16, 16)
	scan := bytes.Index(whole, []byte{0xff, mSOS})
	twice := slices.Concat(whole[:len(whole)-2], whole[scan:])
	withSub := grey
	withSub.subs = map[uint16][]pic{tagSubIFDs: {sensor}}
	for name, c := range map[string]struct {
		pics []pic
		err  error
		says string
	}{
		"DNG":            {[]pic{with(grey, tag{id: tagDNGVersion, typ: typeByte, vals: []uint64{1, 4, 0, 0}})}, meta.ErrUnknownFormat, "DNG raw photo"},
		"NEF":            {[]pic{with(withSub, text(tagMake, "NIKON CORPORATION"))}, meta.ErrUnknownFormat, "Nikon raw photo (NEF)"},
		"PEF":            {[]pic{with(set(sensor, short(tagCompression, 65535)), text(tagMake, "PENTAX"))}, meta.ErrUnknownFormat, "Pentax raw photo (PEF)"},
		"raw":            {[]pic{sensor}, meta.ErrUnknownFormat, "raw photo"},
		"old JPEG":       {[]pic{set(grey, short(tagCompression, 6))}, meta.ErrUnsupported, "old-style JPEG"},
		"JPEG 2000":      {[]pic{set(grey, short(tagCompression, 34712))}, meta.ErrUnsupported, "JPEG 2000"},
		"compression":    {[]pic{set(grey, short(tagCompression, 777))}, meta.ErrUnsupported, "777"},
		"colours":        {[]pic{set(grey, short(tagPhotometric, 7))}, meta.ErrUnsupported, "colours of kind 7"},
		"volume":         {[]pic{with(grey, long(tagImageDepth, 2))}, meta.ErrUnsupported, "32997"},
		"no width":       {[]pic{without(grey, tagWidth)}, meta.ErrMalformed, "256"},
		"few strips":     {[]pic{set(grey, long(tagRows, 1))}, meta.ErrMalformed, "9 strips"},
		"no palette":     {[]pic{set(grey, short(tagPhotometric, photoPalette))}, meta.ErrMalformed, "palette"},
		"uneven samples": {[]pic{set(bases()["rgb"][0], short(tagBits, 5, 6, 5))}, meta.ErrUnsupported, "different"},
		"only reduced":   {[]pic{with(grey, long(tagSubfile, 1)), with(grey, long(tagSubfile, 1))}, meta.ErrUnsupported, "reduced"},
		"many tiles":     {[]pic{set(set(grey, long(tagWidth, 1<<24)), long(tagRows, 1))}, meta.ErrMalformed, "strips"},
		"no JPEG":        {[]pic{set(grey, short(tagCompression, compJPEG))}, meta.ErrMalformed, "start of image"},
		"no WebP":        {[]pic{set(grey, short(tagCompression, compWebP))}, meta.ErrUnsupported, "WebP"},
		"no JPEG XL":     {[]pic{set(grey, short(tagCompression, compJXL))}, meta.ErrUnsupported, "JPEG XL"},
		"second scan":    {[]pic{tiles(basic(1, compJPEG, 1, 8), twice, twice)}, meta.ErrMalformed, "coded twice"},
	} {
		_, err := testkit.Parse(Format, build(le, false, c.pics...), meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
		assert.ErrorContains(t, err, c.says, name)
	}
	assert.False(t, Format.Sniff([]byte("II*\x00\x10\x00\x00\x00CR\x02\x00")), "Canon's raw photos")
	assert.True(t, Format.Sniff([]byte("MM\x00+\x00\x08\x00\x00")))
}
