package exif_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// said joins the values of findings by label.
func said(fs []meta.Finding) map[meta.Label]string {
	got := map[meta.Label]string{}
	for _, f := range fs {
		if got[f.Label] != "" {
			got[f.Label] += "|"
		}
		got[f.Label] += f.Value
	}
	return got
}

func TestDescribe(t *testing.T) {
	for _, o := range orders {
		block := testkit.PhotoExif(o, 6, "TOKEN")
		fs := exif.Describe(block)
		got := said(fs)
		for label, want := range map[meta.Label]string{
			meta.LabelPosition:     "-8.50690, 115.26250",
			meta.LabelAltitude:     "234.5 m",
			meta.LabelDirection:    "180.5°",
			meta.LabelGPSTime:      "2023:04:04 22:07:08 UTC",
			meta.LabelGPSOther:     "gps TOKEN",
			meta.LabelMaker:        "Maker TOKEN",
			meta.LabelModel:        "Model TOKEN",
			meta.LabelLens:         "Lens TOKEN",
			meta.LabelSerial:       "serial-TOKEN",
			meta.LabelOwner:        "Owner TOKEN",
			meta.LabelAuthor:       "Alma TOKEN",
			meta.LabelCopyright:    "(c) Alma TOKEN",
			meta.LabelHostComputer: "alma-laptop TOKEN",
			meta.LabelSoftware:     "Program TOKEN",
			meta.LabelComment:      "comment TOKEN",
			meta.LabelCaption:      "caption TOKEN|title TOKEN",
			meta.LabelImageID:      "id-TOKEN",
			meta.LabelDateTaken:    "2023:04:05 06:07:08",
			meta.LabelDateChanged:  "2023:04:05 06:07:08 +08:00",
			meta.LabelTimeZone:     "+08:00",
			meta.LabelOrientation:  "90°",
			meta.LabelThumbnail:    "with an Exif block of its own",
			meta.LabelMakerNote:    "",
		} {
			v, ok := got[label]
			assert.True(t, ok, label)
			assert.Equal(t, want, v, label)
		}
		assert.NotContains(t, got, meta.LabelExifBad)
		assert.NotContains(t, got, meta.LabelUnknownBlock)
		for _, f := range fs {
			for _, n := range f.Needles {
				if !strings.HasPrefix(f.Value, "title") { // that one as UTF-8, too
					assert.True(t, bytes.Contains(block, n), "%s: %q is not in the block", f.Label, n)
				}
			}
			if f.Value != "" && f.Kind.Identifies() && f.Size == 0 {
				switch f.Label {
				case meta.LabelAltitude, meta.LabelDirection:
				default:
					assert.NotEmpty(t, f.Needles, f.Label)
				}
			}
		}
	}
}

