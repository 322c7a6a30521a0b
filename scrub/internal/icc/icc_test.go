package icc

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

// raw builds a profile with any tags, each element where it falls, and token in
// every header field that colour does not need.
func raw(class, space, pcs string, tags ...tag) []byte {
	out := make([]byte, 132+12*len(tags))
	for i := range out[:128] {
		out[i] = token[i%8]
	}
	copy(out[8:], "\x02\x10\x00\x00")
	copy(out[12:], class+space+pcs)
	copy(out[36:], "acsp")
	copy(out[64:], "\x00\x00\x00\x01")
	be := binary.BigEndian
	be.PutUint32(out[128:], uint32(len(tags)))
	for i, t := range tags {
		e := out[132+12*i:]
		copy(e, t.sig)
		be.PutUint32(e[4:], uint32(len(out)))
		be.PutUint32(e[8:], uint32(len(t.data)))
		out = append(out, t.data...)
		out = append(out, token...) // a gap
	}
	be.PutUint32(out, uint32(len(out)))
	return out
}

func xyz(x, y, z int32) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range []int32{x, y, z} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func gamma(g uint16) []byte {
	return binary.BigEndian.AppendUint16([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), g)
}

// device are the colour tags of a display that is nothing well-known.
func device() []tag {
	return []tag{
		{"rXYZ", xyz(30000, 16000, 900)}, {"gXYZ", xyz(21000, 44000, 6000)}, {"bXYZ", xyz(12000, 5500, 47000)},
		{"rTRC", gamma(0x0220)}, {"gTRC", gamma(0x0221)}, {"bTRC", gamma(0x0222)}, {"wtpt", xyz(63190, 65536, 54061)},
	}
}

// lut is an mft2 element from n channels to Lab.
func lut(n byte) []byte {
	b := append([]byte("mft2\x00\x00\x00\x00"), n, 3, 2, 0)
	b = append(b, make([]byte, 36)...)
	b = append(b, 0, 2, 0, 2)
	points := 1 << n * 3
	return append(b, bytes.Repeat([]byte{9}, 2*(2*int(n)+points+2*3))...)
}

func rewrite(t testing.TB, p []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, fs, err := Rewrite(p)
	require.NoError(t, err)
	again, fs2, err := Rewrite(out)
	require.NoError(t, err)
	require.True(t, bytes.Equal(out, again), "rewriting twice changes nothing")
	require.Len(t, fs2, 1, "a profile of ours tells nothing but colour: %v", fs2)
	require.Equal(t, Space(p), Space(out))
	return out, fs
}

func TestKnownSpaces(t *testing.T) {
	for _, s := range spaces {
		p := s.profile()
		out, fs := rewrite(t, p)
		assert.True(t, bytes.Equal(p, out), s.name)
		assert.Equal(t, s.name, fs[0].Value)
		f, err := parse(p)
		require.NoError(t, err)
		if !s.gray {
			sum := [3]int32{}
			for _, c := range s.xyz {
				for k, v := range c {
					sum[k] += v
				}
			}
			for k, want := range []int32{0xf6d6, 0x10000, 0xd32d} {
				assert.InDelta(t, want, sum[k], 12, "%s: the colorants add up to white", s.name)
			}
			assert.Nil(t, f.tags["kTRC"])
		}
		// The same space in other words: parametric, one byte off, with all sorts of tags around.
		var tags []tag
		for _, sig := range []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "wtpt"} {
			if b := f.tags[sig]; b != nil {
				tags = append(tags, tag{sig, b})
			}
		}
		tags = append(tags, tag{"desc", description(2, "Alma's own display")}, tag{"vcgt", []byte("vcgt\x00\x00\x00\x00" + token)})
		out, fs = rewrite(t, raw("mntr", f.space, "XYZ ", tags...))
		assert.True(t, bytes.Equal(p, out), s.name)
		assert.Greater(t, len(fs), 2, "what goes is named")
	}
}

// TestCanonicalBytes pins our copies: they must be the same on every system.
func TestCanonicalBytes(t *testing.T) {
	h := sha256.New()
	for _, s := range spaces {
		h.Write(s.profile())
	}
	assert.Equal(t, "22c3fd53f56ea36f", fmt.Sprintf("%x", h.Sum(nil))[:16])
}

