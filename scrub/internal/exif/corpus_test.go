package exif_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// noPlace are photos whose GPS IFD holds no value.
const noPlace = "jpeg/exiftool__InfiRay.jpg jpeg/test__empty_gps.jpg"

var orientations = map[string]int{
	"Mirror_horizontal": 2, "Rotate_180": 3, "Mirror_vertical": 4, "Mirror_horizontal_and_rotate_270_CW": 5,
	"Rotate_90_CW": 6, "Mirror_horizontal_and_rotate_90_CW": 7, "Rotate_270_CW": 8,
}

// blocks returns the Exif blocks of a JPEG, up to its first scan.
func blocks(b []byte) (out [][]byte) {
	for i := 2; i+4 <= len(b) && b[i] == 0xFF && b[i+1] != 0xDA; {
		n := int(binary.BigEndian.Uint16(b[i+2:]))
		if i+2+n > len(b) || n < 2 {
			break
		}
		if s := b[i+4 : i+2+n]; b[i+1] == 0xE1 && strings.HasPrefix(string(s), "Exif\x00") && len(s) > 6 {
			out = append(out, s[6:])
		}
		i += 2 + n
	}
	return out
}

// TestCorpus compares what is found in real photos with what another tool finds
// in them: a location, a maker, a thumbnail, an orientation.
func TestCorpus(t *testing.T) {
	checked := 0
	for known := range testkit.KnownShared(t, "exif") {
		if known.Format != "jpeg" {
			continue
		}
		found, turned := map[meta.Kind]bool{}, 1
		for i, block := range blocks(known.Data) {
			if i == 0 {
				turned = exif.ReadLooks(block).Orientation
			}
			fs := exif.Describe(block)
			for _, f := range fs {
				found[f.Kind] = true
				assert.Equal(t, meta.Show(f.Value), f.Value)
			}
			l, c := exif.ReadLooks(block), exif.ReadChoices(block, keepAll)
			if out := exif.Write(l, c); out != nil {
				checkCanonical(t, out, l, c)
			}
		}
		if len(found) == 0 {
			continue // its Exif is in a second picture
		}
		checked++
		for _, tag := range known.Tells {
			switch {
			case tag == "GPS" && !strings.Contains(noPlace, known.Name):
				assert.True(t, found[meta.Location], "%s: location", known.Name)
			case strings.HasPrefix(tag, "orient_"):
				assert.Equal(t, orientations[strings.TrimPrefix(tag, "orient_")], turned, "%s: orientation", known.Name)
			case strings.HasPrefix(tag, "make_"):
				assert.True(t, found[meta.Device], "%s: maker", known.Name)
			case tag == "thumb" && known.Name != "jpeg/exiftool__ExifTool.jpg": // its length is zero
				assert.True(t, found[meta.Picture], "%s: thumbnail", known.Name)
			}
		}
	}
	assert.Greater(t, checked, 40)
}
