package gif

import (
	"bytes"
	"context"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// shown are the composed frames of a file.
func shown(t testing.TB, b []byte) (out []*paint.Raster) {
	t.Helper()
	f, err := open(window(b))
	require.NoError(t, err)
	require.NoError(t, f.play(func(_ int, m *paint.Raster) error { out = append(out, m.Clone()); return nil }))
	return out
}

const wide, high = 41, 33

// frameOf is an image with a palette of its own: eight colours of every frame,
// and eight that only pixels under r have and that come from seed.
func frameOf(g *rand.Rand, n int, r paint.Region, rect image.Rectangle) []byte {
	b := testkit.GIFImage(rect.Min.X, rect.Min.Y, rect.Dx(), rect.Dy(), nil)[:9]
	b = append(b, 0x83)
	for i := range 16 {
		if i < 8 {
			b = append(b, byte(30*i+n), byte(200-20*i), byte(9*i*n))
		} else {
			b = append(b, byte(g.Uint32()), byte(g.Uint32()), byte(g.Uint32()))
		}
	}
	var pix []byte
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		for x := rect.Min.X; x < rect.Max.X; x++ {
			if r.Touches(x, y, 1, 1) {
				pix = append(pix, byte(g.IntN(16)))
			} else {
				pix = append(pix, byte(x/3+y/2+n)&7)
			}
		}
	}
	return append(append(b, 4), testkit.SubBlocks(testkit.LZW(4, pix))...)
}

// film is an animation of frames of all ways to dispose of them; what is under r
// comes from seed.
func filmOf(kind, seed uint64, r paint.Region) []byte {
	g := rand.New(rand.NewPCG(seed, 1))
	k := rand.New(rand.NewPCG(kind, 2)) // the same for both sources
	parts := [][]byte{testkit.GIFHead(wide, high), testkit.GIFLoop()}
	for n := range 1 + k.IntN(5) {
		rect := image.Rect(0, 0, wide, high)
		if n > 0 || kind%3 == 0 {
			x, y := k.IntN(wide-1), k.IntN(high-1)
			rect = image.Rect(x, y, x+1+k.IntN(wide-x), y+1+k.IntN(high-y))
		}
		transparent := -1
		if k.IntN(2) == 0 {
			transparent = k.IntN(8) // it shows what is below, inside the area too
		}
		dispose := k.IntN(4)
		if kind%2 == 0 {
			dispose = 1
		}
		parts = append(parts, testkit.GIFControl(dispose, 5*n, transparent), frameOf(g, n, r, rect))
	}
	return join(append(parts, []byte{0x3b})...)
}

func TestNonInterference(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for kind := range uint64(60) {
		r := testkit.AnyArea(g, wide, high)
		draw := func(seed uint64) []byte { return filmOf(kind, seed, r) }
		for _, style := range testkit.Styles {
			require.NoError(t, testkit.NoInterference(t, Format, draw, 1, style, r), "kind %d", kind)
		}
	}
}

// TestCoverIsSeen: the outside of every composed frame is the same, the inside
// is opaque, timing stays, and the file is clean.
func TestCoverIsSeen(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 5))
	for kind := range uint64(40) {
		r := testkit.AnyArea(g, wide, high)
		src := filmOf(kind, 3, r)
		out, err := cover(src, paint.Solid, r)
		require.NoError(t, err)
		again, found := clean(t, out)
		assert.True(t, bytes.Equal(out, again), "clean already")
		assert.Empty(t, found)
		x, y := shown(t, src), shown(t, out)
		require.Len(t, y, len(x))
		for i := range x {
			for k := range wide * high {
				p, q := x[i].Pix[4*k:4*k+4], y[i].Pix[4*k:4*k+4]
				if !r.Touches(k%wide, k/wide, 1, 1) {
					require.Equal(t, p, q, "kind %d frame %d pixel %d", kind, i, k)
				} else {
					require.EqualValues(t, 255, q[3])
					if !r.Ellipse {
						require.InDelta(t, 48, q[0], closeBy)
					}
				}
			}
		}
		a, err := open(window(src))
		require.NoError(t, err)
		b, err := open(window(out))
		require.NoError(t, err)
		for i := range a.frames {
			require.Equal(t, a.frames[i].control.delay(), b.frames[i].control.delay())
		}
		require.Equal(t, a.p.loop, b.p.loop)
	}
}

