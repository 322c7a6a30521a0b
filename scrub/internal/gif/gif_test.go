package gif

import (
	"bytes"
	stdgif "image/gif"
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

func absent(t testing.TB, out []byte) {
	t.Helper()
	testkit.Absent(t, out, token)
}

// sameFrames compares what the standard library decodes: pixels, delays, loops.
func sameFrames(t testing.TB, a, b []byte) {
	t.Helper()
	if c, err := stdgif.DecodeConfig(bytes.NewReader(a)); err != nil || c.Width*c.Height > 1<<22 {
		return
	}
	x, err := stdgif.DecodeAll(bytes.NewReader(a))
	if err != nil {
		return
	}
	y, err := stdgif.DecodeAll(bytes.NewReader(b))
	require.NoError(t, err, "the output must decode as the source does")
	require.Equal(t, len(x.Image), len(y.Image))
	for i, m := range x.Image {
		n := y.Image[i]
		require.Equal(t, m.Rect, n.Rect)
		require.True(t, bytes.Equal(m.Pix, n.Pix), "frame %d", i)
		require.Equal(t, m.Palette, n.Palette)
	}
	require.Equal(t, x.Delay, y.Delay)
	require.Equal(t, x.LoopCount, y.LoopCount)
	require.Equal(t, x.Config, y.Config)
	for i, d := range x.Disposal {
		if d > 4 {
			d = 0 // reserved
		}
		require.Equal(t, d, y.Disposal[i])
	}
}

func TestCleanFilesStayAsTheyAre(t *testing.T) {
	for _, b := range [][]byte{testkit.GIF(), testkit.AnimatedGIF()} {
		out, found := clean(t, b)
		assert.True(t, bytes.Equal(b, out))
		assert.Empty(t, found)
	}
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// TestInsertions puts blocks that do not belong there between all others.
func TestInsertions(t *testing.T) {
	b := testkit.AnimatedGIF()
	parts := testkit.GIFParts()
	for i := 1; i < len(parts); i++ {
		for name, more := range map[string][]byte{
			"comment":     testkit.GIFExtension(0xfe, []byte(token)),
			"unknown":     testkit.GIFExtension(0x77, []byte(token), []byte(token)),
			"application": testkit.GIFExtension(0xff, []byte("ABCDEFGH1.0"), []byte(token)),
			"short name":  testkit.GIFExtension(0xff, []byte("AB"), []byte(token)),
			"empty":       testkit.GIFExtension(0xfe),
		} {
			src := join(join(parts[:i]...), more, join(parts[i:]...))
			out, found := clean(t, src)
			assert.True(t, bytes.Equal(b, out), "%s before block %d", name, i)
			assert.NotEmpty(t, found, name)
			sameFrames(t, src, out)
		}
	}
}

func TestControls(t *testing.T) {
	image := testkit.GIFImage(0, 0, 31, 17, testkit.GIFPixels(31, 17))
	for name, c := range map[string]struct{ src, want []byte }{
		"the last of two counts":         {testkit.GIF(testkit.GIFControl(1, 3, -1), testkit.GIFControl(2, 5, 1)), testkit.GIF(testkit.GIFControl(2, 5, 1))},
		"without an image":               {join(testkit.GIFHead(31, 17), image, testkit.GIFControl(1, 5, 1), []byte{0x3b}), testkit.GIF()},
		"of a text":                      {testkit.GIF(testkit.GIFControl(1, 3, -1), testkit.GIFExtension(1, make([]byte, 12), []byte(token))), testkit.GIF()},
		"surplus":                        {testkit.GIF(testkit.GIFExtension(0xf9, []byte{4, 5, 0, 0}, []byte(token))), testkit.GIF(testkit.GIFControl(1, 5, -1))},
		"grown":                          {testkit.GIF(testkit.GIFExtension(0xf9, append([]byte{4, 5, 0, 0}, token...))), testkit.GIF(testkit.GIFControl(1, 5, -1))},
		"reserved bits":                  {testkit.GIF(testkit.GIFExtension(0xf9, []byte{0xe6, 5, 0, 77})), testkit.GIF(testkit.GIFControl(1, 5, -1))},
		"reserved disposal":              {testkit.GIF(testkit.GIFControl(6, 5, 1)), testkit.GIF(testkit.GIFControl(0, 5, 1))},
		"a loop between it and an image": {testkit.GIF(testkit.GIFControl(1, 3, -1), testkit.GIFLoop()), testkit.GIF(testkit.GIFLoop(), testkit.GIFControl(1, 3, -1))},
	} {
		out, _ := clean(t, c.src)
		assert.True(t, bytes.Equal(c.want, out), name)
	}
}

func TestLoops(t *testing.T) {
	loop := func(name string, data ...[]byte) []byte {
		return testkit.GIFExtension(0xff, append([][]byte{[]byte(name)}, data...)...)
	}
	for name, c := range map[string]struct{ src, want []byte }{
		"other name":       {loop("ANIMEXTS1.0", []byte{1, 4, 0}), loop("ANIMEXTS1.0", []byte{1, 4, 0})},
		"grown by 1":       {loop("NETSCAPE2.0", []byte{1, 4, 0, 'x'}), loop("NETSCAPE2.0", []byte{1, 4, 0})},
		"grown by 64":      {loop("NETSCAPE2.0", append([]byte{1, 4, 0}, make([]byte, 64)...)), loop("NETSCAPE2.0", []byte{1, 4, 0})},
		"two sub-blocks":   {loop("NETSCAPE2.0", []byte{1, 4, 0}, []byte(token)), loop("NETSCAPE2.0", []byte{1, 4, 0})},
		"buffering":        {loop("NETSCAPE2.0", []byte{2, 4, 0, 0, 0}), nil},
		"empty":            {loop("NETSCAPE2.0"), nil},
		"the last counts":  {join(loop("NETSCAPE2.0", []byte{1, 4, 0}), loop("NETSCAPE2.0", []byte{1, 5, 0})), loop("NETSCAPE2.0", []byte{1, 5, 0})},
		"name of 12 bytes": {loop("NETSCAPE2.0x", []byte{1, 4, 0}), nil},
	} {
		out, _ := clean(t, testkit.GIF(c.src))
		assert.True(t, bytes.Equal(testkit.GIF(c.want), out), name)
	}
}

func TestFields(t *testing.T) {
	set := func(at int, v byte) []byte {
		b := testkit.GIF()
		b[at] = v
		return b
	}
	want := testkit.GIF()
	image := len(testkit.GIFHead(1, 1))
	for name, src := range map[string][]byte{
		"sorted":                   set(10, 0xf9),
		"background":               set(11, 2),
		"square pixels":            set(12, 49),
		"reserved bits of image":   set(image+9, 0x38),
		"size of no local palette": set(image+9, 0x07),
	} {
		out, _ := clean(t, src)
		assert.True(t, bytes.Equal(want, out), name)
	}
	out, _ := clean(t, set(12, 33))
	assert.True(t, bytes.Equal(set(12, 33), out), "pixels that are not square")
	small := set(7, 1) // a screen that the image does not fit on
	small[11] = 2
	out, found := clean(t, bytes.Clone(small))
	assert.True(t, bytes.Equal(small, out) || len(found) > 0)

	// The background counts where it may be seen.
	seen := join(testkit.GIFHead(31, 17), testkit.GIFImage(1, 1, 9, 9, testkit.GIFPixels(9, 9)), []byte{0x3b})
	seen[11] = 2
	out, _ = clean(t, seen)
	assert.True(t, bytes.Equal(seen, out))
	seen[11] = 99
	out, _ = clean(t, seen)
	assert.Zero(t, out[11], "no entry of the palette")

	// A local palette instead of a global one.
	head := testkit.GIFHead(31, 17)
	local := append(append([]byte(nil), testkit.GIFImage(0, 0, 31, 17, nil)[:9]...), 0x81)
	local = join(local, head[13:], []byte{2}, testkit.SubBlocks(testkit.LZW(2, testkit.GIFPixels(31, 17))))
	bare := bytes.Clone(head[:13])
	bare[10] = 0x70
	src := join(bare, local, []byte{0x3b})
	out, _ = clean(t, src)
	assert.True(t, bytes.Equal(src, out))
	bare[10] = 0x77
	out, _ = clean(t, join(bare, local, []byte{0x3b}))
	assert.True(t, bytes.Equal(src, out))
}

// TestOddities are files that few decoders refuse: they stay as they are.
func TestOddities(t *testing.T) {
	head := testkit.GIFHead(31, 17)
	bare := bytes.Clone(head[:13])
	bare[10] = 0x70
	pix := testkit.GIFPixels(31, 17)
	image := testkit.GIFImage(0, 0, 31, 17, pix)
	for minCode := 9; minCode <= 11; minCode++ {
		// Clear code, one pixel, and the end code, all as wide as the first code.
		data := appendCode(nil, 0, 1<<minCode, int64(minCode+1))
		data = appendCode(data, int64(minCode+1), 3, int64(minCode+1))
		data = appendCode(data, int64(2*minCode+2), 1<<minCode+1, int64(minCode+1))
		src := join(head, testkit.GIFImage(0, 0, 1, 1, nil)[:10], []byte{byte(minCode)}, testkit.SubBlocks(data), []byte{0x3b})
		out, found := clean(t, src)
		assert.True(t, bytes.Equal(src, out), minCode)
		assert.Empty(t, found)
	}

	src := join(bare, image, []byte{0x3b}) // no palette
	out, found := clean(t, src)
	assert.True(t, bytes.Equal(src, out))
	assert.Empty(t, found)
	_, err := open(testkit.Window(src))
	assert.ErrorIs(t, err, meta.ErrUnsupported)

	want := join(head, image, testkit.GIFControl(0, 7, -1), image, []byte{0x3b})
	out, found = clean(t, join(head, image, []byte{0, 0, 0}, testkit.GIFControl(0, 7, -1), []byte{0}, image, []byte{0x3b}))
	assert.True(t, bytes.Equal(want, out), "zeros between blocks")
	assert.NotEmpty(t, found)
}

func TestOutsideTheScreen(t *testing.T) {
	src := join(testkit.GIFHead(20, 20), testkit.GIFImage(15, 15, 10, 10, testkit.GIFPixels(10, 10)), []byte{0x3b})
	_, found := clean(t, src)
	require.Len(t, found, 1)
	assert.Equal(t, meta.LabelHiddenContent, found[0].Label)
	assert.Equal(t, meta.Stays, found[0].Fate)
}

// TestCanaries plants a token in every place of a GIF file where data hides.
func TestCanaries(t *testing.T) {
	tk := []byte(token)
	packet := "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='" + token + "'/></rdf:RDF></x:xmpmeta><?xpacket end='r'?>"
	magic := []byte{1}
	for i := 255; i >= 0; i-- {
		magic = append(magic, byte(i))
	}
	raw := join([]byte("\x21\xff\x0bXMP DataXMP"), []byte(packet), magic, []byte{0})
	coded := testkit.LZW(2, testkit.GIFPixels(31, 17))
	for name, src := range map[string][]byte{
		"comment":         testkit.GIF(testkit.GIFExtension(0xfe, tk)),
		"comments":        testkit.GIF(testkit.GIFExtension(0xfe, tk, tk, bytes.Repeat(tk, 90))),
		"plain text":      testkit.GIF(testkit.GIFExtension(1, make([]byte, 12), tk)),
		"XMP":             testkit.GIF(raw),
		"XMP sub-blocks":  testkit.GIF(testkit.GIFExtension(0xff, []byte("XMP DataXMP"), []byte(packet))),
		"profile":         testkit.GIF(testkit.GIFExtension(0xff, []byte("ICCRGBG1012"), tk)),
		"C2PA":            testkit.GIF(testkit.GIFExtension(0xff, []byte("C2PA_GIF\x01\x00\x00"), tk)),
		"IPTC":            testkit.GIF(testkit.GIFExtension(0xff, []byte("MGKIPTC0000"), tk)),
		"Photoshop":       testkit.GIF(testkit.GIFExtension(0xff, []byte("MGK8BIM0000"), tk)),
		"application":     testkit.GIF(testkit.GIFExtension(0xff, []byte(token+"1.0"), tk)),
		"loop":            testkit.GIF(testkit.GIFExtension(0xff, []byte("NETSCAPE2.0"), append([]byte{1, 0, 0}, tk...))),
		"unknown label":   testkit.GIF(testkit.GIFExtension(0x42, tk)),
		"control":         testkit.GIF(testkit.GIFExtension(0xf9, []byte{0, 0, 0, 0}, tk)),
		"behind the data": grown(testkit.SubBlocks(append(bytes.Clone(coded), tk...))),
		"tail":            append(testkit.GIF(), tk...),
		"behind blocks":   join(testkit.GIFHead(31, 17), testkit.GIFImage(0, 0, 31, 17, testkit.GIFPixels(31, 17)), testkit.GIFExtension(0xfe, tk), []byte{0x3b}),
	} {
		out, found := clean(t, src)
		absent(t, out)
		assert.NotEmpty(t, found, name)
		if name != "loop" { // of which decoders read more or less
			sameFrames(t, src, out)
		}
	}
}

func TestRefused(t *testing.T) {
	image := testkit.GIFImage(0, 0, 31, 17, testkit.GIFPixels(31, 17))
	head := testkit.GIFHead(31, 17)
	code, thin := bytes.Clone(testkit.GIF()), bytes.Clone(testkit.GIF())
	code[len(head)+10], thin[len(head)+10] = 12, 1
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"no image":              {join(head, []byte{0x3b}), meta.ErrMalformed},
		"empty image":           {join(head, testkit.GIFImage(0, 0, 0, 5, nil), []byte{0x3b}), meta.ErrMalformed},
		"code of 12 bits":       {code, meta.ErrMalformed},
		"code of 1 bit":         {thin, meta.ErrMalformed},
		"impossible code":       {grown(testkit.SubBlocks([]byte{0xcc, 0xff, 0xff})), meta.ErrMalformed},
		"decoders go on here":   {join(head, image, []byte("GIF"), image, []byte{0x3b}), meta.ErrMalformed},
		"image behind zeros":    {join(head, image, []byte{0, 'x'}, image, []byte{0x3b}), meta.ErrMalformed},
		"no trailer, no pixels": {join(head, testkit.GIFImage(0, 0, 31, 17, testkit.GIFPixels(31, 16))), meta.ErrTruncated},
		"short control":         {testkit.GIF(testkit.GIFExtension(0xf9, []byte{1, 2, 3})), meta.ErrMalformed},
		"two that differ":       {testkit.GIF(testkit.GIFControl(0, 1, 2), testkit.GIFControl(0, 1, -1)), meta.ErrMalformed},
		"empty control":         {testkit.GIF(testkit.GIFExtension(0xf9)), meta.ErrMalformed},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

// TestTruncated: a file that is cut short is refused, or it is cut between two
// of its frames or in its trailer, where decoders show it.
func TestTruncated(t *testing.T) {
	whole := map[int]bool{}
	at := 0
	for i, p := range testkit.GIFParts() {
		at += len(p)
		if i >= 3 {
			whole[at] = true
		}
		if p[0] == 0x2c {
			whole[at-1] = true // only the terminator is missing
			whole[at-2] = true // and, here, the byte with the rest of the end code
		}
	}
	b := testkit.AnimatedGIF()
	for n := range len(b) {
		out, _, err := testkit.Clean(t, Format, b[:n], meta.Policy{})
		if whole[n] && err == nil {
			sameFrames(t, b[:n], out)
			continue
		}
		require.ErrorIs(t, err, meta.ErrMalformed, "cut to %d", n)
	}
}

func FuzzGIF(f *testing.F) {
	f.Add(testkit.GIF())
	f.Add(testkit.AnimatedGIF())
	f.Add(testkit.GIF(testkit.GIFExtension(0xfe, []byte(token)), testkit.GIFExtension(0xff, []byte("XMP DataXMP"), []byte("<x>"))))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, _, err := testkit.Clean(t, Format, src, meta.Policy{})
		if err == nil {
			sameFrames(t, src, out)
		}
	})
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	testkit.CleanShared(t, Format, sameFrames, "corpus/gif/*")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, sameFrames, "malformed/*.gif")
}

// TestManyBlocks: countless blocks take no countless memory.
func TestManyBlocks(t *testing.T) {
	out, found := clean(t, testkit.GIF(bytes.Repeat(testkit.GIFExtension(0xfe, []byte(token)), 50_000)))
	assert.True(t, bytes.Equal(testkit.GIF(), out))
	assert.Less(t, len(found), 5000)

	parts := [][]byte{testkit.GIFHead(31, 17)}
	for range 15_000 {
		parts = append(parts, testkit.GIFExtension(0xf9, []byte{4, 5, 0, 31}), testkit.GIFImage(0, 0, 1, 1, []byte{1}))
	}
	_, found = clean(t, join(append(parts, []byte{0x3b})...))
	assert.Len(t, found, 1)
}

// BenchmarkParse is a picture of 4 megapixels, with its codes counted.
func BenchmarkParse(b *testing.B) {
	pix := make([]byte, 2000*2000)
	for i := range pix {
		pix[i] = byte(i*i>>7) & 3
	}
	src := join(testkit.GIFHead(2000, 2000), testkit.GIFImage(0, 0, 2000, 2000, pix), []byte{0x3b})
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		_, err := testkit.Parse(Format, src, meta.Policy{})
		require.NoError(b, err)
	}
}
