package pix

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff"

	"tabir/scrub/meta"
)

// tiffBytes is a TIFF picture, with a field of the given tag in place of one that it
// can do without.
func tiffBytes(t *testing.T, tag, v uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, tiff.Encode(&b, corners(60, 40), nil))
	out, le := b.Bytes(), binary.LittleEndian
	at := le.Uint32(out[4:])
	n := int(le.Uint16(out[at:]))
	for i := range n {
		e := out[int(at)+2+12*i:]
		if id := le.Uint16(e); tag != 0 && id > 270 && tag <= id {
			le.PutUint16(e, tag)
			le.PutUint16(e[2:], 3)
			le.PutUint32(e[4:], 1)
			le.PutUint32(e[8:], uint32(v))
			break
		}
	}
	return out
}

func TestTIFF(t *testing.T) {
	m, err := preview(tiffBytes(t, 0, 0), 30)
	require.NoError(t, err)
	assert.Equal(t, 30, m.Bounds().Dx())
	assert.Equal(t, "top left", bright(m))
	m, err = preview(tiffBytes(t, 274, 6), 30)
	require.NoError(t, err)
	assert.Equal(t, "top right", bright(m))
	_, err = preview(tiffBytes(t, 284, 2), 30)
	assert.ErrorIs(t, err, meta.ErrUnsupported, "planes")
	_, err = preview([]byte("II*\x00\xff\xff\xff\x00"), 30)
	assert.ErrorIs(t, err, meta.ErrMalformed)
	_, err = preview([]byte("II*\x00"), 30)
	assert.Error(t, err)
	b := tiffBytes(t, 0, 0)
	for n := range len(b) - 64 {
		_, err := preview(b[:n], 30)
		require.Error(t, err, "cut to %d", n)
	}
}
