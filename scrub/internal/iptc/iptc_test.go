package iptc_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/iptc"
	"tabir/scrub/meta"
)

func dataset(record, id byte, v string) string {
	return string([]byte{0x1C, record, id, byte(len(v) >> 8), byte(len(v))}) + v
}

func resource(id uint16, name, data string) string {
	b := append([]byte("8BIM"), byte(id>>8), byte(id), byte(len(name)))
	b = append(b, name...)
	if len(name)&1 == 0 {
		b = append(b, 0)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, data...)
	if len(data)&1 == 1 {
		b = append(b, 0)
	}
	return string(b)
}

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

var datasets = dataset(1, 90, "\x1b%G") + dataset(2, 0, "\x00\x04") + dataset(2, 80, "Ålma") + dataset(2, 90, "Ubud") + dataset(2, 101, "Bali") +
	dataset(2, 120, "at the beach") + dataset(2, 25, "beach") + dataset(2, 25, "Berta") + dataset(2, 55, "20230405") + dataset(2, 60, "060708+0800") +
	dataset(2, 110, "Alma's Photos") + dataset(2, 116, "(c) Alma") + dataset(2, 118, "+62 812 3456") + dataset(2, 233, "vendor text") + dataset(2, 234, "\x01\x02\x03")

func TestDescribeIIM(t *testing.T) {
	want := map[meta.Label]string{
		meta.LabelAuthor: "Ålma", meta.LabelPlace: "Ubud|Bali", meta.LabelCaption: "at the beach", meta.LabelKeywords: "beach, Berta",
		meta.LabelDateTaken: "20230405 060708+0800", meta.LabelCopyright: "Alma's Photos|(c) Alma", meta.LabelContact: "+62 812 3456",
		meta.LabelTextOther: "vendor text", meta.LabelIPTCBlock: "3 values",
	}
	assert.Equal(t, want, said(iptc.DescribeIIM([]byte(datasets))))
	assert.Equal(t, "Ålma", said(iptc.DescribeIIM([]byte(dataset(2, 80, "\xc5lma"))))[meta.LabelAuthor], "Latin-1 where nothing else is said")
	long := "\x1c\x02\x78\x80\x04\x00\x00\x00\x05hello"
	assert.Equal(t, "hello", said(iptc.DescribeIIM([]byte(long)))[meta.LabelCaption])
	for _, f := range iptc.DescribeIIM([]byte(dataset(1, 90, "\x1b%G") + dataset(2, 0, "\x00\x04") + "\x00")) {
		assert.False(t, f.Kind.Identifies(), "%+v", f)
	}
}

func TestDescribeIRB(t *testing.T) {
	block := resource(0x0404, "", datasets) + resource(0x040C, "", strings.Repeat("x", 128)) + resource(0x0422, "", "Exif\x00\x00MM\x00*") +
		resource(0x0424, "", "<x:xmpmeta/>") + resource(0x040B, "", "https://example.org/alma") + resource(0x0425, "", "0123456789abcdef") +
		resource(0x03ED, "", "resolution......") + resource(0x0421, "", "\x00\x00\x00\x01\x01\x00\x00\x00\x0f\x00A\x00d\x00o\x00b\x00e\x00 \x00P\x00h\x00o\x00t\x00o") +
		resource(0x2710, "", "flags") + resource(0x1234, "layer of Alma", "\x01\x02")
	fs, exif, xmp := iptc.DescribeIRB([]byte(block))
	got := said(fs)
	assert.Equal(t, [][]byte{[]byte("MM\x00*")}, exif)
	assert.Equal(t, [][]byte{[]byte("<x:xmpmeta/>")}, xmp)
	assert.Equal(t, "Ålma", got[meta.LabelAuthor])
	assert.Equal(t, "+62 812 3456|https://example.org/alma", got[meta.LabelContact])
	assert.Equal(t, "Adobe Photo", got[meta.LabelSoftware])
	assert.Equal(t, "vendor text|layer of Alma", got[meta.LabelTextOther])
	assert.Contains(t, got, meta.LabelThumbnail)
	assert.Contains(t, got, meta.LabelImageID)
	assert.Equal(t, "6 values", got[meta.LabelIPTCBlock])
	for _, f := range fs {
		if f.Label == meta.LabelThumbnail {
			assert.EqualValues(t, 100, f.Size)
		}
		for _, n := range f.Needles {
			assert.True(t, f.Label == meta.LabelSoftware || strings.Contains(block, string(n)), "%s: %q", f.Label, n)
		}
	}
}

func TestHarmless(t *testing.T) {
	fs, exif, xmp := iptc.DescribeIRB([]byte(resource(0x03ED, "", "resolution......") + resource(0x0404, "", "")))
	assert.Empty(t, exif)
	assert.Empty(t, xmp)
	require.Len(t, fs, 1)
	assert.Equal(t, meta.Settings, fs[0].Kind)
}

// TestBroken: what cannot be read is still found, with its size.
func TestBroken(t *testing.T) {
	for name, b := range map[string]string{
		"no resource":     "Alma was here, 12 bytes and more",
		"length too long": resource(0x0404, "", datasets)[:40],
		"surplus":         resource(0x03ED, "", "ok") + "Alma was here",
		"bad datasets":    resource(0x0404, "", "\x1c\x02\x78\xff\xff123"),
		"no datasets":     resource(0x0404, "", "Alma was here"),
		"crowded":         resource(0x0404, "", strings.Repeat(dataset(2, 25, "k"), 1<<18)),
	} {
		fs, _, _ := iptc.DescribeIRB([]byte(b))
		assert.Contains(t, said(fs), meta.LabelUnknownBlock, name)
	}
	for _, b := range []string{"", "8BIM"} {
		fs, _, _ := iptc.DescribeIRB([]byte(b))
		require.NotEmpty(t, fs)
		assert.True(t, fs[0].Kind.Identifies(), "an empty block is odd enough")
	}
}

func FuzzDescribe(f *testing.F) {
	f.Add([]byte(resource(0x0404, "n", dataset(2, 80, "A"))))
	f.Add([]byte(resource(0x0424, "", "<x/>")))
	f.Add([]byte(dataset(2, 25, "k") + dataset(2, 25, "l")))
	f.Add([]byte(resource(0x0421, "", "\x00\x00\x00\x01\x01\x00\x00\x00\x04\x00A\x00d\x00o\x00b")))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs, exif, xmp := iptc.DescribeIRB(b)
		again, _, _ := iptc.DescribeIRB(b)
		require.Equal(t, fs, again, "the same every time")
		require.LessOrEqual(t, len(exif), 8)
		require.LessOrEqual(t, len(xmp), 8)
		for _, fs := range [][]meta.Finding{fs, iptc.DescribeIIM(b)} {
			require.NotEmpty(t, fs)
			require.LessOrEqual(t, len(fs), 102)
			for _, g := range fs {
				require.Equal(t, meta.Show(g.Value), g.Value)
				require.Equal(t, meta.Stays, g.Fate)
				require.LessOrEqual(t, g.Size, int64(len(b)))
				for _, n := range g.Needles {
					require.LessOrEqual(t, len(n), 256)
				}
			}
		}
	})
}
