package webp

import (
	"bytes"
	"encoding/binary"
	stdimage "image"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	decoder "golang.org/x/image/webp"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

var (
	riff  = testkit.WebP
	ck    = testkit.RiffChunk
	vp8x  = testkit.VP8X
	photo = testkit.PhotoExif(binary.LittleEndian, 6, token)
)

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// stills are the pictures of a file, each as a file of its own.
func stills(b []byte) (out [][]byte) {
	animated := false
	for _, c := range testkit.RiffChunksOf(b[12:]) {
		if string(c[:4]) == "ANMF" {
			animated = true
			frame := testkit.RiffChunksOf(c[24:])
			if len(frame) == 1 {
				out = append(out, riff(frame[0]))
			} else {
				x := ck("VP8X", []byte{0x10, 0, 0, 0}, c[14:20])
				out = append(out, riff(x, frame[0], frame[1]))
			}
		}
	}
	if !animated {
		return [][]byte{b}
	}
	return out
}

func decode(b []byte) (stdimage.Image, error) {
	if c, err := decoder.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width*c.Height > 1<<22 {
		return nil, err
	}
	return decoder.Decode(bytes.NewReader(b))
}

// samePixels compares still pictures.
func samePixels(t testing.TB, a, b []byte) {
	t.Helper()
	x, err := decode(a)
	if err != nil || x == nil {
		return
	}
	y, err := decode(b)
	require.NoError(t, err, "the output must decode as the source does")
	require.Equal(t, x.Bounds(), y.Bounds())
	for i := range x.Bounds().Dy() {
		for j := range x.Bounds().Dx() {
			r, g, b, a := x.At(j, i).RGBA()
			if r2, g2, b2, a2 := y.At(j, i).RGBA(); r != r2 || g != g2 || b != b2 || a != a2 {
				require.Fail(t, "another picture", "at %d, %d", j, i)
			}
		}
	}
}

func absent(t testing.TB, out []byte, token string) {
	t.Helper()
	testkit.Absent(t, out, token)
}

// bases are clean files of every kind.
func bases() map[string][]byte {
	turned := ck("EXIF", exif.Write(exif.Looks{Orientation: 6}, exif.Choices{}))
	return map[string][]byte{
		"lossy":     riff(testkit.VP8),
		"lossless":  riff(testkit.VP8L),
		"alpha":     riff(vp8x(flagAlpha), testkit.ALPH, testkit.VP8),
		"raw alpha": riff(vp8x(flagAlpha), testkit.ALPHRaw, testkit.VP8),
		"turned":    riff(vp8x(flagExif), testkit.VP8, turned),
		"animation": testkit.AnimatedWebP(),
		"all":       riff(vp8x(flagAlpha|flagExif|flagAnimation), ck("ANIM", make([]byte, 6)), testkit.ANMF(testkit.ALPHRaw, testkit.VP8), turned),
	}
}

func TestBuildersDecode(t *testing.T) {
	for name, b := range bases() {
		for _, s := range stills(b) {
			m, err := decode(s)
			require.NoError(t, err, name)
			require.Equal(t, stdimage.Pt(16, 10), m.Bounds().Size(), name)
		}
	}
}

func TestCleanFilesStayAsTheyAre(t *testing.T) {
	for name, b := range bases() {
		out, found := clean(t, b)
		assert.True(t, bytes.Equal(b, out), name)
		for _, f := range found {
			assert.Equal(t, meta.LabelOrientation, f.Label, name)
		}
	}
}

// TestInsertions puts a chunk that does not belong there at every place where
// one may be: at the top, and inside frames.
func TestInsertions(t *testing.T) {
	for name, b := range bases() {
		chunks := testkit.RiffChunksOf(b[12:])
		for _, typ := range []string{"XMP ", "XMP\x00", "C2PA", "prVt", "INAM", "LIST", "FRGM"} {
			for _, more := range []string{"", "z"} {
				c := ck(typ, []byte("INFO"+token+more))
				for i := 1; i <= len(chunks); i++ {
					out, found := clean(t, riff(bytes.Join(chunks[:i], nil), c, bytes.Join(chunks[i:], nil)))
					require.True(t, bytes.Equal(b, out), "%s: %q before chunk %d", name, typ, i)
					require.NotEmpty(t, found)
					if i == len(chunks) || string(chunks[i][:4]) != "ANMF" {
						continue
					}
					inside := testkit.RiffChunksOf(chunks[i][24:])
					for j := range len(inside) + 1 {
						frame := ck("ANMF", chunks[i][8:24], bytes.Join(inside[:j], nil), c, bytes.Join(inside[j:], nil))
						out, found := clean(t, riff(bytes.Join(chunks[:i], nil), frame, bytes.Join(chunks[i+1:], nil)))
						require.True(t, bytes.Equal(b, out), "%s: %q in frame %d at %d", name, typ, i, j)
						require.NotEmpty(t, found)
					}
				}
			}
		}
	}
}

// TestGrowth makes each kept structure longer than its fields need.
func TestGrowth(t *testing.T) {
	grow := func(c []byte, more string) []byte { return ck(string(c[:4]), c[8:], []byte(more)) }
	for name, b := range bases() {
		chunks := testkit.RiffChunksOf(b[12:])
		for i, c := range chunks {
			for _, more := range []string{"\x00", "x", strings.Repeat("\x00", 64), strings.Repeat(token, 8)} {
				switch typ := string(c[:4]); typ {
				case "VP8 ", "VP8L":
					continue // the coded data runs to the end of its chunk
				case "ALPH":
					if name != "raw alpha" {
						continue
					}
				case "ANMF":
					if len(more) == 1 {
						break
					}
					more = string(ck("junk", []byte(more))) + "tail"
				}
				out, found := clean(t, riff(bytes.Join(chunks[:i], nil), grow(c, more), bytes.Join(chunks[i+1:], nil)))
				require.True(t, bytes.Equal(b, out), "%s: %s grown by %d", name, c[:4], len(more))
				require.NotEmpty(t, found)
			}
		}
	}
}

// TestExcess puts text behind the end of coded data in its chunk.
func TestExcess(t *testing.T) {
	grow := func(c []byte) []byte { return ck(string(c[:4]), c[8:], []byte("the photo of "+token)) }
	alph := bytes.Clone(testkit.ALPH)
	require.EqualValues(t, 1, alph[8]&3, "compressed")
	for name, src := range map[string][]byte{
		"lossy":     riff(grow(testkit.VP8)),
		"lossless":  riff(grow(testkit.VP8L)),
		"alpha":     riff(vp8x(flagAlpha), grow(alph), testkit.VP8),
		"in alpha":  riff(vp8x(flagAlpha), alph, grow(testkit.VP8)),
		"animation": riff(vp8x(flagAnimation), ck("ANIM", make([]byte, 6)), testkit.ANMF(grow(testkit.VP8L))),
	} {
		_, err := decode(stills(src)[0])
		require.NoError(t, err, name)
		_, _, err = testkit.Clean(t, Format, src, meta.Policy{})
		assert.ErrorIs(t, err, meta.ErrMalformed, name)
		assert.ErrorContains(t, err, "behind the end", name)
	}
}

// TestReservedBits sets each bit that no field owns; it is cleared, or the file refused.
func TestReservedBits(t *testing.T) {
	for name, b := range bases() {
		at := 12
		for _, c := range testkit.RiffChunksOf(b[12:]) {
			free := map[int]byte{} // by the place in the chunk
			switch string(c[:4]) {
			case "VP8X":
				free = map[int]byte{8: 0xc1, 9: 0xff, 10: 0xff, 11: 0xff}
			case "ANMF":
				free = map[int]byte{23: 0xfc}
			case "ALPH":
				free = map[int]byte{8: 0xe2}
			case "VP8 ":
				free = map[int]byte{8: 0x01, 15: 0xc0, 17: 0xc0}
			case "VP8L":
				free = map[int]byte{12: 0xe0}
			}
			if n := 8 + int(binary.LittleEndian.Uint32(c[4:])); n < len(c) {
				free[n] = 0xff
			}
			for i, bits := range free {
				for bit := byte(1); bit != 0; bit <<= 1 {
					if bits&bit == 0 {
						continue
					}
					src := bytes.Clone(b)
					src[at+i] |= bit
					out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
					if err != nil {
						continue
					}
					require.True(t, bytes.Equal(b, out), "%s: bit %x of byte %d of %s", name, bit, i, c[:4])
					require.NotEmpty(t, p.Findings)
				}
			}
			at += len(c)
		}
	}
}

func TestPaddingMayBeMissing(t *testing.T) {
	odd := riff(testkit.VP8, ck("prVt", []byte(token[:7])))
	odd = odd[:len(odd)-1]
	binary.LittleEndian.PutUint32(odd[4:], uint32(len(odd)-8))
	out, _ := clean(t, odd)
	assert.Equal(t, riff(testkit.VP8), out)

	alpha := riff(vp8x(flagAlpha), testkit.ALPH, ck("VP8 ", testkit.VP8[8:], []byte{0}))
	want, _ := clean(t, alpha)
	assert.Equal(t, alpha, want)
	short := bytes.Clone(alpha[:len(alpha)-1])
	binary.LittleEndian.PutUint32(short[4:], uint32(len(short)-8))
	out, _ = clean(t, short)
	assert.Equal(t, alpha, out, "it is put where it is missing")

	whole := testkit.ANMF(testkit.ALPH, testkit.VP8, ck("odd ", []byte("x")))
	frame := ck("ANMF", whole[8:len(whole)-1])
	anim := ck("ANIM", make([]byte, 6))
	out, _ = clean(t, riff(vp8x(flagAnimation), anim, frame))
	assert.Equal(t, riff(vp8x(flagAnimation|flagAlpha), anim, testkit.ANMF(testkit.ALPH, testkit.VP8)), out)
}

// TestCanaries plants a token in every place of a WebP file where data hides,
// but for the coded picture data.
func TestCanaries(t *testing.T) {
	tk := []byte(token)
	anim := ck("ANIM", make([]byte, 6))
	xmp := []byte("<x:xmpmeta>" + token)
	for name, c := range map[string]struct{ src, want []byte }{
		"EXIF":              {riff(vp8x(flagExif), testkit.VP8, ck("EXIF", testkit.PhotoExif(binary.BigEndian, 1, token))), nil},
		"EXIF unreadable":   {riff(vp8x(flagExif), testkit.VP8, ck("EXIF", tk)), nil},
		"EXIF unannounced":  {riff(testkit.VP8, ck("EXIF", photo)), nil},
		"EXIF empty":        {riff(vp8x(flagExif), testkit.VP8, ck("EXIF")), nil},
		"XMP":               {riff(vp8x(flagXMP), testkit.VP8, ck("XMP ", xmp)), nil},
		"XMP with a NUL":    {riff(vp8x(flagXMP), testkit.VP8, ck("XMP\x00", xmp)), nil},
		"C2PA":              {riff(vp8x(0), testkit.VP8, ck("C2PA", tk)), nil},
		"ICCP broken":       {riff(vp8x(flagICC), ck("ICCP", tk), testkit.VP8), nil},
		"ICCP unannounced":  {riff(vp8x(0), ck("ICCP", tk), testkit.VP8), nil},
		"INFO list":         {riff(testkit.VP8, ck("LIST", []byte("INFO"), ck("IART", tk), ck("ICMT", tk, []byte{0}))), nil},
		"other list":        {riff(testkit.VP8, ck("LIST", tk)), nil},
		"name of a chunk":   {riff(testkit.VP8, ck(token[:4], tk), ck(token[4:], nil)), nil},
		"second picture":    {riff(testkit.VP8, ck("VP8 ", tk)), nil},
		"second lossless":   {riff(vp8x(0), testkit.VP8, ck("VP8L", tk)), nil},
		"late alpha":        {riff(vp8x(0), testkit.VP8, ck("ALPH", tk)), nil},
		"frames of a still": {riff(vp8x(0), anim, ck("ANMF", make([]byte, 16), tk), testkit.VP8), nil},
		"behind RIFF":       {append(riff(testkit.VP8), tk...), nil},
		"second WebP":       {append(riff(testkit.VP8), riff(testkit.VP8, ck("IART", tk))...), nil},
		"half a chunk":      {riff(testkit.VP8, ck("prVt", nil), tk[:6]), nil},
		"second ANIM":       {riff(vp8x(flagAnimation), anim, ck("ANIM", tk), testkit.ANMF(testkit.VP8)), riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8))},
		"in a frame":        {riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8, ck("EXIF", photo))), riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8))},
		"frame's tail":      {riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8, tk[:6])), riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8))},
		"second in a frame": {riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8, ck("VP8 ", tk))), riff(vp8x(flagAnimation), anim, testkit.ANMF(testkit.VP8))},
	} {
		out, found := clean(t, c.src)
		absent(t, out, token)
		if c.want == nil {
			c.want = riff(testkit.VP8)
		}
		assert.Equal(t, c.want, out, name)
		assert.NotEmpty(t, found, name)
		samePixels(t, c.src, out)
	}
}