// TestFullPalette covers a picture of 256 colours outside the area: the cover
// takes the nearest ones.
func TestFullPalette(t *testing.T) {
	head := []byte("GIF89a\x20\x00\x20\x00\xf7\x00\x00")
	for i := range 256 {
		head = append(head, byte(i), byte(i*7), byte(255-i))
	}
	pix := make([]byte, 32*32)
	for i := range pix {
		pix[i] = byte(i)
	}
	image := join(testkit.GIFImage(0, 0, 32, 32, nil)[:10], []byte{8}, testkit.SubBlocks(testkit.LZW(8, pix)))
	r := paint.Region{X: 4, Y: 4, W: 8, H: 8}
	src := join(head, image, []byte{0x3b})
	out, err := cover(src, paint.Soft, r)
	require.NoError(t, err)
	x, y := shown(t, src)[0], shown(t, out)[0]
	for k := range 32 * 32 {
		if !r.Touches(k%32, k/32, 1, 1) {
			require.Equal(t, x.Pix[4*k:4*k+4], y.Pix[4*k:4*k+4])
		}
	}

	// The second frame needs 256 colours and a transparent one.
	frames := join(head, image, testkit.GIFControl(1, 5, -1), join([]byte{0x2c, 1, 0, 1, 0, 31, 0, 31, 0, 0, 8}, testkit.SubBlocks(testkit.LZW(8, pix[:31*31]))), []byte{0x3b})
	_, err = cover(frames, paint.Soft, paint.Region{X: 31, Y: 31, W: 1, H: 1})
	if err != nil {
		assert.ErrorIs(t, err, meta.ErrNoCover)
	}
}

func TestInterlaced(t *testing.T) {
	for h := 1; h < 40; h++ {
		seen := map[int]bool{}
		m := frame{rect: image.Rect(0, 0, 1, h), interlace: true}
		for i := range h {
			seen[m.row(i)] = true
		}
		assert.Len(t, seen, h)
		assert.True(t, seen[0] && seen[h-1])
	}
	assert.Equal(t, []int{0, 8, 4, 2, 6, 1, 3, 5, 7, 9}, func() (out []int) {
		for i := range 10 {
			out = append(out, frame{rect: image.Rect(0, 0, 1, 10), interlace: true}.row(i))
		}
		return out
	}())
}

func TestNotCovered(t *testing.T) {
	r := paint.Region{X: 1, Y: 1, W: 3, H: 3}
	few := grown(testkit.SubBlocks(testkit.LZW(2, testkit.GIFPixels(31, 10))))
	_, err := cover(few, paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrMalformed)
	_, err = cover(testkit.GIF(), paint.Soft, paint.Region{X: 99, Y: 1, W: 3, H: 3})
	assert.ErrorIs(t, err, meta.ErrNoArea)
	big := testkit.GIF()
	big[7], big[9] = 255, 255
	_, err = cover(big, paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrLimit)
}

func FuzzCover(f *testing.F) {
	f.Add(uint64(1), uint64(1), 10, 10, 20, 20, true, uint8(1))
	f.Fuzz(func(t *testing.T, kind, seed uint64, x, y, w, h int, ellipse bool, style uint8) {
		r, ok := testkit.Area(x, y, w, h, 50, ellipse)
		if !ok {
			return
		}
		draw := func(seed uint64) []byte { return filmOf(kind, seed, r) }
		_ = testkit.NoInterference(t, Format, draw, seed, paint.Style(style%3), r) // or there is no such area
	})
}

// FuzzCoverFile covers whatever is no GIF file, or nearly one.
func FuzzCoverFile(f *testing.F) {
	f.Add(testkit.GIF())
	f.Add(testkit.AnimatedGIF())
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 10 && (src[7] > 0 || src[9] > 0) {
			return // small screens find as much, sooner
		}
		_ = testkit.CoverAny(t, Format, src, paint.Region{X: 1, Y: 1, W: 9, H: 7})
	})
}

// TestCoverCorpus covers a part of every real picture beside the checkout.
func TestCoverCorpus(t *testing.T) {
	testkit.CoverShared(t, Format, paint.Region{X: 0, Y: 0, W: 40, H: 30, Ellipse: true}, "corpus/gif/*", "malformed/*.gif")
}

// BenchmarkCover is a film of 30 frames of a quarter of a megapixel.
func BenchmarkCover(b *testing.B) {
	parts := [][]byte{testkit.GIFHead(512, 512), testkit.GIFLoop()}
	for n := range 30 {
		pix := make([]byte, 512*512)
		for i := range pix {
			pix[i] = byte(i/512/8+i%512/8+n) & 3
		}
		parts = append(parts, testkit.GIFControl(1, 4, -1), testkit.GIFImage(0, 0, 512, 512, pix))
	}
	src := join(append(parts, []byte{0x3b})...)
	for b.Loop() {
		_, err := cover(src, paint.Soft, paint.Region{X: 100, Y: 100, W: 120, H: 150, Ellipse: true})
		require.NoError(b, err)
	}
}
