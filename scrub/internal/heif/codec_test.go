package heif

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// nal is a NAL unit with a length of four bytes in front.
func nal(typ byte, payload []byte) []byte {
	return append(testkit.Number(4, uint64(len(payload)+2)), append([]byte{typ << 1, 1}, payload...)...)
}

// obu is an AV1 unit with its size.
func obu(typ byte, payload []byte) []byte {
	return append([]byte{typ<<3 | 2, byte(len(payload))}, payload...)
}

// mastering are the colours of Display P3 and the light of a display.
const mastering = "\x33\xc2\x86\xc4\x1d\x4c\x0b\xb8\x84\xd0\x3e\x80\x3d\x13\x40\x42\x00\x98\x96\x80\x00\x00\x00\x32"

// hdr10 is HDR10+ user data for one window.
func hdr10() []byte {
	return append([]byte{0xb5, 0, 0x3c, 0, 1, 4, 1, 0x40}, make([]byte, 21)...)
}

func TestHDR10Plus(t *testing.T) {
	b := exactHDR10Plus(hdr10())
	require.NotNil(t, b)
	assert.Equal(t, b, exactHDR10Plus(append(bytes.Clone(b), token...)), "exact length")
	assert.Nil(t, exactHDR10Plus(b[:len(b)-1]))
	assert.Nil(t, exactHDR10Plus([]byte("\xb5\x00\x31GA94"+token)))
}

func TestSEI(t *testing.T) {
	display := append([]byte{137, 24}, mastering...)
	light := []byte{144, 4, 1, 2, 3, 4}
	user := append([]byte{5, byte(len(token))}, token...)
	dynamic := exactHDR10Plus(hdr10())
	plus := append([]byte{4, byte(len(dynamic))}, dynamic...)
	other := append([]byte{4, byte(len(token))}, token...)
	hash := append([]byte{132, 17}, make([]byte, 17)...)
	message := func(ms ...[]byte) []byte { return nal(39, escape(append(bytes.Join(ms, nil), 0x80))) }
	for name, c := range map[string]struct{ in, out [][]byte }{
		"what colours need": {[][]byte{message(display), message(light, plus)}, [][]byte{message(display), message(light, plus)}},
		"user data":         {[][]byte{message(user), message(other)}, nil},
		"both in one":       {[][]byte{message(light, user, display, other)}, [][]byte{message(light, display)}},
		"letters for light": {[][]byte{message([]byte("\x90\x04CaNa"), []byte("\x94\x08CaNaRy7x"), append([]byte("\x89\x18"), strings.Repeat(token, 3)...))}, nil},
		"a checksum":        {[][]byte{message(hash)}, nil},
		"bytes behind":      {[][]byte{nal(39, append(bytes.Clone(light), "\x80"+token...))}, [][]byte{message(light)}},
		"a longer message":  {[][]byte{message(append([]byte{144, 12, 1, 2, 3, 4}, token...))}, [][]byte{message(light)}},
		"no message":        {[][]byte{nal(40, []byte(token))}, nil},
		"delimiter, filler": {[][]byte{nal(35, []byte(token)), nal(38, []byte(token)), nal(48, []byte(token)), {0, 0, 0, 0}}, nil},
		"a second layer":    {[][]byte{append(testkit.Number(4, uint64(2+len(token))), append([]byte{0x28, 9}, token...)...)}, nil},
	} {
		for _, behind := range []bool{false, true} {
			f, want := testkit.HEIC(), testkit.HEIC()
			in, out := bytes.Join(c.in, nil), bytes.Join(c.out, nil)
			if behind {
				f.Items[0].Data, want.Items[0].Data = append(bytes.Clone(testkit.HEVCData), in...), append(bytes.Clone(testkit.HEVCData), out...)
			} else {
				f.Items[0].Data, want.Items[0].Data = append(in, testkit.HEVCData...), append(out, testkit.HEVCData...)
			}
			got, found := clean(t, f.Bytes())
			exp, _ := clean(t, want.Bytes())
			assert.Equal(t, exp, got, name)
			assert.Equal(t, bytes.Equal(in, out), len(removed(found)) == 0, name)
			absent(t, got, token)
			for _, split := range []int{1, 3, 5, 9, 30} {
				f.Items[0].Split = split
				got, _ := clean(t, f.Bytes())
				absent(t, got, token)
			}
		}
	}
}

