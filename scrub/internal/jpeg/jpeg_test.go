package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	stdjpeg "image/jpeg"
	"slices"
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
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// samePixels compares what the standard library decodes; what it cannot decode
// says nothing.
func samePixels(t testing.TB, a, b []byte) {
	t.Helper()
	if c, err := stdjpeg.DecodeConfig(bytes.NewReader(a)); err != nil || c.Width*c.Height > 1<<22 {
		return // the standard library decodes whatever size a header states
	}
	x, err := stdjpeg.Decode(bytes.NewReader(a))
	if err != nil {
		return
	}
	y, err := stdjpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err, "the output must decode as the source does")
	switch x := x.(type) {
	case *image.YCbCr:
		y := y.(*image.YCbCr)
		require.True(t, bytes.Equal(x.Y, y.Y) && bytes.Equal(x.Cb, y.Cb) && bytes.Equal(x.Cr, y.Cr), "pixels")
	default:
		require.Equal(t, x, y)
	}
}

func absent(t testing.TB, out []byte, token string) {
	t.Helper()
	testkit.Absent(t, out, token)
}

func TestVectors(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		t.Run(v.Name, func(t *testing.T) {
			out, _, err := testkit.Clean(t, Format, v.Data, meta.Policy{})
			if why, refused := strings.CutPrefix(v.Expect, "refused: "); refused {
				require.ErrorContains(t, err, why)
				return
			}
			require.NoError(t, err)
			samePixels(t, v.Data, out)

			// What these files hold is needed, so nothing but rewriting may change them.
			again, _ := clean(t, testkit.AfterSOI(v.Data, testkit.Segment(mCOM, []byte(token))))
			require.Equal(t, out, again, "a comment changes nothing")
		})
	}
}

// TestCanaries plants a token in every place of a JPEG file where data hides,
// but for the compressed picture data.
func TestCanaries(t *testing.T) {
	tk := []byte(token)
	seg := testkit.Segment
	places := map[string][]byte{
		"no such place":   testkit.JPEG(),
		"COM":             testkit.JPEG(seg(0xfe, tk)),
		"Exif":            testkit.JPEG(seg(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 6, token))),
		"Exif padding":    testkit.JPEG(seg(0xe1, []byte("Exif\x00\x00"), testkit.TIFF(binary.BigEndian, []testkit.Tag{testkit.Short(binary.BigEndian, 0x112, 6)}, nil), tk)),
		"two Exif":        testkit.JPEG(seg(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 6, "x")), seg(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 3, token))),
		"Exif unreadable": testkit.JPEG(seg(0xe1, []byte("Exif\x00\x00"), tk)),
		"XMP":             testkit.JPEG(seg(0xe1, []byte(idXMP), []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"+token+"</x:xmpmeta>"))),
		"XMP extension":   testkit.JPEG(seg(0xe1, []byte(idExtended), make([]byte, 40), tk)),
		"MPF":             testkit.JPEG(seg(0xe2, []byte("MPF\x00"), tk)),
		"FPXR":            testkit.JPEG(seg(0xe2, []byte("FPXR\x00"), tk)),
		"broken ICC":      testkit.JPEG(seg(0xe2, []byte(idICC), []byte{1, 1}, tk)),
		"IRB":             testkit.JPEG(seg(0xed, []byte(idPhotoshop), []byte("8BIM\x04\x04\x00\x00\x00\x00\x00\x08"), tk)),
		"JUMBF":           testkit.JPEG(seg(0xeb, []byte("JP\x00\x01\x00\x00\x00\x01"), []byte("\x00\x00\x00\x20jumb"), tk)),
		"JFIF thumb":      testkit.JPEG(seg(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x03"), tk)),
		"JFXX":            testkit.JPEG(seg(0xe0, []byte("JFXX\x00\x10"), tk)),
		"behind EOI":      append(testkit.JPEG(), tk...),
		"second JPEG":     append(testkit.JPEG(), testkit.JPEG(seg(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 6, token)))...),
		"video":           append(testkit.JPEG(), "\x00\x00\x00\x10ftypmp42"+token...),
	}
	for app := range byte(16) {
		places[fmt.Sprintf("APP%d", app)] = testkit.JPEG(seg(0xe0+app, tk))
		places[fmt.Sprintf("APP%d named", app)] = testkit.JPEG(seg(0xe0+app, []byte("GPSDATA\x00"), tk))
	}
	for _, k := range known {
		places[k.name] = testkit.JPEG(seg(0xe0+k.app, []byte(k.id), tk))
	}
	for m := byte(0xf0); m < 0xfe; m++ {
		if _, ok := frameKinds[m]; !ok {
			places[fmt.Sprintf("marker %02X", m)] = testkit.JPEG(seg(m, tk))
		}
	}
	want, _ := clean(t, testkit.JPEG())
	for _, base := range testkit.Vectors(t, "testdata") {
		if base.Expect != "clean" {
			continue
		}
		plain, _ := clean(t, base.Data)
		segs := testkit.SegmentsOf(base.Data)
		for i := 1; i <= len(segs); i++ {
			at := len(bytes.Join(segs[:i], nil))
			insert := func(what string, b []byte) {
				src := append(append(append([]byte(nil), base.Data[:at]...), b...), base.Data[at:]...)
				out, found := clean(t, src)
				assert.True(t, bytes.Equal(plain, out), "%s: %s before segment %d", base.Name, what, i)
				assert.True(t, found[len(found)-1].Fate == meta.Removed || len(found) > 0, "it is named")
			}
			insert("comment", seg(0xfe, tk))
			insert("comment with an end in it", seg(0xfe, tk, []byte("\xff\xd9\xff\xd8")))
			insert("unknown segment", seg(0xe9, []byte("private"), tk))
			if i < len(segs) && segs[i-1][1] != 0xda && segs[i-1][1] != 0xd9 {
				insert("bytes without a marker", tk)
				insert("fill bytes", []byte("\xff\xff\xff"))
			}
		}
	}
	for name, src := range places {
		out, found := clean(t, src)
		absent(t, out, token)
		samePixels(t, src, out)
		if name != "no such place" {
			assert.NotEmpty(t, found, name)
		}
		if !strings.Contains(name, "Exif") && !strings.HasPrefix(name, "JFIF") && name != "Adobe block" {
			assert.True(t, bytes.Equal(want, out), name)
		}
	}
}

// TestSurplus grows every kept segment: the surplus goes, or the file is refused.
func TestSurplus(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		if v.Expect != "clean" {
			continue
		}
		want, _ := clean(t, v.Data)
		segs := testkit.SegmentsOf(v.Data)
		for i, s := range segs {
			if s[1] == 0xd8 || s[1] == 0xd9 {
				continue
			}
			n := 2 + (int(s[2])<<8 | int(s[3]))
			for _, more := range []string{"\x00", "x", strings.Repeat("\x00", 64), strings.Repeat(token, 8)} {
				if s[1] == mDAC && len(more) > 1 {
					continue // entries have no number: what follows is more of them
				}
				grown := testkit.Segment(s[1], s[4:n], []byte(more))
				src := bytes.Join([][]byte{bytes.Join(segs[:i], nil), grown, s[n:], bytes.Join(segs[i+1:], nil)}, nil)
				out, _, err := testkit.Clean(t, Format, src, meta.Policy{})
				if err != nil {
					assert.ErrorIs(t, err, meta.ErrMalformed)
					continue
				}
				assert.True(t, bytes.Equal(want, out), "%s: segment %02x grown by %d", v.Name, s[1], len(more))
			}
		}
	}
}

