package png

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

const signature = "\x89PNG\r\n\x1a\n"

// chunk is one chunk of the file (PNG, third edition, 5.3).
type chunk struct {
	typ  string
	off  int64 // of its length field
	n    int64 // of its data
	good bool  // its CRC is right
}

func (c chunk) data() int64 { return c.off + 8 }
func (c chunk) end() int64  { return c.off + 12 + c.n }

// picture reports whether c holds picture data, and may be large.
func (c chunk) picture() bool { return c.typ == "IDAT" || c.typ == "fdAT" }

// Bit 5 of the first letter tells an ancillary chunk (5.4).
func (c chunk) critical() bool { return c.typ[0]&0x20 == 0 }

// walk lists the chunks up to IEND. Runs of IDAT and fdAT chunks are checked as
// they pass, and not one of them is held.
func walk(w *rd.Window, each func(chunk) error) (end int64, err error) {
	items := 0
	for off := int64(len(signature)); ; {
		h, err := w.Peek(off, 8)
		if errors.Is(err, meta.ErrTruncated) {
			return 0, fmt.Errorf("png: file ends at %d without IEND: %w", w.Size(), meta.Truncated)
		}
		if err != nil {
			return 0, err
		}
		c := chunk{typ: string(h[4:8]), off: off, n: int64(binary.BigEndian.Uint32(h))}
		if !letters(c.typ) || c.n > 1<<31-1 {
			return 0, fmt.Errorf("png: no chunk at %d: %w", off, meta.ErrMalformed)
		}
		if c.end() > w.Size() {
			return 0, fmt.Errorf("png: chunk %s at %d is cut short: %w", c.typ, off, meta.Truncated)
		}
		if c.good = w.Skim && c.picture(); c.good {
			// The CRC is looked at when the copy is parsed.
		} else if c.good, err = checkCRC(w, c); err != nil {
			return 0, err
		}
		if c.critical() && !c.good {
			return 0, fmt.Errorf("png: chunk %s at %d does not fit its checksum: %w", c.typ, off, meta.ErrMalformed)
		}
		if items++; items > w.Limits().Items {
			return 0, fmt.Errorf("png: more than %d chunks: %w", w.Limits().Items, meta.ErrLimit)
		}
		if err := each(c); err != nil {
			return 0, err
		}
		off = c.end()
		if c.typ == "IEND" {
			return off, nil
		}
	}
}

func letters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// checkCRC compares the CRC of type and data with the one behind them (5.5).
func checkCRC(w *rd.Window, c chunk) (bool, error) {
	crc := uint32(0)
	for off, left := c.off+4, c.n+4; left > 0; {
		p, err := w.Page(off)
		if errors.Is(err, io.EOF) {
			return false, fmt.Errorf("png: chunk %s at %d: %w", c.typ, c.off, meta.Truncated)
		}
		if err != nil {
			return false, err
		}
		p = p[:min(int64(len(p)), left)]
		crc = crc32.Update(crc, crc32.IEEETable, p)
		off, left = off+int64(len(p)), left-int64(len(p))
	}
	want, err := w.Uint32(c.end()-4, binary.BigEndian)
	return crc == want, err
}

// makeChunk is a whole chunk with the given data.
func makeChunk(typ string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, typ...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}
