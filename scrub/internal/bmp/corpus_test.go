package bmp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func FuzzBMP(f *testing.F) {
	for _, m := range testkit.Bitmaps() {
		f.Add(m.Bytes())
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		out, _, err := testkit.Clean(t, Format, src, meta.Policy{})
		if err == nil {
			samePixels(t, src, out)
		}
	})
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "corpus/bmp/*")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "malformed/*.bmp")
}

// BenchmarkParse is a picture of 12 megapixels whose rows are padded.
func BenchmarkParse(b *testing.B) {
	src := testkit.Bitmap{Header: 40, Bits: 24, W: 3999, H: 3000, Pixels: testkit.Rows(3999, 3000, 24)}.Bytes()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		_, err := testkit.Parse(Format, src, meta.Policy{})
		require.NoError(b, err)
	}
}
