package pix

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// corners is a picture with a bright corner at the top left.
func corners(w, h int) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h / 2 {
		for x := range w / 2 {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	return m
}

func jpegBytes(t testing.TB, m image.Image, orientation uint32) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	out := b.Bytes()
	if orientation == 0 {
		return out
	}
	o := binary.ByteOrder(binary.BigEndian)
	block := append([]byte("Exif\x00\x00"), testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, uint16(orientation))}, nil)...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xff, 0xe1}, uint16(len(block)+2)) // a fill byte before
	return slices.Concat(out[:2], seg, block, out[2:])
}

func preview(b []byte, side int) (image.Image, error) {
	m, _, err := Preview(context.Background(), bytes.NewReader(b), int64(len(b)), side)
	return m, err
}

// bright says which corner of m is bright.
func bright(m image.Image) string {
	b := m.Bounds()
	at := func(x, y int) bool { r, _, _, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA(); return r > 0x8000 }
	w, h := b.Dx(), b.Dy()
	switch {
	case at(w/4, h/4):
		return "top left"
	case at(3*w/4, h/4):
		return "top right"
	case at(w/4, 3*h/4):
		return "bottom left"
	}
	return "bottom right"
}

func TestUpright(t *testing.T) {
	where := []string{"top left", "top left", "top right", "bottom right", "bottom left", "top left", "top right", "bottom right", "bottom left"}
	for o, want := range where {
		m, err := preview(jpegBytes(t, corners(64, 32), uint32(o)), 48)
		require.NoError(t, err)
		size := image.Pt(48, 24)
		if o >= 5 {
			size = image.Pt(24, 48)
		}
		assert.Equal(t, size, m.Bounds().Size(), "orientation %d", o)
		assert.Equal(t, want, bright(m), "orientation %d", o)
	}
}

func TestPNG(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, corners(40, 20)))
	o := binary.ByteOrder(binary.LittleEndian)
	body := append([]byte("eXIf"), testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, 6)}, nil)...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	m, err := preview(slices.Concat(b.Bytes()[:33], chunk, b.Bytes()[33:]), 100)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(20, 40), m.Bounds().Size(), "small pictures are not enlarged")
	assert.Equal(t, "top right", bright(m))
}

func TestLimits(t *testing.T) {
	big := jpegBytes(t, corners(16, 16), 0)
	sof := bytes.Index(big, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(big[sof+5:], 65535)
	binary.BigEndian.PutUint16(big[sof+7:], 65535)
	_, err := preview(big, 100)
	require.ErrorIs(t, err, meta.ErrLimit)

	binary.BigEndian.PutUint16(big[sof+5:], 10000)
	binary.BigEndian.PutUint16(big[sof+7:], 9000)
	big[sof+1] = 0xc2
	_, err = preview(big, 100)
	require.ErrorIs(t, err, meta.ErrLimit, "a progressive picture takes four times the memory")

	_, err = preview([]byte("%PDF-1.4"), 100)
	require.ErrorIs(t, err, meta.ErrUnknownFormat)
	_, err = preview(jpegBytes(t, corners(64, 64), 0)[:200], 100)
	require.ErrorIs(t, err, meta.ErrMalformed)
	_, err = preview(nil, 100)
	require.Error(t, err)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := jpegBytes(t, corners(64, 64), 0)
	_, _, err = Preview(ctx, bytes.NewReader(b), int64(len(b)), 100)
	require.ErrorIs(t, err, context.Canceled)
}

// FuzzPreview asserts that a preview is never larger than asked for.
func FuzzPreview(f *testing.F) {
	f.Add(jpegBytes(f, corners(64, 32), 6))
	var b bytes.Buffer
	require.NoError(f, png.Encode(&b, corners(40, 20)))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := look(file{t.Context(), bytes.NewReader(b), int64(len(b))}); err != nil || h.width*h.height > 1<<22 {
			return
		}
		m, err := preview(b, 32)
		if err == nil {
			require.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), 32)
		}
	})
}
