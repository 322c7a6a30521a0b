package c2pa_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/meta"
)

func box(kind string, parts ...string) string {
	data := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(data)))) + kind + data
}

// super is a superbox with a description of a type and a label.
func super(kind, label string, parts ...string) string {
	return box("jumb", box("jumd", kind, "\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71", "\x03", label, "\x00")+strings.Join(parts, ""))
}

// text and pairs are CBOR.
func text(s string) string {
	if len(s) < 24 {
		return string(rune(0x60+len(s))) + s
	}
	return "\x78" + string([]byte{byte(len(s))}) + s
}

func pairs(kv ...string) string { return string([]byte{0xA0 + byte(len(kv)/2)}) + strings.Join(kv, "") }

const (
	id     = "urn:uuid:5a08e472-974c-422e-b38a-d6c7326481a5"
	name   = "\x06\x03\x55\x04\x03\x0c\x0bAlma Signer"
	author = `{"@type":"CreativeWork","author":[{"@type":"Person","name":"Alma"}],"description":"at home"}`
)

func manifest() string {
	return super("c2pa", "c2pa", super("c2ma", id,
		super("c2as", "c2pa.assertions",
			super("\x40\xcb\x0c\x32", "c2pa.thumbnail.claim.jpeg", box("bfdb", "\x00image/jpeg\x00"), box("bidb", "\xff\xd8thumb")),
			super("\x40\xcb\x0c\x32", "vendor.data", box("bfdb", "\x01text/plain\x00notes.txt\x00"), box("bidb", "notes")),
			super("json", "stds.schema-org.CreativeWork", box("json", author)),
			super("cbor", "c2pa.actions", box("cbor", pairs(text("actions"), "\x82"+pairs(text("softwareAgent"), text("Editor 3"), text("when"), "\xc0"+text("2023-04-05T06:07:08Z"))+
				"\xbf"+text("softwareAgent")+"\xa1"+text("name")+text("Other")+"\xff"))),
			super("cbor", "stds.exif", box("cbor", pairs(text("exif:GPSLatitude"), text("8,30.4S"), text("exif:GPSSpeed"), text("3/1"), text("tiff:Make"), text("Maker")))),
			super("cbor", "c2pa.location.broad", box("cbor", pairs(text("region"), text("Bali")))),
		),
		super("c2cl", "c2pa.claim", box("cbor", pairs(text("claim_generator"), text("Camera 1"), text("dc:title"), text("IMG_1.jpg"), text("instanceID"), text("xmp:iid:1")))),
		super("c2cs", "c2pa.signature", box("cbor", "\xd2\x84", name)),
	))
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

func TestDescribe(t *testing.T) {
	want := map[meta.Label]string{
		meta.LabelC2PA:       "1 manifest|Alma Signer",
		meta.LabelImageID:    id + "|xmp:iid:1",
		meta.LabelThumbnail:  "",
		meta.LabelHiddenFile: "",
		meta.LabelFilePath:   "notes.txt|IMG_1.jpg",
		meta.LabelAuthor:     "Alma",
		meta.LabelCaption:    "at home",
		meta.LabelSoftware:   "Editor 3|Other|Camera 1",
		meta.LabelDateOther:  "2023-04-05T06:07:08Z",
		meta.LabelPosition:   "8,30.4S",
		meta.LabelGPSOther:   "3/1",
		meta.LabelMaker:      "Maker",
		meta.LabelPlace:      "Bali",
	}
	m := manifest()
	fs := c2pa.Describe([]byte(m))
	assert.Equal(t, want, said(fs))
	assert.EqualValues(t, len(m), fs[0].Size)
	for _, f := range fs {
		for _, n := range f.Needles {
			assert.Contains(t, m, string(n))
		}
	}
	long := "\x00\x00\x00\x01jumb\x00\x00\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(m)+8))) + m[8:]
	assert.Equal(t, want, said(c2pa.Describe([]byte(long))), "with a length of 64 bits")
	toEnd := "\x00\x00\x00\x00" + m[4:]
	assert.Equal(t, want, said(c2pa.Describe([]byte(toEnd))), "with a length to the end")
}

func TestOthers(t *testing.T) {
	got := said(c2pa.Describe([]byte(super("j360", "JPEG360", box("xml ", "<a/>")))))
	assert.Equal(t, map[meta.Label]string{meta.LabelPrivateBlock: "JPEG360"}, got)
	for _, b := range []string{"", "jumb", "\x00\x00\x00\x01jumb\xff\xff\xff\xff\xff\xff\xff\xff", manifest()[:100], strings.Repeat("\x00\x00\x00\x00jumb", 1000)} {
		fs := c2pa.Describe([]byte(b))
		require.NotEmpty(t, fs)
		assert.True(t, fs[0].Kind.Identifies())
	}
}

func FuzzDescribe(f *testing.F) {
	f.Add([]byte(super("cbor", "c2pa.claim", box("cbor", pairs(text("instanceID"), text("x"))))))
	f.Add([]byte(super("json", "c2pa", box("json", `{"when":["a",{"b":"c"}]}`))))
	f.Add([]byte(super("c2cs", "c2pa.signature", box("cbor", name))))
	f.Add([]byte(box("bfdb", "\x01a\x00b\x00")))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs := c2pa.Describe(b)
		require.Equal(t, fs, c2pa.Describe(b), "the same every time")
		require.NotEmpty(t, fs)
		require.LessOrEqual(t, len(fs), 81)
		for _, g := range fs {
			require.Equal(t, meta.Show(g.Value), g.Value)
			require.Equal(t, meta.Stays, g.Fate)
			require.LessOrEqual(t, g.Size, int64(len(b)))
			for _, n := range g.Needles {
				require.LessOrEqual(t, len(n), 256)
			}
		}
	})
}
