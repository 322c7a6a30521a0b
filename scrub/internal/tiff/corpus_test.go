package tiff

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func FuzzTIFF(f *testing.F) {
	for _, pics := range bases() {
		f.Add(build(le, false, pics...))
		f.Add(build(be, true, pics...))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if !Format.Sniff(src) {
			return
		}
		for _, pol := range []meta.Policy{{}, {Keep: meta.KeepCredit | meta.KeepDate}} {
			if out, _, err := testkit.Clean(t, Format, src, pol); err == nil {
				samePixels(t, src, out)
			}
		}
	})
}

// TestCorpus cleans the real pictures beside the checkout; none is refused.
func TestCorpus(t *testing.T) {
	assert.Empty(t, testkit.CleanShared(t, Format, samePixels, "corpus/tiff/*"))
}

// TestRawPhotos leaves those to others, though they are of the same structure.
func TestRawPhotos(t *testing.T) {
	for p, src := range testkit.Shared(t, "corpus/dng/*", "corpus/raw/*") {
		if Format.Sniff(src) {
			_, err := testkit.Parse(Format, src, meta.Policy{})
			assert.ErrorIs(t, err, meta.ErrUnknownFormat, p)
		}
	}
}

func TestMalformed(t *testing.T) {
	for p, src := range testkit.Shared(t, "malformed/*") {
		if Format.Sniff(src) {
			_, _, err := testkit.Clean(t, Format, src, meta.Policy{})
			t.Logf("%s: %v", p, err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	parts := make([][]byte, 4096)
	for i := range parts {
		parts[i] = make([]byte, wide)
	}
	p := strips(without(basic(1, compNone, 1, 8), tagHeight), 1, parts...)
	src := build(le, false, with(p, long(tagHeight, 4096)))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := testkit.Parse(Format, src, meta.Policy{})
		require.NoError(b, err)
	}
}