func TestConfigurationUnits(t *testing.T) {
	f := testkit.HEIC()
	conf := bytes.Clone(testkit.HEVCConfig)
	conf[22] += 2
	conf[2], conf[7], conf[13], conf[14], conf[15], conf[19], conf[21] = 0x77, 0x77, 7, 0x77, 3, 0x77, conf[21]|0xc0
	user := append([]byte{39 << 1, 1, 5, byte(len(token))}, token+"\x80"...)
	conf = append(append(conf, 39, 0, 1, 0, byte(len(user))), user...)
	conf = append(append(conf, 63, 0, 1, 0, byte(2+len(token)), 63<<1, 1), token...)
	f.Items[0].Props[0] = testkit.Box("hvcC", conf)
	got, _ := clean(t, f.Bytes())
	want, _ := clean(t, testkit.HEIC().Bytes())
	assert.Equal(t, want, got)
}

func TestOBU(t *testing.T) {
	light := obu(5, []byte{1, 1, 2, 3, 4, 0x80})
	dynamic := exactHDR10Plus(hdr10())
	plus := obu(5, append(append([]byte{4}, dynamic...), 0x80))
	for name, c := range map[string]struct{ in, out []byte }{
		"content light":     {light, light},
		"HDR10+":            {plus, plus},
		"longer":            {obu(5, append([]byte{1, 1, 2, 3, 4, 0x80}, token...)), light},
		"other T.35":        {obu(5, []byte("\x04\xb5\x00\x31"+token)), nil},
		"letters for light": {append(obu(5, []byte("\x01CaNa\x80")), obu(5, []byte("\x02"+strings.Repeat(token, 3)+"\x80"))...), nil},
		"private":           {obu(5, []byte("\x1f"+token)), nil},
		"time code":         {obu(5, []byte("\x05"+token)), nil},
		"padding":           {obu(15, []byte(token)), nil},
		"reserved":          {obu(9, []byte(token)), nil},
		"tile list":         {obu(8, []byte(token)), nil},
		"delimiter of more": {obu(2, []byte(token)), nil},
	} {
		f, want := testkit.AVIF(), testkit.AVIF()
		f.Items[0].Data = append(bytes.Clone(c.in), testkit.AV1Data...)
		want.Items[0].Data = append(bytes.Clone(c.out), testkit.AV1Data...)
		got, _ := clean(t, f.Bytes())
		exp, _ := clean(t, want.Bytes())
		assert.Equal(t, exp, got, name)
		absent(t, got, token)

		f = testkit.AVIF()
		f.Items[0].Props[1] = testkit.Box("av1C", testkit.AV1Config, testkit.AV1Data[2:13], c.in)
		got, _ = clean(t, f.Bytes())
		absent(t, got, token)
	}
}

func TestLayers(t *testing.T) {
	f := testkit.AVIF()
	n := len(testkit.AV1Data)
	pad := obu(15, []byte(token))
	f.Items[0].Data = append(append(bytes.Clone(pad), testkit.AV1Data...), append(pad, testkit.AV1Data...)...)
	f.Items[0].Props = append(f.Items[0].Props, testkit.Box("a1lx", []byte{0}, testkit.Number(2, uint64(n+len(pad))), make([]byte, 4)), testkit.Box("a1op", []byte{1}))
	out, _ := clean(t, f.Bytes())
	i := bytes.Index(out, []byte("a1lx"))
	require.Positive(t, i)
	assert.Equal(t, testkit.Number(2, uint64(n)), out[i+5:i+7], "the size of the layer without what went")
}

