package sample_test

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/app/sample"
	"tabir/scrub"
)

// TestTour: of the two people at the table the one who looks away is missed by
// every detector, which is what that photo is to show.
func TestTour(t *testing.T) {
	photos := sample.Tour()
	require.Len(t, photos, 5)
	detectors := []scrub.FaceDetector{scrub.BasicFaceDetector()}
	if model, err := os.ReadFile("../../../shared/models/yunet_n_640_640.onnx"); err != nil {
		t.Log("only the basic detector: there is no model beside the checkout")
	} else {
		d, err := scrub.LoadFaceDetector(model)
		require.NoError(t, err)
		detectors = append(detectors, d)
	}
	for _, d := range detectors {
		p := photos[3].Data
		faces, err := scrub.DetectFaces(context.Background(), bytes.NewReader(p), int64(len(p)), d, scrub.FacesDefault)
		require.NoError(t, err)
		require.Len(t, faces.Boxes, 1, d.Name())
		require.Less(t, faces.Boxes[0].X+faces.Boxes[0].W, 540.0, d.Name())
	}
	if dir := os.Getenv("SAMPLES"); dir != "" {
		for _, p := range photos {
			require.NoError(t, os.WriteFile(filepath.Join(dir, p.Name), p.Data, 0o666))
		}
	}
}

// TestPhotos looks at what is drawn. SAMPLES=dir writes the files there.
func TestPhotos(t *testing.T) {
	photos := sample.Photos()
	require.Len(t, photos, 7)
	for i, p := range photos {
		if dir := os.Getenv("SAMPLES"); dir != "" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, p.Name), p.Data, 0o666))
		}
		m, _, err := image.Decode(bytes.NewReader(p.Data))
		if i == len(photos)-1 {
			require.Error(t, err, "the last one is damaged")
			continue
		}
		require.NoError(t, err, p.Name)
		require.GreaterOrEqual(t, m.Bounds().Dx(), 500)
		require.NotEmpty(t, p.What)
	}
}
