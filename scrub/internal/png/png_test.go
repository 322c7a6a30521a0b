package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	stdpng "image/png"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

func samePixels(t testing.TB, a, b []byte) {
	t.Helper()
	if c, err := stdpng.DecodeConfig(bytes.NewReader(a)); err != nil || c.Width*c.Height > 1<<22 {
		return // the standard library decodes whatever size a header states
	}
	x, err := stdpng.Decode(bytes.NewReader(a))
	if err != nil {
		return
	}
	y, err := stdpng.Decode(bytes.NewReader(b))
	require.NoError(t, err, "the output must decode as the source does")
	require.Equal(t, x, y)
}

func absent(t testing.TB, out []byte, token string) {
	t.Helper()
	testkit.Absent(t, out, token)
}

// bases are pictures of every colour type, and an animation.
func bases() map[string][]byte {
	r := image.Rect(0, 0, 7, 5)
	grey, grey16, alpha, deep := image.NewGray(r), image.NewGray16(r), image.NewNRGBA(r), image.NewNRGBA64(r)
	for y := range 5 {
		for x := range 7 {
			grey.SetGray(x, y, color.Gray{uint8(30 * x)})
			grey16.SetGray16(x, y, color.Gray16{uint16(7000 * y)})
			alpha.SetNRGBA(x, y, color.NRGBA{uint8(30 * x), uint8(40 * y), 9, uint8(20 * x)})
			deep.SetNRGBA64(x, y, color.NRGBA64{uint16(9000 * x), 5, 77, uint16(8000 * y)})
		}
	}
	return map[string][]byte{
		"rgb": testkit.PNG(), "palette": testkit.Paletted(), "animation": testkit.APNG(), "grey": testkit.EncodePNG(grey),
		"grey 16": testkit.EncodePNG(grey16), "alpha": testkit.EncodePNG(alpha), "alpha 16": testkit.EncodePNG(deep),
	}
}

func TestCleanFilesStayAsTheyAre(t *testing.T) {
	for name, b := range bases() {
		out, found := clean(t, b)
		assert.True(t, bytes.Equal(b, out), name)
		assert.Empty(t, found, name)
	}
}

// TestInsertions puts a chunk that does not belong there at every place.
func TestInsertions(t *testing.T) {
	for name, b := range bases() {
		chunks := testkit.ChunksOf(b)
		for i := 1; i < len(chunks); i++ {
			between := i > 1 && string(chunks[i-1][4:8]) == "IDAT" && string(chunks[i][4:8]) == "IDAT"
			for _, typ := range []string{"prVt", "tEXt", "zzZz"} {
				c := testkit.Chunk(typ, []byte("key\x00"+token))
				src := testkit.FromChunks(bytes.Join(chunks[:i], nil), c, bytes.Join(chunks[i:], nil))
				if between {
					continue
				}
				out, found := clean(t, src)
				assert.True(t, bytes.Equal(b, out), "%s: %s before chunk %d", name, typ, i)
				assert.NotEmpty(t, found)
			}
		}
	}
}

// The colours of Display P3 in cHRM and mDCV.
const (
	chromaticity = "\x00\x00\x7a\x26\x00\x00\x80\x84\x00\x01\x09\xa0\x00\x00\x7d\x00\x00\x00\x67\x84\x00\x01\x0d\x88\x00\x00\x3a\x98\x00\x00\x17\x70"
	mastering    = "\x84\xd0\x3e\x80\x33\xc2\x86\xc4\x1d\x4c\x0b\xb8\x3d\x13\x40\x42\x00\x98\x96\x80\x00\x00\x00\x32"
)

// TestLettersAreNoNumbers puts text in the place of colours and sizes.
func TestLettersAreNoNumbers(t *testing.T) {
	want, _ := clean(t, testkit.PNG())
	for typ, n := range map[string]int{"gAMA": 4, "cHRM": 32, "cICP": 4, "mDCV": 24, "cLLI": 8, "pHYs": 8} {
		data := []byte(strings.Repeat("CANARY07", 4)[:n])
		if typ == "pHYs" {
			data = append(data, 1)
		}
		out, found := clean(t, testkit.PNG(testkit.Chunk(typ, data)))
		assert.True(t, bytes.Equal(want, out), typ)
		assert.NotEmpty(t, found, typ)
	}
}