func TestRefused(t *testing.T) {
	change := func(f testkit.HEIFFile, c func(*testkit.HEIFFile)) []byte {
		f.Items = append([]testkit.HEIFItem(nil), f.Items...)
		c(&f)
		return f.Bytes()
	}
	b := bases()
	prop := func(typ string) func(*testkit.HEIFFile) {
		return func(f *testkit.HEIFFile) {
			f.Items[0].Props = append(f.Items[0].Props, testkit.Box(typ, []byte("what?")))
		}
	}
	data := func(d []byte) func(*testkit.HEIFFile) {
		return func(f *testkit.HEIFFile) { f.Items[0].Data = d }
	}
	typ := func(typ string) func(*testkit.HEIFFile) {
		return func(f *testkit.HEIFFile) { f.Items[0].Type = typ }
	}
	conf := func(i int, v byte) func(*testkit.HEIFFile) {
		c := bytes.Clone(testkit.HEVCConfig)
		c[i] = v
		return func(f *testkit.HEIFFile) { f.Items[0].Props[0] = testkit.Box("hvcC", c) }
	}
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"needed and unknown":  {change(testkit.HEIC(), prop("zzzz")), meta.ErrUnsupported},
		"predicted":           {change(testkit.HEIC(), prop("rref")), meta.ErrUnsupported},
		"scaled":              {change(testkit.HEIC(), prop("iscl")), meta.ErrUnsupported},
		"JPEG inside":         {change(testkit.HEIC(), typ("jpeg")), meta.ErrUnsupported},
		"AVC inside":          {change(testkit.HEIC(), typ("avc1")), meta.ErrUnsupported},
		"unknown inside":      {change(testkit.HEIC(), typ("abcd")), meta.ErrUnsupported},
		"no configuration":    {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.Items[0].Props = nil }), meta.ErrMalformed},
		"two sizes":           {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.Items[0].Props = append(f.Items[0].Props, testkit.Extent(1, 1)) }), meta.ErrMalformed},
		"turned twice":        {change(b["grid"], func(f *testkit.HEIFFile) { f.Items[2].Props = append(f.Items[2].Props, testkit.Box("irot", []byte{1})) }), meta.ErrMalformed},
		"no such item":        {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.Primary = 5 }), meta.ErrMalformed},
		"two of a number":     {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.Items = append(f.Items, testkit.HEVCItem(1)) }), meta.ErrMalformed},
		"no data":             {change(testkit.HEIC(), data(nil)), meta.ErrMalformed},
		"nothing but SEI":     {change(testkit.HEIC(), data(nal(39, []byte{5, 1, 1, 0x80}))), meta.ErrMalformed},
		"unit too long":       {change(testkit.HEIC(), data(append(bytes.Clone(testkit.HEVCData), 0, 0, 9, 0, 0x28, 1))), meta.ErrTruncated},
		"half a length":       {change(testkit.HEIC(), data(append(bytes.Clone(testkit.HEVCData), 0, 0))), meta.ErrTruncated},
		"forbidden bit":       {change(testkit.HEIC(), data(append(bytes.Clone(testkit.HEVCData), 0, 0, 0, 2, 0xa8, 1))), meta.ErrMalformed},
		"OBU reserved bit":    {change(testkit.AVIF(), data(append(bytes.Clone(testkit.AV1Data), 0x13, 0))), meta.ErrMalformed},
		"OBU too long":        {change(testkit.AVIF(), data(append(bytes.Clone(testkit.AV1Data), 0x32, 9))), meta.ErrTruncated},
		"version of hvcC":     {change(testkit.HEIC(), conf(0, 2)), meta.ErrUnsupported},
		"lengths of 3":        {change(testkit.HEIC(), conf(21, 2)), meta.ErrMalformed},
		"hvcC too short":      {change(testkit.HEIC(), conf(22, 9)), meta.ErrTruncated},
		"tiles missing":       {change(b["grid"], func(f *testkit.HEIFFile) { f.Refs = nil }), meta.ErrMalformed},
		"made of itself":      {change(b["identity"], func(f *testkit.HEIFFile) { f.Refs = []testkit.HEIFRef{{Type: "dimg", From: 2, To: []uint32{2}}} }), meta.ErrMalformed},
		"two lists of inputs": {change(b["grid"], func(f *testkit.HEIFFile) { f.Refs = append(f.Refs, f.Refs[0]) }), meta.ErrMalformed},
		"two transparencies": {change(b["alpha"], func(f *testkit.HEIFFile) {
			it := testkit.AV1Item(3, auxiliary(alphaURN))
			f.Items = append(f.Items, it)
			f.Refs = append(f.Refs, testkit.HEIFRef{Type: "auxl", From: 3, To: []uint32{1}})
		}), meta.ErrMalformed},
		"version of the grid":  {change(b["grid"], func(f *testkit.HEIFFile) { f.Items[2].Data = append([]byte{1}, tiling(1, 2, 1, 1)[1:]...) }), meta.ErrUnsupported},
		"animation":            {change(testkit.AVIF(), func(f *testkit.HEIFFile) { f.Brands[0] = "avis"; f.After = [][]byte{testkit.Box("moov")} }), meta.ErrMalformed},
		"two meta boxes":       {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.FullBox("meta", 0, 0)} }), meta.ErrMalformed},
		"two lists of items":   {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.InMeta = [][]byte{testkit.FullBox("iinf", 0, 0, []byte{0, 0})} }), meta.ErrMalformed},
		"short header":         {append(testkit.Box("ftyp", []byte("mif3\x00\x00\x00\x00")), testkit.Box("mini", []byte(token))...), meta.ErrUnsupported},
		"nothing still":        {append(testkit.Box("ftyp", []byte("msf1\x00\x00\x00\x00")), testkit.Box("moov", []byte(token))...), meta.ErrUnsupported},
		"no meta box":          {testkit.Box("ftyp", []byte("heic\x00\x00\x00\x00")), meta.ErrMalformed},
		"data cut off":         {change(testkit.HEIC(), func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Number(4, 1000), []byte("mdat")} }), meta.ErrTruncated},
		"data in the header":   {bytes.Replace(testkit.HEIC().Bytes(), append(testkit.Number(4, uint64(len(testkit.HEIC().Bytes())-len(testkit.HEVCData))), testkit.Number(4, uint64(len(testkit.HEVCData)))...), append(testkit.Number(4, 40), testkit.Number(4, 30)...), 1), meta.ErrMalformed},
		"another handler":      {bytes.Replace(testkit.HEIC().Bytes(), []byte("pict"), []byte("vide"), 1), meta.ErrUnsupported},
		"data in another item": {bytes.Replace(testkit.HEIC().Bytes(), []byte("\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x01"), []byte("\x00\x01\x00\x02\x00\x00\x00\x01\x00\x00\x01"), 1), meta.ErrUnsupported},
	} {
		_, _, err := testkit.Clean(t, HEIC, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestTransform(t *testing.T) {
	good := []byte{2, 5, 0, 0, 0, 0, 16, 1, 0x82, 2, 0x80}
	out, err := exactTransform(append(bytes.Clone(good), token...), 2)
	require.NoError(t, err)
	assert.Equal(t, good, out)
	for name, b := range map[string][]byte{
		"an input that nobody sees": {0, 1, 1},
		"letters for operators":     append([]byte{0, 3 + byte(len(token)), 1, 2, 0x80}, token...),
		"two results":               {0, 2, 1, 2},
		"no operands":               {0, 2, 1, 0x80},
		"no result":                 {0, 0},
		"a further input":           {0, 5, 1, 2, 0x80, 3, 0x80},
		"cut":                       good[:10],
	} {
		_, err := exactTransform(b, 2)
		assert.Error(t, err, name)
	}
}

// TestLettersAreNoNumbers puts text in the place of colours, sizes and depths.
func TestLettersAreNoNumbers(t *testing.T) {
	text := strings.Repeat(token, 40)
	for typ, n := range map[string]int{"pasp": 8, "clli": 4, "mdcv": 24, "amve": 8, "clap": 32} {
		assert.Nil(t, allowed[typ].exact([]byte(text[:n])), typ)
	}
	f := testkit.AVIF()
	want, _ := clean(t, f.Bytes())
	f.Items[0].Props = append(f.Items[0].Props, testkit.Box("mdcv", []byte(text[:24])), testkit.Box("colr", []byte("nclx"+text[:7])))
	out, found := clean(t, f.Bytes())
	assert.True(t, bytes.Equal(want, out))
	assert.Len(t, found, 2)
	assert.Nil(t, allowed["cclv"].exact([]byte("\x3c"+text[:36])))
	assert.Nil(t, allowed["pixi"].exact([]byte("\x00\x00\x00\x00\xff"+text[:255])))
	assert.NotNil(t, allowed["pixi"].exact([]byte("\x00\x00\x00\x00\x03\x08\x08\x08")))
	assert.NotNil(t, allowed["mdcv"].exact([]byte(mastering)))
	assert.NotNil(t, allowed["clli"].exact([]byte("\x03\xe8\x01\x90")))
	assert.NotNil(t, allowed["amve"].exact([]byte("\x00\x2f\x9b\x98\x3d\x13\x40\x42")))
}
