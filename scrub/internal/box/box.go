// Package box walks the boxes of ISO base media files (ISO/IEC 14496-12, 4.2),
// which HEIF, AVIF, JPEG XL, MP4 and QuickTime are made of. It says where boxes
// are; what becomes of them is the formats' business.
package box

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Box is one box in a file.
type Box struct {
	Type string // four characters
	Off  int64  // where its header begins
	Head int64  // bytes of the header: 8, 16 with a large size, 16 more for "uuid"
	Size int64  // bytes with the header
	UUID [16]byte
	Open bool // the size is stated as 0: to the end of what holds it
}

// Data is where the content begins.
func (b Box) Data() int64 { return b.Off + b.Head }

// Len is the number of content bytes.
func (b Box) Len() int64 { return b.Size - b.Head }

// End is the position just behind the box.
func (b Box) End() int64 { return b.Off + b.Size }

// At reads the header of the box at off in something that ends at end. A box that
// reaches beyond it is meta.Truncated.
func At(w *rd.Window, off, end int64) (Box, error) {
	bad := func(what string, err error) (Box, error) {
		return Box{}, fmt.Errorf("box at %d: %s: %w", off, what, err)
	}
	if end-off < 8 {
		return bad(fmt.Sprintf("%d bytes", end-off), meta.Truncated)
	}
	h, err := w.Peek(off, int(min(32, end-off)))
	if err != nil {
		return Box{}, err
	}
	b := Box{Type: string(h[4:8]), Off: off, Head: 8, Size: int64(binary.BigEndian.Uint32(h))}
	switch b.Size {
	case 0:
		b.Size, b.Open = end-off, true
	case 1:
		if len(h) < 16 {
			return bad("large size", meta.Truncated)
		}
		large := binary.BigEndian.Uint64(h[8:])
		if large > 1<<62 {
			return bad("large size", meta.Truncated)
		}
		b.Size, b.Head = int64(large), 16
	}
	if b.Type == "uuid" {
		if int64(len(h)) < b.Head+16 {
			return bad("uuid", meta.Truncated)
		}
		copy(b.UUID[:], h[b.Head:])
		b.Head += 16
	}
	if b.Size < b.Head {
		return bad(fmt.Sprintf("%q of %d bytes", meta.Show(b.Type), b.Size), meta.ErrMalformed)
	}
	if b.Size > end-off {
		return bad(fmt.Sprintf("%q of %d bytes where %d are left", meta.Show(b.Type), b.Size, end-off), meta.Truncated)
	}
	return b, nil
}

// Walk calls each for every box between off and end, in order. It stops at the
// first error, and after Limits.Items boxes with meta.ErrLimit.
func Walk(w *rd.Window, off, end int64, each func(Box) error) error {
	for n := 0; off < end; n++ {
		if n >= w.Limits().Items {
			return fmt.Errorf("box at %d: more than %d: %w", off, n, meta.ErrLimit)
		}
		b, err := At(w, off, end)
		if err != nil {
			return err
		}
		if err := each(b); err != nil {
			return err
		}
		off = b.End()
	}
	return nil
}

// Make is a box of ours with the parts as its content.
func Make(typ string, parts ...[]byte) []byte {
	out := append(make([]byte, 4, 8), typ...)
	for _, p := range parts {
		out = append(out, p...)
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// MakeFull is a box of ours that begins with a version and flags (4.2, FullBox).
func MakeFull(typ string, version byte, flags uint32, parts ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(version)<<24|flags&0xffffff)
	return Make(typ, append([][]byte{head}, parts...)...)
}
