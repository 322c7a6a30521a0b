package webp

import (
	"bytes"
	"fmt"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"

	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// maxDecoded bounds the pictures that are decoded to look for text behind them, in
// pixels.
const maxDecoded = 100e6

// excess refuses text behind the end of coded data in its chunk. Where that end is
// only decoding tells, which is done where the data ends in what reads like text:
// what decodes without that has no need of it. Decoders pass over it.
func (m *image) excess(w *rd.Window) error {
	for _, c := range []*chunk{m.alph, m.data} {
		if c == nil || c == m.alph && m.alphLen < c.n || m.width*m.height > maxDecoded {
			continue
		}
		tail := min(c.n, trailer.TailLen)
		b, err := w.Bytes(c.end()-tail, tail)
		if err != nil {
			return err
		}
		text := trailer.LastText(b)
		n := c.n - tail + int64(text)
		if text < 0 || n > w.Limits().Block {
			continue
		}
		if b, err = w.Bytes(c.data(), n); err != nil {
			return err
		}
		if m.decodes(c.typ, b) {
			return fmt.Errorf("webp: %s at %d: text behind the end of the picture data: %w", c.typ, c.off, meta.ErrMalformed)
		}
	}
	return w.Err()
}

// decodes reports whether b is all that a decoder needs of a chunk.
func (m *image) decodes(typ string, b []byte) bool {
	var err error
	switch typ {
	case "VP8 ":
		d := vp8.NewDecoder()
		d.Init(bytes.NewReader(b), len(b))
		if _, err = d.DecodeFrameHeader(); err == nil {
			_, err = d.DecodeFrame()
		}
	case "VP8L":
		_, err = vp8l.Decode(bytes.NewReader(b))
	case "ALPH":
		if b[0]&3 == 0 {
			return false // not compressed: its length is known
		}
		// A VP8L stream without its header (2.7.1.2).
		w, h := m.width-1, m.height-1
		head := []byte{0x2f, byte(w), byte(w>>8) | byte(h<<6), byte(h >> 2), byte(h >> 10)}
		_, err = vp8l.Decode(bytes.NewReader(append(head, b[1:]...)))
	}
	return err == nil
}
