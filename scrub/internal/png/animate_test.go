package png

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	stdpng "image/png"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const wide, high = 37, 29

// ihdr is the header of a picture.
func ihdr(depth, colour, interlace byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, wide)
	b = binary.BigEndian.AppendUint32(b, high)
	return testkit.Chunk("IHDR", append(b, depth, colour, 0, 0, interlace))
}

// samplesOf is the compressed data of pixels of rect, with filters of every kind.
func samplesOf(depth, colour, interlace byte, rect image.Rectangle, sample func(x, y, channel int) uint16) []byte {
	n := channels[colour]
	if colour == 3 {
		n = 1
	}
	passes := whole
	if interlace == 1 {
		passes = adam7
	}
	var out []byte
	for _, p := range passes {
		w, h := p.size(rect.Dx(), rect.Dy())
		if w == 0 {
			continue
		}
		stride := (w*n*int(depth) + 7) / 8
		above := make([]byte, stride)
		for i := range h {
			line := make([]byte, stride)
			for k := range w {
				for c := range n {
					v := sample(rect.Min.X+p.x+k*p.dx, rect.Min.Y+p.y+i*p.dy, c)
					switch at := (k*n + c) * int(depth); depth {
					case 16:
						binary.BigEndian.PutUint16(line[at/8:], v)
					default:
						line[at/8] |= byte(v) << (8 - int(depth) - at%8)
					}
				}
			}
			coded := make([]byte, 1+stride)
			if i%2 == 0 {
				filter(coded, line, above, (n*int(depth)+7)/8)
			} else {
				copy(coded[1:], line)
			}
			above = line
			out = append(out, coded...)
		}
	}
	return testkit.Deflate(out)
}

