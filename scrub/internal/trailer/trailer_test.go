package trailer_test

import (
	"encoding/binary"
	"errors"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// text is a source that refuses what a window of a picture would refuse.
type text string

func (s text) Bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off+n > int64(len(s)) || n > 4<<20 {
		return nil, errors.New("out of range")
	}
	return []byte(s[off : off+n]), nil
}

func box(kind string, parts ...string) string {
	data := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(data)))) + kind + data
}

func segment(marker byte, data string) string {
	return string([]byte{0xFF, marker, byte((len(data) + 2) >> 8), byte(len(data) + 2)}) + data
}

func jpeg(exif string) string {
	s := "\xff\xd8"
	if exif != "" {
		s += segment(0xE1, "Exif\x00\x00"+exif)
	}
	return s + segment(0xDB, strings.Repeat("q", 65)) + segment(0xDA, "\x01\x01\x00\x00\x3f\x00") + "data\xff\x00more\xff\xd0rest\xff\xd9"
}

const (
	gpsExif = "MM\x00*\x00\x00\x00\x08\x00\x01\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00"
	mvhd    = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xe8\x00\x00\x0b\x54"
)

func film(udta string) string {
	return box("ftyp", "mp42\x00\x00\x00\x00") + box("moov", box("mvhd", mvhd), box("trak", box("mdia", box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00soun"))), udta) + box("mdat", "frames")
}

// sef is a trailer of Samsung's with one block.
func sef(name, data string) string {
	le := binary.LittleEndian
	b := "\x00\x00\x30\x0a" + string(le.AppendUint32(nil, uint32(len(name)))) + name + data
	dir := "SEFH" + string(le.AppendUint32(nil, 107)) + string(le.AppendUint32(nil, 1)) + "\x00\x00\x30\x0a" +
		string(le.AppendUint32(nil, uint32(len(b)))) + string(le.AppendUint32(nil, uint32(len(b))))
	return b + dir + string(le.AppendUint32(nil, uint32(len(dir)))) + "SEFT"
}

func noise(n int) string {
	b := make([]byte, n)
	rand.New(rand.NewSource(1)).Read(b)
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

func describe(s string) []meta.Finding {
	const before = "the picture"
	return trailer.Describe(text(before+s), int64(len(before)), int64(len(s)))
}

func TestDescribe(t *testing.T) {
	place := box("udta", box("\xa9xyz", "\x00\x12\x15\xc7-08.5069+115.2625/"))
	type says = map[meta.Label]string
	for name, c := range map[string]struct {
		trailer string
		want    says
	}{
		"film":                   {film(place), says{meta.LabelVideo: "MP4, 2.9 s", meta.LabelSound: "", meta.LabelPosition: "-08.5069+115.2625"}},
		"film behind a picture":  {jpeg("") + "\x00\x00" + film(""), says{meta.LabelVideo: "MP4, 2.9 s", meta.LabelSound: "", meta.LabelSecondPicture: "1 JPEG"}},
		"film, cut short":        {film("")[:40], says{meta.LabelVideo: "MP4"}},
		"two pictures":           {jpeg("") + strings.Repeat("\x00", 20) + jpeg(gpsExif), says{meta.LabelSecondPicture: "2 JPEG, Exif, GPS", meta.LabelPosition: ""}},
		"picture, cut short":     {jpeg("")[:90], says{meta.LabelSecondPicture: "1 JPEG"}},
		"PNG":                    {"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND\xaeB`\x82" + film(""), says{meta.LabelSecondPicture: "PNG", meta.LabelVideo: "MP4, 2.9 s", meta.LabelSound: ""}},
		"HEIC":                   {box("ftyp", "heic\x00\x00\x00\x00") + box("mdat", "x"), says{meta.LabelSecondPicture: "HEIC"}},
		"archive":                {"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x08\x00\x00\x00plan.txt", says{meta.LabelHiddenFile: "ZIP: plan.txt"}},
		"document":               {"%PDF-1.7 ...", says{meta.LabelHiddenFile: "PDF"}},
		"sound":                  {"RIFF\x00\x00\x00\x00WAVEfmt ", says{meta.LabelSound: "WAV"}},
		"zeros":                  {strings.Repeat("\x00", 3<<20), says{meta.LabelTrailer: "zeros only"}},
		"text":                   {"Alma was here\n", says{meta.LabelTextOther: "Alma was here"}},
		"noise":                  {noise(3000), says{meta.LabelTrailer: ""}},
		"noise, then an archive": {noise(3000) + "PK\x03\x04" + strings.Repeat("\x00", 30), says{meta.LabelHiddenFile: "ZIP", meta.LabelTrailer: ""}},
		"older PNG":              {noise(3000) + "\x00\x00\x00\x00IEND\xaeB`\x82", says{meta.LabelOlderPicture: ""}},
		"older JPEG":             {noise(3000) + "\xff\xd9", says{meta.LabelOlderPicture: ""}},
		"maker":                  {noise(300) + "/" + "8db42d694ccc418790edff439fe026bf", says{meta.LabelPrivateBlock: "Insta360"}},
		"Samsung, date":          {sef("Image_UTC_Data", "1680646028123"), says{meta.LabelDateTaken: "2023-04-04 22:07:08.123 UTC"}},
		"Samsung, country":       {sef("MCC_Data", "510"), says{meta.LabelPlace: "MCC_Data: 510"}},
		"Samsung, film":          {sef("MotionPhoto_Data", film(place)), says{meta.LabelVideo: "MP4, 2.9 s", meta.LabelSound: "", meta.LabelPosition: "-08.5069+115.2625"}},
		"Samsung, original":      {sef("DualShot_2", jpeg(gpsExif)), says{meta.LabelSecondPicture: "1 JPEG, Exif, GPS", meta.LabelPosition: ""}},
		"Samsung, edit":          {sef("PhotoEditor_Re_Edit_Data", `{"originalPath":"/alma"}`), says{meta.LabelHistory: `PhotoEditor_Re_Edit_Data: {"originalPath":"/alma"}`}},
		"Samsung, unknown":       {"extra" + sef("Whatever", "x"), says{meta.LabelPrivateBlock: "Whatever", meta.LabelTextOther: "extra"}},
		"Samsung, broken":        {"\x00\x00\x00\xffSEFT" + noise(9) + "\xff\xff\xff\xffSEFT", says{meta.LabelTrailer: ""}},
	} {
		assert.Equal(t, c.want, said(describe(c.trailer)), name)
	}
	assert.Nil(t, describe(""))
	assert.Equal(t, says{meta.LabelTrailer: ""}, said(trailer.Describe(text("short"), 2, 1000)), "what cannot be read")
}

func TestSizes(t *testing.T) {
	fs := describe(jpeg("") + film("") + noise(100))
	got := map[meta.Label]int64{}
	for _, f := range fs {
		got[f.Label] = f.Size
	}
	assert.EqualValues(t, len(jpeg("")), got[meta.LabelSecondPicture])
	assert.EqualValues(t, len(film("")), got[meta.LabelVideo])
	assert.EqualValues(t, 100, got[meta.LabelTrailer])
}

// TestBounds: however large and hostile, the reads stay bounded.
func TestBounds(t *testing.T) {
	for name, s := range map[string]string{
		"pictures":  strings.Repeat("\xff\xd8\xff\xe0", 1<<20),
		"archives":  strings.Repeat("PK\x03\x04", 1<<20),
		"films":     strings.Repeat(film(""), 20000),
		"Samsung's": strings.Repeat(sef("MotionPhoto_Data", film("")), 1000),
	} {
		c := &counting{text: text(s)}
		fs := trailer.Describe(c, 0, int64(len(s)))
		assert.NotEmpty(t, fs, name)
		assert.LessOrEqual(t, c.read, int64(65<<20), name)
		assert.LessOrEqual(t, len(fs), 300, name)
	}
}

type counting struct {
	text
	read int64
}

func (c *counting) Bytes(off, n int64) ([]byte, error) { c.read += n; return c.text.Bytes(off, n) }

func FuzzDescribe(f *testing.F) {
	f.Add([]byte(film("")))
	f.Add([]byte("\xff\xd8" + segment(0xE1, "Exif\x00\x00"+gpsExif) + segment(0xDA, "") + "d\xff\xd9"))
	f.Add([]byte(sef("Image_UTC_Data", "1680646028123")))
	f.Add([]byte("xx\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs := describe(string(b))
		require.Equal(t, fs, describe(string(b)), "the same every time")
		require.Equal(t, len(b) == 0, len(fs) == 0, "bytes are never silent")
		require.LessOrEqual(t, len(fs), 300)
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