func TestKeptChunks(t *testing.T) {
	for _, c := range []struct{ base, typ, data string }{
		{"rgb", "gAMA", "\x00\x00\xb1\x8f"}, {"rgb", "cHRM", chromaticity}, {"rgb", "sRGB", "\x00"}, {"rgb", "cICP", "\x09\x10\x00\x01"},
		{"rgb", "mDCV", mastering}, {"rgb", "cLLI", "\x00\x98\x96\x80\x00\x3d\x09\x00"}, {"rgb", "sBIT", "\x05\x06\x05"}, {"grey 16", "sBIT", "\x0c"},
		{"rgb", "pHYs", "\x00\x00\x00\x02\x00\x00\x00\x01\x00"}, {"rgb", "bKGD", "\x00\x01\x00\x02\x00\x03"}, {"palette", "bKGD", "\x04"},
		{"rgb", "tRNS", "\x00\x01\x00\x02\x00\x03"}, {"grey", "tRNS", "\x00\x09"}, {"palette", "tRNS", "\x00\x80\xff"},
		{"alpha 16", "bKGD", "\x12\x34\x56\x78\x9a\xbc"},
	} {
		name := c.base + " " + c.typ
		base := bases()[c.base]
		chunks := testkit.ChunksOf(base)
		at := 1
		if c.base == "palette" && (c.typ == "bKGD" || c.typ == "tRNS") {
			at = 2
		}
		with := func(data string, more ...[]byte) []byte {
			return testkit.FromChunks(bytes.Join(chunks[:at], nil), testkit.Chunk(c.typ, []byte(data)), bytes.Join(more, nil), bytes.Join(chunks[at:], nil))
		}
		want, _ := clean(t, with(c.data))
		assert.Contains(t, string(want), string(testkit.Chunk(c.typ, []byte(c.data))), "%s is kept", name)
		samePixels(t, with(c.data), want)
		for _, more := range []string{"\x00", "x", strings.Repeat("\x00", 64), strings.Repeat(token, 8)} {
			out, _ := clean(t, with(c.data+more))
			if c.typ == "tRNS" && c.base == "palette" {
				absent(t, out, token)
				continue // an entry of the palette may take it
			}
			assert.True(t, bytes.Equal(want, out), "%s grown by %d", name, len(more))
		}
		out, found := clean(t, with(c.data, testkit.Chunk(c.typ, []byte(c.data))))
		assert.True(t, bytes.Equal(want, out), "%s: of two the first counts", name)
		assert.NotEmpty(t, found)

		bad := with(c.data)
		bad[bytes.Index(bad, []byte(c.typ))+4+len(c.data)] ^= 1 // its CRC
		out, _ = clean(t, bad)
		assert.True(t, bytes.Equal(base, out), "%s with a wrong checksum is ignored", name)

		late := testkit.FromChunks(bytes.Join(chunks[:len(chunks)-1], nil), testkit.Chunk(c.typ, []byte(c.data)), chunks[len(chunks)-1])
		out, _ = clean(t, late)
		assert.True(t, bytes.Equal(base, out), "%s behind the picture is ignored", name)
	}
}

func TestUnusedBitsAreZero(t *testing.T) {
	out, _ := clean(t, testkit.PNG(testkit.Chunk("tRNS", []byte("C\x01a\x02n\x03"))))
	assert.Contains(t, string(out), string(testkit.Chunk("tRNS", []byte("\x00\x01\x00\x02\x00\x03"))))
	out, _ = clean(t, testkit.PNG(testkit.Chunk("bKGD", []byte("C\x01a\x02n\x03"))))
	assert.Contains(t, string(out), string(testkit.Chunk("bKGD", []byte("\x00\x01\x00\x02\x00\x03"))))
}

func TestPaletteIsCut(t *testing.T) {
	chunks := testkit.ChunksOf(testkit.Paletted())
	require.Equal(t, "PLTE", string(chunks[1][4:8]))
	plte := chunks[1][8 : len(chunks[1])-4]
	grown := testkit.Chunk("PLTE", plte, bytes.Repeat([]byte(token+"#"), 27)) // 5 + 81 entries where 4 bits hold 16
	out, _ := clean(t, testkit.FromChunks(chunks[0], grown, bytes.Join(chunks[2:], nil)))
	assert.Equal(t, 48, int(binary.BigEndian.Uint32(testkit.ChunksOf(out)[1])))
	_, _, err := testkit.Clean(t, Format, testkit.FromChunks(chunks[0], testkit.Chunk("PLTE", plte, []byte("x")), bytes.Join(chunks[2:], nil)), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)
	out, _ = clean(t, testkit.PNG(testkit.Chunk("PLTE", []byte(token+"#"))))
	assert.True(t, bytes.Equal(testkit.PNG(), out), "a suggested palette goes")
}

