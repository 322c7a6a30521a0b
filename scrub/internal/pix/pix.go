// Package pix turns pictures into pixels to look at, within limits of memory.
// Nothing that is written comes from here.
package pix

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/disintegration/imaging"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"tabir/scrub/internal/exif"
	"tabir/scrub/meta"
)

// Limits of what is decoded, checked against the header before any pixel is.
const (
	maxPixels = 200_000_000
	maxBytes  = 4 * maxPixels // that the decoder will hold
)

// Preview decodes the picture in the first size bytes of src, turns it upright
// and scales it down so that neither side is longer than side pixels. full is
// the size of the upright picture itself.
func Preview(ctx context.Context, src io.ReaderAt, size int64, side int) (m image.Image, full image.Point, err error) {
	h, err := look(src, size)
	if err != nil {
		return nil, image.Point{}, err
	}
	if err := h.fits(); err != nil {
		return nil, image.Point{}, err
	}
	m, err = h.decode(&reader{ctx, io.NewSectionReader(src, 0, size)})
	if err != nil {
		if ctx.Err() != nil {
			return nil, image.Point{}, context.Cause(ctx)
		}
		return nil, image.Point{}, fmt.Errorf("preview: %w: %w", why(err), err)
	}
	m, full = Upright(m, m.Bounds().Size(), side, h.orientation)
	return m, full, nil
}

// Upright scales a decoded picture down and turns it as its Exif orientation
// asks. full is its size as it is stored, and comes back as that of the upright one.
func Upright(m image.Image, full image.Point, side, orientation int) (image.Image, image.Point) {
	if orientation >= 5 {
		full.X, full.Y = full.Y, full.X
	}
	return turn(shrink(m, side), orientation), full
}

// why maps what the standard library's decoders say to errors of ours.
func why(err error) error {
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	var t tiff.UnsupportedError
	if errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) || errors.Is(err, bmp.ErrUnsupported) {
		return meta.ErrUnsupported
	}
	return meta.ErrMalformed
}

// reader stops a decoder when the context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}

// header is what is known of a picture before it is decoded.
type header struct {
	decode      func(io.Reader) (image.Image, error)
	config      image.Config
	progressive bool
	orientation int
}

// fits refuses what would take too much memory.
func (h header) fits() error {
	pixels := int64(h.config.Width) * int64(h.config.Height)
	if pixels > maxPixels {
		return fmt.Errorf("preview: %d million pixels: %w", pixels/1e6, meta.ErrLimit)
	}
	if pixels*h.perPixel() > maxBytes {
		return fmt.Errorf("preview: %d MB of memory: %w", pixels*h.perPixel()>>20, meta.ErrLimit)
	}
	return nil
}

// perPixel is the most that the decoder holds for a pixel, in bytes.
func (h header) perPixel() int64 {
	switch h.config.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	case color.YCbCrModel, color.GrayModel:
		if h.progressive {
			return 12 // all coefficients of three components, four bytes each, two of them usually halved
		}
		return 3
	}
	return 4
}

func look(src io.ReaderAt, size int64) (header, error) {
	head := make([]byte, min(8, size))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		return header{}, fmt.Errorf("preview: reading: %w", err)
	}
	h := header{orientation: 1}
	config := jpeg.DecodeConfig
	switch {
	case len(head) > 2 && head[0] == 0xff && head[1] == 0xd8:
		h.decode = jpeg.Decode
		h.walkJPEG(src, size)
	case string(head) == "\x89PNG\r\n\x1a\n":
		h.decode, config = png.Decode, png.DecodeConfig
		h.walkPNG(src, size)
	case isGIF(head):
		h.decode, config = decodeGIF, gif.DecodeConfig
	case isBMP(head):
		h.decode, config = bmp.Decode, bmp.DecodeConfig
	case isTIFF(head):
		h.decode, config = tiff.Decode, configTIFF(src, size)
		if err := h.walkTIFF(src); err != nil {
			return header{}, err
		}
	default:
		return header{}, fmt.Errorf("preview: %w", meta.ErrUnknownFormat)
	}
	var err error
	if h.config, err = config(bufio.NewReader(io.NewSectionReader(src, 0, size))); err != nil {
		return header{}, fmt.Errorf("preview: %w: %w", why(err), err)
	}
	return h, nil
}

// maxParts bounds the segments or chunks that are looked at before the picture.
const maxParts = 10_000

// walkJPEG looks for the first Exif block before the first scan, and for SOF2.
func (h *header) walkJPEG(src io.ReaderAt, size int64) {
	var b [10]byte
	found := false
	for off, n := int64(2), 0; n < maxParts; n++ {
		if k, _ := src.ReadAt(b[:], off); k < len(b) || b[0] != 0xff || b[1] == 0xda {
			return
		}
		if b[1] == 0xff { // fill byte
			off++
			continue
		}
		length := int64(binary.BigEndian.Uint16(b[2:]))
		end := off + 2 + length
		if length < 2 || end > size {
			return
		}
		switch {
		case b[1] == 0xc2:
			h.progressive = true
		case b[1] == 0xe1 && !found && string(b[4:9]) == "Exif\x00" && length >= 8:
			found = true
			h.turn(src, off+10, length-8)
		}
		off = end
	}
}

// walkPNG looks for the eXIf chunk before the first IDAT.
func (h *header) walkPNG(src io.ReaderAt, size int64) {
	var b [8]byte
	for off, n := int64(8), 0; n < maxParts; n++ {
		if k, _ := src.ReadAt(b[:], off); k < len(b) {
			return
		}
		length := int64(binary.BigEndian.Uint32(b[:]))
		switch typ := string(b[4:]); {
		case typ == "IDAT" || off+12+length > size:
			return
		case typ == "eXIf":
			h.turn(src, off+8, length)
			return
		}
		off += 12 + length
	}
}

// maxExif is the most of an Exif block that is read for the orientation. IFD0
// stands at the start; the block of a PNG may be as long as the file.
const maxExif = 1 << 20

func (h *header) turn(src io.ReaderAt, off, n int64) {
	block := make([]byte, min(n, maxExif))
	k, _ := src.ReadAt(block, off)
	h.orientation = exif.ReadLooks(block[:k]).Orientation
}

func shrink(m image.Image, side int) image.Image {
	b := m.Bounds()
	if b.Dx() <= side && b.Dy() <= side {
		return m
	}
	if y, ok := m.(*image.YCbCr); ok {
		m = halve(y, max(b.Dx(), b.Dy())/side)
	}
	return imaging.Fit(m, side, side, imaging.Linear)
}

// turn turns m as the Exif orientation asks (TIFF 6.0, tag 274).
func turn(m image.Image, orientation int) image.Image {
	switch orientation {
	case 2:
		return imaging.FlipH(m)
	case 3:
		return imaging.Rotate180(m)
	case 4:
		return imaging.FlipV(m)
	case 5:
		return imaging.Transpose(m)
	case 6:
		return imaging.Rotate270(m)
	case 7:
		return imaging.Transverse(m)
	case 8:
		return imaging.Rotate90(m)
	}
	return m
}
