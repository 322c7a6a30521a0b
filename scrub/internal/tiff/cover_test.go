package tiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xtiff "golang.org/x/image/tiff"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func coverBytes(b []byte, s paint.Style, r ...paint.Region) ([]byte, error) {
	return testkit.Cover(Format, b, s, r...)
}

// kind is a way in which the samples of a test picture are stored.
type kind struct {
	photometric, compression uint64
	channels, bits           int
	planar, tiled, predicted bool
	tags                     []tag
}

var rainbow = func() (v []uint64) {
	for ch := range 3 {
		for i := range 16 {
			v = append(v, uint64(i*(ch+1)*1000+i))
		}
	}
	return v
}()

var kinds = map[string]kind{
	"grey":           {photometric: 1, compression: compNone, channels: 1, bits: 8},
	"grey 16":        {photometric: 1, compression: compDeflate, channels: 1, bits: 16, predicted: true},
	"white is zero":  {photometric: 0, compression: compPackBits, channels: 1, bits: 8},
	"bilevel":        {photometric: 0, compression: compNone, channels: 1, bits: 1},
	"grey 4":         {photometric: 1, compression: compLZW, channels: 1, bits: 4},
	"rgb tiles":      {photometric: photoRGB, compression: compLZW, channels: 3, bits: 8, tiled: true, predicted: true},
	"rgb 16 planar":  {photometric: photoRGB, compression: compNone, channels: 3, bits: 16, planar: true},
	"alpha":          {photometric: photoRGB, compression: compDeflate, channels: 4, bits: 8, tags: []tag{short(tagExtra, 2)}},
	"cmyk":           {photometric: photoCMYK, compression: compNone, channels: 4, bits: 8},
	"palette":        {photometric: photoPalette, compression: compNone, channels: 1, bits: 4, tags: []tag{short(tagColorMap, rainbow...)}},
	"reversed":       {photometric: 1, compression: compNone, channels: 1, bits: 1, tags: []tag{short(tagFillOrder, 2)}},
	"turned":         {photometric: 1, compression: compNone, channels: 1, bits: 8, tags: []tag{short(tagOrientation, 6)}},
	"tiles of zeros": {photometric: 1, compression: compDeflate2, channels: 1, bits: 8, tiled: true},
}

// page is a picture of 61 by 47 pixels, whose samples under r come from seed.
func (k kind) page(o binary.ByteOrder, seed uint64, r paint.Region) pic {
	const w, h = 61, 47
	f := &file{o: o}
	most := 1<<k.bits - 1
	g := rand.New(rand.NewPCG(seed, 1))
	m := paint.NewRaster(w, h, k.channels, (k.bits+7)/8, -1)
	for y := range h {
		for x := range w {
			for c := range k.channels {
				v := (x*most/w + y*3 + c*most/5) & most
				if r.Touches(x, y, 1, 1) {
					v = int(g.Uint32()) & most
				} else if k.photometric == photoPalette {
					v = (x/8 + c) % 5 // the other colours are under the area alone
				}
				at := m.At(x, y) + c*m.Bytes
				if m.Pix[at] = byte(v); k.bits == 16 {
					m.Pix[at], m.Pix[at+1] = byte(v>>8), byte(v)
				}
			}
		}
	}
	p := basic(k.photometric, k.compression, uint64(k.channels), uint64(k.bits))
	p = with(without(without(p, tagWidth), tagHeight), append([]tag{long(tagWidth, w), long(tagHeight, h)}, k.tags...)...)
	planes := 1
	if k.planar {
		p = with(p, short(tagPlanar, 2))
		planes = k.channels
	}
	if k.predicted {
		p = with(p, short(tagPredictor, 2))
	}
	pw, ph := w, 20
	if p.tiled = k.tiled; k.tiled {
		pw, ph = 32, 16
		p = with(p, long(tagTileWidth, 32), long(tagTileHeight, 16))
	} else {
		p = with(p, long(tagRows, 20))
	}
	for plane := range planes {
		for y := 0; y < h; y += ph {
			for x := 0; x < w; x += pw {
				rows := ph
				if !k.tiled {
					rows = min(ph, h-y)
				}
				p.parts = append(p.parts, k.code(f, m, x, y, pw, rows, plane))
			}
		}
	}
	return p
}

