//go:build !nodynamic

package codec

import (
	"context"
	"fmt"
	"image"

	"tabir/scrub/meta"
)

// Available says whether there are decoders in this program.
const Available = false

var errNone = fmt.Errorf("this program was built without decoders for HEIC, AVIF and JPEG XL (build it with -tags nodynamic): %w", meta.ErrUnsupported)

// HEIC is always meta.ErrUnsupported.
func HEIC(context.Context, []byte) (image.Image, error) { return nil, errNone }

// AVIF is always meta.ErrUnsupported.
func AVIF(context.Context, []byte) (*image.RGBA, error) { return nil, errNone }

// JXL is always meta.ErrUnsupported.
func JXL(context.Context, []byte) (*image.NRGBA, error) { return nil, errNone }

// EncodeAVIF is always meta.ErrUnsupported.
func EncodeAVIF(context.Context, *image.NRGBA, int) ([]byte, error) { return nil, errNone }

// EncodeJXL is always meta.ErrUnsupported.
func EncodeJXL(context.Context, *image.NRGBA, int) ([]byte, error) { return nil, errNone }

// EncodeWebP is always meta.ErrUnsupported.
func EncodeWebP(*image.NRGBA, bool, int) ([]byte, error) { return nil, errNone }
