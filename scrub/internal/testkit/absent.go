package testkit

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// Absent asserts that a token is nowhere in b: neither as it is, nor as UTF-16 in
// either byte order, nor in what a zlib stream inflates to. The message says of
// which file.
func Absent(t testing.TB, b []byte, token string, message ...any) {
	t.Helper()
	var le, be []byte
	for _, u := range utf16.Encode([]rune(token)) {
		le, be = binary.LittleEndian.AppendUint16(le, u), binary.BigEndian.AppendUint16(be, u)
	}
	look := func(b []byte, where string) {
		for _, n := range [][]byte{[]byte(token), le, be} {
			if bytes.Contains(b, n) {
				require.Fail(t, token+" survived"+where, message...)
			}
		}
	}
	look(b, "")
	for i := range b {
		if b[i] == 0x78 { // deflate with a window of 32 KiB, as everybody writes it
			if z, err := zlib.NewReader(bytes.NewReader(b[i:])); err == nil {
				inflated, _ := io.ReadAll(io.LimitReader(z, 1<<20))
				look(inflated, " in a zlib stream")
			}
		}
	}
}
