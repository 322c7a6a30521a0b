package xmp_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

const corpus = "../../../../shared/corpus"

// TestCorpus compares what is found in the packets of real files, of any format
// that holds them as they are, with what another tool finds in them.
func TestCorpus(t *testing.T) {
	manifest, err := os.ReadFile(filepath.Join(corpus, "MANIFEST.tsv"))
	if err != nil {
		t.Skip("the corpus of real photos is not beside the checkout")
	}
	checked := 0
	for line := range strings.Lines(string(manifest)) {
		col := strings.Split(line, "\t")
		if len(col) < 4 || !strings.Contains(col[3], "xmp") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(corpus, col[0]))
		require.NoError(t, err)
		found := map[meta.Kind]bool{}
		for {
			from := bytes.Index(b, []byte("<x:xmpmeta"))
			if from < 0 {
				break
			}
			to := bytes.Index(b[from:], []byte("</x:xmpmeta>"))
			if to < 0 {
				break
			}
			for _, f := range xmp.Describe(b[from : from+to+len("</x:xmpmeta>")]) {
				found[f.Kind] = true
				assert.Equal(t, meta.Show(f.Value), f.Value)
				assert.NotEqual(t, meta.LabelXMPBad, f.Label, col[0])
			}
			b = b[from+to:]
		}
		if len(found) == 0 {
			continue // compressed, in pieces, or in UTF-16
		}
		checked++
		for _, tag := range strings.Fields(col[3]) {
			switch tag {
			case "xmpgps":
				assert.True(t, found[meta.Location], "%s: location", col[0])
			case "xmpmm":
				if strings.Contains(col[0], "exiv2-bug884") {
					continue // the property is there, and empty
				}
				assert.True(t, found[meta.Serial], "%s: number of the document", col[0])
			}
		}
	}
	assert.Greater(t, checked, 30)
}
