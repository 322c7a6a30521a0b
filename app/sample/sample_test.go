package sample_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/app/sample"
)

// TestPhotos looks at what is drawn. SAMPLES=dir writes the files there.
func TestPhotos(t *testing.T) {
	photos := sample.Photos()
	require.Len(t, photos, 7)
	for i, p := range photos {
		if dir := os.Getenv("SAMPLES"); dir != "" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, p.Name), p.Data, 0o666))
		}
		m, _, err := image.Decode(bytes.NewReader(p.Data))
		if i == len(photos)-1 {
			require.Error(t, err, "the last one is damaged")
			continue
		}
		require.NoError(t, err, p.Name)
		require.GreaterOrEqual(t, m.Bounds().Dx(), 500)
		require.NotEmpty(t, p.What)
	}
}
