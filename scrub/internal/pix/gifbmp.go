package pix

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

func isGIF(head []byte) bool {
	return len(head) >= 6 && (string(head[:6]) == "GIF87a" || string(head[:6]) == "GIF89a")
}

func isBMP(head []byte) bool { return len(head) >= 2 && string(head[:2]) == "BM" }

// decodeGIF decodes the first frame, in its place on the screen.
func decodeGIF(r io.Reader) (image.Image, error) {
	var head bytes.Buffer
	config, err := gif.DecodeConfig(io.TeeReader(r, &head))
	if err != nil {
		return nil, err
	}
	screen := image.Rect(0, 0, config.Width, config.Height)
	m, err := gif.Decode(io.MultiReader(&head, r))
	if err != nil || m.Bounds() == screen {
		return m, err
	}
	out := image.NewNRGBA(screen)
	draw.Draw(out, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return out, nil
}
