package tiff

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestMutations changes a few bytes of good files at random: what is still
// cleaned is as clean, and shows the same.
func TestMutations(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 7))
	all := bases()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	rounds := 200
	if testing.Short() {
		rounds = 40
	}
	cleaned := 0
	for _, name := range names {
		for _, big := range []bool{false, true} {
			src := build(le, big, all[name]...)
			for range rounds {
				b := bytes.Clone(src)
				for range 1 + g.IntN(3) {
					at := 2 + g.IntN(len(b)-2)
					switch g.IntN(3) {
					case 0:
						b[at] ^= 1 << g.IntN(8)
					case 1:
						b[at] = byte(g.IntN(256))
					default:
						b[at] = []byte{0, 1, 2, 4, 8, 16, 127, 128, 255}[g.IntN(9)]
					}
				}
				if !Format.Sniff(b) {
					continue
				}
				out, _, err := testkit.Clean(t, Format, b, meta.Policy{})
				if err == nil {
					cleaned++
					samePixels(t, b, out)
				}
				if c, err := openCanvas(window(b), meta.Policy{}); err == nil {
					c.See(5)
					if out, err := c.Cover([]paint.Region{{X: 1, Y: 1, W: 4, H: 4}}, paint.Soft); err == nil {
						clean(t, out)
					} else {
						require.NotErrorIs(t, err, meta.ErrInternal)
						require.NotErrorIs(t, err, meta.ErrUnverified)
					}
				}
			}
		}
	}
	assert.Greater(t, cleaned, 1000, "most of them were refused, which tests little")
}

// TestJPEGSegments plants segments in strips and in the tables that they share.
func TestJPEGSegments(t *testing.T) {
	seg := testkit.Segment
	whole, tables, rest := jpegParts(wide, high)
	page := func(strip []byte, tables ...byte) []byte {
		p := strips(basic(1, compJPEG, 1, 8), 9, strip)
		if tables != nil {
			p = with(p, blob(tagJPEGTables, tables...))
		}
		return build(be, false, p)
	}
	wantWhole, _ := clean(t, page(whole))
	want, _ := clean(t, page(rest, tables...))
	for name, s := range map[string][]byte{
		"COM":      seg(0xfe, []byte(token)),
		"Exif":     seg(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(be, 6, token)),
		"XMP":      seg(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+token)),
		"JFIF":     seg(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01"+token)),
		"APP9":     seg(0xe9, []byte(token)),
		"fill":     bytes.Repeat([]byte{0xff}, 7),
		"DQT":      seg(mDQT, []byte{3}, bytes.Repeat([]byte{7}, 64)),
		"DHT":      seg(mDHT, []byte{0x13}, []byte("\x00\x01\x05\x01\x01\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")),
		"COM, EOI": seg(0xfe, []byte("\xff\xd9"+token)),
	} {
		for i, piece := range testkit.SegmentsOf(whole) {
			if i == 0 || piece[1] == mSOI {
				continue
			}
			at := len(bytes.Join(testkit.SegmentsOf(whole)[:i], nil))
			out, found := clean(t, page(slices.Concat(whole[:at], s, whole[at:])))
			require.True(t, bytes.Equal(wantWhole, out), "%s before segment %d", name, i)
			require.NotEmpty(t, found)
		}
		out, found := clean(t, page(testkit.AfterSOI(rest, s), tables...))
		assert.True(t, bytes.Equal(want, out), "%s in a strip", name)
		assert.NotEmpty(t, found, name)
		out, _ = clean(t, page(rest, testkit.AfterSOI(tables, s)...))
		assert.True(t, bytes.Equal(want, out), "%s in the tables", name)
		absent(t, out)
	}
	out, _ := clean(t, page(whole, tables...))
	assert.True(t, bytes.Equal(wantWhole, out), "tables that no strip needs")
	out, _ = clean(t, page(whole[:len(whole)-2]))
	assert.True(t, bytes.Equal(wantWhole, out), "no end of image")

	adobe := seg(0xee, []byte("Adobe\x00\x64\x12\x34\x56\x78\x01"+token))
	out, _ = clean(t, page(testkit.AfterSOI(whole, adobe)))
	assert.Contains(t, string(out), "Adobe\x00\x64\x00\x00\x00\x00\x01")
	absent(t, out)

	for name, strip := range map[string][]byte{
		"longer SOS":    nil,
		"second frame":  testkit.AfterSOI(whole, seg(0xc0, []byte("\x08\x00\x09\x00\x14\x01\x01\x11\x00"))),
		"unknown":       testkit.AfterSOI(whole, seg(0xf1, []byte(token))),
		"longer table":  testkit.AfterSOI(whole, seg(mDQT, []byte{0}, make([]byte, 70))),
		"junk":          testkit.AfterSOI(whole, []byte(token)),
		"only an image": {0xff, mSOI, 0xff, mEOI},
	} {
		if strip == nil {
			var s [][]byte
			for _, p := range testkit.SegmentsOf(whole) {
				if p[1] == mSOS {
					n := 2 + int(binary.BigEndian.Uint16(p[2:]))
					p = slices.Concat(seg(mSOS, p[4:n], []byte(token)), p[n:])
				}
				s = append(s, p)
			}
			strip = bytes.Join(s, nil)
		}
		_, err := testkit.Parse(Format, page(strip), meta.Policy{})
		assert.Error(t, err, name)
	}
}

