package pix

import (
	"bufio"
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func TestGIF(t *testing.T) {
	m, err := preview(testkit.AnimatedGIF(), 100)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 31, 17), m.Bounds())

	// A first frame that is smaller than the screen is in its place.
	src := bytes.Join([][]byte{testkit.GIFHead(31, 17), testkit.GIFImage(20, 10, 4, 4, make([]byte, 16)), {0x3b}}, nil)
	m, err = preview(src, 100)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 31, 17), m.Bounds())
	_, _, _, a := m.At(21, 11).RGBA()
	_, _, _, b := m.At(1, 1).RGBA()
	assert.EqualValues(t, 65535, a)
	assert.Zero(t, b)

	for want, src := range map[bool][]byte{true: testkit.AnimatedGIF(), false: testkit.GIF()} {
		p, err := Decode(t.Context(), bytes.NewReader(src), int64(len(src)))
		require.NoError(t, err)
		assert.Equal(t, want, p.Animated)
		for n := range src {
			frames(bufio.NewReader(bytes.NewReader(src[:n])))
		}
	}

	big := testkit.GIF()
	big[7], big[9] = 255, 255
	_, err = preview(big, 100)
	assert.ErrorIs(t, err, meta.ErrLimit)
}

func TestBMP(t *testing.T) {
	m, err := preview(testkit.Bitmaps()["24"].Bytes(), 100)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(7, 5), m.Bounds().Size())
	_, err = preview(testkit.Bitmaps()["RLE 8"].Bytes(), 100)
	assert.ErrorIs(t, err, meta.ErrUnsupported)
}

// TestShortPalette shows pixels whose colour the palette lacks as black.
func TestShortPalette(t *testing.T) {
	m, err := preview(testkit.Bitmap{Header: 40, Bits: 8, W: 7, H: 5, Palette: testkit.Greys(3, 4), Pixels: bytes.Repeat([]byte{200}, 40)}.Bytes(), 100)
	require.NoError(t, err)
	r, g, b, a := m.At(3, 3).RGBA()
	assert.Equal(t, [4]uint32{0, 0, 0, 65535}, [4]uint32{r, g, b, a})
}
