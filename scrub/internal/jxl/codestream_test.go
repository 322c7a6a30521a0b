package jxl

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// put is bits in a chain.
func (w *writer) put(v uint64, n int) *writer {
	w.bits(v, n)
	return w
}

// zeros are n fields of one bit.
func (w *writer) zeros(n int) *writer { return w.put(0, n) }

// text is a name of at most 15 bytes.
func (w *writer) text(s string) *writer {
	if s == "" {
		return w.put(0, 2)
	}
	w.put(1, 2).put(uint64(len(s)), 4)
	for _, c := range []byte(s) {
		w.put(uint64(c), 8)
	}
	return w
}

func (w *writer) align() *writer { return w.put(0, -w.n&7) }

// start is a codestream of 64 × 64 pixels up to its metadata.
func start() *writer { return new(writer).put(0x0aff, 16).put(1, 1).put(7, 5).put(1, 3) }

// rest ends metadata without channels of its own: bit depth, 16 bits, channels,
// XYB, sRGB, and, where there are extra fields, tone mapping; no extension.
func (w *writer) rest(extra bool, channels func(w *writer)) *writer {
	w.zeros(3).put(1, 1)
	if channels == nil {
		w.put(0, 2)
	} else {
		channels(w)
	}
	w.put(1, 1).put(1, 1)
	if extra {
		w.put(1, 1)
	}
	return w.put(0, 2).put(1, 1).align() // no transforms
}

// section ends a frame: a table of contents of one section, and that section.
func (w *writer) section(body string) *writer {
	w.put(0, 1).align().put(0, 2).put(uint64(len(body)), 10).align()
	for _, c := range []byte(body) {
		w.put(uint64(c), 8)
	}
	return w
}

// last is a frame that is all default, with some data.
func (w *writer) last() []byte { return w.put(1, 1).section("picture data").b }

func stays(t *testing.T, src []byte) (words []string) {
	t.Helper()
	out, p, err := testkit.Clean(t, Format, append(bytes.Clone(src), "tail"...), meta.Policy{})
	require.NoError(t, err)
	require.Equal(t, src, out, "the codestream ends where it ends")
	for _, f := range p.Findings {
		if f.Fate == meta.Stays {
			words = append(words, string(f.Label)+": "+f.Value)
		}
	}
	return words
}

// TestWhatStays builds codestreams whose headers tell of something.
func TestWhatStays(t *testing.T) {
	plain := start().put(1, 1).put(1, 1).align()
	assert.Empty(t, stays(t, plain.last()))

	turned := start().put(0, 1).put(1, 1).put(5, 3).zeros(3)
	assert.Equal(t, []string{"orientation: 90°"}, stays(t, turned.rest(true, nil).last()))

	intrinsic := start().put(0, 1).put(1, 1).put(0, 3).put(1, 1).put(1, 1).put(3, 5).put(1, 3).zeros(2)
	assert.Empty(t, stays(t, intrinsic.rest(true, nil).last()))

	preview := start().put(0, 1).put(1, 1).put(0, 3).put(0, 1).put(1, 1).put(1, 1).put(1, 2).put(1, 3).zeros(1)
	preview.rest(true, nil).put(1, 1).section("the preview")
	assert.Equal(t, []string{"preview picture: 256 × 256 pixels"}, stays(t, preview.last()))

	preview = start().put(0, 1).put(1, 1).put(0, 3).put(0, 1).put(1, 1).put(0, 1).put(0, 2).put(9, 6).put(0, 3).put(1, 2).put(0, 8).zeros(1)
	preview.rest(true, nil).put(1, 1).section("the preview")
	assert.Equal(t, []string{"preview picture: 65 × 10 pixels"}, stays(t, preview.last()))

	named := start().put(0, 1).put(0, 1).rest(false, func(w *writer) {
		w.put(2, 2).put(3, 4) // five
		w.put(1, 1)
		w.put(0, 1).put(1, 2).zeros(3).put(0, 2).text("how far")                                       // depth
		w.put(0, 1).put(2, 2).put(0, 4).put(1, 1).put(0, 2).put(7, 4).put(0, 2).text("").zeros(4 * 16) // spot colour, floating point
		w.put(0, 1).put(2, 2).put(3, 4).zeros(3).put(0, 2).text("").put(0, 2)                          // colour filter
		w.put(0, 1).put(2, 2).put(1, 4).zeros(3).put(0, 2).text("Alma")                                // selection
	})
	named.zeros(1).put(0, 2).put(0, 1).put(0, 2) // a frame, its type, VarDCT, no flags
	named.put(0, 2).zeros(2*5).put(0, 6).put(0, 2).put(0, 1)
	named.put(2, 2).put(0, 2).put(0, 1).put(0, 2) // blended by the first alpha
	named.zeros(2*5).put(1, 1).text("layer").put(1, 1).put(0, 2).section("data")
	assert.Equal(t, []string{
		"depth map: ", "text: name of a channel: how far", "hidden picture content: further channel",
		"hidden picture content: selection mask", "text: name of a channel: Alma", "text: name of a frame: layer",
	}, stays(t, named.b))

	moving := start().put(0, 1).put(1, 1).put(0, 3).zeros(2).put(1, 1).put(0, 2).put(0, 2).put(0, 2).put(1, 1) // time codes
	moving.rest(true, nil)
	frame := func(kind uint64, fields func()) {
		moving.zeros(1).put(kind, 2).put(0, 1).put(0, 2).put(0, 2).put(0, 6)
		fields()
		moving.put(0, 2).put(1, 1).put(0, 2).section("data")
	}
	frame(regular, func() { // at -2, 0, of 70 × 64 pixels, for one tick, kept for others
		moving.put(0, 2).put(1, 1).put(0, 2).put(3, 8).put(0, 2).put(0, 8).put(0, 2).put(70, 8).put(0, 2).put(64, 8)
		moving.put(0, 2).put(1, 2).put(7, 32).put(0, 1).put(1, 2).put(0, 1)
	})
	frame(reference, func() { moving.put(0, 1).put(1, 2).put(0, 1) })
	frame(skipProgressive, func() { // of two passes
		moving.put(1, 2).put(1, 2).put(0, 2).put(0, 2).put(0, 2).put(0, 1)
		moving.put(0, 2).put(0, 2).put(0, 32).put(0, 1).put(0, 2).put(0, 1)
		moving.put(0, 2).put(1, 1).put(0, 2)
		moving.put(0, 1).align() // four sections for two passes over one group, and one of low frequencies
		for range 5 {
			moving.put(0, 2).put(0, 10)
		}
		moving.align()
		moving.zeros(1).put(regular, 2).put(0, 1).put(0, 2).put(0, 2).put(0, 6)
		moving.put(0, 2).put(0, 1).put(0, 2).put(0, 2).put(0, 32).put(1, 1)
	})
	assert.Equal(t, []string{"date: time codes of the frames", "hidden picture content: parts outside the picture, frames: 1"}, stays(t, moving.b))
}

