package pix

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/tiff"

	"tabir/scrub/meta"
)

// isTIFF recognises classic TIFF; the decoder does not read BigTIFF.
func isTIFF(head []byte) bool {
	return len(head) >= 4 && (string(head[:4]) == "II*\x00" || string(head[:4]) == "MM\x00*")
}

// walkTIFF reads the orientation of the first page, and refuses what the decoder
// takes for something else: planes, and grey tiles that reach beyond the edge.
func (h *header) walkTIFF(src io.ReaderAt) error {
	var head [8]byte
	var order binary.ByteOrder = binary.BigEndian
	if n, err := src.ReadAt(head[:], 0); n < len(head) {
		return fmt.Errorf("preview: reading: %w", err)
	}
	if head[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(head[4:]))
	var count [2]byte
	if n, _ := src.ReadAt(count[:], at); n < len(count) {
		return fmt.Errorf("preview: %w", meta.Truncated)
	}
	fields := make([]byte, 12*int(order.Uint16(count[:])))
	if n, _ := src.ReadAt(fields, at+2); n < len(fields) {
		return fmt.Errorf("preview: %w", meta.Truncated)
	}
	const orientation, samples, planar, tileWidth = 274, 277, 284, 322
	grey, tiled := true, false
	for ; len(fields) > 0; fields = fields[12:] {
		v := order.Uint16(fields[8:])
		switch order.Uint16(fields) {
		case orientation:
			if v >= 1 && v <= 8 {
				h.orientation = int(v)
			}
		case samples:
			grey = v == 1
		case planar:
			if v == 2 {
				return fmt.Errorf("preview: planes of a TIFF picture: %w", meta.ErrUnsupported)
			}
		case tileWidth:
			tiled = true
		}
	}
	if grey && tiled {
		return fmt.Errorf("preview: grey tiles of a TIFF picture: %w", meta.ErrUnsupported)
	}
	return nil
}

// configTIFF decodes the header of src where it lies.
func configTIFF(src io.ReaderAt, size int64) func(io.Reader) (image.Config, error) {
	return func(io.Reader) (image.Config, error) { return tiff.DecodeConfig(io.NewSectionReader(src, 0, size)) }
}

// ReadAt implements io.ReaderAt, without which the TIFF decoder would hold the
// whole file.
func (r *reader) ReadAt(p []byte, off int64) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	if at, ok := r.r.(io.ReaderAt); ok {
		return at.ReadAt(p, off)
	}
	return 0, errors.ErrUnsupported
}
