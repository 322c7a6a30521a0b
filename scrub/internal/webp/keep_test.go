package webp

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func TestOrientation(t *testing.T) {
	for o := range uint16(10) {
		for _, before := range []string{"", "Exif\x00\x00"} {
			block := []byte(before + string(testkit.PhotoExif(binary.LittleEndian, o, token)))
			other := testkit.PhotoExif(binary.LittleEndian, 3, token)
			out, found := clean(t, riff(vp8x(flagExif), testkit.VP8, ck("EXIF", block), ck("EXIF", other)))
			absent(t, out, token)
			want := riff(testkit.VP8)
			if o >= 2 && o <= 8 {
				want = riff(vp8x(flagExif), testkit.VP8, ck("EXIF", exif.Write(exif.Looks{Orientation: int(o)}, exif.Choices{})))
				assert.Contains(t, labels(found, meta.Stays), meta.LabelOrientation)
			}
			assert.Equal(t, want, out, "orientation %d", o)
		}
	}
	out, _ := clean(t, riff(vp8x(0), testkit.VP8, ck("EXIF", photo)))
	assert.Equal(t, riff(testkit.VP8), out, "viewers do not read what VP8X does not announce")
	only := ck("EXIF", exif.Write(exif.Looks{Orientation: 6}, exif.Choices{}))
	out, found := clean(t, riff(vp8x(0), testkit.VP8, only))
	assert.Equal(t, riff(testkit.VP8), out)
	assert.Contains(t, labels(found, meta.Removed), meta.LabelOrientation)
}

func labels(fs []meta.Finding, f meta.Fate) (out []meta.Label) {
	for _, g := range fs {
		if g.Fate == f {
			out = append(out, g.Label)
		}
	}
	return out
}

func TestKeep(t *testing.T) {
	for _, src := range [][]byte{riff(vp8x(flagExif), testkit.VP8, ck("EXIF", photo)), riff(testkit.VP8, ck("EXIF", photo))} {
		out, p, err := testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepCredit})
		require.NoError(t, err)
		assert.Contains(t, string(out), "Alma "+token)
		assert.NotContains(t, string(out), "2023:04:05")
		assert.NotContains(t, string(out), "Maker")
		assert.Contains(t, labels(p.Findings, meta.Kept), meta.LabelAuthor)
		out, _, err = testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepDate})
		require.NoError(t, err)
		assert.Contains(t, string(out), "2023:04:05 06:07:08")
		absent(t, out, token)
	}
}

func TestAlphaFlag(t *testing.T) {
	out, _ := clean(t, riff(vp8x(flagAlpha), testkit.VP8))
	assert.Equal(t, riff(testkit.VP8), out, "no alpha, no flag")
	out, _ = clean(t, riff(vp8x(0), testkit.ALPH, testkit.VP8))
	assert.Equal(t, riff(vp8x(flagAlpha), testkit.ALPH, testkit.VP8), out, "alpha, announced or not")
	out, _ = clean(t, riff(vp8x(flagAlpha), testkit.VP8L))
	assert.Equal(t, riff(testkit.VP8L), out, "VP8L says it itself")
	anim := ck("ANIM", make([]byte, 6))
	src := riff(vp8x(flagAlpha|flagAnimation), anim, testkit.ANMF(testkit.VP8))
	out, _ = clean(t, src)
	assert.Equal(t, src, out, "in an animation it may mean the canvas")
}