// code is the samples of a strip or tile as they are stored.
func (k kind) code(f *file, m *paint.Raster, x, y, w, h, plane int) []byte {
	channels, first := k.channels, 0
	if k.planar {
		channels, first = 1, plane
	}
	n := paint.NewRaster(w, h, channels, m.Bytes, -1)
	for v := range min(h, m.H-y) {
		for u := range min(w, m.W-x) {
			for c := range channels {
				copy(n.Pix[n.At(u, v)+c*m.Bytes:][:m.Bytes], m.Pix[m.At(x+u, y+v)+(first+c)*m.Bytes:])
			}
		}
	}
	b := f.pack(n, k.bits, 0, h)
	if k.predicted {
		size := k.bits / 8
		for row := range h {
			line := b[row*w*channels*size:][:w*channels*size]
			for i := w*channels - 1; i >= channels; i-- {
				if size == 1 {
					line[i] -= line[i-channels]
				} else {
					f.o.PutUint16(line[2*i:], f.o.Uint16(line[2*i:])-f.o.Uint16(line[2*(i-channels):]))
				}
			}
		}
	}
	for _, g := range k.tags {
		for i := range b {
			if g.id == tagFillOrder {
				b[i] = bits.Reverse8(b[i])
			}
		}
	}
	switch k.compression {
	case compDeflate, compDeflate2:
		return testkit.Deflate(b)
	case compLZW:
		return lzwCode(b)
	case compPackBits:
		return packBitsCode(b)
	}
	return b
}

// stored is where a region lies in the picture as it is stored.
func (k kind) stored(r paint.Region) paint.Region {
	for _, g := range k.tags {
		if g.id == tagOrientation {
			return r.Stored(int(g.vals[0]), 61, 47)
		}
	}
	return r
}

func TestNonInterference(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	for range 8 {
		r := testkit.AnyArea(g, 47, 47) // turned, and not
		for name, k := range kinds {
			for _, style := range testkit.Styles {
				o, big := []binary.ByteOrder{le, be}[g.IntN(2)], g.IntN(2) == 0
				draw := func(seed uint64) []byte { return build(o, big, k.page(o, seed, k.stored(r))) }
				require.NoError(t, testkit.NoInterference(t, Format, draw, 1, style, r), name)
			}
		}
	}
}

// TestCoverIsSeen: the outside is the same by another decoder, the inside is
// opaque and dark, and the file is clean.
func TestCoverIsSeen(t *testing.T) {
	r := paint.Region{X: 10, Y: 12, W: 20, H: 15}
	for name, k := range kinds {
		src := build(le, false, k.page(le, 3, k.stored(r)))
		out, err := coverBytes(src, paint.Solid, r)
		require.NoError(t, err, name)
		again, _ := clean(t, out)
		assert.True(t, bytes.Equal(out, again), "%s is clean already", name)
		if k.planar || k.bits == 4 || name == "reversed" || k.photometric == photoCMYK || k.tiled && k.channels == 1 {
			continue // golang.org/x/image does not read these, or not rightly
		}
		a, err := xtiff.Decode(bytes.NewReader(src))
		require.NoError(t, err, name)
		b, err := xtiff.Decode(bytes.NewReader(out))
		require.NoError(t, err, name)
		s := k.stored(r)
		for y := range 47 {
			for x := range 61 {
				if !s.Touches(x, y, 1, 1) {
					require.Equal(t, a.At(x, y), b.At(x, y), "%s %d, %d", name, x, y)
					continue
				}
				red, _, _, alpha := b.At(x, y).RGBA()
				require.EqualValues(t, 65535, alpha, name)
				if k.bits > 1 {
					require.EqualValues(t, 48, red>>8, name)
				} else {
					require.EqualValues(t, 0, red, name)
				}
			}
		}
	}
}

// TestSee: what a detector looks at is the picture, before and after.
func TestSee(t *testing.T) {
	r := paint.Region{X: 20, Y: 12, W: 16, H: 16}
	for name, k := range kinds {
		c, err := openCanvas(window(build(be, true, k.page(be, 3, k.stored(r)))), meta.Policy{})
		require.NoError(t, err)
		m, full, orientation := c.See(15)
		require.NotNil(t, m, name)
		assert.GreaterOrEqual(t, m.Bounds().Dx(), 15, name)
		assert.Equal(t, image.Pt(61, 47), full)
		assert.Equal(t, name == "turned", orientation == 6)
		_, err = c.Cover([]paint.Region{r}, paint.Solid)
		require.NoError(t, err)
		s := k.stored(r)
		m, _, _ = c.See(100)
		red, _, _, _ := m.At(s.X+s.W/2, s.Y+s.H/2).RGBA()
		assert.Less(t, red>>8, uint32(128), name)
	}
}

