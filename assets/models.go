package assets

import (
	"cmp"
	"embed"
	"os"
	"path/filepath"
)

//go:embed models
var models embed.FS

// FaceModelFile is the name of the file of the face detector, here and in a
// configuration folder.
const FaceModelFile = "yunet_n_640_640.onnx"

// FaceModel is the file of the face detector, nil where it was not there when
// the program was built.
func FaceModel() []byte {
	b, err := models.ReadFile("models/" + FaceModelFile)
	if err != nil {
		return nil
	}
	return b
}

// FindFaceModel reads the file that is named, or else that of $TABIR_FACE_MODEL,
// or one in the user's configuration folder, or the one that was built in. It is
// nil where there is none.
func FindFaceModel(named string) ([]byte, error) {
	if named = cmp.Or(named, os.Getenv("TABIR_FACE_MODEL")); named != "" {
		return os.ReadFile(named)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		if b, err := os.ReadFile(filepath.Join(dir, "tabir", FaceModelFile)); err == nil {
			return b, nil
		}
	}
	return FaceModel(), nil
}