func TestOrientation(t *testing.T) {
	for o := range uint16(10) {
		src := testkit.PNG(testkit.Chunk("eXIf", testkit.PhotoExif(binary.LittleEndian, o, token)), testkit.Chunk("eXIf", testkit.PhotoExif(binary.LittleEndian, 3, token)))
		out, _ := clean(t, src)
		absent(t, out, token)
		want := testkit.PNG()
		if o >= 2 && o <= 8 {
			want = testkit.PNG(testkit.Chunk("eXIf", exif.Write(exif.Looks{Orientation: int(o)}, exif.Choices{})))
		}
		assert.True(t, bytes.Equal(want, out), "orientation %d", o)
	}
}

func TestKeep(t *testing.T) {
	src := testkit.PNG(testkit.Chunk("eXIf", testkit.PhotoExif(binary.BigEndian, 1, token)))
	out, _, err := testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepCredit})
	require.NoError(t, err)
	assert.Contains(t, string(out), "Alma "+token)
	assert.NotContains(t, string(out), "2023:04:05")
	assert.NotContains(t, string(out), "Maker")
}

// TestCanaries plants a token in every place of a PNG file where data hides, but
// for the compressed picture data.
func TestCanaries(t *testing.T) {
	tk := []byte(token)
	c := testkit.Chunk
	hex := func(name string, b []byte) []byte {
		return []byte(fmt.Sprintf("Raw profile type %s\x00\n%s\n%8d\n%x\n", name, name, len(b), b))
	}
	block := testkit.PhotoExif(binary.LittleEndian, 6, token)
	places := map[string][]byte{
		"tEXt":            testkit.PNG(c("tEXt", []byte("Comment\x00"), tk)),
		"tEXt keyword":    testkit.PNG(c("tEXt", tk, []byte("\x00x"))),
		"zTXt":            testkit.PNG(c("zTXt", []byte("Author\x00\x00"), testkit.Deflate(tk))),
		"iTXt":            testkit.PNG(c("iTXt", []byte("Title\x00\x00\x00en\x00\x00"), tk)),
		"iTXt deflated":   testkit.PNG(c("iTXt", []byte("Title\x00\x01\x00\x00\x00"), testkit.Deflate(tk))),
		"XMP":             testkit.PNG(c("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00<x:xmpmeta>"), tk)),
		"raw exif":        testkit.PNG(c("tEXt", hex("exif", append([]byte("Exif\x00\x00"), block...)))),
		"raw APP1":        testkit.PNG(c("zTXt", []byte("Raw profile type APP1\x00\x00"), testkit.Deflate(hex("APP1", block)[22:]))),
		"prompt":          testkit.PNG(c("tEXt", []byte("parameters\x00"), tk)),
		"path":            testkit.PNG(c("tEXt", []byte("Thumb::URI\x00file:///home/"), tk)),
		"tIME":            testkit.PNG(c("tIME", tk)),
		"eXIf":            testkit.PNG(c("eXIf", block)),
		"eXIf unreadable": testkit.PNG(c("eXIf", tk)),
		"iCCP broken":     testkit.PNG(c("iCCP", tk, []byte("\x00\x00"), testkit.Deflate(tk))),
		"IEND":            testkit.FromChunks(append(testkit.ChunksOf(testkit.PNG())[:2:2], c("IEND", tk))...),
		"tail":            append(testkit.PNG(), tk...),
		"second PNG":      append(testkit.PNG(), testkit.PNG(c("tEXt", tk))...),
		"unknown":         testkit.PNG(c("abCd", tk)),
		"hidden frames": func() []byte {
			k := testkit.ChunksOf(testkit.APNG())
			k[1] = c("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})
			last := len(k) - 2
			k[last] = c("fdAT", []byte{0, 0, 0, 5}, tk)
			return testkit.FromChunks(k...)
		}(),
		"frames without animation": testkit.PNG(c("fcTL", make([]byte, 18), tk), c("fdAT", make([]byte, 4), tk)),
	}
	for typ := range known {
		if typ != "PLTE" {
			places[typ] = testkit.PNG(c(typ, tk, tk, tk, tk))
		}
	}
	for name, src := range places {
		if name == "acTL" {
			continue // as an animation without frames it is refused
		}
		out, found := clean(t, src)
		absent(t, out, token)
		samePixels(t, src, out)
		assert.NotEmpty(t, found, name)
		if name != "hidden frames" && name != "eXIf" {
			assert.True(t, bytes.Equal(testkit.PNG(), out), name)
		}
	}
}

