package scrub

import (
	"context"
	"image"
	"io"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/plan"
)

// Tile decodes a part of the upright picture in the first size bytes of src to
// look at it closely, at its own size or smaller, so that neither side is longer
// than side pixels. A JPEG in one of the usual kinds costs the memory of the part
// only; of others the whole picture is decoded, within the limits of [Preview].
// A part that is not in the picture is an [ErrNoArea].
func Tile(ctx context.Context, src io.ReaderAt, size int64, part image.Rectangle, side int) (m image.Image, err error) {
	err = guard(func() (err error) {
		if c, ok := ownCanvas(ctx, src, size).(plan.Tiler); ok {
			m, err = tile(c, part, side)
			return err
		}
		m, err = pix.Part(ctx, src, size, part, side)
		return err
	})
	return m, err
}

// tile is a part of a canvas as it is shown.
func tile(c plan.Tiler, part image.Rectangle, side int) (image.Image, error) {
	t, orientation, err := c.Tile(part, side)
	if err != nil {
		return nil, err
	}
	m, _ := pix.Upright(t, t.Bounds().Size(), side, orientation)
	return m, nil
}

// PreviewCover shows what areas would look like when they are covered. m is the
// part of an upright picture that is given by shows, at any size; the regions are
// in pixels of the picture. Nothing that is written comes from here.
func PreviewCover(m image.Image, shows image.Rectangle, regions []Region, s CoverStyle) image.Image {
	return paint.Over(m, shows, regions, s)
}
