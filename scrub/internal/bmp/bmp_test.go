package bmp

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	stdbmp "golang.org/x/image/bmp"

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

func absent(t testing.TB, out []byte, name string) {
	t.Helper()
	testkit.Absent(t, out, token, name)
}

func samePixels(t testing.TB, a, b []byte) {
	t.Helper()
	if c, err := stdbmp.DecodeConfig(bytes.NewReader(a)); err != nil || c.Width*c.Height > 1<<22 {
		return
	}
	x, err := stdbmp.Decode(bytes.NewReader(a))
	if err != nil {
		return
	}
	y, err := stdbmp.Decode(bytes.NewReader(b))
	require.NoError(t, err, "the output must decode as the source does")
	require.Equal(t, x.Bounds(), y.Bounds())
	for _, m := range []image.Image{x, y} { // the other decoder takes indices that its palette lacks
		if p, ok := m.(*image.Paletted); ok {
			p.Palette = append(p.Palette, make(color.Palette, 256-len(p.Palette))...)
		}
	}
	for i := range x.Bounds().Dx() * x.Bounds().Dy() {
		u, v := i%x.Bounds().Dx(), i/x.Bounds().Dx()
		require.Equal(t, x.At(u, v), y.At(u, v))
	}
}

func TestCleanFilesStayAsTheyAre(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		out, found := clean(t, m.Bytes())
		assert.True(t, bytes.Equal(m.Bytes(), out), name)
		assert.Empty(t, found, name)
	}
}

func TestGapsAndTails(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		want := m.Bytes()
		for _, n := range []int{1, 2, 64, 5000} {
			more := bytes.Repeat([]byte(token), n)[:n]
			g := m
			if g.Header != 12 || g.Bits > 8 { // the palette of a core header takes what fits
				g.Gap = more
				out, found := clean(t, g.Bytes())
				assert.True(t, bytes.Equal(want, out), "%s: gap of %d", name, n)
				assert.NotEmpty(t, found)
			}
			g = m
			g.Tail = more
			out, found := clean(t, g.Bytes())
			assert.True(t, bytes.Equal(want, out), "%s: tail of %d", name, n)
			assert.NotEmpty(t, found)
		}
		src := bytes.Clone(want)
		copy(src[6:], "abcd")
		copy(src[2:], "wxyz")
		out, found := clean(t, src)
		assert.True(t, bytes.Equal(want, out), "%s: file header", name)
		assert.NotEmpty(t, found)
	}
}

// TestFields sets every field of every header that shows nothing.
func TestFields(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		want := m.Bytes()
		set := func(at int, b ...byte) []byte {
			src := bytes.Clone(want)
			copy(src[14+at:], b)
			return src
		}
		cases := map[string][]byte{}
		if m.Header == 12 {
			cases["planes"] = set(8, 9, 9)
		} else {
			cases["planes"] = set(12, 9, 9)
		}
		if m.Header >= 40 {
			cases["size"] = set(20, []byte("Can")...)
			cases["resolution"] = set(24, 1, 2, 3, 4, 1, 2, 3, 4)
			cases["resolution of letters"] = set(24, []byte("CaNaRy7x")...)
			cases["one resolution"] = set(24, 1, 2, 3, 4)
			cases["important colours"] = set(36, []byte("Cana")...)
			if m.Bits > 8 {
				cases["colours"] = set(32, []byte("Cana")...)
			}
		}
		if m.Header == 64 {
			cases["OS/2 fields"] = set(40, bytes.Repeat([]byte("CaNa"), 6)...)
		}
		if m.Header >= 52 && m.Header != 64 && m.Compression == 0 {
			cases["masks"] = set(40, bytes.Repeat([]byte("CaNa"), 4)...)
		}
		if m.Header >= 108 {
			cases["colour space"] = set(56, []byte("CaNa")...)
			cases["endpoints"] = set(60, bytes.Repeat([]byte("CaNa"), 12)...)
			calibrated := set(60, bytes.Repeat([]byte("CANA"), 12)...)
			copy(calibrated[14+56:], make([]byte, 4))
			cases["calibrated by nonsense"] = calibrated
		}
		if m.Header == 124 {
			cases["intent"] = set(108, []byte("Cana")...)
			cases["profile"] = set(112, []byte("CanaCana")...)
			cases["reserved"] = set(120, []byte("Cana")...)
		}
		for what, src := range cases {
			out, found := clean(t, src)
			if what == "size" && !(m.Compression == 1 || m.Compression == 2) {
				size := binary.LittleEndian.Uint32(out[14+20:])
				assert.EqualValues(t, len(m.Pixels), size, name)
				continue
			}
			assert.True(t, bytes.Equal(want, out), "%s: %s", name, what)
			if what != "size" {
				assert.NotEmpty(t, found, "%s: %s", name, what)
			}
		}
	}
	m := testkit.Bitmaps()["24"]
	m.Set = func(b []byte) { b[24], b[28] = 1, 2 }
	out, _ := clean(t, m.Bytes())
	assert.True(t, bytes.Equal(m.Bytes(), out), "pixels that are not square")
	m = testkit.Bitmaps()["V4"]
	m.Set = func(b []byte) {
		clear(b[56:108])
		for i := 60; i < 96; i += 12 {
			binary.LittleEndian.PutUint32(b[i:], 1<<29)
			binary.LittleEndian.PutUint32(b[i+4:], 1<<28)
			binary.LittleEndian.PutUint32(b[i+8:], 1<<28)
		}
		binary.LittleEndian.PutUint32(b[96:], 0x23333)
	}
	out, _ = clean(t, m.Bytes())
	assert.True(t, bytes.Equal(m.Bytes(), out), "a calibrated colour space")
}

