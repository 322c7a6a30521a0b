//go:build nodynamic

package codec

import (
	"bytes"
	"context"
	_ "embed"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"

	"tabir/scrub/meta"
)

// corners.heic is the picture of corners, coded with x265.
//
//go:embed testdata/corners.heic
var cornersHEIC []byte

// corners is blue, with a red corner at the top left.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{20, 40, 160, 255}
			if x < w/2 && y < h/2 {
				c = color.NRGBA{220, 60, 30, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// near asserts that got shows what want does.
func near(t *testing.T, want *image.NRGBA, got image.Image, most int) {
	t.Helper()
	require.Equal(t, want.Bounds().Size(), got.Bounds().Size())
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			w, g := want.NRGBAAt(x, y), color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA)
			for _, d := range []int{int(w.R) - int(g.R), int(w.G) - int(g.G), int(w.B) - int(g.B), int(w.A) - int(g.A)} {
				require.LessOrEqual(t, max(d, -d), most, "%d,%d: %v, want %v", x, y, g, w)
			}
		}
	}
}

func TestDecode(t *testing.T) {
	ctx, m := context.Background(), corners(64, 32)
	got, err := HEIC(ctx, cornersHEIC)
	require.NoError(t, err)
	near(t, m, got, 8)

	b, err := EncodeAVIF(ctx, m, 95)
	require.NoError(t, err)
	a, err := AVIF(ctx, b)
	require.NoError(t, err)
	near(t, m, a, 6)

	for q, most := range map[int]int{100: 0, 95: 12} {
		b, err = EncodeJXL(ctx, m, q)
		require.NoError(t, err)
		j, err := JXL(ctx, b)
		require.NoError(t, err)
		near(t, m, j, most)
	}

	m.Pix[3], m.Pix[7] = 0, 100
	b, err = EncodeWebP(m, true, 90)
	require.NoError(t, err)
	w, err := webp.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	assert.Equal(t, m.Pix, w.(*image.NRGBA).Pix, "lossless, invisible pixels too")
	b, err = EncodeWebP(corners(64, 32), false, 95)
	require.NoError(t, err)
	_, err = webp.Decode(bytes.NewReader(b))
	require.NoError(t, err)
}

func TestDamaged(t *testing.T) {
	ctx := context.Background()
	for n := range len(cornersHEIC) {
		_, err := HEIC(ctx, cornersHEIC[:n])
		require.Error(t, err, "the first %d bytes", n)
	}
	_, err := HEIC(ctx, nil)
	require.ErrorIs(t, err, meta.ErrMalformed)
	_, err = AVIF(ctx, cornersHEIC)
	require.ErrorIs(t, err, meta.ErrMalformed)
	_, err = JXL(ctx, cornersHEIC)
	require.ErrorIs(t, err, meta.ErrMalformed)
}

// TestNobodyWaits: a run that does not end is left behind, and there are only so many.
func TestNobodyWaits(t *testing.T) {
	end := make(chan bool)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range maxRuns {
		go func() {
			_, _ = alone(context.Background(), func() (int, error) { <-end; return 0, nil })
		}()
	}
	require.Eventually(t, func() bool { return len(runs) == maxRuns }, time.Minute, time.Millisecond)
	_, err := alone(ctx, func() (int, error) { t.Error("one run too many"); return 0, nil })
	assert.ErrorIs(t, err, context.Canceled)
	close(end)

	_, err = alone(context.Background(), func() (int, error) { panic("a mistake") })
	assert.ErrorIs(t, err, meta.ErrInternal)
	n, err := alone(context.Background(), func() (int, error) { return 7, nil })
	require.NoError(t, err)
	assert.Equal(t, 7, n)
}

// TestNoHostLibrary: no library of the host is loaded, although there may be one,
// and nothing that could load one is linked.
func TestNoHostLibrary(t *testing.T) {
	_, err := HEIC(context.Background(), cornersHEIC)
	require.NoError(t, err)
	if maps, err := os.ReadFile("/proc/self/maps"); err == nil {
		assert.NotRegexp(t, regexp.MustCompile(`lib(heif|de265|avif|aom|dav1d|jxl|webp)[^ ]*\.so`), string(maps))
	}
	found, _ := filepath.Glob("/usr/lib/*/libheif.so*")
	t.Logf("libheif on this host: %v", found)
	if testing.Short() {
		t.Skip("asks the go command for the import graph")
	}
	cmd := exec.Command("go", "list", "-deps", "-tags", "nodynamic", "tabir/scrub/internal/codec")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	deps, err := cmd.Output()
	require.NoError(t, err)
	for d := range strings.Lines(string(deps)) {
		assert.NotContains(t, d, "purego")
		assert.NotEqual(t, "plugin\n", d)
	}
	// Without the tag there are no decoders, and none of their modules.
	cmd = exec.Command("go", "list", "-deps", "tabir/scrub/internal/codec")
	deps, err = cmd.Output()
	require.NoError(t, err)
	assert.NotContains(t, string(deps), "gen2brain")
	assert.NotContains(t, string(deps), "wazero")
}

// TestVersions: from v0.5 on the decoder inside heic is under the AGPL, whatever
// the module says.
func TestVersions(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	for _, m := range []string{"heic v0.4.5", "avif v0.5.0", "jpegxl v0.5.0", "webp v0.6.0"} {
		assert.Contains(t, string(mod), "github.com/gen2brain/"+m)
	}
}

// FuzzHEIC asserts that whatever a file holds, the decoder ends and nothing else does.
func FuzzHEIC(f *testing.F) {
	f.Add(cornersHEIC)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := HEIC(context.Background(), b); err != nil {
			require.NotErrorIs(t, err, meta.ErrInternal)
		}
	})
}
