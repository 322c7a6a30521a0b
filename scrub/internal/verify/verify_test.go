package verify

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// toy is a format of records: a type, a length, and so many bytes. P is picture
// data, L is rewritten to our own block, X tells a name and goes, H is a header
// field that is kept.
var toy = plan.Format{
	Name:  "toy",
	Sniff: func(h []byte) bool { return true },
	Parse: func(w *rd.Window, _ meta.Policy) (*plan.Plan, error) {
		p := plan.New(w.Size())
		for off := int64(0); off < w.Size(); {
			t, err := w.Byte(off)
			if err != nil {
				return nil, err
			}
			n, err := w.Byte(off + 1)
			if err != nil {
				return nil, err
			}
			b, err := w.Bytes(off+2, int64(n))
			if err != nil {
				return nil, err
			}
			size := int64(n) + 2
			switch t {
			case 'P':
				p.Keep(off, 2)
				p.Picture(off+2, int64(n))
			case 'H':
				p.Keep(off, size)
			case 'L':
				p.Replace(off, size, ours)
			default:
				p.Drop(off, size)
				p.Found(meta.Removed, meta.Finding{Kind: meta.Owner, Label: meta.LabelOwner, Needles: [][]byte{b}})
			}
			off += size
		}
		return p, nil
	},
}

var ours = []byte("L\x0aExif\x00\x00our!")

func rec(t byte, payload string) string { return string([]byte{t, byte(len(payload))}) + payload }

// output reads back what it is, whatever is written to it.
type output struct{ rd.Held }

func (o output) Write(b []byte) (int, error) { return len(b), nil }

// written cleans src by the toy format and has harm done to the output before it is read back.
func written(t *testing.T, src string, harm func([]byte) []byte) (Proof, error) {
	t.Helper()
	j := Job{Format: toy, Limits: rd.Default}
	source := rd.Held(src)
	p, err := toy.Parse(rd.New(context.Background(), source, int64(len(src)), rd.Default), meta.Policy{})
	require.NoError(t, err)
	s, err := p.Seal(rd.Default.Pieces)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, s.Write(context.Background(), &out, source))
	b := out.Bytes()
	if harm != nil {
		b = harm(b)
	}
	return j.Write(context.Background(), output{b}, source, s, p.Findings)
}

func TestWritten(t *testing.T) {
	pic := rec('P', "picture data")
	good := rec('L', "whatever") + pic + rec('X', "Alma Tester") + pic
	p, err := written(t, good, nil)
	require.NoError(t, err)
	assert.True(t, p.Holds())
	assert.False(t, Proof{}.Holds())

	for name, c := range map[string]struct {
		src  string
		harm func([]byte) []byte
		says string
	}{
		"a byte of the picture changed":   {good, func(b []byte) []byte { b[len(b)-1]++; return b }, "differ from the source"},
		"our block changed":               {good, func(b []byte) []byte { b[len(ours)-1]++; return b }, "are not what was written"},
		"cut off":                         {good, func(b []byte) []byte { return b[:len(b)-1] }, "file ends at"},
		"something behind the end":        {good, func(b []byte) []byte { return append(b, 0) }, "more bytes than were written"},
		"something to remove is in it":    {good, func(b []byte) []byte { b[len(ours)] = 'X'; return b }, "differ from the source"},
		"the name in a kept field":        {good + rec('H', "by Alma Tester"), nil, "name of the owner of the source is still in it"},
		"the name in UTF-16":              {good + rec('H', "A\x00l\x00m\x00a\x00 \x00T\x00e\x00s\x00t\x00e\x00r\x00"), nil, "still in it"},
		"the name in UTF-16, big end":     {good + rec('H', "\x00A\x00l\x00m\x00a\x00 \x00T\x00e\x00s\x00t\x00e\x00r"), nil, "still in it"},
		"the name in the picture":         {good + rec('P', "\xff\x01Alma Tester\x02\xff"), nil, "still in it"},
		"a signature in a kept field":     {good + rec('H', "Exif\x00\x00MM"), nil, "an Exif block"},
		"a short signature in a field":    {good + rec('H', "..8BIM.."), nil, "a Photoshop block"},
		"a long signature in the picture": {good + rec('P', "..<x:xmpmeta.."), nil, "an XMP block"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := written(t, c.src, c.harm)
			assert.ErrorIs(t, err, meta.ErrUnverified)
			assert.ErrorContains(t, err, c.says)
			assert.False(t, p.Holds())
			assert.NotContains(t, err.Error(), "Alma", "the value itself is never told")
		})
	}

	t.Run("a short signature by chance in the picture", func(t *testing.T) {
		p, err := written(t, good+rec('P', "..8BIM.."), nil)
		require.NoError(t, err)
		assert.True(t, p.Holds())
	})
}

func TestAlone(t *testing.T) {
	j := Job{Format: toy, Limits: rd.Default}
	check := func(src string) (Proof, []meta.Finding, error) {
		return j.Alone(context.Background(), bytes.NewReader([]byte(src)), int64(len(src)))
	}
	p, _, err := check(string(ours) + rec('P', "picture"))
	require.NoError(t, err)
	assert.True(t, p.Holds())

	p, found, err := check(rec('P', "picture") + rec('X', "name"))
	assert.ErrorIs(t, err, meta.ErrUnverified)
	assert.False(t, p.Holds())
	assert.Len(t, found, 1)

	_, _, err = check(rec('L', "not ours"))
	assert.ErrorContains(t, err, "not in the form of a clean file")
	_, _, err = check(string(ours) + rec('H', "8BIM"))
	assert.ErrorContains(t, err, "a Photoshop block")
}

