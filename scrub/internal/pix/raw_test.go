package pix

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// rawTIFF is a raw photo in the way of most makers: a small picture in IFD0, the
// large one in an IFD below it.
func rawTIFF(o order, small, large []byte) []byte {
	entry := func(tag, typ uint16, n, v uint32) []byte {
		b := o.AppendUint16(o.AppendUint16(nil, tag), typ)
		b = o.AppendUint32(b, n)
		if typ == 3 {
			return o.AppendUint16(o.AppendUint16(b, uint16(v)), 0)
		}
		return o.AppendUint32(b, v)
	}
	const ifd0, sub = 8, 8 + 2 + 5*12 + 4
	data := uint32(sub + 2 + 3*12 + 4)
	out := []byte("II*\x00")
	if o == order(binary.BigEndian) {
		out = []byte("MM\x00*")
	}
	out = o.AppendUint32(out, ifd0)
	out = o.AppendUint16(out, 5)
	out = slices.Concat(out, entry(tagSubfile, 4, 1, 1), entry(tagOrientation, 3, 1, 6), entry(tagSubIFDs, 4, 1, sub),
		entry(tagJPEG, 4, 1, data), entry(tagJPEGBytes, 4, 1, uint32(len(small))))
	out = o.AppendUint32(out, 0)
	out = o.AppendUint16(out, 3)
	out = slices.Concat(out, entry(tagCompression, 3, 1, 7), entry(tagStrips, 4, 1, data+uint32(len(small))), entry(tagStripBytes, 4, 1, uint32(len(large))))
	return slices.Concat(o.AppendUint32(out, 0), small, large)
}

func raws(t testing.TB) map[string][]byte {
	small, large := jpegBytes(t, corners(16, 8), 0), jpegBytes(t, corners(64, 32), 0)
	be := binary.BigEndian
	raf := append([]byte("FUJIFILMCCD-RAW "), make([]byte, 68)...)
	raf = be.AppendUint32(be.AppendUint32(raf, 92), uint32(len(large)))
	orientation := testkit.TIFF(be, []testkit.Tag{testkit.Short(be, 0x112, 6)}, nil)
	uuid := func(id string, parts ...[]byte) []byte {
		return box.Make("uuid", append([][]byte{append([]byte(id), make([]byte, 16-len(id))...)}, parts...)...)
	}
	// The size of co64's box does not depend on what it points at.
	cr3 := func(at uint64) []byte {
		track := box.Make("trak", box.Make("mdia", box.Make("minf", box.Make("stbl",
			box.MakeFull("stsz", 0, 0, be.AppendUint32(be.AppendUint32(nil, uint32(len(large))), 1)),
			box.MakeFull("co64", 0, 0, be.AppendUint32(nil, 1), be.AppendUint64(nil, at))))))
		return slices.Concat(box.Make("ftyp", []byte("crx \x00\x00\x00\x01crx isom")),
			box.Make("moov", uuid("\x85\xc0\xb6\x87", box.Make("CMT1", orientation)), track),
			uuid("\xea\xf4\x2b\x5e", make([]byte, 8), box.Make("PRVW", make([]byte, 12), be.AppendUint32(nil, uint32(len(small))), small)),
			box.Make("mdat", large))
	}
	at := uint64(len(cr3(0)) - len(large))
	return map[string][]byte{
		"raw II": rawTIFF(binary.LittleEndian, small, large),
		"raw MM": rawTIFF(be, small, large),
		"raf":    slices.Concat(raf, large),
		"cr3":    cr3(at),
		"x3f":    slices.Concat([]byte("FOVb"), make([]byte, 300), small, []byte("between"), large, []byte("\xff\xd8\xff")),
	}
}

func TestRaw(t *testing.T) {
	for what, b := range raws(t) {
		p, err := new(b)
		require.NoError(t, err, what)
		assert.Equal(t, what[:3], p.Format)
		turned := what[:3] == "raw" || what == "cr3"
		want, corner := image.Pt(64, 32), "top left"
		if turned {
			want, corner = image.Pt(32, 64), "top right"
		}
		assert.Equal(t, want, p.Rect.Max, what)
		assert.Equal(t, corner, bright(p.NRGBA), what)
		for n := range len(b) {
			if n < 2000 {
				_, _ = new(b[:n])
			}
		}
	}
}

func TestRawWithoutPicture(t *testing.T) {
	lossless := []byte("\xff\xd8\xff\xc3\x00\x0b\x0c\x00\x20\x00\x40\x01\x01\x11\x00\xff\xd9")
	_, err := new(rawTIFF(binary.LittleEndian, lossless, lossless))
	require.ErrorIs(t, err, meta.ErrUnsupported)
	_, err = new([]byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	require.ErrorIs(t, err, meta.ErrMalformed, "no raw photo, and as a TIFF picture it has no size")
}

// TestRawAcrossPages: a picture that begins where one page that is read ends is found.
func TestRawAcrossPages(t *testing.T) {
	large := jpegBytes(t, corners(64, 32), 0)
	for n := 256<<10 - 7; n < 256<<10; n++ { // 4 bytes stand before it
		_, err := new(slices.Concat([]byte("FOVb"), make([]byte, n), large))
		require.NoError(t, err, n)
	}
}

// TestRawLoops: IFDs that point at each other end.
func TestRawLoops(t *testing.T) {
	b := rawTIFF(binary.LittleEndian, []byte("none"), []byte("none"))
	binary.LittleEndian.PutUint32(b[8+2+5*12:], 8)
	_, err := new(b)
	require.ErrorIs(t, err, meta.ErrUnsupported)
}

// FuzzRaw asserts that the search for a picture ends, and finds one inside the file.
func FuzzRaw(f *testing.F) {
	for _, b := range raws(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		r := rawFile{f: file{t.Context(), bytes.NewReader(b), int64(len(b))}}
		r.raf()
		r.cr3()
		r.tiff(0, int64(len(b)))
		require.NoError(t, r.scan())
		for _, e := range r.pictures {
			require.LessOrEqual(t, e.off+e.n, int64(len(b)))
		}
		if len(b) >= sniffLen && isRaw(b[:sniffLen]) && (r.best() == nil || r.best().width*r.best().height < 1<<20) {
			_, _ = new(b)
		}
	})
}

// FuzzLook asserts that reading headers never panics and that no size is negative.
func FuzzLook(f *testing.F) {
	f.Add(redCornerHEIC)
	f.Add([]byte("\xff\x0a\xff\x07\x08\x83\x01"))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := look(file{t.Context(), bytes.NewReader(b), int64(len(b))}); err == nil && h.fits() == nil {
			require.Positive(t, h.width)
			require.LessOrEqual(t, int64(h.width)*int64(h.height), int64(maxPixels))
		}
	})
}
