package pix

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"image"
	"image/color"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/jxl"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// redCorner.heic is the picture of redCorner, 64 by 32 pixels, coded with x265.
//
//go:embed testdata/corners.heic
var redCornerHEIC []byte

// redCorner is blue, with a red corner at the top left.
func redCorner(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{20, 40, 160, 255}
			if x < w/2 && y < h/2 {
				c = color.NRGBA{220, 60, 30, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func new(b []byte) (*Picture, error) {
	return Decode(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func need(t testing.TB) {
	if !codec.Available {
		t.Skip("built without decoders")
	}
}

// shows asserts that p has red at its top left and blue elsewhere.
func shows(t *testing.T, p *Picture, most int) {
	t.Helper()
	w, h := p.Rect.Dx(), p.Rect.Dy()
	for at, want := range map[image.Point]color.NRGBA{{w / 8, h / 8}: {220, 60, 30, 255}, {7 * w / 8, h / 8}: {20, 40, 160, 255}, {w / 8, 7 * h / 8}: {20, 40, 160, 255}} {
		g := p.NRGBAAt(at.X, at.Y)
		for _, d := range []int{int(want.R) - int(g.R), int(want.G) - int(g.G), int(want.B) - int(g.B), int(want.A) - int(g.A)} {
			require.LessOrEqual(t, max(d, -d), most, "%v: %v, want %v", at, g, want)
		}
	}
}

func TestFormats(t *testing.T) {
	need(t)
	ctx, m := context.Background(), redCorner(64, 32)
	avif, err := codec.EncodeAVIF(ctx, m, 95)
	require.NoError(t, err)
	lossyJXL, err := codec.EncodeJXL(ctx, m, 95)
	require.NoError(t, err)
	jxlLossless, err := codec.EncodeJXL(ctx, m, 100)
	require.NoError(t, err)
	lossy, err := codec.EncodeWebP(m, false, 95)
	require.NoError(t, err)
	lossless, err := codec.EncodeWebP(m, true, 0)
	require.NoError(t, err)
	for _, c := range []struct {
		what, format, fresh string
		file                []byte
	}{
		{"HEIC", "heic", "jpeg", redCornerHEIC},
		{"AVIF", "avif", "jpeg", avif},
		{"JPEG XL", "jxl", "png", lossyJXL}, // the encoder writes an alpha channel, of which all is opaque
		{"lossless JPEG XL", "jxl", "png", jxlLossless},
		{"WebP", "webp", "jpeg", lossy},
		{"lossless WebP", "webp", "png", lossless},
	} {
		info, err := Look(ctx, bytes.NewReader(c.file), int64(len(c.file)))
		require.NoError(t, err, c.what)
		assert.Equal(t, Info{c.format, c.fresh}, info, c.what)
		p, err := new(c.file)
		require.NoError(t, err, c.what)
		assert.Equal(t, image.Pt(64, 32), p.Rect.Max, c.what)
		shows(t, p, 12)
		small, full, err := Preview(ctx, bytes.NewReader(c.file), int64(len(c.file)), 16)
		require.NoError(t, err, c.what)
		assert.Equal(t, image.Pt(16, 8), small.Bounds().Size(), c.what)
		assert.Equal(t, image.Pt(64, 32), full, c.what)
		for _, make := range []func() ([]byte, error){p.New, p.JPEG, func() ([]byte, error) { return p.Same(ctx) }} {
			b, err := make()
			require.NoError(t, err, c.what)
			again, err := new(b)
			require.NoError(t, err, c.what)
			shows(t, again, 24)
		}
		for n := 0; n < len(c.file); n += 5 {
			_, _ = new(c.file[:n]) // may fail, and does nothing else
		}
	}
}

// TestProfileOfJXL: samples that were coded as they are come with the profile that
// lies between the headers of the codestream.
func TestProfileOfJXL(t *testing.T) {
	need(t)
	for _, v := range testkit.Vectors(t, filepath.Join("..", "jxl", "testdata")) {
		if v.Name != "profile-lossless" {
			continue
		}
		raw, err := jxl.ReadLook(testkit.Window(v.Data))
		require.NoError(t, err)
		want, _, err := icc.Rewrite(raw.Profile)
		require.NoError(t, err)
		p, err := new(v.Data)
		require.NoError(t, err)
		assert.Equal(t, want, p.Profile)
		b, err := p.Same(context.Background()) // the encoder knows sRGB alone
		require.NoError(t, err)
		again, err := new(b)
		require.NoError(t, err)
		assert.Equal(t, "png", again.Format)
		assert.Equal(t, p.Pix, again.Pix)
		assert.Equal(t, want, again.Profile)
		return
	}
	require.Fail(t, "no such vector")
}

// TestTurned: the orientation of WebP is that of its Exif block.
func TestTurned(t *testing.T) {
	need(t)
	b, err := codec.EncodeWebP(redCorner(64, 32), true, 0)
	require.NoError(t, err)
	o := binary.LittleEndian
	block := testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, 6)}, nil)
	chunk := append(o.AppendUint32([]byte("EXIF"), uint32(len(block))), block...)
	vp8x := []byte("VP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x3f\x00\x00\x1f\x00\x00")
	file := slices.Concat(b[:12], vp8x, b[12:], chunk)
	p, err := new(file)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(32, 64), p.Rect.Max)
	assert.Equal(t, color.NRGBA{220, 60, 30, 255}, p.NRGBAAt(30, 2), "turned to the right")
}

// TestThen: two turns are one.
func TestThen(t *testing.T) {
	m := redCorner(6, 4)
	m.SetNRGBA(1, 2, color.NRGBA{255, 255, 255, 255})
	for a := 1; a <= 8; a++ {
		for b := 1; b <= 8; b++ {
			want, got := turn(turn(m, a), b), turn(m, then(a, b))
			require.Equal(t, want.Bounds(), got.Bounds(), "%d then %d", a, b)
			for y := range want.Bounds().Dy() {
				for x := range want.Bounds().Dx() {
					require.Equal(t, want.At(x, y), got.At(x, y), "%d then %d", a, b)
				}
			}
		}
	}
}

func TestAperture(t *testing.T) {
	clap := func(n ...int32) (b []byte) {
		for _, v := range n {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
		return b
	}
	r, ok := aperture(clap(330, 1, 385, 1, -308, 2, 103, 2), 722, 1024)
	assert.True(t, ok)
	assert.Equal(t, image.Rect(42, 371, 372, 756), r)
	for _, bad := range [][]byte{clap(1, 0, 1, 1, 0, 1, 0, 1), clap(65, 1, 1, 1, 0, 1, 0, 1), clap(1, 1, 1, 1, 99, 1, 0, 1), clap(0, 1, 1, 1, 0, 1, 0, 1), nil} {
		_, ok := aperture(bad, 64, 32)
		assert.False(t, ok)
	}
}

// TestMatrix compares with the definitions (ITU-T H.273, 8.3).
func TestMatrix(t *testing.T) {
	for _, c := range []struct {
		matrix uint16
		full   bool
		kr, kb float64
	}{{1, true, 0.2126, 0.0722}, {1, false, 0.2126, 0.0722}, {9, false, 0.2627, 0.0593}, {6, false, 0.299, 0.114}, {6, true, 0.299, 0.114}} {
		for _, rgb := range [][3]float64{{220, 60, 30}, {20, 40, 160}, {128, 128, 128}, {255, 255, 255}, {0, 0, 0}, {10, 200, 90}} {
			y := c.kr*rgb[0] + (1-c.kr-c.kb)*rgb[1] + c.kb*rgb[2]
			cb, cr := (rgb[2]-y)/(2*(1-c.kb)), (rgb[0]-y)/(2*(1-c.kr))
			if !c.full {
				y, cb, cr = 16+y*219/255, cb*224/255, cr*224/255
			}
			m := image.NewYCbCr(image.Rect(0, 0, 1, 1), image.YCbCrSubsampleRatio444)
			m.Y[0], m.Cb[0], m.Cr[0] = byte(y+0.5), byte(cb+128.5), byte(cr+128.5)
			jfif(m, c.matrix, c.full)
			g := color.NRGBAModel.Convert(m.At(0, 0)).(color.NRGBA)
			assert.InDelta(t, rgb[0], g.R, 4, "%v %v", c, rgb)
			assert.InDelta(t, rgb[1], g.G, 4, "%v %v", c, rgb)
			assert.InDelta(t, rgb[2], g.B, 4, "%v %v", c, rgb)
		}
	}
}

// TestHostileHEIF: sizes are looked at before anything is decoded.
func TestHostileHEIF(t *testing.T) {
	at := bytes.Index(redCornerHEIC, []byte("ispe"))
	big := bytes.Clone(redCornerHEIC)
	binary.BigEndian.PutUint32(big[at+8:], 60000)
	binary.BigEndian.PutUint32(big[at+12:], 60000)
	_, err := new(big)
	require.ErrorIs(t, err, meta.ErrLimit)
	_, err = preview(big, 64)
	require.ErrorIs(t, err, meta.ErrLimit)
	binary.BigEndian.PutUint32(big[at+8:], 1<<31)
	_, err = preview(big, 64)
	require.Error(t, err)
}

// TestColoursStay: Display P3 is never just dropped.
func TestColoursStay(t *testing.T) {
	p3 := icc.Named("Display P3")
	require.NotNil(t, p3)
	assert.Nil(t, icc.Named("no such space"))
	for _, lossless := range []bool{false, true} {
		format := "webp"
		if !codec.Available {
			format = "heic"
		}
		p := &Picture{NRGBA: redCorner(64, 32), Format: format, Profile: p3, Lossless: lossless}
		if lossless {
			p.SetNRGBA(63, 31, color.NRGBA{9, 9, 9, 99})
		}
		for _, make := range []func() ([]byte, error){p.New, func() ([]byte, error) { return p.Same(context.Background()) }} {
			b, err := make()
			require.NoError(t, err)
			again, err := new(b)
			require.NoError(t, err)
			assert.Equal(t, p3, again.Profile)
			shows(t, again, 24)
			if lossless {
				assert.Equal(t, p.Pix, again.Pix)
			}
		}
	}
}

// TestInvisible: what lies under invisible pixels is not in the new picture.
func TestInvisible(t *testing.T) {
	m := redCorner(8, 8)
	m.SetNRGBA(7, 7, color.NRGBA{1, 2, 3, 0})
	b, err := (&Picture{NRGBA: m, alpha: true}).New()
	require.NoError(t, err)
	p, err := new(b)
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{}, p.NRGBAAt(7, 7))
	b, err = p.JPEG()
	require.NoError(t, err)
	q, err := new(b)
	require.NoError(t, err)
	assert.Equal(t, uint8(255), q.NRGBAAt(7, 7).A)
}
