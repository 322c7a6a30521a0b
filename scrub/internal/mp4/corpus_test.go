package mp4

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestCorpus looks at real films beside the checkout.
func TestCorpus(t *testing.T) {
	refused := map[string]string{
		"mp4ff__audio.mp4":         "encrypted track",
		"mp4ff__stpp_combined.mp4": "nothing to show",
		"mp4ff__stpp_prog.mp4":     "nothing to show",
		"nom__sony-a7-xavc.mp4":    "truncated", // the header alone
	}
	for p, src := range testkit.Shared(t, "corpus/m[po][4v]/*") {
		out, _, err := testkit.Clean(t, MP4, src, meta.Policy{})
		if why := refused[filepath.Base(p)]; why != "" {
			assert.ErrorContains(t, err, why, p)
			continue
		}
		if assert.NoError(t, err, p) {
			sameFrames(t, p, out)
		}
	}
}

// sameFrames asks ffmpeg, where it is installed, for all pictures and sounds.
func sameFrames(t *testing.T, path string, out []byte) {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		return
	}
	cleaned := filepath.Join(t.TempDir(), "out"+filepath.Ext(path))
	require.NoError(t, os.WriteFile(cleaned, out, 0o600))
	sums := func(p string) string {
		b, err := exec.Command(ffmpeg, "-v", "error", "-copyts", "-i", p, "-map", "0:V?", "-map", "0:a?", "-c", "copy", "-f", "framemd5", "-").Output()
		require.NoError(t, err, p)
		return string(b)
	}
	before, after := sums(path), sums(cleaned)
	if !strings.HasSuffix(strings.TrimSpace(before), "hash") { // of a film without a frame ffmpeg makes up the time base
		assert.True(t, before == after, path)
	}
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, MP4, nil, "malformed/*")
}
