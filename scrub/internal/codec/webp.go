//go:build nodynamic

package codec

import (
	"bytes"
	"fmt"
	"image"

	"github.com/gen2brain/webp"

	"tabir/scrub/meta"
)

// EncodeWebP codes m as a WebP file: lossless, with the colours of invisible
// pixels as they are, or lossy. The encoder is libwebp, translated to Go; it sees
// only pixels, and its time is bounded by their number.
func EncodeWebP(m *image.NRGBA, lossless bool, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := webp.Encode(&out, m, webp.Options{Lossless: lossless, Exact: lossless, Quality: quality, Method: 4}); err != nil {
		return nil, fmt.Errorf("webp: %w: %w", meta.ErrInternal, err)
	}
	return out.Bytes(), nil
}