func TestUnusedTablesGo(t *testing.T) {
	want, _ := clean(t, testkit.JPEG())
	dqt := func(id byte) []byte { return testkit.Segment(mDQT, []byte{id}, bytes.Repeat([]byte{7}, 64)) }
	dht := func(id byte) []byte {
		return testkit.Segment(mDHT, []byte{id}, []byte("\x00\x01\x05\x01\x01\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00"), []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"))
	}
	for name, s := range map[string][]byte{
		"quantisation never read":  dqt(3),
		"quantisation overwritten": dqt(0),
		"huffman never read":       dht(0x13),
		"huffman overwritten":      dht(0x00),
		"restart overwritten":      append(testkit.Segment(mDRI, []byte{0, 1}), testkit.Segment(mDRI, []byte{0, 0})...),
		"arithmetic conditioning":  testkit.Segment(mDAC, []byte{0x10, 5}),
	} {
		out, found := clean(t, testkit.JPEG(s))
		if name == "restart overwritten" {
			assert.NotContains(t, string(out), "\xff\xdd\x00\x04\x00\x01", name)
			continue
		}
		assert.True(t, bytes.Equal(want, out), name)
		assert.NotEmpty(t, found, name)
	}
}

// TestScansThatRepeat puts scans behind a picture that is whole: a place for
// anything, which decoders read in different ways.
func TestScansThatRepeat(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		segs := testkit.SegmentsOf(v.Data)
		for i, s := range segs {
			if v.Expect != "clean" || s[1] != mSOS {
				continue
			}
			again := slices.Concat(s[:2+(int(s[2])<<8|int(s[3]))], []byte(strings.Repeat(token, 8)))
			for _, at := range []int{i + 1, len(segs) - 1} {
				src := bytes.Join([][]byte{bytes.Join(segs[:at], nil), again, bytes.Join(segs[at:], nil)}, nil)
				_, _, err := testkit.Clean(t, Format, src, meta.Policy{})
				assert.ErrorIs(t, err, meta.ErrMalformed, "%s: scan %d again", v.Name, i)
			}
		}
	}
}

// TestExcess puts text behind the last MCU, in the data of the last scan.
func TestExcess(t *testing.T) {
	for _, name := range []string{"baseline", "progressive", "gray", "restart", "full-chroma", "cmyk", "rgb"} {
		for _, v := range testkit.Vectors(t, "testdata") {
			if v.Name != name {
				continue
			}
			want, _ := clean(t, v.Data)
			for _, more := range []string{token + token, strings.Repeat(token, 100), token + token + "\xff\xfe\x00\x0a" + token} {
				out, found := clean(t, slices.Concat(v.Data[:len(v.Data)-2], []byte(more), v.Data[len(v.Data)-2:]))
				assert.True(t, bytes.Equal(want, out), name)
				assert.NotEmpty(t, found, name)
			}
		}
	}
}