// TestHeaderFields gives every field of the headers that may follow a value of its own.
func TestHeaderFields(t *testing.T) {
	colour := start().put(0, 1).put(0, 1).zeros(3).put(1, 1).put(0, 2).put(0, 1) // not XYB
	colour.put(0, 1).put(0, 1).put(0, 2)                                         // RGB
	colour.put(2, 2).put(0, 4).put(0, 2).put(5, 19).put(1, 2).put(5, 19)         // white of its own
	colour.put(2, 2).put(0, 4)
	for range 3 {
		colour.put(2, 2).put(5, 20).put(3, 2).put(5, 21)
	}
	colour.put(1, 1).put(45455, 24).put(1, 2).put(0, 2)
	colour.put(0, 1).put(7, 3).zeros(16 * (15 + 55 + 210)).align()
	colour.zeros(1).put(0, 2).put(0, 1).put(0, 2).put(1, 1) // YCbCr
	colour.put(1, 2).put(2, 2).put(3, 2).put(0, 2).put(0, 2).put(0, 1).put(0, 2).put(1, 1).put(0, 2)
	colour.put(0, 1).put(1, 1).put(1, 1).zeros(6*16).put(2, 2)                 // Gabor-like, edge-preserving
	colour.put(1, 1).zeros(8*16).put(1, 1).zeros(5*16).put(1, 1).zeros(4 * 16) // with values of its own
	colour.put(0, 2).put(0, 2).section("data")
	assert.Empty(t, stays(t, colour.b))

	modular := start().put(0, 1).put(1, 1).put(0, 3).zeros(3).zeros(3).put(1, 1).put(0, 2).put(1, 1).put(1, 1)
	modular.put(0, 1).zeros(16*2+1+16).put(0, 2).put(0, 1).put(0, 1).zeros(16*16).put(0, 3).align() // tones, opsin matrix
	modular.zeros(1).put(lowFrequency, 2).put(1, 1).put(0, 2).put(0, 2).put(1, 2).put(0, 2).put(1, 2)
	modular.put(0, 2).put(0, 1).put(0, 1).put(1, 2).put(0, 1).put(1, 1).zeros(3*16).zeros(16).put(0, 2).put(0, 2).section("low")
	modular.zeros(1).put(regular, 2).put(1, 1).put(2, 2).put(32-17, 8) // with the low frequencies of that frame
	modular.put(0, 2).put(0, 2).put(0, 1).put(0, 2).put(1, 1).put(0, 2).put(1, 1).put(0, 2).section("data")
	assert.Empty(t, stays(t, modular.b))
}

