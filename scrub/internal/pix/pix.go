// Package pix turns pictures into pixels, within limits of memory: to look at
// them, to find faces in them, and to make new pictures that have never seen
// anything but the pixels of the old ones.
package pix

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/disintegration/imaging"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"tabir/scrub/meta"
)

// Limits of what is decoded, checked against the header before any pixel is.
const (
	maxPixels = 200_000_000
	maxBytes  = 4 * maxPixels // that the decoder will hold
	maxFile   = 256 << 20     // of the files that a decoder wants in memory
)

// format is a kind of picture that can be decoded.
type format struct {
	name  string
	sniff func(head []byte) bool // of the first sniffLen bytes, or fewer
	look  func(f file) (header, error)
}

const sniffLen = 64

// formats is the one list of what can be decoded; a line adds one. Raw photos come
// before what they look like.
var formats = []format{
	{"jpeg", isJPEG, lookJPEG},
	{"png", isPNG, lookPNG},
	{"webp", isWebP, lookWebP},
	{"heif", isHEIF, lookHEIF},
	{"jxl", isJXL, lookJXL},
	{"raw", isRaw, lookRaw},
	{"tiff", isTIFF, lookTIFF},
	{"gif", isGIF, lookGIF},
	{"bmp", isBMP, lookBMP},
}

// file is a source. It stops a decoder when the context ends.
type file struct {
	ctx  context.Context
	src  io.ReaderAt
	size int64
}

// ReadAt implements io.ReaderAt.
func (f file) ReadAt(b []byte, off int64) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	return f.src.ReadAt(b, off)
}

// reader reads all of f, or a part of it.
func (f file) reader() io.Reader { return io.NewSectionReader(f, 0, f.size) }

func (f file) part(off, n int64) *io.SectionReader { return io.NewSectionReader(f, off, n) }

// all is the whole file.
func (f file) all() ([]byte, error) {
	if f.size > maxFile {
		return nil, fmt.Errorf("%d bytes to decode: %w", f.size, meta.ErrLimit)
	}
	b := make([]byte, f.size)
	if n, err := f.ReadAt(b, 0); int64(n) < f.size {
		return nil, fmt.Errorf("reading: %w", err)
	}
	return b, nil
}

// header is what is known of a picture before it is decoded.
type header struct {
	name          string // what it is: "heic"
	width, height int    // as stored
	perPixel      int64  // bytes that the decoder holds at most for one
	orientation   int    // Exif's, of what decode returns
	lossless      bool   // the pixels are coded as they are
	alpha         bool   // some may be transparent
	animated      bool   // decode returns the first frame
	profile       []byte // the ICC profile of the colours; none: sRGB
	odd           error  // why no new picture can be made of it, if so
	decode        func() (image.Image, error)
}

// Preview decodes the picture in the first size bytes of src, turns it upright
// and scales it down so that neither side is longer than side pixels. full is
// the size of the upright picture itself.
func Preview(ctx context.Context, src io.ReaderAt, size int64, side int) (m image.Image, full image.Point, err error) {
	h, m, err := decode(file{ctx, src, size})
	if err != nil {
		return nil, image.Point{}, err
	}
	m, full = Upright(m, m.Bounds().Size(), side, h.orientation)
	return m, full, nil
}

func decode(f file) (header, image.Image, error) {
	h, err := look(f)
	if err != nil {
		return h, nil, err
	}
	if err := h.fits(); err != nil {
		return h, nil, err
	}
	m, err := h.decode()
	if err != nil {
		if f.ctx.Err() != nil {
			return h, nil, context.Cause(f.ctx)
		}
		return h, nil, fmt.Errorf("decoding: %w", why(err))
	}
	return h, m, nil
}

// Upright scales a decoded picture down and turns it as its Exif orientation
// asks. full is its size as it is stored, and comes back as that of the upright one.
func Upright(m image.Image, full image.Point, side, orientation int) (image.Image, image.Point) {
	if orientation >= 5 {
		full.X, full.Y = full.Y, full.X
	}
	return turn(shrink(m, side), orientation), full
}

// why maps what decoders of others say to errors of ours.
func why(err error) error {
	for _, ours := range []error{meta.ErrUnsupported, meta.ErrMalformed, meta.ErrLimit, meta.ErrInternal, context.DeadlineExceeded} {
		if errors.Is(err, ours) {
			return err
		}
	}
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	var t tiff.UnsupportedError
	if errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) || errors.Is(err, bmp.ErrUnsupported) {
		return fmt.Errorf("%w: %w", meta.ErrUnsupported, err)
	}
	return fmt.Errorf("%w: %w", meta.ErrMalformed, err)
}

// fits refuses what would take too much memory.
func (h header) fits() error {
	pixels := int64(h.width) * int64(h.height)
	if h.width <= 0 || h.height <= 0 {
		return fmt.Errorf("decoding: %d by %d pixels: %w", h.width, h.height, meta.ErrMalformed)
	}
	if pixels > maxPixels {
		return fmt.Errorf("decoding: %d million pixels: %w", pixels/1e6, meta.ErrLimit)
	}
	if pixels*h.perPixel > maxBytes {
		return fmt.Errorf("decoding: %d MB of memory: %w", pixels*h.perPixel>>20, meta.ErrLimit)
	}
	return nil
}

func look(f file) (header, error) {
	head := make([]byte, min(sniffLen, f.size))
	if n, err := f.ReadAt(head, 0); n < len(head) {
		return header{}, fmt.Errorf("reading: %w", err)
	}
	var other error
	for _, k := range formats {
		if !k.sniff(head) {
			continue
		}
		h, err := k.look(f)
		if errors.Is(err, errOther) {
			other = err
			continue
		}
		if err != nil {
			return header{}, fmt.Errorf("decoding: %w", why(err))
		}
		h.orientation = max(h.orientation, 1)
		if h.name == "" {
			h.name = k.name
		}
		return h, nil
	}
	if other != nil {
		return header{}, fmt.Errorf("decoding: %w", other)
	}
	return header{}, fmt.Errorf("decoding: %w", meta.ErrUnknownFormat)
}

// errOther is what look says of a file that only begins like its format's: another
// one may know it.
var errOther = fmt.Errorf("of another format: %w", meta.ErrUnsupported)

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