func TestNoEnd(t *testing.T) {
	for _, name := range []string{"baseline", "progressive", "gray", "restart", "full-chroma", "cmyk", "rgb"} {
		for _, v := range testkit.Vectors(t, "testdata") {
			if v.Name != name {
				continue
			}
			want, _ := clean(t, v.Data)
			open := v.Data[:len(v.Data)-2]
			for _, tail := range []string{"", token, "\xff", "\xff\xd8\xff\xe1" + token, "\x00\x00SEFH" + token + "SEFT", "\xff\xfe\x00\x01"} {
				out, _ := clean(t, []byte(string(open)+tail))
				assert.True(t, bytes.Equal(want, out), "%s with the tail %q", name, tail)
			}
			scan := testkit.SegmentsOf(v.Data)
			last := len(scan[len(scan)-2])
			for cut := 1; cut < min(last-20, 30); cut++ {
				_, _, err := testkit.Clean(t, Format, open[:len(open)-cut], meta.Policy{})
				// The last byte may hold nothing but padding behind the last code.
				if cut > 1 {
					assert.ErrorIs(t, err, meta.ErrTruncated, "%s cut by %d", name, cut)
					assert.NotContains(t, err.Error(), "truncated: truncated")
				}
			}
		}
	}
	for _, v := range testkit.Vectors(t, "testdata") {
		if strings.HasPrefix(v.Name, "arithmetic") {
			_, _, err := testkit.Clean(t, Format, v.Data[:len(v.Data)-2], meta.Policy{})
			assert.ErrorIs(t, err, meta.ErrTruncated, v.Name)
		}
	}
}

func TestRefused(t *testing.T) {
	good := testkit.JPEG()
	sof := bytes.Index(good, []byte{0xff, 0xc0})
	patch := func(at int, b ...byte) []byte {
		c := bytes.Clone(good)
		copy(c[at:], b)
		return c
	}
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"hierarchical":       {testkit.JPEG(testkit.Segment(mDHP, make([]byte, 9))), meta.ErrUnsupported},
		"JPEG-LS":            {patch(sof, 0xff, 0xf7), meta.ErrUnsupported},
		"differential":       {patch(sof, 0xff, 0xc5), meta.ErrUnsupported},
		"two frames":         {testkit.JPEG(good[sof : sof+19]), meta.ErrMalformed},
		"second SOI":         {testkit.JPEG([]byte{0xff, 0xd8}), meta.ErrMalformed},
		"no scan":            {[]byte("\xff\xd8\xff\xd9"), meta.ErrMalformed},
		"only a start":       {[]byte("\xff\xd8\xff"), meta.ErrMalformed},
		"length of one":      {testkit.JPEG([]byte{0xff, 0xe1, 0, 1}), meta.ErrMalformed},
		"no components":      {patch(sof+9, 0), meta.ErrMalformed},
		"sampling of zero":   {patch(sof+11, 0x02), meta.ErrMalformed},
		"no width":           {patch(sof+7, 0, 0), meta.ErrMalformed},
		"no height, no DNL":  {patch(sof+5, 0, 0), meta.ErrMalformed},
		"unknown component":  {bytes.Replace(good, []byte{0xff, 0xda, 0, 12, 3, 1}, []byte{0xff, 0xda, 0, 12, 3, 9}, 1), meta.ErrMalformed},
		"scan before frame":  {testkit.JPEG(testkit.Segment(mSOS, []byte{1, 1, 0, 0, 63, 0})), meta.ErrMalformed},
		"overlong huffman":   {testkit.JPEG(testkit.Segment(mDHT, []byte{0}, bytes.Repeat([]byte{255}, 16))), meta.ErrMalformed},
		"impossible huffman": {testkit.JPEG(testkit.Segment(mDHT, []byte{0, 3}, make([]byte, 15), []byte{1, 2, 3})), meta.ErrMalformed},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestDNL(t *testing.T) {
	good := testkit.JPEG()
	sof := bytes.Index(good, []byte{0xff, 0xc0})
	src := bytes.Clone(good[:len(good)-2])
	height := bytes.Clone(src[sof+5 : sof+7])
	copy(src[sof+5:], "\x00\x00")
	src = append(src, testkit.Segment(mDNL, height, []byte(token))...)
	out, _ := clean(t, append(src, 0xff, 0xd9))
	assert.True(t, bytes.HasSuffix(out, append(testkit.Segment(mDNL, height), 0xff, 0xd9)))
	absent(t, out, token)
}

// TestTruncated cuts files at every byte: refused, never a panic, never half a picture.
func TestTruncated(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		for n := range len(v.Data) - 3 {
			_, err := testkit.Parse(Format, v.Data[:n], meta.Policy{})
			require.Error(t, err, "%s cut to %d bytes", v.Name, n)
		}
	}
}
