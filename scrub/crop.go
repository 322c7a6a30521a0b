package scrub

import (
	"context"
	"fmt"
	"image"
	"io"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// CropFits says what the picture in the first size bytes of src would be cut to if
// [Options.Crop] were part: the part itself, or the smallest one around it that
// can be cut without loss. Pictures that cannot be cut are an [ErrNoCover].
func CropFits(ctx context.Context, src io.ReaderAt, size int64, part image.Rectangle) (fits image.Rectangle, err error) {
	err = guard(func() error {
		f, err := sniff(src, size)
		if err != nil {
			return err
		}
		c, err := openTo(ctx, f, src, size, meta.Policy{})
		if err != nil {
			return err
		}
		fits, err = crop(f.Name, c, part)
		return err
	})
	return fits, err
}

func crop(format string, c plan.Canvas, part image.Rectangle) (image.Rectangle, error) {
	k, ok := c.(plan.Cropper)
	if !ok {
		return part, fmt.Errorf("%s: cutting: %w: %w", format, ErrNoCover, ErrUnsupported)
	}
	return k.Crop(part)
}

// left are the regions that have a part in what a picture was cut to, in pixels of that.
func left(regions []Region, cut image.Rectangle) []Region {
	if cut.Empty() {
		return regions
	}
	var out []Region
	for _, r := range regions {
		if r.Touches(cut.Min.X, cut.Min.Y, cut.Dx(), cut.Dy()) {
			r.X -= cut.Min.X
			r.Y -= cut.Min.Y
			out = append(out, r)
		}
	}
	return out
}
