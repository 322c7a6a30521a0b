package rd

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

func window(b []byte) *Window {
	return New(context.Background(), bytes.NewReader(b), int64(len(b)), Limits{Block: 1 << 20, Pieces: 10, Items: 10})
}

// big is longer than two pages and tells its position everywhere.
func big() []byte {
	b := make([]byte, 2*pageSize+1000)
	for i := 0; i+4 <= len(b); i += 4 {
		binary.BigEndian.PutUint32(b[i:], uint32(i))
	}
	return b
}

func TestReadsAreTheBytes(t *testing.T) {
	src := big()
	w := window(src)
	for _, off := range []int64{0, 1, pageSize - 2, pageSize, 2*pageSize - 1, 7, int64(len(src)) - 4} {
		b, err := w.Bytes(off, 4)
		require.NoError(t, err)
		assert.Equal(t, src[off:off+4], b)
		p, err := w.Peek(off, 4)
		require.NoError(t, err)
		assert.Equal(t, src[off:off+4], p)
		n, err := w.Uint32(off, binary.BigEndian)
		require.NoError(t, err)
		assert.Equal(t, binary.BigEndian.Uint32(src[off:]), n)
		pg, err := w.Page(off)
		require.NoError(t, err)
		assert.Equal(t, src[off:off+int64(len(pg))], pg)
	}
	_, err := w.Page(int64(len(src)))
	assert.ErrorIs(t, err, io.EOF)
	long, err := w.Bytes(pageSize-10, 1<<18)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(src[pageSize-10:][:1<<18], long))
}

func TestReadsAreBounded(t *testing.T) {
	w := window(make([]byte, 2<<20))
	for _, c := range []struct{ off, n int64 }{{-1, 1}, {0, -1}, {2 << 20, 1}, {1, math.MaxInt64}, {math.MaxInt64, 2}, {0, 2<<20 + 1}} {
		_, err := w.Bytes(c.off, c.n)
		assert.ErrorIs(t, err, meta.ErrTruncated, "%v", c)
		assert.ErrorIs(t, err, meta.ErrMalformed, "%v", c)
		_, err = w.Sub(c.off, c.n)
		assert.ErrorIs(t, err, meta.ErrTruncated, "%v", c)
	}
	_, err := w.Bytes(0, 1<<20+1)
	assert.ErrorIs(t, err, meta.ErrLimit)
	_, err = w.Peek(0, 5000)
	assert.ErrorIs(t, err, meta.ErrInternal)
}

func TestIndexAndEqualCrossPages(t *testing.T) {
	src := make([]byte, 2*pageSize+10)
	src[2*pageSize+3] = 0xff
	w := window(src)
	i, err := w.Index(5, 0xff)
	require.NoError(t, err)
	assert.EqualValues(t, 2*pageSize+3, i)
	i, err = w.Index(i+1, 0xff)
	require.NoError(t, err)
	assert.EqualValues(t, -1, i)
	same, err := w.Equal(pageSize-5, make([]byte, pageSize+5))
	require.NoError(t, err)
	assert.True(t, same)
	same, err = w.Equal(2*pageSize, make([]byte, 10))
	require.NoError(t, err)
	assert.False(t, same)
	same, err = w.Equal(2*pageSize+5, make([]byte, 10))
	require.NoError(t, err)
	assert.False(t, same, "past the end nothing is equal")
}

func TestSubCannotLookOut(t *testing.T) {
	src := []byte("outside[inside]outside")
	w := window(src)
	s, err := w.Sub(8, 6)
	require.NoError(t, err)
	b, err := s.Bytes(0, 6)
	require.NoError(t, err)
	assert.Equal(t, "inside", string(b))
	_, err = s.Bytes(0, 7)
	assert.ErrorIs(t, err, meta.ErrTruncated)
	i, err := s.Index(0, ']')
	require.NoError(t, err)
	assert.EqualValues(t, -1, i)
}

func TestAShrinkingFileIsNoticed(t *testing.T) {
	w := New(context.Background(), bytes.NewReader(make([]byte, 10)), 20, Default)
	_, err := w.Bytes(5, 10)
	assert.ErrorIs(t, err, meta.ErrChanged)
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := New(ctx, bytes.NewReader(make([]byte, 10)), 10, Default)
	cancel()
	_, err := w.Byte(0)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, w.Err(), context.Canceled)
}
