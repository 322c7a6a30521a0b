package xmp_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// TestCorpus compares what is found in the packets of real files, of any format
// that holds them as they are, with what another tool finds in them.
func TestCorpus(t *testing.T) {
	checked := 0
	for known := range testkit.KnownShared(t, "xmp") {
		b, found := known.Data, map[meta.Kind]bool{}
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
				assert.NotEqual(t, meta.LabelXMPBad, f.Label, known.Name)
			}
			b = b[from+to:]
		}
		if len(found) == 0 {
			continue // compressed, in pieces, or in UTF-16
		}
		checked++
		for _, tag := range known.Tells {
			switch tag {
			case "xmpgps":
				assert.True(t, found[meta.Location], "%s: location", known.Name)
			case "xmpmm":
				if strings.Contains(known.Name, "exiv2-bug884") {
					continue // the property is there, and empty
				}
				assert.True(t, found[meta.Serial], "%s: number of the document", known.Name)
			}
		}
	}
	assert.Greater(t, checked, 30)
}
