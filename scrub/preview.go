package scrub

import (
	"context"
	"errors"
	"image"
	"io"

	"tabir/scrub/internal/pix"
)

// Preview decodes the picture in the first size bytes of src to look at it:
// upright, and at most side pixels wide and high; full is the size of the upright
// picture itself, in pixels. A picture of more than 200
// million pixels, or one that would take too much memory, is an [ErrLimit]; one
// that can be cleaned but not decoded here is an [ErrUnsupported].
func Preview(ctx context.Context, src io.ReaderAt, size int64, side int) (m image.Image, full image.Point, err error) {
	err = guard(func() (err error) {
		m, full, err = pix.Preview(ctx, src, size, side)
		if c := openCanvas(ctx, src, size); c != nil && errors.Is(err, ErrUnsupported) {
			m, full, err = see(ctx, c, src, size, side) // what covers areas of a picture can show it
		}
		return err
	})
	return m, full, err
}
