package bmp

import (
	"bytes"
	"context"
	"image/color"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	stdbmp "golang.org/x/image/bmp"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func window(b []byte) *rd.Window {
	return rd.New(context.Background(), bytes.NewReader(b), int64(len(b)), rd.Default)
}

func cover(b []byte, s paint.Style, r ...paint.Region) ([]byte, error) {
	return testkit.Cover(Format, b, s, r...)
}

func decoded(t testing.TB, b []byte) *paint.Raster {
	t.Helper()
	p, err := read(window(b))
	require.NoError(t, err)
	m, _, err := p.decode()
	require.NoError(t, err)
	return m
}

const wide, high = 37, 29

// kinds are the pictures of testkit by name, in one order.
var kinds = slices.Sorted(maps.Keys(testkit.Bitmaps()))

// noise is a picture of a kind whose pixels under r, and colours that only they
// have, come from seed.
func noise(kind string, seed uint64, r paint.Region) []byte {
	g := rand.New(rand.NewPCG(seed, 1))
	m := testkit.Bitmaps()[kind]
	down := m.H < 0
	m.W, m.H = wide, high
	n := 1 << m.Bits
	if m.Bits <= 8 { // the first half of the colours is the same
		entry := 4
		if m.Header == 12 {
			entry = 3
		}
		m.Palette = testkit.Greys(n, entry)
		for i := n / 2 * entry; i < len(m.Palette); i++ {
			if entry == 3 || i%4 != 3 {
				m.Palette[i] = byte(g.Uint32())
			}
		}
	}
	value := func(x, y int) uint32 {
		if r.Touches(x, y, 1, 1) {
			return g.Uint32() >> (32 - m.Bits)
		}
		v := uint32(x*2654435 + y*97531)
		if m.Bits <= 8 {
			return v % uint32(max(n/2, 1))
		}
		return v >> 3 & uint32(1<<m.Bits-1)
	}
	stride := (wide*m.Bits + 31) / 32 * 4
	m.Pixels = make([]byte, 0, stride*high)
	for line := range high {
		y := high - 1 - line
		if down {
			y = line
		}
		row := make([]byte, stride)
		var runs []byte
		for x := range wide {
			v := value(x, y)
			if m.Bits <= 8 {
				at := x * m.Bits
				row[at/8] |= byte(v) << (8 - m.Bits - at%8)
				runs = append(runs, 1, byte(v)<<(8-m.Bits)|byte(v))
				continue
			}
			for k := range m.Bits / 8 {
				row[x*m.Bits/8+k] = byte(v >> (8 * k))
			}
		}
		if m.Compression == 1 || m.Compression == 2 {
			row = append(runs, 0, 0)
		}
		m.Pixels = append(m.Pixels, row...)
	}
	if m.Compression == 1 || m.Compression == 2 {
		m.Pixels = append(m.Pixels, 0, 1)
	}
	if down {
		m.H = -high
	}
	return m.Bytes()
}

func TestNonInterference(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for range 12 {
		r := testkit.AnyArea(g, wide, high)
		for _, kind := range kinds {
			draw := func(seed uint64) []byte { return noise(kind, seed, r) }
			for _, style := range testkit.Styles {
				require.NoError(t, testkit.NoInterference(t, Format, draw, 1, style, r), kind)
			}
		}
	}
}

// TestCoverIsSeen: the outside is the same, by another decoder too, the inside
// is what was painted, and the file is clean.
func TestCoverIsSeen(t *testing.T) {
	r := paint.Region{X: 10, Y: 12, W: 20, H: 15}
	for _, kind := range kinds {
		src := noise(kind, 3, r)
		out, err := cover(src, paint.Solid, r)
		require.NoError(t, err, kind)
		again, found := clean(t, out)
		assert.True(t, bytes.Equal(out, again), "%s is clean already", kind)
		assert.Empty(t, found, kind)
		a, b := decoded(t, src), decoded(t, out)
		for y := range high {
			for x := range wide {
				p, q := a.Pix[a.At(x, y):][:3], b.Pix[b.At(x, y):][:3]
				if !r.Touches(x, y, 1, 1) {
					require.Equal(t, p, q, "%s %d, %d", kind, x, y)
				} else {
					require.InDelta(t, 48, q[0], 9, kind)
				}
			}
		}
	}
}

// TestDecodersAgree compares our decoder with another one.
func TestDecodersAgree(t *testing.T) {
	for _, kind := range kinds {
		src := noise(kind, 3, paint.Region{})
		x, err := stdbmp.Decode(bytes.NewReader(src))
		if err != nil {
			continue // it knows few kinds
		}
		m := decoded(t, src)
		for y := range high {
			for u := range wide {
				c := color.NRGBAModel.Convert(x.At(u, y)).(color.NRGBA)
				require.Equal(t, []byte{c.R, c.G, c.B}, m.Pix[m.At(u, y):][:3], "%s %d, %d", kind, u, y)
			}
		}
	}
}

// TestFourthByte: where the fourth byte of a pixel is in use a cover is opaque.
func TestFourthByte(t *testing.T) {
	m := testkit.Bitmaps()["32"]
	r := paint.Region{X: 1, Y: 1, W: 3, H: 2}
	out, err := cover(m.Bytes(), paint.Solid, r)
	require.NoError(t, err)
	at := len(out) - len(m.Pixels) + 3*4*7 + 4*1 // line 1 from above is the fourth from below
	assert.Equal(t, []byte{48, 48, 48, 255}, out[at:at+4])
	m.Pixels = bytes.Clone(m.Pixels)
	for i := 3; i < len(m.Pixels); i += 4 {
		m.Pixels[i] = 0
	}
	out, err = cover(m.Bytes(), paint.Solid, r)
	require.NoError(t, err)
	assert.Equal(t, []byte{48, 48, 48, 0}, out[at:at+4])
}

// TestWhole: alpha is shown, unless all pixels would be transparent.
func TestWhole(t *testing.T) {
	for _, used := range []bool{true, false} {
		m := testkit.Bitmap{Header: 56, Bits: 16, Compression: 3, W: 2, H: 1, Masks: []uint32{0x7c00, 0x3e0, 0x1f, 0x8000}, Pixels: []byte{0, 0x7c, 0x1f, 0}}
		want := []byte{255, 0, 0, 255, 0, 0, 255, 255}
		if used {
			m.Pixels[1], want[7] = 0xfc, 0
		}
		c, err := openCanvas(window(m.Bytes()), meta.Policy{})
		require.NoError(t, err)
		p, _, orientation, frames, err := c.(*canvas).Whole()
		require.NoError(t, err)
		assert.Equal(t, want, p.Pix)
		assert.Equal(t, 1, orientation*frames)
	}
}

func TestNotCovered(t *testing.T) {
	_, err := cover(testkit.Bitmaps()["24"].Bytes(), paint.Soft, paint.Region{X: 99, Y: 1, W: 3, H: 3})
	assert.ErrorIs(t, err, meta.ErrNoArea)
	m := testkit.Bitmap{Header: 40, Bits: 8, Compression: 1, W: 1 << 14, H: 1 << 13, Palette: testkit.Greys(256, 4), Pixels: []byte{0, 1}}
	_, err = cover(m.Bytes(), paint.Soft, paint.Region{X: 1, Y: 1, W: 3, H: 3})
	assert.ErrorIs(t, err, meta.ErrLimit)
}

func FuzzCover(f *testing.F) {
	f.Add(uint64(1), uint8(1), 10, 10, 20, 20, true, uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, kind uint8, x, y, w, h int, ellipse bool, style uint8) {
		r, ok := testkit.Area(x, y, w, h, 50, ellipse)
		if !ok {
			return
		}
		name := kinds[int(kind)%len(kinds)]
		draw := func(seed uint64) []byte { return noise(name, seed, r) }
		_ = testkit.NoInterference(t, Format, draw, seed, paint.Style(style%3), r) // or there is no such area
	})
}

// FuzzCoverFile covers whatever is no bitmap, or nearly one.
func FuzzCoverFile(f *testing.F) {
	for _, m := range testkit.Bitmaps() {
		f.Add(m.Bytes())
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if p, err := read(window(src)); err != nil || p.h.width*p.h.height > 1<<16 {
			return
		}
		_ = testkit.CoverAny(t, Format, src, paint.Region{X: 1, Y: 1, W: 9, H: 7})
	})
}

// TestCoverCorpus covers a part of every real picture beside the checkout.
func TestCoverCorpus(t *testing.T) {
	testkit.CoverShared(t, Format, paint.Region{X: 0, Y: 0, W: 40, H: 30, Ellipse: true}, "corpus/bmp/*", "malformed/*.bmp")
}

// BenchmarkCover is a picture of 12 megapixels.
func BenchmarkCover(b *testing.B) {
	src := testkit.Bitmap{Header: 40, Bits: 24, W: 3999, H: 3000, Pixels: testkit.Rows(3999, 3000, 24)}.Bytes()
	for b.Loop() {
		_, err := cover(src, paint.Soft, paint.Region{X: 1000, Y: 1000, W: 400, H: 500, Ellipse: true})
		require.NoError(b, err)
	}
}
