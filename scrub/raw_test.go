package scrub_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
)

// TestRawPhotos: what is built on TIFF and holds the values of a sensor is
// refused by its own name, and not told to have a wrong extension.
func TestRawPhotos(t *testing.T) {
	o := binary.BigEndian
	sensor := []testkit.Tag{testkit.Short(o, 256, 8), testkit.Short(o, 257, 8), testkit.Short(o, 262, 32803)}
	for name, tags := range map[string][]testkit.Tag{
		"Nikon raw photo (NEF)": {testkit.Text(271, "NIKON CORPORATION"), {ID: 330, Sub: sensor}},
		"DNG raw photo":         {testkit.Text(271, "Canon"), {ID: 330, Sub: sensor}, {ID: 50706, Type: 1, Value: []byte{1, 4, 0, 0}}},
		"Canon raw photo (CR2)": nil,
	} {
		b := testkit.TIFF(o, tags, nil)
		if tags == nil {
			b = []byte("II*\x00\x10\x00\x00\x00CR\x02\x00\x00\x00\x00\x00")
		}
		r, err := scrub.Inspect(context.Background(), bytes.NewReader(b), int64(len(b)), scrub.Options{Name: "DSC_0001.nef"})
		assert.ErrorIs(t, err, scrub.ErrUnknownFormat, name)
		assert.ErrorContains(t, err, name)
		assert.Equal(t, scrub.Refused, r.Outcome())
		assert.Empty(t, r.Format)
		assert.Empty(t, r.WrongExt)
	}
}
