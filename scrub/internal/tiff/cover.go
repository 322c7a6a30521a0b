package tiff

import (
	"fmt"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

func Cover(w *rd.Window, pol meta.Policy, regions []paint.Region, style paint.Style) ([]byte, error) {
	return nil, fmt.Errorf("tiff: %w: %w", meta.ErrNoCover, meta.ErrUnsupported)
}