// TestExcess puts text behind the end of the compressed picture data, in its own
// chunk and in one more. The chunks of data may be cut anywhere.
func TestExcess(t *testing.T) {
	chunks := testkit.ChunksOf(testkit.PNG())
	data := chunks[1][8 : len(chunks[1])-4]
	file := func(parts ...[]byte) []byte {
		out := bytes.Clone(chunks[0])
		for _, b := range parts {
			out = append(out, testkit.Chunk("IDAT", b)...)
		}
		return testkit.FromChunks(out, chunks[2])
	}
	text := []byte(token + token)
	for name, src := range map[string][]byte{
		"in the chunk":        file(slices.Concat(data, text)),
		"in another chunk":    file(data, text),
		"cut":                 file(data[:9], nil, data[9:], text[:3], text[3:]),
		"more than is looked": file(data, bytes.Repeat(text, 100)),
	} {
		_, _, err := testkit.Clean(t, Format, src, meta.Policy{})
		assert.ErrorIs(t, err, meta.ErrMalformed, name)
	}
	clean(t, file(data[:9], nil, data[9:]))

	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.NoCompression) // text that is picture
	require.NoError(t, err)
	_, err = z.Write(bytes.Repeat([]byte("\x00rows of letters"), 40))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	clean(t, file(b.Bytes()))
}

// TestCountlessChunks asks for a bounded report of a file of tiny chunks.
func TestCountlessChunks(t *testing.T) {
	want, _ := clean(t, testkit.PNG())
	out, found := clean(t, testkit.PNG(bytes.Repeat(testkit.Chunk("tEXt", []byte("Title\x00x")), 20000)))
	assert.True(t, bytes.Equal(want, out))
	assert.Len(t, found, maxFindings+1)
}

func TestHiddenFramesAreNamed(t *testing.T) {
	k := testkit.ChunksOf(testkit.APNG())
	k[1] = testkit.Chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})
	out, found := clean(t, testkit.FromChunks(k...))
	assert.Len(t, testkit.ChunksOf(out), len(k)-2)
	require.NotEmpty(t, found)
	assert.Equal(t, meta.LabelHiddenFrames, found[0].Label)

	still := testkit.ChunksOf(testkit.PNG())
	apart := []([]byte){still[0], testkit.Chunk("acTL", []byte{0, 0, 0, 1, 0, 0, 0, 0}), still[1]}
	frame := testkit.ChunksOf(testkit.APNG())
	first := bytes.Clone(frame[2])
	apart = append(apart, first, testkit.Chunk("fdAT", []byte{0, 0, 0, 1}, still[1][8:len(still[1])-4]), still[2])
	_, found = clean(t, testkit.FromChunks(apart...))
	require.Len(t, found, 1)
	assert.Equal(t, meta.Stays, found[0].Fate, "the stand-in for viewers without animation is said to stay")
}

// TestBrokenAnimation: of an animation that does not fit together the picture stays
// that viewers then show, also when areas of it are covered.
func TestBrokenAnimation(t *testing.T) {
	a := testkit.ChunksOf(testkit.APNG())
	frame := bytes.Clone(a[2][8 : len(a[2])-4])
	frame[24] = 9 // there is no such way to dispose
	for name, src := range map[string][]byte{
		"frames out of order":  testkit.FromChunks(a[0], a[1], a[2], a[3], a[4], a[6], a[5], a[7], a[8], a[9]),
		"a frame is missing":   testkit.FromChunks(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[9]),
		"animation of nothing": testkit.FromChunks(a[0], testkit.Chunk("acTL", make([]byte, 8)), a[3], a[9]),
		"unknown disposal":     testkit.FromChunks(a[0], a[1], testkit.Chunk("fcTL", frame), a[3], a[4], a[5], a[6], a[7], a[8], a[9]),
	} {
		want := testkit.FromChunks(a[0], a[3], a[9])
		out, found := clean(t, src)
		assert.True(t, bytes.Equal(want, out), name)
		require.NotEmpty(t, found, name)
		assert.Equal(t, meta.LabelHiddenFrames, found[0].Label)
		b, err := covered(src, paint.Soft, paint.Region{X: 1, Y: 1, W: 4, H: 4})
		require.NoError(t, err, name)
		_, found = clean(t, b)
		assert.Empty(t, found, name)
	}
}

