package testkit

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Vector is a file kept as text: comments that say why, what is expected of
// it, and its bytes in hexadecimal.
type Vector struct {
	Name   string
	Expect string // "clean", or "refused: " and a part of the error
	Data   []byte
}

// Vectors reads the text files of a folder.
func Vectors(t testing.TB, dir string) (out []Vector) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, paths, "no vectors in %s", dir)
	for _, p := range paths {
		b, err := os.ReadFile(p)
		require.NoError(t, err)
		v := Vector{Name: strings.TrimSuffix(filepath.Base(p), ".txt")}
		var digits strings.Builder
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSpace(line)
			switch e, ok := strings.CutPrefix(line, "expect:"); {
			case ok:
				v.Expect = strings.TrimSpace(e)
			case !strings.HasPrefix(line, "#"):
				digits.WriteString(strings.ReplaceAll(line, " ", ""))
			}
		}
		v.Data, err = hex.DecodeString(digits.String())
		require.NoError(t, err, p)
		require.NotEmpty(t, v.Expect, p)
		out = append(out, v)
	}
	return out
}
