package scrub_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
)

func TestCoverRegions(t *testing.T) {
	for _, src := range [][]byte{photo(), testkit.PNG()} {
		plain, _, err := cleanBytes(src, scrub.Options{})
		require.NoError(t, err)
		o := scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 2, Y: 2, W: 6, H: 5}}}}
		out, r, err := cleanBytes(src, o)
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())
		assert.Len(t, r.Covered, 1)
		assert.False(t, r.Looked)
		assert.False(t, bytes.Equal(plain, out))
		assert.NotContains(t, string(out), "Wayan")
		v, err := scrub.Verify(ctx, bytes.NewReader(out), int64(len(out)), scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.AlreadyClean, v.Outcome())

		// A clean picture with a new cover is no copy of itself.
		_, r, err = cleanBytes(plain, o)
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())

		_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 2, Y: 2}}}})
		assert.ErrorIs(t, err, scrub.ErrNoArea)
		assert.Equal(t, scrub.Failed, r.Outcome())
	}
	out, r, err := cleanBytes(testkit.APNG(), scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{W: 5, H: 5}}}})
	assert.ErrorIs(t, err, scrub.ErrUnsupported)
	assert.Equal(t, scrub.Refused, r.Outcome())
	assert.Empty(t, out)
}

// TestCoverFaces needs the weights and a photo from beside the checkout.
func TestCoverFaces(t *testing.T) {
	model, err := os.ReadFile("../../shared/models/yunet_n_640_640.onnx")
	if err != nil {
		t.Skip("no ../shared/models beside the checkout")
	}
	src, err := os.ReadFile("../../shared/faces/fr_biden.jpg")
	if err != nil {
		t.Skip("no ../shared/faces beside the checkout")
	}
	d, err := scrub.LoadFaceDetector(model)
	require.NoError(t, err)
	out, r, err := cleanBytes(src, scrub.Options{Cover: scrub.Cover{Faces: d, Mode: scrub.FacesQuick}})
	require.NoError(t, err)
	assert.True(t, r.Looked)
	assert.Equal(t, 1, r.Faces)
	found, err := scrub.DetectFaces(ctx, bytes.NewReader(out), int64(len(out)), d, scrub.FacesQuick)
	require.NoError(t, err)
	for _, b := range found.Boxes { // a covered head still has the shape of one
		c := r.Covered[0]
		x, y := int(b.X+b.W/2), int(b.Y+b.H/2)
		assert.True(t, x > c.X && x < c.X+c.W && y > c.Y && y < c.Y+c.H, "a face outside the cover")
	}

	blank, err := os.ReadFile("../../shared/faces/ski_brick.png")
	require.NoError(t, err)
	_, r, err = cleanBytes(blank, scrub.Options{Cover: scrub.Cover{Faces: d, Mode: scrub.FacesQuick}})
	require.NoError(t, err)
	assert.True(t, r.Looked)
	assert.Empty(t, r.Covered, "what holds no face is only cleaned")
}
