package jpeg

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func TestOrientationAndLooks(t *testing.T) {
	for o := range uint16(10) {
		src := testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.LittleEndian, o, token)))
		out, _ := clean(t, src)
		absent(t, out, token)
		samePixels(t, src, out)
		want := testkit.JPEG()
		if o >= 2 && o <= 8 {
			want = testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), exif.Write(exif.Looks{Orientation: int(o)}, exif.Choices{})))
		}
		want, _ = clean(t, want)
		assert.Equal(t, want, out, "orientation %d", o)
	}
}

func TestJFIFAndAdobe(t *testing.T) {
	jfifSeg := func(s string) []byte { return testkit.Segment(0xe0, []byte("JFIF\x00"+s)) }
	for name, c := range map[string]struct{ in, want string }{
		"as it is":       {"\x01\x01\x01\x00\x48\x00\x24\x00\x00", "\x01\x01\x01\x00\x48\x00\x24\x00\x00"},
		"with thumbnail": {"\x01\x02\x02\x00\x48\x00\x48\x01\x01abc", "\x01\x01\x02\x00\x48\x00\x48\x00\x00"},
		"no density":     {"\x01\x01\x01\x00\x00\x00\x24\x00\x00", "\x01\x01\x00\x00\x01\x00\x01\x00\x00"},
		"letters":        {"\x01\x01\x01CaNa\x00\x00", "\x01\x01\x00\x00\x01\x00\x01\x00\x00"},
		"unknown unit":   {"\x01\x01\x07\x00\x02\x00\x01\x00\x00", "\x01\x01\x00\x00\x02\x00\x01\x00\x00"},
	} {
		out, found := clean(t, testkit.JPEG(jfifSeg(c.in)))
		assert.True(t, bytes.HasPrefix(out[2:], jfifSeg(c.want)), name)
		assert.Equal(t, c.in != c.want, len(found) > 0, name)
	}
	out, _ := clean(t, testkit.JPEG(jfifSeg("\x01\x01\x01\x00\x01\x00\x01\x00\x00"), jfifSeg("\x01\x01\x01\x00\x05\x00\x05\x00\x00")))
	assert.True(t, bytes.HasPrefix(out[2:], jfifSeg("\x01\x01\x01\x00\x05\x00\x05\x00\x00")), "the last one counts")
	out, _ = clean(t, testkit.JPEG())
	assert.False(t, bytes.Contains(out, []byte("JFIF")), "never added")

	adobeSeg := func(transform byte, more string) []byte {
		return testkit.Segment(0xee, []byte("Adobe\x00\x64\xc0\x00\x00\x00"), []byte{transform}, []byte(more))
	}
	for in, want := range map[byte]byte{0: 0, 1: 1, 2: 2, 9: 1} {
		out, _ := clean(t, testkit.JPEG(adobeSeg(in, token)))
		assert.True(t, bytes.HasPrefix(out[2:], testkit.Segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00"), []byte{want})), "%d", in)
		absent(t, out, token)
	}
	out, _ = clean(t, testkit.JPEG(testkit.Segment(0xee, []byte("Adobe\x00\x64"))))
	assert.False(t, bytes.Contains(out, []byte("Adobe")), "too short to mean anything")
}

func TestKeep(t *testing.T) {
	src := testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.LittleEndian, 1, token)))
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepCredit})
	require.NoError(t, err)
	assert.Contains(t, string(out), "Alma "+token)
	assert.NotContains(t, string(out), "2023:04:05")
	assert.NotContains(t, string(out), "Maker")
	kept := 0
	for _, f := range p.Findings {
		if f.Fate == meta.Kept {
			kept++
		}
	}
	assert.Equal(t, 2, kept, "author and copyright")
	out, _, err = testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepDate})
	require.NoError(t, err)
	assert.Contains(t, string(out), "2023:04:05 06:07:08")
	absent(t, out, token)
}

// TestAdobeRGB: the mark for Adobe RGB of DCF survives as a block of ours, unless
// a colour profile says what the colours are.
func TestAdobeRGB(t *testing.T) {
	o := binary.LittleEndian
	block := testkit.TIFF(o, []testkit.Tag{testkit.Text(0x10f, token), {ID: 0x8769, Sub: []testkit.Tag{
		testkit.Short(o, 0xa001, 0xffff), {ID: 0xa005, Sub: []testkit.Tag{testkit.Text(1, "R03")}}}}}, nil)
	exifSeg := testkit.Segment(0xe1, []byte("Exif\x00\x00"), block)
	out, _ := clean(t, testkit.JPEG(exifSeg))
	absent(t, out, token)
	want := testkit.Segment(0xe1, []byte("Exif\x00\x00"), exif.Write(exif.Looks{AdobeRGB: true}, exif.Choices{}))
	assert.True(t, bytes.HasPrefix(out[2:], want))

	profile := adobeProfile(t)
	iccSeg := testkit.Segment(0xe2, []byte(idICC), []byte{1, 1}, profile)
	out, _ = clean(t, testkit.JPEG(exifSeg, iccSeg))
	assert.True(t, bytes.HasPrefix(out[2:], iccSeg), "a profile of ours stays as it is, and is enough")
	both := []byte{2, 2}
	split := append(testkit.Segment(0xe2, []byte(idICC), both, profile[100:]), testkit.Segment(0xe2, []byte(idICC), []byte{1, 2}, profile[:100])...)
	again, _ := clean(t, testkit.JPEG(split))
	assert.True(t, bytes.Equal(out, again), "chunks are joined by their numbers")
}

// adobeProfile is our copy of Adobe RGB, by way of what icc makes of its numbers.
func adobeProfile(t *testing.T) []byte {
	t.Helper()
	be := binary.BigEndian
	tags := map[string][]byte{}
	for i, n := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range [][]uint32{{0x9c18, 0x4fa5, 0x04fc}, {0x348d, 0xa02c, 0x0f95}, {0x2631, 0x102f, 0xbe9c}}[i] {
			b = be.AppendUint32(b, v)
		}
		tags[n] = b
		tags[n[:1]+"TRC"] = []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33\x00\x00")
	}
	p := make([]byte, 132+12*len(tags))
	copy(p[8:], "\x02\x00\x00\x00mntrRGB XYZ ")
	copy(p[36:], "acsp")
	be.PutUint32(p[128:], uint32(len(tags)))
	i := 132
	for n, b := range tags {
		copy(p[i:], n)
		be.PutUint32(p[i+4:], uint32(len(p)))
		be.PutUint32(p[i+8:], uint32(len(b)))
		p = append(p, b...)
		i += 12
	}
	out, _, err := icc.Rewrite(p)
	require.NoError(t, err)
	return out
}
