package pix

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"

	"github.com/disintegration/imaging"

	"tabir/scrub/internal/codec"
	"tabir/scrub/meta"
)

// transparent makes decoding add the alpha plane of the primary item of a HEIC file,
// if it has one: an auxiliary picture, of which the decoder makes nothing unless it
// is taken for the primary item. Of one in tiles it makes nothing at all; then the
// picture is decoded without, and nothing new is made of it.
func (s *heif) transparent(h *header) error {
	alpha := uint32(0)
	for item, of := range s.auxiliary {
		_ = s.each(item, func(typ string, b []byte) error { // what cannot be read is none
			if typ == "auxC" && isAlpha(b) && slices.Contains(of, s.primary) {
				alpha = max(alpha, item)
			}
			return nil
		})
	}
	if alpha == 0 {
		return nil
	}
	if len(s.derived[alpha]) > 0 {
		h.odd = fmt.Errorf("heic: transparency in tiles: %w", meta.ErrUnsupported)
		return nil
	}
	if w, ht := s.size(alpha); w > 2*h.width || ht > 2*h.height {
		return fmt.Errorf("heic: an alpha plane of %d by %d pixels: %w", w, ht, meta.ErrLimit)
	}
	h.alpha, h.perPixel = true, h.perPixel+12
	colours := h.decode
	h.decode = func() (image.Image, error) {
		m, err := colours()
		if err != nil {
			return nil, err
		}
		a, err := s.plane(alpha)
		if err != nil {
			return nil, fmt.Errorf("heic: transparency (%v): %w", err, meta.ErrUnsupported) // the picture itself is sound
		}
		return s.join(m, a)
	}
	return nil
}

// plane decodes an item as if it were the primary one.
func (s *heif) plane(item uint32) (image.Image, error) {
	b, err := s.bytes("heic")
	if err != nil {
		return nil, err
	}
	if s.at+2 > int64(len(b)) {
		return nil, meta.Truncated
	}
	if b[s.at-4] > 0 { // the version of pitm: numbers of 32 bits
		binary.BigEndian.PutUint32(b[s.at:], item)
	} else {
		binary.BigEndian.PutUint16(b[s.at:], uint16(item))
	}
	return codec.HEIC(s.w.Context(), b)
}

// join gives m the lightness of a as its alpha.
func (s *heif) join(m, a image.Image) (image.Image, error) {
	out, size := imaging.Clone(m), m.Bounds().Size()
	if got := a.Bounds().Size(); got.X > got.Y != (size.X > size.Y) && got != size {
		return nil, fmt.Errorf("heic: an alpha plane of %d by %d pixels on %d by %d: %w", got.X, got.Y, size.X, size.Y, meta.ErrUnsupported)
	}
	switch p := a.(type) {
	case *image.YCbCr:
		a = &image.Gray{Pix: p.Y, Stride: p.YStride, Rect: p.Rect}
	case *image.Gray:
	default:
		return nil, fmt.Errorf("heic: an alpha plane in colours: %w", meta.ErrUnsupported)
	}
	if a.Bounds().Size() != size {
		a = imaging.Resize(a, size.X, size.Y, imaging.Linear)
	}
	grey := imaging.Clone(a)
	for i := 0; i < len(out.Pix); i += 4 {
		v := grey.Pix[i]
		out.Pix[i+3] = v
		for k := range 3 {
			if s.multiplied && v > 0 {
				out.Pix[i+k] = byte(min(int(out.Pix[i+k])*255/int(v), 255))
			}
		}
	}
	return out, nil
}