func TestParametricSRGBIsKnown(t *testing.T) {
	para := []byte("para\x00\x00\x00\x00\x00\x03\x00\x00")
	for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		para = binary.BigEndian.AppendUint32(para, uint32(math.Round(v*65536)))
	}
	s := spaces[1]
	var tags []tag
	for i, c := range []string{"r", "g", "b"} {
		tags = append(tags, tag{c + "XYZ", xyz(s.xyz[i][0]+20, s.xyz[i][1]-20, s.xyz[i][2])}, tag{c + "TRC", para})
	}
	out, _ := rewrite(t, raw("mntr", "RGB ", "XYZ ", tags...))
	assert.True(t, bytes.Equal(s.profile(), out))
	tags[0].data = xyz(s.xyz[0][0]+200, s.xyz[0][1], s.xyz[0][2])
	out, fs := rewrite(t, raw("mntr", "RGB ", "XYZ ", tags...))
	assert.False(t, bytes.Equal(s.profile(), out), "another red is another space")
	assert.Equal(t, meta.LabelDeviceProfile, fs[0].Label)
}

func TestNothingButColourStays(t *testing.T) {
	for name, p := range map[string][]byte{
		"matrix": raw("mntr", "RGB ", "XYZ ", device()...),
		"lut":    raw("prtr", "CMYK", "Lab ", tag{"A2B0", lut(4)}, tag{"wtpt", xyz(1, 2, 3)}),
		"grey":   raw("mntr", "GRAY", "XYZ ", tag{"kTRC", gamma(0x0150)}),
	} {
		f, err := parse(p)
		require.NoError(t, err)
		want, _ := rewrite(t, p)
		assert.False(t, bytes.Contains(want, []byte(token)), name)
		tags := make([]tag, 0, 20)
		for _, sig := range f.ordered {
			tags = append(tags, tag{sig, f.tags[sig]})
		}
		for _, sig := range []string{"desc", "cprt", "dmnd", "dmdd", "mmod", "meta", "vcgt", "ndin", "calt", "targ", "tech", "view", "gamt", "pre0", "D2B0", "Zzzz"} {
			more := append(append([]tag{}, tags...), tag{sig, []byte("text\x00\x00\x00\x00" + token)})
			out, _ := rewrite(t, raw(f.class, f.space, f.pcs, more...))
			assert.True(t, bytes.Equal(want, out), "%s with %s", name, sig)
		}
		for i := range tags {
			for _, surplus := range []string{"\x00", "x", token + token + token + token + token + token + token + token} {
				grown := append([]tag{}, tags...)
				grown[i].data = append(append([]byte{}, tags[i].data...), surplus...)
				out, _ := rewrite(t, raw(f.class, f.space, f.pcs, grown...))
				assert.True(t, bytes.Equal(want, out), "%s: %s grown by %d", name, tags[i].sig, len(surplus))
				cut := append([]tag{}, tags...)
				cut[i].data = tags[i].data[:len(tags[i].data)-1]
				whole := raw(f.class, f.space, f.pcs, cut...)
				if _, _, err := Rewrite(whole); err != nil {
					assert.ErrorIs(t, err, meta.ErrMalformed)
				}
			}
		}
	}
}

// TestModernLut takes an mAB element with gaps and padding full of text.
func TestModernLut(t *testing.T) {
	id := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x00")
	be := binary.BigEndian
	b := append([]byte("mAB "+token[:4]), 3, 3, 'x', 'x')
	b = append(b, make([]byte, 20)...)
	put := func(field int, part []byte) {
		be.PutUint32(b[field:], uint32(len(b)))
		b = append(append(b, part...), token...)
	}
	put(12, bytes.Repeat(id, 3))
	put(16, bytes.Repeat([]byte{1}, 48))
	put(20, bytes.Repeat(id, 3))
	clut := append([]byte{2, 2, 2}, token+"45678"...)
	clut = append(clut, 1, 'p', 'a', 'd')
	put(24, append(clut, make([]byte, 24)...))
	put(28, bytes.Repeat(id, 3))
	out, _ := rewrite(t, raw("mntr", "RGB ", "Lab ", tag{"A2B0", b}))
	assert.False(t, bytes.Contains(out, []byte(token[:4])))
	assert.Contains(t, string(out), string(bytes.Repeat([]byte{1}, 48)))
}