func TestDescribeValues(t *testing.T) {
	o := binary.LittleEndian
	undefined := func(id uint16, s string) testkit.Tag { return testkit.Tag{ID: id, Type: 7, Value: []byte(s)} }
	sub := func(tags ...testkit.Tag) testkit.Tag { return testkit.Tag{ID: 0x8769, Sub: tags} }
	gps := func(tags ...testkit.Tag) testkit.Tag { return testkit.Tag{ID: 0x8825, Sub: tags} }
	for name, c := range map[string]struct {
		tag   testkit.Tag
		label meta.Label
		want  string
	}{
		"comment in UTF-16, other order": {sub(undefined(0x9286, "UNICODE\x00\x00H\x00e\x00j\x00!")), meta.LabelComment, "Hej!"},
		"comment in UTF-16 with a mark":  {sub(undefined(0x9286, "UNICODE\x00\xff\xfeH\x00e\x00")), meta.LabelComment, "He"},
		"comment without a code":         {sub(undefined(0x9286, "Hello there")), meta.LabelComment, "Hello there"},
		"comment in JIS":                 {sub(undefined(0x9286, "JIS\x00\x00\x00\x00\x00\x1b$B")), meta.LabelComment, "(JIS)"},
		"prompt":                         {sub(undefined(0x9286, "ASCII\x00\x00\x00a cat\nNegative prompt: dog\nSteps: 3, Seed: 5")), meta.LabelPrompt, "a cat Negative prompt: dog Steps: 3, Seed: 5"},
		"date with fraction and zone":    {sub(testkit.Text(0x9003, "2023:04:05 06:07:08"), testkit.Text(0x9291, "123"), testkit.Text(0x9011, "+08:00")), meta.LabelDateTaken, "2023:04:05 06:07:08.123 +08:00"},
		"fraction alone":                 {sub(testkit.Text(0x9291, "123")), meta.LabelDateOther, "123"},
		"copyright in two parts":         {testkit.Text(0x8298, "Alma\x00Berta"), meta.LabelCopyright, "Alma; Berta"},
		"text in an unknown tag":         {testkit.Text(0xBEEF, "Alma was here"), meta.LabelTextOther, "Alma was here"},
		"text in a technical tag":        {testkit.Text(0x829A, "Alma was here"), meta.LabelTextOther, "Alma was here"},
		"text in unknown bytes":          {undefined(0xBEEF, "Alma was here"), meta.LabelTextOther, "Alma was here"},
		"bytes in an unknown tag":        {undefined(0xBEEF, "\x01\x02\x03\x04\x05\x06"), meta.LabelUnknownBlock, "1 value"},
		"owner in the wrong IFD":         {testkit.Text(0xA430, "Alma"), meta.LabelOwner, "Alma"},
		"control characters":             {testkit.Text(0x010F, "a\x1b[31m\u202eb"), meta.LabelMaker, `a\u001b[31m\u202eb`},
		"one coordinate":                 {gps(testkit.Text(3, "W"), testkit.Rationals(o, 4, 15, 1, 30, 1, 0, 1)), meta.LabelPosition, "?, -15.50000"},
		"coordinates in one number":      {gps(testkit.Rationals(o, 2, 155, 10), testkit.Rationals(o, 4, 305, 10)), meta.LabelPosition, "15.50000, 30.50000"},
		"coordinates that are none":      {gps(testkit.Text(2, "15 north of here"), testkit.Text(4, "30 east of here")), meta.LabelPosition, ""},
		"below the sea":                  {gps(testkit.Tag{ID: 5, Type: 1, Value: []byte{1}}, testkit.Rationals(o, 6, 7, 2)), meta.LabelAltitude, "-3.5 m"},
		"other end of the trip":          {gps(testkit.Rationals(o, 0x14, 1, 1, 30, 1, 0, 1), testkit.Rationals(o, 0x16, 2, 1, 0, 1, 0, 1)), meta.LabelPosition, "1.50000, 2.00000"},
		"speed":                          {gps(testkit.Rationals(o, 0x0D, 50, 1)), meta.LabelGPSOther, "1 value"},
		"only a day":                     {gps(testkit.Text(0x1D, "2023:04:04")), meta.LabelGPSTime, "2023:04:04"},
		"a print mark is a setting":      {undefined(0xC4A5, "PrintIM\x000300"), meta.LabelSettings, "1 value"},
		"zeros for padding":              {undefined(0xEA1C, "\x1c\xea\x00\x00\x00\x08\x00\x00"+strings.Repeat("\x00", 100)), meta.LabelSettings, "1 value"},
		"padding that is none":           {undefined(0xEA1C, "\x1c\xea\x00\x00\x00\x08\x00\x00"+strings.Repeat("x", 100)), meta.LabelPrivateBlock, ""},
		"no reception":                   {gps(testkit.Rationals(o, 2, 0, 1, 0, 1, 0, 1), testkit.Rationals(o, 4, 0, 0, 0, 0, 0, 0)), meta.LabelExifBlock, ""},
		"a clock that was never set":     {testkit.Text(0x132, "0000:00:00 00:00:00"), meta.LabelSettings, "1 value"},
	} {
		fs := exif.Describe(testkit.TIFF(o, []testkit.Tag{c.tag}, nil))
		if assert.Len(t, fs, 1+strings.Count(name, "zone"), name) {
			assert.Equal(t, c.label, fs[0].Label, name)
			assert.Equal(t, c.want, fs[0].Value, name)
		}
	}
}

