package pix

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/meta"
)

// TestCorpus decodes every picture that Tabir was given to learn from.
func TestCorpus(t *testing.T) {
	need(t)
	dirs, _ := filepath.Glob("../../../../shared/corpus/*")
	if len(dirs) == 0 {
		t.Skip("there is no corpus beside the checkout")
	}
	for _, dir := range dirs {
		switch filepath.Base(dir) {
		case "webp", "heic", "avif", "jxl", "raw", "dng":
		default:
			continue
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, path := range files {
			f, err := os.Open(path)
			if err != nil {
				continue
			}
			st, _ := f.Stat()
			name := filepath.Base(dir) + "/" + filepath.Base(path)
			if st.Size() > 300_000 { // in part, for the time that it takes
				m, _, err := Preview(context.Background(), f, st.Size(), 256)
				if assert.NoError(t, err, name) {
					assert.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), 256, name)
				}
			} else if p, err := Decode(context.Background(), f, st.Size()); err != nil {
				t.Logf("%s: %v", name, err)
				assert.NotErrorIs(t, err, meta.ErrInternal, name)
			} else {
				t.Logf("%s: %v, animated %v, profile of %d bytes", name, p.Rect.Max, p.Animated, len(p.Profile))
			}
			f.Close()
		}
	}
}
