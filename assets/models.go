package assets

import "embed"

//go:embed models
var models embed.FS

// FaceModel is the file of the face detector, nil where it was not there when
// the program was built.
func FaceModel() []byte {
	b, err := models.ReadFile("models/yunet_n_640_640.onnx")
	if err != nil {
		return nil
	}
	return b
}