func TestRefused(t *testing.T) {
	anim := ck("ANIM", make([]byte, 6))
	with := func(b []byte, at int, v byte) []byte { b = bytes.Clone(b); b[at] = v; return b }
	frame := testkit.ANMF(testkit.VP8)
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"empty":                  {riff(), meta.ErrMalformed},
		"size of zero":           {append([]byte("RIFF\x00\x00\x00\x00WEBP"), testkit.VP8...), meta.ErrMalformed},
		"size beyond the file":   {with(riff(testkit.VP8), 5, 1), meta.ErrTruncated},
		"size within a chunk":    {with(riff(testkit.VP8), 4, 40), meta.ErrTruncated},
		"unknown chunk first":    {riff(ck("prVt"), testkit.VP8), meta.ErrMalformed},
		"alpha first":            {riff(testkit.ALPH, testkit.VP8), meta.ErrMalformed},
		"only a canvas":          {riff(vp8x(0)), meta.ErrMalformed},
		"canvas cut":             {riff(ck("VP8X", make([]byte, 9)), testkit.VP8), meta.ErrMalformed},
		"canvas of 2⁴⁸":          {riff(ck("VP8X", bytes.Repeat([]byte{0xff}, 10))), meta.ErrMalformed},
		"canvas of another size": {riff(ck("VP8X", make([]byte, 10)), testkit.VP8), meta.ErrMalformed},
		"second canvas":          {riff(vp8x(0), testkit.VP8, vp8x(0)), meta.ErrMalformed},
		"alpha twice":            {riff(vp8x(0), testkit.ALPH, testkit.ALPH, testkit.VP8), meta.ErrMalformed},
		"alpha in two places":    {riff(vp8x(0), testkit.ALPH, testkit.VP8L), meta.ErrMalformed},
		"alpha too short":        {riff(vp8x(0), ck("ALPH", make([]byte, 160)), testkit.VP8), meta.ErrMalformed},
		"alpha only":             {riff(vp8x(flagAlpha), testkit.ALPH), meta.ErrMalformed},
		"no key frame":           {riff(with(testkit.VP8, 8, testkit.VP8[8]|1)), meta.ErrMalformed},
		"frame not shown":        {riff(with(testkit.VP8, 8, testkit.VP8[8]&^0x10)), meta.ErrMalformed},
		"unknown VP8 profile":    {riff(with(testkit.VP8, 8, testkit.VP8[8]|0x08)), meta.ErrUnsupported},
		"partition too long":     {riff(with(testkit.VP8, 10, 0xff)), meta.ErrMalformed},
		"VP8 scaled":             {riff(with(testkit.VP8, 15, 0x40)), meta.ErrUnsupported},
		"VP8 of no height":       {riff(with(testkit.VP8, 16, 0)), meta.ErrMalformed},
		"no VP8 start code":      {riff(with(testkit.VP8, 11, 0)), meta.ErrMalformed},
		"VP8L version":           {riff(with(testkit.VP8L, 12, 0x30)), meta.ErrUnsupported},
		"VP8L signature":         {riff(with(testkit.VP8L, 8, 0)), meta.ErrMalformed},
		"still in an animation":  {riff(vp8x(flagAnimation), anim, frame, testkit.VP8), meta.ErrMalformed},
		"animation of nothing":   {riff(vp8x(flagAnimation), anim), meta.ErrMalformed},
		"frame before ANIM":      {riff(vp8x(flagAnimation), frame, anim), meta.ErrMalformed},
		"ANIM cut":               {riff(vp8x(flagAnimation), ck("ANIM", make([]byte, 5)), frame), meta.ErrMalformed},
		"frame cut":              {riff(vp8x(flagAnimation), anim, ck("ANMF", make([]byte, 15))), meta.ErrMalformed},
		"frame without picture":  {riff(vp8x(flagAnimation), anim, testkit.ANMF()), meta.ErrMalformed},
		"frame outside":          {riff(vp8x(flagAnimation), anim, with(frame, 8, 1)), meta.ErrMalformed},
		"frame of another size":  {riff(vp8x(flagAnimation), anim, with(frame, 14, 14)), meta.ErrMalformed},
		"chunk beyond its frame": {riff(vp8x(flagAnimation), anim, with(frame, 28, 0xff)), meta.ErrTruncated},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestTruncated(t *testing.T) {
	for name, b := range bases() {
		for n := range len(b) {
			_, err := testkit.Parse(Format, b[:n], meta.Policy{})
			require.ErrorIs(t, err, meta.ErrTruncated, "%s cut to %d", name, n)
		}
	}
}

// TestManyChunks: a file of countless tiny chunks is counted, not listed.
func TestManyChunks(t *testing.T) {
	out, found := clean(t, riff(testkit.VP8, bytes.Repeat(ck("tiny", []byte("ab")), 200000)))
	assert.Equal(t, riff(testkit.VP8), out)
	assert.LessOrEqual(t, len(found), maxFindings+1)
	_, _, err := testkit.Clean(t, Format, riff(testkit.VP8, bytes.Repeat(ck("tiny"), 1<<20)), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrLimit)

	anim, frame := ck("ANIM", make([]byte, 6)), testkit.ANMF(testkit.VP8)
	many := riff(vp8x(flagAnimation), anim, bytes.Repeat(frame, 2000))
	out, _ = clean(t, many)
	assert.True(t, bytes.Equal(many, out))
	frame[23] |= 0x80
	_, err = testkit.Parse(Format, riff(vp8x(flagAnimation), anim, bytes.Repeat(frame, 50000)), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrLimit)
}
