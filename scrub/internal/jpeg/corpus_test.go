package jpeg

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func FuzzJPEG(f *testing.F) {
	vs, _ := filepath.Glob("testdata/*.txt")
	require.NotEmpty(f, vs)
	for _, v := range testkit.Vectors(f, "testdata") {
		f.Add(v.Data, byte(0))
		f.Add(v.Data[:len(v.Data)-2], byte(0))
	}
	f.Add(testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.LittleEndian, 6, token)), testkit.Segment(0xfe, []byte(token))), byte(3))
	f.Add(append(ultraHDR(true, true, nil), film()...), byte(15))
	f.Add(append(testkit.JPEG(), film()...), byte(24))
	f.Fuzz(func(t *testing.T, src []byte, keep byte) {
		out, _, err := testkit.Clean(t, Format, src, meta.Policy{Keep: meta.Keep(keep & 15), NoSound: keep&16 != 0})
		if err == nil {
			samePixels(t, src, out)
		}
	})
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "corpus/jpeg/*")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "malformed/*.jp*g")
}

func BenchmarkParse(b *testing.B) {
	src := testkit.JPEG()
	body := bytes.Repeat([]byte("0123456789abcdef\xff\x00"), 6<<20/18)
	src = append(append(src[:len(src)-2:len(src)-2], body...), 0xff, 0xd9)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := testkit.Parse(Format, src, meta.Policy{}); err != nil {
			b.Fatal(err)
		}
	}
}
