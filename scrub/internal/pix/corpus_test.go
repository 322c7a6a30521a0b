package pix

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestCorpus decodes every picture that Tabir was given to learn from.
func TestCorpus(t *testing.T) {
	need(t)
	for path, src := range testkit.Shared(t, "corpus/webp/*", "corpus/heic/*", "corpus/avif/*", "corpus/jxl/*", "corpus/raw/*", "corpus/dng/*") {
		f, n := bytes.NewReader(src), int64(len(src))
		if n > 300_000 { // in part, for the time that it takes
			m, _, err := Preview(context.Background(), f, n, 256)
			if assert.NoError(t, err, path) {
				assert.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), 256, path)
			}
		} else if p, err := Decode(context.Background(), f, n); err != nil {
			t.Logf("%s: %v", path, err)
			assert.NotErrorIs(t, err, meta.ErrInternal, path)
		} else {
			t.Logf("%s: %v, animated %v, profile of %d bytes", path, p.Rect.Max, p.Animated, len(p.Profile))
		}
	}
}
