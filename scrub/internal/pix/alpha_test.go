package pix

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

// alpha.heic has a red half of which nothing can be seen through, and a blue one
// with a quarter of that; 64 by 64 pixels, coded with x265.
//
//go:embed testdata/alpha.heic
var alphaHEIC []byte

func TestTransparentHEIC(t *testing.T) {
	need(t)
	ctx := context.Background()
	info, err := Look(ctx, bytes.NewReader(alphaHEIC), int64(len(alphaHEIC)))
	require.NoError(t, err)
	assert.Equal(t, Info{"heic", "png"}, info)
	p, err := new(alphaHEIC)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(64, 64), p.Rect.Max)
	near := func(want color.NRGBA, x, y int) {
		t.Helper()
		got := p.NRGBAAt(x, y)
		for i, v := range [4]byte{want.R, want.G, want.B, want.A} {
			assert.InDelta(t, v, [4]byte{got.R, got.G, got.B, got.A}[i], 12, "%v where %v should be", got, want)
		}
	}
	near(color.NRGBA{200, 40, 30, 255}, 8, 30)
	near(color.NRGBA{30, 60, 200, 64}, 56, 30)
	b, err := p.Same(ctx)
	require.NoError(t, err)
	again, err := new(b)
	require.NoError(t, err)
	assert.Equal(t, "png", again.Format)
	assert.Equal(t, p.Pix, again.Pix)

	// Colours that are multiplied by alpha already.
	s := heif{multiplied: true}
	m := image.NewNRGBA(image.Rect(0, 0, 3, 1))
	copy(m.Pix, []byte{10, 20, 30, 255, 10, 20, 30, 255, 200, 200, 200, 255})
	joined, err := s.join(m, &image.Gray{Pix: []byte{51, 0, 100}, Stride: 3, Rect: m.Rect})
	require.NoError(t, err)
	assert.Equal(t, []byte{50, 100, 150, 51, 10, 20, 30, 0, 255, 255, 255, 100}, joined.(*image.NRGBA).Pix)

	// An alpha plane of half the size, and one that lies on its side.
	s.multiplied = false
	joined, err = s.join(image.NewNRGBA(image.Rect(0, 0, 4, 2)), &image.YCbCr{Y: []byte{9, 9}, YStride: 2, Rect: image.Rect(0, 0, 2, 1)})
	require.NoError(t, err)
	assert.Equal(t, byte(9), joined.(*image.NRGBA).Pix[3])
	_, err = s.join(image.NewNRGBA(image.Rect(0, 0, 4, 2)), image.NewGray(image.Rect(0, 0, 2, 4)))
	assert.ErrorIs(t, err, meta.ErrUnsupported)
	_, err = s.join(image.NewNRGBA(image.Rect(0, 0, 4, 2)), image.NewNRGBA(image.Rect(0, 0, 4, 2)))
	assert.ErrorIs(t, err, meta.ErrUnsupported)
}

// TestHostileAlpha: an alpha plane is looked at before it is decoded, and one of
// another picture is none of this one.
func TestHostileAlpha(t *testing.T) {
	need(t)
	ctx := context.Background()
	big := bytes.Clone(alphaHEIC)
	binary.BigEndian.PutUint32(big[bytes.LastIndex(big, []byte("ispe"))+8:], 1<<10)
	_, err := new(big)
	assert.ErrorIs(t, err, meta.ErrLimit)

	other := bytes.Clone(alphaHEIC)
	binary.BigEndian.PutUint16(other[bytes.Index(other, []byte("auxl"))+8:], 99)
	info, err := Look(ctx, bytes.NewReader(other), int64(len(other)))
	require.NoError(t, err)
	assert.Equal(t, Info{"heic", "jpeg"}, info)

	// The alpha plane as if it were made of the picture: it can be looked at all the same.
	tiles := bytes.Clone(alphaHEIC)
	k := bytes.Index(tiles, []byte("auxl"))
	tiles = append(tiles[:k+10:k+10], append([]byte("\x00\x00\x00\x0edimg\x00\x02\x00\x01\x00\x01"), tiles[k+10:]...)...)
	for _, at := range []int{bytes.Index(tiles, []byte("meta")) - 4, bytes.Index(tiles, []byte("iref")) - 4} {
		binary.BigEndian.PutUint32(tiles[at:], binary.BigEndian.Uint32(tiles[at:])+14)
	}
	_, err = Look(ctx, bytes.NewReader(tiles), int64(len(tiles)))
	assert.ErrorIs(t, err, meta.ErrUnsupported)
	assert.ErrorContains(t, err, "tiles")

	for n := 0; n < len(alphaHEIC); n += 7 {
		_, _ = new(alphaHEIC[:n]) // may fail, and does nothing else
	}
}