func TestPadding(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		want := m.Bytes()
		at := len(want) - len(m.Pixels)
		src := bytes.Clone(want)
		switch {
		case m.Compression == 1:
			src[at+9] = 'C'
		case m.Compression == 2:
			src[at+8] |= 5
			src[at+9] = 'a'
		default:
			stride, used := (m.W*m.Bits+31)/32*4, m.W*m.Bits
			if stride*8 == used {
				continue
			}
			for y := range len(m.Pixels) / stride {
				for i := used; i < stride*8; i++ {
					src[at+y*stride+i/8] |= 0x80 >> (i % 8)
				}
			}
		}
		out, found := clean(t, src)
		assert.True(t, bytes.Equal(want, out), name)
		assert.NotEmpty(t, found, name)
	}

	tall := testkit.Bitmap{Header: 40, Bits: 24, W: 1, H: maxPads + 1, Pixels: testkit.Rows(1, maxPads+1, 24)}
	out, _ := clean(t, tall.Bytes())
	assert.True(t, bytes.Equal(tall.Bytes(), out))
	tall.Pixels[3] = 1
	_, _, err := testkit.Clean(t, Format, tall.Bytes(), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrLimit)
}

func TestPalette(t *testing.T) {
	m := testkit.Bitmaps()["8"]
	want := m.Bytes()
	m.Palette = bytes.Clone(m.Palette)
	for i := 3; i < len(m.Palette); i += 4 {
		m.Palette[i] = token[i/4%8]
	}
	out, found := clean(t, m.Bytes())
	assert.True(t, bytes.Equal(want, out), "the fourth bytes")
	assert.Len(t, found, 1)

	m = testkit.Bitmaps()["4"]
	want = m.Bytes()
	full := m
	full.Palette = testkit.Greys(16, 4)
	out, _ = clean(t, full.Bytes())
	assert.True(t, bytes.Equal(full.Bytes(), out))
	m.Set = func(b []byte) { b[32] = 200 } // more than there are: cut where pixels begin
	out, _ = clean(t, m.Bytes())
	assert.True(t, bytes.Equal(want, out))
	for _, n := range []byte{0, 16} { // what viewers take from the pixels stays as it is
		m.Set = func(b []byte) { b[32] = n }
		out, found = clean(t, m.Bytes())
		assert.True(t, bytes.Equal(m.Bytes(), out), n)
		assert.Empty(t, found)
	}
	full.Set = func(b []byte) { b[32] = 20 }
	full.Palette = append(full.Palette, "colours that no pixel has"[:16]...)
	out, _ = clean(t, full.Bytes())
	assert.Len(t, out, len(full.Bytes())-16)

	m = testkit.Bitmaps()["24"]
	want = m.Bytes()
	m.Palette = []byte(token + token)
	m.Set = func(b []byte) { b[32] = 4 }
	out, _ = clean(t, m.Bytes())
	assert.True(t, bytes.Equal(want, out), "a palette that true colours do not need")
}

