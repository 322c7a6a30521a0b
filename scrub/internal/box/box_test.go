package box

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

func window(b []byte) *rd.Window {
	return rd.New(context.Background(), bytes.NewReader(b), int64(len(b)), rd.Default)
}

func TestWalk(t *testing.T) {
	large := append([]byte("\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x13"), "abc"...)
	uuid := Make("uuid", bytes.Repeat([]byte{7}, 16), []byte("xy"))
	open := append([]byte("\x00\x00\x00\x00free"), "to the end"...)
	src := bytes.Join([][]byte{Make("ftyp", []byte("heic")), large, uuid, MakeFull("meta", 1, 2), open}, nil)
	var got []string
	require.NoError(t, Walk(window(src), 0, int64(len(src)), func(b Box) error {
		got = append(got, b.Type+" "+string(src[b.Data():b.End()]))
		assert.Equal(t, b.Type == "free", b.Open)
		assert.Equal(t, b.Type == "uuid", b.UUID[0] == 7)
		assert.Equal(t, b.End()-b.Data(), b.Len())
		return nil
	}))
	assert.Equal(t, []string{"ftyp heic", "mdat abc", "uuid xy", "meta \x01\x00\x00\x02", "free to the end"}, got)
}

func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		src string
		err error
	}{
		"cut head":        {"\x00\x00\x00\x09fre", meta.ErrTruncated},
		"size of 7":       {"\x00\x00\x00\x07free....", meta.ErrMalformed},
		"past the end":    {"\x00\x00\x00\x0dfree....", meta.ErrTruncated},
		"large cut":       {"\x00\x00\x00\x01free....", meta.ErrTruncated},
		"large too small": {"\x00\x00\x00\x01free\x00\x00\x00\x00\x00\x00\x00\x0f", meta.ErrMalformed},
		"large negative":  {"\x00\x00\x00\x01free\xff\xff\xff\xff\xff\xff\xff\xff", meta.ErrTruncated},
		"uuid cut":        {"\x00\x00\x00\x10uuid........", meta.ErrTruncated},
		"too many":        {strings.Repeat("\x00\x00\x00\x08free", rd.Default.Items+1), meta.ErrLimit},
	} {
		err := Walk(window([]byte(c.src)), 0, int64(len(c.src)), func(Box) error { return nil })
		assert.ErrorIs(t, err, c.err, name)
	}
}