// TestWebP: a picture in a strip holds a picture and nothing else.
func TestWebP(t *testing.T) {
	riff := func(chunks ...string) []byte {
		b := []byte("RIFF\x00\x00\x00\x00WEBP")
		for _, c := range chunks {
			b = append(b, c[:4]...)
			b = binary.LittleEndian.AppendUint32(b, uint32(len(c)-4))
			b = append(b, c[4:]...)
			if len(c)&1 == 1 {
				b = append(b, 0)
			}
		}
		binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
		return b
	}
	for _, c := range []struct {
		ok     bool
		chunks []string
	}{
		{true, []string{"VP8Lxyz"}},
		{true, []string{"VP8X\x10\x00\x00\x00\x13\x00\x00\x08\x00\x00", "ALPHabc", "VP8 abc"}},
		{false, []string{"VP8X\x08\x00\x00\x00\x13\x00\x00\x08\x00\x00", "VP8 abc", "EXIF" + token}},
		{false, []string{"VP8 abc", "XMP " + token}},
	} {
		src := build(le, false, strips(basic(photoRGB, compWebP, 3, 8), 9, riff(c.chunks...)))
		_, _, err := testkit.Clean(t, Format, src, meta.Policy{})
		if c.ok {
			assert.NoError(t, err)
		} else {
			assert.ErrorIs(t, err, meta.ErrUnsupported)
		}
	}
}

// TestHostile: structures that point at each other cost bounded time and memory.
func TestHostile(t *testing.T) {
	start := time.Now()
	b := make([]byte, 1<<20)
	for i := 8; i+2 < len(b); i += 2 { // every place is an IFD of thousands of fields
		le.PutUint16(b[i:], 4095)
	}
	copy(b, "II*\x00\x08\x00\x00\x00")
	_, err := testkit.Parse(Format, b, meta.Policy{})
	assert.Error(t, err)

	// A long chain of IFDs, all full of tags.
	b = []byte("MM\x00*\x00\x00\x00\x08")
	for range 400 {
		b = binary.BigEndian.AppendUint16(b, 4095)
		for k := range 4095 {
			b = append(binary.BigEndian.AppendUint16(b, uint16(k+1000)), 0, typeShort, 0, 0, 0, 1, 0, 0, 0, 0)
		}
		b = binary.BigEndian.AppendUint32(b, uint32(len(b)+4))
	}
	_, err = testkit.Parse(Format, b, meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrLimit)

	// Thousands of pages with a megabyte of their own at places that overlap.
	for _, tag := range []uint16{tagICC, tagXMP, tagPhotoshop, 0x927c, tagJPEGTables} {
		one := with(bases()["grey"][0], blob(tag, make([]byte, 1<<20)...))
		src := build(le, false, one)
		_, pages, _, err := read(window(src), meta.Policy{})
		if err != nil {
			continue
		}
		d := pages[0].d
		n := int64(len(d.order))
		link := d.off + 2 + 12*n
		for i := range uint32(3000) {
			at := (len(src) + 1) &^ 1
			src = append(src, make([]byte, at-len(src))...)
			le.PutUint32(src[link:], uint32(at))
			src = append(src, src[d.off:d.off+2+12*n+4]...)
			for k := range n {
				e := int64(at) + 2 + 12*k
				if le.Uint16(src[e:]) == tag {
					le.PutUint32(src[e+8:], uint32(d.fields[tag].at)+i)
					le.PutUint32(src[e+4:], 1<<20-i)
				}
			}
			link = int64(at) + 2 + 12*n
			le.PutUint32(src[link:], 0)
		}
		_, err = testkit.Parse(Format, src, meta.Policy{})
		t.Logf("tag %d: %v after %v", tag, err, time.Since(start))
	}
	assert.Less(t, time.Since(start), time.Minute)
}
