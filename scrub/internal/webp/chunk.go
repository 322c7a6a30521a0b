package webp

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// chunk is one RIFF chunk of the file (RFC 9649, 2.3).
type chunk struct {
	typ  string
	off  int64 // of its type
	n    int64 // bytes of its payload
	next int64 // behind its padding
	pad  bool  // there is a padding byte, and it is zero
}

func (c chunk) data() int64 { return c.off + headLen }
func (c chunk) end() int64  { return c.data() + c.n }

// clean reports whether the chunk is padded as it should be.
func (c chunk) clean() bool { return c.pad || c.n&1 == 0 }

// headLen is the length of type and size in front of each payload.
const headLen = 8

// walk calls each for the chunks between off and end, counting all of them in
// items, and returns where the last one ends: there may be less than a chunk's
// head behind it. A padding byte may be missing at the end, where some writers
// forget it.
func walk(w *rd.Window, off, end int64, items *int, each func(chunk) error) (int64, error) {
	for end-off >= headLen {
		h, err := w.Peek(off, headLen)
		if err != nil {
			return 0, err
		}
		c := chunk{typ: string(h[:4]), off: off, n: int64(binary.LittleEndian.Uint32(h[4:]))}
		if c.end() > end {
			return 0, fmt.Errorf("webp: chunk %q at %d reaches to %d of %d: %w", meta.Show(c.typ), off, c.end(), end, meta.Truncated)
		}
		c.next = min(c.end()+c.n&1, end)
		if c.next > c.end() {
			b, err := w.Byte(c.end())
			if err != nil {
				return 0, err
			}
			c.pad = b == 0
		}
		if *items++; *items > w.Limits().Items {
			return 0, fmt.Errorf("webp: more than %d chunks: %w", w.Limits().Items, meta.ErrLimit)
		}
		if err := each(c); err != nil {
			return 0, err
		}
		off = c.next
	}
	return off, nil
}

// head is the type and the size of a chunk with n bytes of payload.
func head(typ string, n int64) []byte {
	return binary.LittleEndian.AppendUint32([]byte(typ), uint32(n))
}

// makeChunk is a whole chunk with its padding.
func makeChunk(typ string, data []byte) []byte {
	b := append(head(typ, int64(len(data))), data...)
	if len(data)&1 == 1 {
		b = append(b, 0)
	}
	return b
}

func uint24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

func appendUint24(b []byte, v int64) []byte { return append(b, byte(v), byte(v>>8), byte(v>>16)) }