// TestWhole: all pixels as they are stored, and how opaque they are.
func TestWhole(t *testing.T) {
	for name, k := range kinds {
		c, err := openCanvas(window(build(be, true, k.page(be, 3, paint.Region{}))), meta.Policy{})
		require.NoError(t, err)
		m, _, orientation, pages, err := c.(*canvas).Whole()
		require.NoError(t, err, name)
		assert.Equal(t, image.Rect(0, 0, 61, 47), m.Rect, name)
		assert.Equal(t, name == "turned", orientation == 6)
		assert.Equal(t, name == "alpha", !m.Opaque(), name)
		assert.Equal(t, 1, pages)
		seen, _, _ := c.See(61)
		for i, v := range seen.(*image.NRGBA).Pix {
			require.True(t, i%4 == 3 || v == m.Pix[i], name)
		}
	}
	for v, want := range map[uint64][]byte{1: {255, 128, 64, 128}, 2: {128, 64, 32, 128}, 0: {128, 64, 32, 255}} {
		p := with(without(without(basic(photoRGB, compNone, 4, 8), tagWidth), tagHeight), long(tagWidth, 1), long(tagHeight, 1), short(tagExtra, v))
		c, err := openCanvas(window(build(le, true, strips(p, 1, []byte{128, 64, 32, 128}))), meta.Policy{})
		require.NoError(t, err)
		m, _, _, _, err := c.(*canvas).Whole()
		require.NoError(t, err)
		assert.InDeltaSlice(t, want, m.Pix, 1, "extra sample of kind %d", v)
	}
}

// TestEveryPage: pages of one size are all covered, others refused.
func TestEveryPage(t *testing.T) {
	r := paint.Region{X: 5, Y: 5, W: 12, H: 12}
	grey, rgb := kinds["grey"], kinds["rgb tiles"]
	draw := func(seed uint64) []byte { return build(be, true, grey.page(be, seed, r), rgb.page(be, 2*seed, r)) }
	require.NoError(t, testkit.NoInterference(t, Format, draw, 1, paint.Soft, r))
	_, err := coverBytes(build(be, true, grey.page(be, 1, r), bases()["grey"][0]), paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrNoCover)
}

func TestNotCovered(t *testing.T) {
	r := paint.Region{X: 1, Y: 1, W: 3, H: 3}
	for _, name := range []string{"jpeg", "fax", "ycbcr", "several"} {
		_, err := coverBytes(build(le, false, bases()[name]...), paint.Soft, r)
		assert.ErrorIs(t, err, meta.ErrNoCover, name)
		assert.ErrorIs(t, err, meta.ErrUnsupported, name)
	}
	grey := build(le, false, bases()["grey"]...)
	_, err := coverBytes(grey, paint.Soft, paint.Region{X: 100, Y: 100, W: 3, H: 3})
	assert.ErrorIs(t, err, meta.ErrNoArea)
	broken := strips(basic(1, compDeflate, 1, 8), 9, []byte("no zlib"))
	_, err = coverBytes(build(le, false, broken), paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrMalformed)
	short := strips(basic(1, compDeflate, 1, 8), 9, testkit.Deflate([]byte{1, 2}))
	_, err = coverBytes(build(le, false, short), paint.Soft, r)
	assert.ErrorIs(t, err, meta.ErrMalformed)
}

func FuzzCover(f *testing.F) {
	f.Add(uint64(1), 10, 10, 20, 20, true, uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, x, y, w, h int, ellipse bool, style uint8) {
		r, ok := testkit.Area(x, y, w, h, 80, ellipse)
		if !ok {
			return
		}
		for _, name := range []string{"alpha", "palette"} {
			k := kinds[name]
			draw := func(seed uint64) []byte { return build(le, false, k.page(le, seed, r)) }
			_ = testkit.NoInterference(t, Format, draw, seed, paint.Style(style%3), r) // or there is no such area
		}
	})
}

// TestCoverCorpus covers a part of every real picture beside the checkout.
func TestCoverCorpus(t *testing.T) {
	testkit.CoverShared(t, Format, paint.Region{X: 2, Y: 2, W: 6, H: 5, Ellipse: true}, "corpus/tiff/*")
}
