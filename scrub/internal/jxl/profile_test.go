package jxl

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// withTag is a profile with one more tag.
func withTag(p []byte, name string, data []byte) []byte {
	n := binary.BigEndian.Uint32(p[iccHead:])
	out := append(bytes.Clone(p[:iccHead]), binary.BigEndian.AppendUint32(nil, n+1)...)
	for e := p[iccHead+4:][:12*n]; len(e) > 0; e = e[12:] {
		out = append(out, e[:4]...)
		out = binary.BigEndian.AppendUint32(out, binary.BigEndian.Uint32(e[4:])+12)
		out = append(out, e[8:12]...)
	}
	out = append(out, name...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(p)+12))
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	out = append(append(out, p[iccHead+4+12*n:]...), data...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// headerOf is the header of a codestream.
func headerOf(t testing.TB, b []byte) header {
	t.Helper()
	r := &reader{s: newStream(testkit.Window(b), []plan.Span{{Len: int64(len(b))}})}
	h := r.readHeader()
	require.NoError(t, r.err)
	return h
}

// recoloured is the codestream of the vector that has a profile, with another one
// in the given form.
func recoloured(t testing.TB, coded []byte) []byte {
	t.Helper()
	src := bares(t)["profile"]
	h := headerOf(t, src)
	w := &writer{}
	w.bits(uint64(src[h.iccAt>>3]), int(h.iccAt&7))
	w.profile(coded)
	return bytes.Join([][]byte{src[:h.iccAt>>3], w.b, src[h.end:]}, nil)
}

// TestProfile: the profile inside a codestream is written anew, wherever the parts
// of the codestream end.
func TestProfile(t *testing.T) {
	named := bytes.Replace(icc.Named("Display P3"), []byte("Display P3"), []byte("of Wayan P"), 1)
	require.NotEqual(t, icc.Named("Display P3"), named)
	secret := withTag(named, "dmnd", []byte("text\x00\x00\x00\x00the display of "+token+"\x00"))
	src := recoloured(t, predict(secret))
	l, err := ReadLook(testkit.Window(src))
	require.NoError(t, err)
	assert.Equal(t, secret, l.Profile)
	want := recoloured(t, predict(icc.Named("Display P3")))

	out, found := clean(t, src)
	assert.Equal(t, want, out)
	assert.NotEmpty(t, labels(found, meta.Removed), "its texts")
	again, found := clean(t, out)
	assert.Equal(t, out, again)
	assert.Empty(t, labels(found, meta.Removed))
	l, err = ReadLook(testkit.Window(out))
	require.NoError(t, err)
	assert.Equal(t, icc.Named("Display P3"), l.Profile)

	for n := 3; n < len(src)-3; n += 1 + n/7 {
		cut := wrap(jxlp(0, false, src[:n]), jxlp(1, false, src[n:n+2]), jxlp(2, true, src[n+2:]))
		out, _ := clean(t, cut)
		assert.Equal(t, wrap(jxlc(want)), out, n)
		l, err := ReadLook(testkit.Window(cut))
		require.NoError(t, err)
		assert.Equal(t, secret, l.Profile)
	}

	// One that is not understood may hold anything.
	for at, v := range map[int]string{16: "XXXX", 12: "link", 8: "\x09"} {
		odd := bytes.Clone(secret)
		copy(odd[at:], v)
		_, _, err = testkit.Clean(t, Format, recoloured(t, predict(odd)), meta.Policy{})
		assert.ErrorIs(t, err, meta.ErrUnsupported, v)
		assert.ErrorContains(t, err, "colour profile", v)
	}

	_, _, err = testkit.Clean(t, Format, recoloured(t, []byte("\x05\x00too short")), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)
}

// TestPrediction has each command of a coded profile (E.4.4, E.4.5) once.
func TestPrediction(t *testing.T) {
	head := make([]byte, iccHead)
	make := func(commands, data string, rest string) {
		t.Helper()
		want := strings.Repeat("\x00", iccHead) + rest
		b := binary.AppendUvarint(nil, uint64(len(want)))
		b = append(binary.AppendUvarint(b, uint64(len(commands))), commands...)
		for i := range iccHead {
			b = append(b, head[i]-foretell(head, len(want), i))
		}
		got, err := unpredict(append(b, data...), 1<<20)
		require.NoError(t, err, "%q", commands)
		assert.Equal(t, want, string(got), "%q", commands)
	}
	u32 := func(v ...uint32) (s string) {
		for _, x := range v {
			s += string(binary.BigEndian.AppendUint32(nil, x))
		}
		return s
	}
	make("\x00\x01\x03", "abc", "abc")
	make("\x00\x02\x05", "acebd", "abcde")                                                   // bytes of pairs
	make("\x00\x03\x06", "adbecf", "abcdef")                                                 // bytes of fours: the last row is short
	make("\x00\x0a", "123456789012", "XYZ \x00\x00\x00\x00123456789012")                     // a point
	make("\x00\x15\x01\x01", "x", "curv\x00\x00\x00\x00x")                                   // a type
	make("\x00\x01\x03\x04\x00\x03", "\x01\x02\x03\x01\x01\x01", "\x01\x02\x03\x04\x05\x06") // as the one before
	make("\x00\x01\x03\x04\x04\x03", "\x01\x03\x05\x00\x00\x01", "\x01\x03\x05\x07\x09\x0c") // goes on in a line
	make("\x00\x01\x06\x04\x05\x04", "\x00\x01\x00\x03\x00\x05\x00\x00\x00\x01", "\x00\x01\x00\x03\x00\x05\x00\x07\x00\x0a")
	make("\x00\x01\x08\x04\x13\x08\x04", "\x00\x00\x00\x05\x00\x00\x00\x07\x00\x00\x00\x01", "\x00\x00\x00\x05\x00\x00\x00\x07\x00\x00\x00\x06")
	// Tags: three curves at 300 of 14 bytes, three points behind them, one by its name.
	make("\x05\xc2\xac\x02\x0e\x03\x01\x00\x01\x02", "dmndOK", u32(4)+
		"rTRC"+u32(300, 14)+"gTRC"+u32(300, 14)+"bTRC"+u32(300, 14)+
		"rXYZ"+u32(314, 20)+"gXYZ"+u32(334, 20)+"bXYZ"+u32(354, 20)+"dmnd"+u32(334, 20)+"OK")
}

func FuzzUnpredict(f *testing.F) {
	f.Add(predict(icc.Named("sRGB")))
	f.Add([]byte("\x85\x01\x02\x00\x15"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := unpredict(b, 1<<16)
		if err != nil {
			require.ErrorIs(t, err, meta.ErrMalformed)
			return
		}
		again, err := unpredict(predict(p), 1<<16)
		require.NoError(t, err)
		require.True(t, bytes.Equal(p, again))
	})
}
