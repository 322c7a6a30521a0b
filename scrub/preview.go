package scrub

import (
	"context"
	"image"
	"io"

	"tabir/scrub/internal/pix"
)

// Preview decodes the picture in the first size bytes of src to look at it:
// upright, and at most side pixels wide and high. A picture of more than 200
// million pixels, or one that would take too much memory, is an [ErrLimit]; one
// that can be cleaned but not decoded here is an [ErrUnsupported].
func Preview(ctx context.Context, src io.ReaderAt, size int64, side int) (image.Image, error) {
	var m image.Image
	err := guard(func() (err error) {
		m, _, err = pix.Preview(ctx, src, size, side)
		return err
	})
	return m, err
}