// TestEntropyCode reads what lossless pictures begin with, a decision tree and
// the distributions for its leaves, which are coded in all the ways there are.
func TestEntropyCode(t *testing.T) {
	read := 0
	for _, v := range testkit.Vectors(t, "testdata") {
		if v.Expect == "clean" {
			continue
		}
		r := &reader{s: newStream(rd.New(context.Background(), bytes.NewReader(v.Data), int64(len(v.Data)), rd.Default), []plan.Span{{Off: 0, Len: int64(len(v.Data))}})}
		f := r.frame(r.readHeader(), false)
		require.False(t, r.flag(), "no order of its own")
		r.align()
		for range f.sections {
			r.u32(dist{10, 0}, dist{14, 1024}, dist{22, 17408}, dist{30, 4211712})
		}
		r.align()
		require.True(t, r.flag(), "low frequencies are all default")
		require.True(t, r.flag(), "a tree")
		c := r.entropy(6)
		leaves := 0
		for todo := 1; todo > 0 && r.err == nil; todo-- {
			if c.next(r, 1) != 0 {
				c.next(r, 0)
				todo += 2
				continue
			}
			for context := 2; context < 6; context++ {
				c.next(r, context)
			}
			leaves++
		}
		c.end(r) // by this it is known that every bit was taken as it was meant
		r.distributions(leaves, false)
		require.NoError(t, r.err, v.Name)
		assert.Equal(t, 34, leaves, v.Name)
		read++
	}
	assert.Equal(t, 2, read)
}

// TestPrefixCodes reads each form of a code of few symbols.
func TestPrefixCodes(t *testing.T) {
	for _, c := range []struct {
		w    *writer
		bits []uint64 // of one symbol after the other, the first bit lowest
		lens []int
		want []uint32
	}{
		{new(writer).put(1, 2).put(0, 2).put(5, 3), nil, nil, []uint32{5}},
		{new(writer).put(1, 2).put(1, 2).put(5, 3).put(2, 3), []uint64{0, 1}, []int{1, 1}, []uint32{2, 5}},
		{new(writer).put(1, 2).put(2, 2).put(5, 3).put(4, 3).put(2, 3), []uint64{0, 1, 3}, []int{1, 2, 2}, []uint32{5, 2, 4}},
		{new(writer).put(1, 2).put(3, 2).put(5, 3).put(4, 3).put(2, 3).put(1, 3).put(0, 1), []uint64{0, 2, 1, 3}, []int{2, 2, 2, 2}, []uint32{1, 2, 4, 5}},
		{new(writer).put(1, 2).put(3, 2).put(5, 3).put(4, 3).put(2, 3).put(1, 3).put(1, 1), []uint64{0, 1, 3, 7}, []int{1, 2, 3, 3}, []uint32{5, 4, 1, 2}},
	} {
		for i, b := range c.bits {
			c.w.put(b, c.lens[i])
		}
		c.w.put(0, 8)
		r := &reader{s: newStream(rd.New(context.Background(), bytes.NewReader(c.w.b), int64(len(c.w.b)), rd.Default), []plan.Span{{Off: 0, Len: int64(len(c.w.b))}})}
		p := r.prefix(6)
		for _, want := range c.want {
			assert.Equal(t, want, p.symbol(r))
		}
		assert.NoError(t, r.err)
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[int64]int64{0: 0, 1: -1, 2: 1, 3: -2, 4: 2} {
		assert.Equal(t, want, signed(v))
	}
	w := new(writer).put(0, 2).put(1, 2).put(9, 4).put(2, 2).put(200, 8)
	w.put(3, 2).put(0xabc, 12).put(1, 1).put(0xde, 8).put(0, 1) // 12 bits and 8 more
	w.put(3, 2).put(0, 12)
	for range 6 {
		w.put(1, 1).put(0, 8)
	}
	w.put(1, 1).put(9, 4)
	r := &reader{s: newStream(rd.New(context.Background(), bytes.NewReader(w.b), int64(len(w.b)), rd.Default), []plan.Span{{Off: 0, Len: int64(len(w.b))}})}
	for _, want := range []uint64{0, 10, 217, 0xdeabc, 9 << 60} {
		assert.Equal(t, want, r.u64())
	}
	assert.NoError(t, r.err)
	assert.Equal(t, config{split: 4}.number(r, 15), uint32(15))
	sections := func(w, h, passes int64) int64 {
		return (&groups{shift: 1, upsampling: 1, passes: passes}).sections(w, h)
	}
	assert.EqualValues(t, 1, sections(256, 256, 1))
	assert.EqualValues(t, 2+1+3, sections(256, 256, 3))
	assert.EqualValues(t, 2+3+34, sections(17*256, 2*256, 1), "a group of low frequencies is of 2048 × 2048 pixels")
}