// extra are the chunks of a kind that could tell of what is covered.
func extra(depth, colour byte, g *rand.Rand) (out []byte) {
	switch colour {
	case 0:
		return join(testkit.Chunk("bKGD", []byte{0, 1}), testkit.Chunk("tRNS", []byte{0, 1}))
	case 3: // the first half of the colours is the same
		n := 1 << depth
		var plte, trns, hist []byte
		for i := range n {
			if i < max(n/2, 1) {
				plte, trns = append(plte, byte(i*40), byte(i*3), 77), append(trns, byte(255-5*i))
			} else {
				plte, trns = append(plte, byte(g.Uint32()), byte(g.Uint32()), byte(g.Uint32())), append(trns, byte(g.Uint32()))
			}
			hist = append(hist, byte(g.Uint32()), byte(g.Uint32()))
		}
		background := byte(n - 1) // a colour that only covered pixels have
		return join(testkit.Chunk("PLTE", plte), testkit.Chunk("tRNS", trns), testkit.Chunk("hIST", hist), testkit.Chunk("bKGD", []byte{background}))
	}
	return nil
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

type kind struct{ depth, colour, interlace byte }

func allKinds() (out []kind) {
	for colour, depths := range depths {
		for _, depth := range depths {
			out = append(out, kind{depth, colour, 0}, kind{depth, colour, 1})
		}
	}
	return out
}

// sampler makes samples that come from seed where r is, and from n elsewhere.
func (k kind) sampler(g *rand.Rand, r paint.Region, n int) func(x, y, channel int) uint16 {
	return func(x, y, c int) uint16 {
		if r.Touches(x, y, 1, 1) {
			return uint16(g.Uint32()) >> (16 - k.depth)
		}
		v := uint16(x/4*771 + y/3*1297 + c*4099 + n*333)
		if k.colour == 3 {
			return v % uint16(max(1<<k.depth/2, 1))
		}
		return v >> (16 - k.depth)
	}
}

func (k kind) still(seed uint64, r paint.Region) []byte {
	g := rand.New(rand.NewPCG(seed, 1))
	more := extra(k.depth, k.colour, g)
	data := samplesOf(k.depth, k.colour, k.interlace, image.Rect(0, 0, wide, high), k.sampler(g, r, 0))
	return testkit.FromChunks(ihdr(k.depth, k.colour, k.interlace), more, testkit.Chunk("IDAT", data), testkit.Chunk("IEND"))
}

// animation is one of frames of all ways to dispose of and to blend them.
func (k kind) animation(shape, seed uint64, r paint.Region) []byte {
	g := rand.New(rand.NewPCG(seed, 1))
	s := rand.New(rand.NewPCG(shape, 2)) // the same for both sources
	parts := [][]byte{ihdr(k.depth, k.colour, k.interlace)}
	frames := 1 + s.IntN(4)
	parts = append(parts, testkit.Chunk("acTL", []byte{0, 0, 0, byte(frames), 0, 0, 0, 2}), extra(k.depth, k.colour, g))
	seq := uint32(0)
	next := func() []byte { seq++; return binary.BigEndian.AppendUint32(nil, seq-1) }
	whole := image.Rect(0, 0, wide, high)
	own := s.IntN(3) > 0
	if !own {
		parts = append(parts, testkit.Chunk("IDAT", samplesOf(k.depth, k.colour, k.interlace, whole, k.sampler(g, r, 99))))
	}
	for n := range frames {
		rect := whole
		if n > 0 {
			x, y := s.IntN(wide-1), s.IntN(high-1)
			rect = image.Rect(x, y, x+1+s.IntN(wide-x), y+1+s.IntN(high-y))
		}
		control := next()
		for _, v := range []int{rect.Dx(), rect.Dy(), rect.Min.X, rect.Min.Y} {
			control = binary.BigEndian.AppendUint32(control, uint32(v))
		}
		parts = append(parts, testkit.Chunk("fcTL", control, []byte{0, byte(n), 0, 100, byte(s.IntN(3)), byte(s.IntN(2))}))
		data := samplesOf(k.depth, k.colour, k.interlace, rect, k.sampler(g, r, n))
		if n == 0 && own {
			parts = append(parts, testkit.Chunk("IDAT", data))
		} else {
			parts = append(parts, testkit.Chunk("fdAT", next(), data))
		}
	}
	return testkit.FromChunks(append(parts, testkit.Chunk("IEND"))...)
}

// TestDecoders: ours and the standard library's see the same.
func TestDecoders(t *testing.T) {
	for _, k := range allKinds() {
		src := k.still(7, paint.Region{})
		want, err := stdpng.Decode(bytes.NewReader(src))
		require.NoError(t, err, "%+v", k)
		p, _, err := read(rd.New(context.Background(), rd.Held(src), int64(len(src)), rd.Default), meta.Policy{})
		require.NoError(t, err)
		require.NoError(t, p.readPalette())
		m, err := p.decode(p.data, wide, high)
		require.NoError(t, err)
		m = p.withAlpha(m)
		for y := range high {
			for x := range wide {
				c := color.NRGBA64Model.Convert(want.At(x, y)).(color.NRGBA64)
				pixel := m.Pix[m.At(x, y):][:m.Pixel()]
				require.EqualValues(t, c.A>>8, pixel[m.Alpha*m.Bytes], "%+v", k)
				if c.A == 65535 {
					require.EqualValues(t, c.R>>8, pixel[0], "%+v", k)
				}
			}
		}
	}
}

func TestNonInterferenceOfAllKinds(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for i := range uint64(4) {
		for _, k := range allKinds() {
			r, style := testkit.AnyArea(g, wide, high), paint.Style(g.IntN(3))
			still := func(seed uint64) []byte { return k.still(seed, r) }
			require.NoError(t, testkit.NoInterference(t, Format, still, 1, style, r), "%+v", k)
			animation := func(seed uint64) []byte { return k.animation(i, seed, r) }
			require.NoError(t, testkit.NoInterference(t, Format, animation, 1, style, r), "%+v", k)
		}
	}
}

// shown are the composed frames of an animation.
func shown(t testing.TB, src []byte) (p *picture, out []*paint.Raster) {
	t.Helper()
	p, _, err := read(rd.New(context.Background(), rd.Held(src), int64(len(src)), rd.Default), meta.Policy{})
	require.NoError(t, err)
	require.NoError(t, p.readPalette())
	require.NoError(t, p.play(func(_ int, m *paint.Raster) error { out = append(out, m.Clone()); return nil }))
	return p, out
}

// TestAllKindsAreSeen: the outside is the same, the inside is opaque, and the
// file is clean.
func TestAllKindsAreSeen(t *testing.T) {
	g := rand.New(rand.NewPCG(6, 6))
	for i := range uint64(4) {
		for _, k := range allKinds() {
			r := testkit.AnyArea(g, wide, high)
			src := k.still(3, r)
			out, err := covered(src, paint.Solid, r)
			require.NoError(t, err, "%+v", k)
			again, _ := clean(t, out)
			require.True(t, bytes.Equal(out, again), "%+v", k)
			a, err := stdpng.Decode(bytes.NewReader(src))
			require.NoError(t, err)
			b, err := stdpng.Decode(bytes.NewReader(out))
			require.NoError(t, err)
			for y := range high {
				for x := range wide {
					p, q := color.NRGBA64Model.Convert(a.At(x, y)), color.NRGBA64Model.Convert(b.At(x, y)).(color.NRGBA64)
					if !r.Touches(x, y, 1, 1) {
						require.Equal(t, p, q, "%+v %d, %d", k, x, y)
					} else {
						require.EqualValues(t, 65535, q.A, "%+v", k)
					}
				}
			}

			src = k.animation(i, 3, r)
			out, err = covered(src, paint.Solid, r)
			require.NoError(t, err, "%+v", k)
			again, _ = clean(t, out)
			require.True(t, bytes.Equal(out, again), "%+v", k)
			p, x := shown(t, src)
			q, y := shown(t, out)
			require.Len(t, y, len(x))
			c, missed := paint.NewCover([]paint.Region{r}, paint.Solid, wide, high)
			require.Negative(t, missed)
			for n := range x {
				require.True(t, c.SameOutside(x[n], y[n]), "%+v frame %d", k, n)
				require.Equal(t, p.frames[n].control[20:24], q.frames[n].control[20:24], "delay")
				for i, covered := range c.Pixels {
					if at := i*y[n].Pixel() + y[n].Alpha*y[n].Bytes; covered {
						require.EqualValues(t, 255, y[n].Pix[at])
					}
				}
			}
			require.Equal(t, p.anim.control, q.anim.control)
			require.Equal(t, p.anim.own, q.anim.own)
		}
	}
}

// TestPaletteSaysNothing: sizes and companions of a palette are those of what is shown.
func TestPaletteSaysNothing(t *testing.T) {
	r := paint.Region{W: wide, H: high - 1}
	out, err := covered(kind{8, 3, 0}.still(1, r), paint.Solid, r)
	require.NoError(t, err)
	chunks := testkit.ChunksOf(out)
	require.Equal(t, "PLTE", string(chunks[1][4:8]))
	assert.Less(t, len(chunks[1]), 12+3*40)
	assert.NotContains(t, string(out), "hIST")
	assert.NotContains(t, string(out), "bKGD")
}

// TestSmallPalette: two colours get a cover in more.
func TestSmallPalette(t *testing.T) {
	r := paint.Region{X: 5, Y: 5, W: 20, H: 20}
	out, err := covered(kind{1, 3, 0}.still(1, r), paint.Soft, r)
	require.NoError(t, err)
	assert.EqualValues(t, 8, out[24])
	m, err := stdpng.DecodeConfig(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Greater(t, len(m.ColorModel.(color.Palette)), 2)
}

func FuzzCoverKinds(f *testing.F) {
	f.Add(uint64(1), uint64(1), uint8(3), true, 10, 10, 20, 20, true, uint8(1))
	all := allKinds()
	f.Fuzz(func(t *testing.T, shape, seed uint64, n uint8, moving bool, x, y, w, h int, ellipse bool, style uint8) {
		r := paint.Region{X: x % 50, Y: y % 50, W: w%50 + 1, H: h%50 + 1, Ellipse: ellipse}
		if r.W <= 0 || r.H <= 0 {
			return
		}
		k := all[int(n)%len(all)]
		make := k.still
		if moving {
			make = func(seed uint64, r paint.Region) []byte { return k.animation(shape, seed, r) }
		}
		a, err := covered(make(seed, r), paint.Style(style%3), r)
		if errors.Is(err, meta.ErrNoArea) {
			require.Empty(t, a)
			return
		}
		require.NoError(t, err)
		b, err := covered(make(seed+1, r), paint.Style(style%3), r)
		require.NoError(t, err)
		require.True(t, bytes.Equal(a, b))
	})
}

// FuzzCoverFile covers whatever is no PNG file, or nearly one.
func FuzzCoverFile(f *testing.F) {
	for _, b := range bases() {
		f.Add(b)
	}
	for _, k := range allKinds() {
		f.Add(k.animation(uint64(k.depth), 1, paint.Region{}))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		src = fixCRCs(src)
		if len(src) < 24 || binary.BigEndian.Uint32(src[16:]) > 200 || binary.BigEndian.Uint32(src[20:]) > 200 {
			return
		}
		out, err := covered(src, paint.Soft, paint.Region{X: 1, Y: 1, W: 5, H: 3})
		if err != nil {
			require.NotErrorIs(t, err, meta.ErrInternal)
			require.NotErrorIs(t, err, meta.ErrUnverified)
			return
		}
		again, _ := clean(t, out)
		require.True(t, bytes.Equal(out, again))
	})
}