func TestDescribeBehindTheFields(t *testing.T) {
	b := append(exif.Write(exif.Looks{Orientation: 3}, exif.Choices{}), strings.Repeat("secret ", 20)...)
	assert.Contains(t, said(exif.Describe(b)), meta.LabelSurplus)
	assert.NotContains(t, said(exif.Describe(append(b[:26:26], make([]byte, 1000)...))), meta.LabelSurplus)
}

// TestDescribeBroken: what cannot be read is still found and named.
func TestDescribeBroken(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty":      nil,
		"no header":  []byte("Exif is not here"),
		"huge thumb": []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02\x02\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x02\x02\x00\x04\x00\x00\x00\x01\xff\xff\xff\xf0\x00\x00\x00\x00"),
		"huge count": []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\xff\xff\xff\xff\x00\x00\x00\x08\x00\x00\x00\x00"),
		"loops":      loops(),
		"truncated":  testkit.PhotoExif(binary.BigEndian, 6, "TOKEN")[:100],
		"crowded":    crowd(),
	} {
		assert.Contains(t, said(exif.Describe(b)), meta.LabelExifBad, name)
	}
}

// loops is a block in which IFDs point to each other and to themselves: walking
// every pointer would never end.
func loops() []byte {
	b := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x40")
	for range 64 {
		b = append(b, "\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08"...)
	}
	return append(b, 0, 0, 0, 8)
}

// crowd is a block of very many fields that share one long value.
func crowd() []byte {
	const n = 60000
	b := []byte("MM\x00\x2a\x00\x00\x00\x08\xea\x60")
	for range n {
		b = append(b, "\x01\x3b\x00\x02\x00\x08\x00\x00\x00\x00\x00\x08"...)
	}
	return append(b, make([]byte, 1<<19)...)
}

func FuzzDescribe(f *testing.F) {
	for _, o := range orders { // small seeds: the fuzzer shortens what it finds, in quadratic time
		f.Add(testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, 8), testkit.Text(0x10F, "maker")}, []byte("thumb")))
		f.Add(testkit.TIFF(o, []testkit.Tag{{ID: 0x8769, Sub: []testkit.Tag{{ID: 0x9286, Type: 7, Value: []byte("UNICODE\x00a\x00")}}}}, nil))
		f.Add(testkit.TIFF(o, []testkit.Tag{{ID: 0x8825, Sub: []testkit.Tag{testkit.Text(1, "S"), testkit.Rationals(o, 2, 1, 2, 3, 4, 5, 6)}}}, nil))
		f.Add(testkit.TIFF(o, []testkit.Tag{testkit.Text(0x9003, "2023:04:05 06:07:08"), testkit.Text(0x9291, "1")}, nil))
	}
	exif.Describe(testkit.PhotoExif(orders[0], 6, "TOKEN")) // loads what is loaded once
	f.Fuzz(func(t *testing.T, b []byte) {
		fs := exif.Describe(b)
		require.Equal(t, fs, exif.Describe(b), "the same every time")
		require.NotEmpty(t, fs)
		require.LessOrEqual(t, len(fs), 105)
		for _, g := range fs {
			require.Equal(t, meta.Show(g.Value), g.Value)
			require.Equal(t, meta.Stays, g.Fate, "the formats say what becomes of it")
			require.LessOrEqual(t, g.Size, int64(len(b)))
			for _, n := range g.Needles {
				require.LessOrEqual(t, len(n), 3*256)
			}
		}
	})
}

func BenchmarkDescribe(b *testing.B) {
	block := testkit.PhotoExif(binary.BigEndian, 6, "TOKEN")
	for b.Loop() {
		exif.Describe(block)
	}
}