func TestRunLengths(t *testing.T) {
	m := testkit.Bitmaps()["RLE 8"]
	want := m.Bytes()
	m.Pixels = append(bytes.Clone(m.Pixels), token...)
	out, found := clean(t, m.Bytes())
	assert.True(t, bytes.Equal(want, out), "behind the end")
	assert.NotEmpty(t, found)

	whole := testkit.Bitmap{Header: 40, Bits: 8, Compression: 1, W: 4, H: 2, Palette: testkit.Greys(256, 4), Pixels: []byte{4, 1, 0, 0, 4, 2, 0, 1}}
	want = whole.Bytes()
	whole.Pixels = whole.Pixels[:6]
	out, _ = clean(t, whole.Bytes())
	assert.True(t, bytes.Equal(want, out), "no end code")
	whole.Pixels = []byte{4, 1, 0, 0, 4, 2, 0, 0, 4, 'C', 4, 'a', 0, 1}
	out, _ = clean(t, whole.Bytes())
	assert.NotContains(t, string(out), "\x04C")
	whole.Pixels = []byte{4, 1, 0, 0, 3, 2}
	_, _, err := testkit.Clean(t, Format, whole.Bytes(), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrTruncated)
}

func TestProfiles(t *testing.T) {
	m := testkit.Bitmaps()["V5"]
	plain := m.Bytes()
	with := func(space uint32, p []byte, at int) []byte {
		m := m
		m.Set = func(b []byte) {
			le.PutUint32(b[56:], space)
			le.PutUint32(b[112:], uint32(at-14))
			le.PutUint32(b[116:], uint32(len(p)))
		}
		m.Tail = p
		return m.Bytes()
	}
	for name, src := range map[string][]byte{
		"linked":         with(linked, []byte(`C:\Users\`+token+`\screen.icm`+"\x00"), len(plain)),
		"broken":         with(embedded, []byte(token), len(plain)),
		"outside":        with(embedded, []byte(token), 1<<20),
		"in the headers": with(embedded, []byte(token), 20),
	} {
		out, found := clean(t, src)
		absent(t, out, name)
		assert.True(t, bytes.Equal(plain, out), name)
		assert.NotEmpty(t, found, name)
	}
	_, _, err := testkit.Clean(t, Format, with(embedded, []byte(token), len(plain)-4), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)
}

// profile is that of some display, with token where colour does not look.
func profile() []byte {
	be := binary.BigEndian
	tags := []struct{ sig, data string }{
		{"rXYZ", "XYZ \x00\x00\x00\x00\x00\x00\x75\x30\x00\x00\x3e\x80\x00\x00\x03\x84"},
		{"gXYZ", "XYZ \x00\x00\x00\x00\x00\x00\x52\x08\x00\x00\xab\xe0\x00\x00\x17\x70"},
		{"bXYZ", "XYZ \x00\x00\x00\x00\x00\x00\x2e\xe0\x00\x00\x15\x7c\x00\x00\xb7\x98"},
		{"rTRC", "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x20"}, {"gTRC", "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x21"}, {"bTRC", "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x22"},
		{"wtpt", "XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d"}, {"dmnd", "text\x00\x00\x00\x00" + token},
	}
	out := make([]byte, 132+12*len(tags))
	copy(out[4:], token)
	copy(out[8:], "\x02\x10\x00\x00mntrRGB XYZ ")
	copy(out[36:], "acsp")
	be.PutUint32(out[128:], uint32(len(tags)))
	for i, t := range tags {
		e := out[132+12*i:]
		copy(e, t.sig)
		be.PutUint32(e[4:], uint32(len(out)))
		be.PutUint32(e[8:], uint32(len(t.data)))
		out = append(out, t.data...)
	}
	be.PutUint32(out, uint32(len(out)))
	return out
}

// TestProfileIsRewritten puts a profile in front of the pixels, behind them, and
// behind other data.
func TestProfileIsRewritten(t *testing.T) {
	var want []byte
	for name, place := range map[string]func(m *testkit.Bitmap) int{
		"before": func(m *testkit.Bitmap) int { m.Gap = append([]byte("xx"), profile()...); return 14 + 124 + 2 },
		"behind": func(m *testkit.Bitmap) int { m.Tail = profile(); return 14 + 124 + len(m.Pixels) },
		"later": func(m *testkit.Bitmap) int {
			m.Tail = append([]byte(token), append(profile(), token...)...)
			return 14 + 124 + len(m.Pixels) + len(token)
		},
	} {
		m := testkit.Bitmaps()["V5"]
		at := place(&m)
		m.Set = func(b []byte) {
			le.PutUint32(b[56:], embedded)
			le.PutUint32(b[112:], uint32(at-14))
			le.PutUint32(b[116:], uint32(len(profile())))
		}
		out, _ := clean(t, m.Bytes())
		absent(t, out, name)
		assert.EqualValues(t, embedded, le.Uint32(out[14+56:]))
		samePixels(t, m.Bytes(), out)
		if want == nil {
			want = out
		}
		assert.True(t, bytes.Equal(want, out), name)
	}
}

// TestCanaries plants a token in every place of a bitmap where data hides.
func TestCanaries(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		if m.Header == 12 && m.Bits <= 8 {
			m.Tail = []byte(token)
		} else {
			m.Gap, m.Tail = []byte(token), []byte(token)
		}
		before := m.Set
		m.Set = func(b []byte) {
			if before != nil {
				before(b)
			}
			switch {
			case m.Header == 64:
				copy(b[44:], token)
			case m.Header >= 108:
				copy(b[64:], token)
			}
			if m.Header == 124 {
				copy(b[112:], token)
			}
		}
		src := m.Bytes()
		copy(src[6:], token[:4])
		out, _ := clean(t, src)
		absent(t, out, name)
		samePixels(t, src, out)
	}
}

func TestRefused(t *testing.T) {
	with := func(name string, set func(b []byte)) []byte {
		m := testkit.Bitmaps()[name]
		m.Set = set
		return m.Bytes()
	}
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"JPEG":              {with("24", func(b []byte) { b[16] = 4 }), meta.ErrUnsupported},
		"PNG":               {with("24", func(b []byte) { b[16], b[14] = 5, 0 }), meta.ErrUnsupported},
		"CMYK":              {with("32", func(b []byte) { b[16] = 11 }), meta.ErrUnsupported},
		"unknown":           {with("24", func(b []byte) { b[16] = 99 }), meta.ErrUnsupported},
		"OS/2 Huffman":      {with("OS/2 64", func(b []byte) { b[16], b[14] = 3, 1 }), meta.ErrUnsupported},
		"OS/2 RLE 24":       {with("OS/2 64", func(b []byte) { b[16], b[14] = 4, 24 }), meta.ErrUnsupported},
		"2 bits":            {with("4", func(b []byte) { b[14] = 2 }), meta.ErrUnsupported},
		"3 bits":            {with("4", func(b []byte) { b[14] = 3 }), meta.ErrMalformed},
		"RLE 8 of 24 bits":  {with("24", func(b []byte) { b[16] = 1 }), meta.ErrMalformed},
		"no width":          {with("24", func(b []byte) { b[4] = 0 }), meta.ErrMalformed},
		"no height":         {with("24", func(b []byte) { b[8] = 0 }), meta.ErrMalformed},
		"negative width":    {with("24", func(b []byte) { b[7] = 255 }), meta.ErrMalformed},
		"too wide":          {with("24", func(b []byte) { b[7] = 127 }), meta.ErrTruncated},
		"too high":          {with("24", func(b []byte) { b[10] = 1 }), meta.ErrTruncated},
		"masks that meet":   {with("V3", func(b []byte) { b[40] = 255 }), meta.ErrMalformed},
		"masks with a hole": {with("V4", func(b []byte) { b[48] = 0xf5 }), meta.ErrMalformed},
		"no masks":          {with("V2", func(b []byte) { clear(b[40:]) }), meta.ErrMalformed},
		"header of 41":      {with("24", func(b []byte) { b[0] = 41 }), meta.ErrUnsupported},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestTruncated(t *testing.T) {
	for name, m := range testkit.Bitmaps() {
		b := m.Bytes()
		for n := range len(b) {
			out, _, err := testkit.Clean(t, Format, b[:n], meta.Policy{})
			if m.Compression == 1 || m.Compression == 2 {
				if err == nil { // only the end code is missing
					assert.True(t, bytes.Equal(b, out) && n >= len(b)-2, name)
					continue
				}
			}
			require.ErrorIs(t, err, meta.ErrMalformed, "%s cut to %d", name, n)
		}
	}
}