func TestRefused(t *testing.T) {
	k := testkit.ChunksOf(testkit.PNG())
	header := func(at int, v byte) []byte {
		d := bytes.Clone(k[0][8 : len(k[0])-4])
		d[at] = v
		return testkit.FromChunks(testkit.Chunk("IHDR", d), k[1], k[2])
	}
	bit := bytes.Clone(testkit.PNG())
	bit[60] ^= 4
	half := len(k[1])/2 - 12
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"Apple-optimised":     {testkit.FromChunks(testkit.Chunk("CgBI", make([]byte, 4)), k[0], k[1], k[2]), meta.ErrUnsupported},
		"unknown critical":    {testkit.FromChunks(k[0], testkit.Chunk("ABCD"), k[1], k[2]), meta.ErrUnsupported},
		"two headers":         {testkit.FromChunks(k[0], k[0], k[1], k[2]), meta.ErrMalformed},
		"no data":             {testkit.FromChunks(k[0], k[2]), meta.ErrMalformed},
		"no end":              {testkit.FromChunks(k[0], k[1]), meta.ErrTruncated},
		"data in two parts":   {testkit.FromChunks(k[0], testkit.Chunk("IDAT", k[1][8:half]), testkit.Chunk("tEXt", []byte("a\x00b")), testkit.Chunk("IDAT", k[1][half:len(k[1])-4]), k[2]), meta.ErrMalformed},
		"wrong checksum":      {bit, meta.ErrMalformed},
		"depth of 3":          {header(8, 3), meta.ErrMalformed},
		"colour type 5":       {header(9, 5), meta.ErrMalformed},
		"compression method":  {header(10, 1), meta.ErrMalformed},
		"filter method":       {header(11, 64), meta.ErrMalformed},
		"interlace method":    {header(12, 2), meta.ErrMalformed},
		"palette missing":     {func() []byte { p := testkit.ChunksOf(testkit.Paletted()); return testkit.FromChunks(p[0], p[2], p[3]) }(), meta.ErrMalformed},
		"a byte is no letter": {testkit.FromChunks(k[0], testkit.Chunk("a1Cd"), k[1], k[2]), meta.ErrMalformed},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestTruncated(t *testing.T) {
	for name, b := range bases() {
		for n := range len(b) - 1 {
			_, err := testkit.Parse(Format, b[:n], meta.Policy{})
			require.Error(t, err, "%s cut to %d", name, n)
		}
	}
}

func TestStore(t *testing.T) {
	for _, n := range []int{0, 1, 65535, 65536, 200000} {
		data := bytes.Repeat([]byte{7}, n)
		out, whole := inflate(store(data), 1<<20)
		assert.True(t, whole)
		assert.True(t, bytes.Equal(data, out))
	}
	_, whole := inflate(testkit.Deflate(make([]byte, 1000)), 999)
	assert.False(t, whole, "more than the limit is not read")
}

func FuzzPNG(f *testing.F) {
	for _, b := range bases() {
		f.Add(b)
	}
	f.Add(testkit.PNG(testkit.Chunk("eXIf", testkit.PhotoExif(binary.LittleEndian, 6, token)), testkit.Chunk("tEXt", []byte("a\x00"+token)), testkit.Chunk("gAMA", []byte{0, 0, 1, 1})))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, pol := range []meta.Policy{{}, {Keep: meta.KeepCredit | meta.KeepDate}} {
			if out, _, err := testkit.Clean(t, Format, fixCRCs(src), pol); err == nil {
				samePixels(t, fixCRCs(src), out)
			}
		}
	})
}

// fixCRCs gives mutated chunks right checksums, so that the fuzzer gets past them.
func fixCRCs(b []byte) []byte {
	out := bytes.Clone(b)
	for i := 8; i+12 <= len(out); {
		n := int(binary.BigEndian.Uint32(out[i:]))
		if n > len(out)-i-12 {
			break
		}
		copy(out[i:], testkit.Chunk(string(out[i+4:i+8]), out[i+8:i+8+n]))
		i += 12 + n
	}
	return out
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "corpus/png/*")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "malformed/*.png")
}
