package heif

import (
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// decode decodes a file with a decoder of the system, nil where that makes of it
// nothing or more than one picture.
func decode(t *testing.T, src []byte, ext string) image.Image {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"+ext), filepath.Join(dir, "out.png")
	require.NoError(t, os.WriteFile(in, src, 0o600))
	cmd := exec.Command("heif-convert", in, out)
	if ext == ".avif" {
		cmd = exec.Command("avifdec", in, out)
	}
	if cmd.Run() != nil {
		return nil
	}
	f, err := os.Open(out)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	m, err := png.Decode(f)
	require.NoError(t, err)
	return m
}

// TestPixels asks other people's decoders whether the picture is the same.
func TestPixels(t *testing.T) {
	if testing.Short() {
		t.Skip("runs other programs")
	}
	for _, tool := range []string{"heif-convert", "avifdec"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool)
		}
	}
	seen := 0
	check := func(name string, src []byte, ext string) {
		out, _, err := testkit.Clean(t, HEIC, src, meta.Policy{})
		if err != nil {
			return
		}
		before := decode(t, src, ext)
		if before == nil {
			return
		}
		seen++
		require.Equal(t, before, decode(t, out, ext), name)
	}
	for name, f := range bases() {
		check(name, f.Bytes(), map[string]string{"heic": ".heic", "avif": ".avif"}[f.Brands[0]])
	}
	require.GreaterOrEqual(t, seen, 5)
	for p, src := range testkit.Shared(t, "corpus/heic/*", "corpus/avif/*") {
		if filepath.Base(p) == "libavif__colors-animated-8bpc-depth-exif-xmp.avif" {
			continue // older decoders take its depth map, which goes, for transparency
		}
		if len(src) > 20<<10 {
			continue // it takes the decoders a minute
		}
		check(p, src, "."+filepath.Base(filepath.Dir(p)))
	}
	t.Logf("%d pictures", seen)
}