func TestRefused(t *testing.T) {
	broken := device()
	broken[0].data = []byte("XYZ \x00\x00\x00\x00")
	for name, c := range map[string]struct {
		p   []byte
		err error
	}{
		"empty":          {nil, meta.ErrMalformed},
		"text":           {bytes.Repeat([]byte("no profile"), 20), meta.ErrMalformed},
		"named colours":  {raw("nmcl", "RGB ", "XYZ "), meta.ErrUnsupported},
		"device link":    {raw("link", "RGB ", "RGB "), meta.ErrUnsupported},
		"no tags":        {raw("mntr", "RGB ", "XYZ "), meta.ErrMalformed},
		"grey without":   {raw("mntr", "GRAY", "XYZ ", device()...), meta.ErrMalformed},
		"broken element": {raw("mntr", "RGB ", "XYZ ", broken...), meta.ErrMalformed},
		"other space":    {raw("mntr", "HSV ", "XYZ ", device()...), meta.ErrMalformed},
		"wrong channels": {raw("prtr", "CMYK", "Lab ", tag{"A2B0", lut(3)}), meta.ErrMalformed},
		"unknown type":   {raw("mntr", "RGB ", "Lab ", tag{"A2B0", []byte("mpet\x00\x00\x00\x00" + token)}), meta.ErrUnsupported},
	} {
		_, _, err := Rewrite(c.p)
		assert.ErrorIs(t, err, c.err, name)
	}
}

func FuzzRewrite(f *testing.F) {
	for _, s := range spaces {
		f.Add(s.profile())
	}
	f.Add(raw("mntr", "RGB ", "XYZ ", device()...))
	f.Add(raw("prtr", "CMYK", "Lab ", tag{"A2B0", lut(4)}))
	f.Fuzz(func(t *testing.T, p []byte) {
		out, _, err := Rewrite(p)
		if err != nil {
			return
		}
		again, fs, err := Rewrite(out)
		require.NoError(t, err)
		require.True(t, bytes.Equal(out, again))
		require.Len(t, fs, 1)
		require.LessOrEqual(t, len(out), 2*len(p)+4096)
		require.Equal(t, Space(p), Space(out))
	})
}

// TestSystemProfiles rewrites the profiles that this system has and compares
// colours of matrix profiles before and after, in XYZ.
func TestSystemProfiles(t *testing.T) {
	var paths []string
	for _, g := range []string{"/usr/share/color/icc/*.ic[cm]", "/usr/share/color/icc/*/*.ic[cm]"} {
		p, _ := filepath.Glob(g)
		paths = append(paths, p...)
	}
	if len(paths) == 0 {
		t.Skip("this system has no colour profiles in /usr/share/color/icc")
	}
	for _, path := range paths {
		p, err := os.ReadFile(path)
		require.NoError(t, err)
		out, fs, err := Rewrite(p)
		if err != nil {
			t.Logf("%s: %v", path, err)
			continue
		}
		t.Logf("%s: %s %s", filepath.Base(path), fs[0].Label, fs[0].Value)
		a, _ := parse(p)
		b, err := parse(out)
		require.NoError(t, err)
		if a.tags["A2B0"] != nil || a.tags["rXYZ"] == nil {
			continue
		}
		for _, c := range []string{"r", "g", "b"} {
			x, y := curveOf(a.tags[c+"TRC"]), curveOf(b.tags[c+"TRC"])
			for i := range 256 {
				require.InDelta(t, x(float64(i)/255), y(float64(i)/255), nearCurve, path)
			}
			for k := range 3 {
				v := func(p *profile) int32 { return int32(binary.BigEndian.Uint32(p.tags[c+"XYZ"][8+4*k:])) }
				require.InDelta(t, v(a), v(b), nearXYZ*65536, path)
			}
		}
	}
}
