package scrub

import (
	"context"
	"errors"
	"image"
	"io"

	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/plan"
)

// Preview decodes the picture in the first size bytes of src to look at it:
// upright, and at most side pixels wide and high; full is the size of the upright
// picture itself, in pixels. A picture of more than 200
// million pixels, or one that would take too much memory, is an [ErrLimit]; one
// that can be cleaned but not decoded here is an [ErrUnsupported].
func Preview(ctx context.Context, src io.ReaderAt, size int64, side int) (m image.Image, full image.Point, err error) {
	err = guard(func() (err error) {
		if m, full = previewThin(ctx, src, size, side); m != nil {
			return nil
		}
		m, full, err = pix.Preview(ctx, src, size, side)
		if undecoded(err) {
			if c := ownCanvas(ctx, src, size); c != nil { // what covers areas of a picture can show it
				if n, all, no := see(ctx, c, src, size, side); no == nil {
					m, full, err = n, all, nil
				}
			}
		}
		return err
	})
	return m, full, err
}

// undecoded reports whether an error of decoding may be one of the decoder alone.
func undecoded(err error) bool {
	return errors.Is(err, ErrUnsupported) || errors.Is(err, ErrUnknownFormat) || errors.Is(err, ErrMalformed)
}

// thin is from how many bytes on a progressive picture is seen through its canvas.
const thin = 1 << 20

// previewThin sees a large progressive JPEG through its canvas: the decoder of the
// standard library holds all of its coefficients, four bytes each. It is nil for
// other pictures, and for those that cannot be seen so.
func previewThin(ctx context.Context, src io.ReaderAt, size int64, side int) (image.Image, image.Point) {
	if size < thin {
		return nil, image.Point{}
	}
	c, ok := ownCanvas(ctx, src, size).(plan.Tiler)
	if !ok {
		return nil, image.Point{}
	}
	full, progressive := c.Upright()
	if !progressive {
		return nil, image.Point{}
	}
	m, err := tile(c, image.Rectangle{Max: full}, side)
	if err != nil {
		return nil, image.Point{}
	}
	return m, full
}
