package tiff

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func TestColour(t *testing.T) {
	rgb := bases()["rgb"][0]
	profile := rgbProfile(t)
	out, found := clean(t, build(le, false, with(rgb, blob(tagICC, profile...)), with(rgb, blob(tagICC, profile...))))
	assert.Equal(t, 1, bytes.Count(out, profile), "pages share it")
	assert.NotEmpty(t, found)
	out, _ = clean(t, build(le, false, with(bases()["grey"][0], blob(tagICC, profile...))))
	assert.NotContains(t, string(out), string(profile), "not for grey pictures")
}

// TestFractions asks that numbers stay and letters in their place do not.
func TestFractions(t *testing.T) {
	for _, c := range []struct{ n, d, outN, outD uint64 }{
		{299, 1000, 299, 1000}, {3000000, 10000, 300, 1}, {1, 1<<32 - 1, 0, 1},
		{0x43614e61, 0x52793778, 816991, 1000000}, {4294967295, 14913081, 288, 1}, {0x43614e61, 255, 4433139, 1},
	} {
		out := fractions([]uint64{c.n, c.d})
		assert.Equal(t, []uint64{c.outN, c.outD}, out)
		assert.Equal(t, out, fractions(out), "twice")
	}
	assert.Nil(t, fractions([]uint64{1<<32 - 1, 2}))
	assert.Nil(t, fractions([]uint64{1, 0}))
	rgb := bases()["rgb"][0]
	out, _ := clean(t, build(le, false, with(rgb, ratio(tagWhitePoint, 0x43614e61, 0x52793778, 0x43614e61, 0x52793778),
		ratio(tagXResolution, 0x61436e61, 0x61), ratio(tagYResolution, 0x52613778, 0x52))))
	assert.NotContains(t, string(out), "aNaC")
	assert.NotContains(t, string(out), "aRx7")
}

// rgbProfile is a profile in the form of ours.
func rgbProfile(t *testing.T) []byte {
	t.Helper()
	p := make([]byte, 132)
	copy(p[8:], "\x02\x00\x00\x00mntrRGB XYZ ")
	copy(p[36:], "acsp")
	names := []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}
	be.PutUint32(p[128:], uint32(len(names)))
	at := len(p) + 12*len(names)
	var data []byte
	for i, n := range names {
		b := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33\x00\x00")
		if i < 3 {
			b = []byte("XYZ \x00\x00\x00\x00")
			for k := range 3 {
				b = binary.BigEndian.AppendUint32(b, uint32(1000+9000*((i+k)%3)))
			}
		}
		p = append(p, n...)
		p = binary.BigEndian.AppendUint32(p, uint32(at+len(data)))
		p = binary.BigEndian.AppendUint32(p, uint32(len(b)))
		data = append(data, b...)
	}
	out, _, err := icc.Rewrite(append(p, data...))
	require.NoError(t, err)
	return out
}

func TestKeep(t *testing.T) {
	base := bases()["grey"][0]
	src := build(be, false, with(base, text(tagArtist, "Alma"), text(tagCopyright, "(c) Alma"), text(tagDateTime, "2023:04:05 06:07:08"), text(271, token)),
		with(base, text(tagArtist, "Berta")))
	for _, c := range []struct {
		keep meta.Keep
		want []string
	}{{meta.KeepCredit, []string{"Alma", "(c) Alma"}}, {meta.KeepDate, []string{"2023:04:05 06:07:08"}}, {meta.KeepCredit | meta.KeepDate, []string{"Alma", "(c) Alma", "2023:04:05 06:07:08"}}} {
		out, p, err := testkit.Clean(t, Format, src, meta.Policy{Keep: c.keep})
		require.NoError(t, err)
		var kept []string
		for _, f := range p.Findings {
			if f.Fate == meta.Kept {
				kept = append(kept, f.Value)
				assert.Contains(t, string(out), f.Value)
			}
		}
		assert.Equal(t, c.want, kept)
		assert.NotContains(t, string(out), "Berta")
		absent(t, out)
	}
}