func TestSpellings(t *testing.T) {
	for v, want := range map[string]int{
		"short": 0, "Zürich": 3, "  padded\x00\x00": 3, "12345678": 0, "aaaaaaaaaa": 0, "ababab": 0, "a1b2c3": 3, "\xff\xfe\xfd\xfc\xfb\xfa": 1,
	} {
		assert.Len(t, spellings([]byte(v), meta.Owner), want, "%q", v)
	}
	assert.Len(t, spellings([]byte("2024:01"), meta.Date), 0)
	assert.Len(t, spellings([]byte("20240102"), meta.Date), 3, "dates may be all digits")
	assert.Len(t, spellings([]byte("12345678"), meta.Serial), 3)
	long := bytes.Repeat([]byte("ü-name-"), 100)
	for _, s := range spellings(long, meta.Owner) {
		assert.LessOrEqual(t, len(s), overlap+1)
	}
}

// TestMatcherFindsWhatASearchFinds compares with bytes.Contains.
func TestMatcherFindsWhatASearchFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	letters := func(n, kinds int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = 'a' + byte(r.IntN(kinds))
		}
		return b
	}
	hits := 0
	for range 20000 {
		var ps []sought
		for range 1 + r.IntN(4) {
			ps = append(ps, sought{letters(minBody+r.IntN(4), 2), "it"})
		}
		text := letters(r.IntN(60), 2)
		want := false
		for _, p := range ps {
			want = want || bytes.Contains(text, p.bytes)
		}
		_, got := newMatcher(ps).find(text)
		require.Equal(t, want, got, "%q in %q", ps, text)
		if want {
			hits++
		}
	}
	assert.Greater(t, hits, 1000)
}

// TestChunkBorders plants a needle around every border of the walk.
func TestChunkBorders(t *testing.T) {
	big := plan.Format{Parse: func(w *rd.Window, _ meta.Policy) (*plan.Plan, error) {
		p := plan.New(w.Size())
		p.Keep(0, 100)
		p.Picture(100, w.Size()-100)
		return p, nil
	}}
	j := Job{Format: big, Limits: rd.Default}
	for _, at := range []int{0, 95, chunk - 11, chunk - 10, chunk - 1, chunk, 2*chunk - 5, 3*chunk - 11} {
		src := bytes.Repeat([]byte{0x55, 0xaa, 1}, chunk)
		copy(src[at:], "Alma Tester")
		p, _ := big.Parse(rd.New(context.Background(), bytes.NewReader(src), int64(len(src)), rd.Default), meta.Policy{})
		s, err := p.Seal(10)
		require.NoError(t, err)
		found := []meta.Finding{{Label: "x", Needles: [][]byte{[]byte("Alma Tester")}}}
		_, err = j.Write(context.Background(), output{src}, rd.Held(src), s, found)
		assert.ErrorIs(t, err, meta.ErrUnverified, "at %d", at)
		_, err = j.Write(context.Background(), output{src}, rd.Held(src), s, nil)
		assert.NoError(t, err)
		_, err = j.Write(context.Background(), output{src}, bytes.NewReader(src), s, nil)
		assert.NoError(t, err, "a source that is not in memory")
	}
}

func BenchmarkSweep(b *testing.B) {
	src := make([]byte, 6<<20)
	r := rand.NewChaCha8([32]byte{})
	r.Read(src)
	var fs []meta.Finding
	for range 60 {
		n := make([]byte, 16)
		r.Read(n)
		fs = append(fs, meta.Finding{Kind: meta.Owner, Needles: [][]byte{[]byte(string(n) + " and more of it")}})
	}
	sw := newSweep(fs)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		sw.find(src, 0, []plan.Span{{Off: 0, Len: int64(len(src))}})
	}
}

// failing fails to write behind a number of bytes.
type failing struct {
	output
	left int
}

func (f *failing) Write(b []byte) (int, error) {
	if len(b) > f.left {
		return 0, io.ErrShortBuffer
	}
	f.left -= len(b)
	return len(b), nil
}

// TestBothSides: whichever side fails, the other one ends, and the error is that of the one that failed.
func TestBothSides(t *testing.T) {
	src := rd.Held(bytes.Repeat([]byte{1}, 40*chunk))
	whole := plan.Format{Parse: func(w *rd.Window, _ meta.Policy) (*plan.Plan, error) {
		p := plan.New(w.Size())
		p.Picture(0, w.Size())
		return p, nil
	}}
	p, _ := whole.Parse(rd.New(context.Background(), src, int64(len(src)), rd.Default), meta.Policy{})
	s, err := p.Seal(10)
	require.NoError(t, err)
	j := Job{Format: whole, Limits: rd.Default}
	_, err = j.Write(context.Background(), &failing{output{src}, 20 * chunk}, src, s, nil)
	assert.ErrorIs(t, err, io.ErrShortBuffer)
	assert.ErrorContains(t, err, "writing")

	harmed := bytes.Clone(src)
	harmed[3*chunk] = 2
	_, err = j.Write(context.Background(), output{harmed}, src, s, nil)
	assert.ErrorIs(t, err, meta.ErrUnverified)

	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(io.ErrClosedPipe)
	_, err = j.Write(ctx, output{src}, src, s, nil)
	assert.ErrorIs(t, err, io.ErrClosedPipe)

	// Nobody fails, but not all is written.
	w := newWalk(context.Background(), s, src, src, newSweep(nil))
	found, err := w.follow(io.Discard, func(io.Writer) error { return nil }, func() error { return j.check(w) })
	assert.NoError(t, err)
	assert.ErrorIs(t, found, meta.ErrUnverified)

	j.Format.Parse = func(*rd.Window, meta.Policy) (*plan.Plan, error) { panic("fault") }
	assert.PanicsWithValue(t, "fault", func() { _, _ = j.Write(context.Background(), output{src}, src, s, nil) })
}
