package pix

import (
	"context"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/disintegration/imaging"

	"tabir/scrub/meta"
)

// Part decodes the whole picture in the first size bytes of src and returns a
// part of the upright picture, scaled down so that neither side is longer than side.
func Part(ctx context.Context, src io.ReaderAt, size int64, part image.Rectangle, side int) (image.Image, error) {
	m, full, err := Preview(ctx, src, size, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	if part = part.Intersect(image.Rectangle{Max: full}); part.Empty() {
		return nil, fmt.Errorf("preview: %w", meta.ErrNoArea)
	}
	return shrink(imaging.Crop(m, part.Add(m.Bounds().Min)), side), nil
}
