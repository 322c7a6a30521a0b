package pix

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/tiff"

	"tabir/scrub/meta"
)

// lookTIFF reads the first page of a classic TIFF file; the decoder does not read
// BigTIFF.
func lookTIFF(f file) (header, error) {
	h := header{lossless: true, perPixel: 8}
	h.decode = func() (image.Image, error) { return filled(tiff.Decode(f.part(0, f.size))) }
	if err := h.walkTIFF(f); err != nil {
		return h, err
	}
	c, err := tiff.DecodeConfig(f.part(0, f.size))
	h.width, h.height = c.Width, c.Height
	return h, err
}

// Tags of a page (TIFF 6.0, section 8).
const (
	tagSamples   = 277
	tagPlanar    = 284
	tagTileWidth = 322
	tagExtra     = 338
	tagProfile   = 34675
)

// walkTIFF reads how the first page is shown, and refuses what the decoder takes
// for something else: planes, and grey tiles that reach beyond the edge.
func (h *header) walkTIFF(f io.ReaderAt) error {
	var head [8]byte
	var order binary.ByteOrder = binary.BigEndian
	if n, err := f.ReadAt(head[:], 0); n < len(head) {
		return fmt.Errorf("reading: %w: %w", meta.Truncated, err)
	}
	if head[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(head[4:]))
	var count [2]byte
	if n, _ := f.ReadAt(count[:], at); n < len(count) {
		return meta.Truncated
	}
	fields := make([]byte, 12*int(order.Uint16(count[:]))+4)
	if n, _ := f.ReadAt(fields, at+2); n < len(fields) {
		return meta.Truncated
	}
	h.animated = order.Uint32(fields[len(fields)-4:]) != 0 // there are further pages
	grey, tiled := true, false
	for ; len(fields) >= 12; fields = fields[12:] {
		v := order.Uint16(fields[8:])
		switch order.Uint16(fields) {
		case tagOrientation:
			if v >= 1 && v <= 8 {
				h.orientation = int(v)
			}
		case tagSamples:
			grey = v == 1
		case tagPlanar:
			if v == 2 {
				return fmt.Errorf("planes of a TIFF picture: %w", meta.ErrUnsupported)
			}
		case tagTileWidth:
			tiled = true
		case tagExtra:
			h.alpha = true
		case tagProfile:
			if n := order.Uint32(fields[4:]); n <= maxProfile {
				p := make([]byte, n)
				k, _ := f.ReadAt(p, int64(order.Uint32(fields[8:])))
				h.profile = p[:k]
			}
		}
	}
	if grey && tiled {
		return fmt.Errorf("grey tiles of a TIFF picture: %w", meta.ErrUnsupported)
	}
	return nil
}
