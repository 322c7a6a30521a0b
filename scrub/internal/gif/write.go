package gif

import (
	"compress/lzw"
	"encoding/binary"
	"image"

	"tabir/scrub/internal/paint"
)

// still is an image block that is to be written, of indices into its palette.
type still struct {
	rect    image.Rectangle
	pix     []byte
	palette *paint.Palette
	delay   uint16
	dispose byte
}

// table is the palette as it is written: two entries at least, and a power of two of them.
func (m still) table() []byte {
	n := 2
	for n < len(m.palette.Colours) {
		n *= 2
	}
	out := make([]byte, 3*n)
	for i, c := range m.palette.Colours {
		copy(out[3*i:], c[:3])
	}
	return out
}

// sizeBits are the flags of a palette of so many bytes.
func sizeBits(table []byte) (bits byte) {
	for 6<<bits < len(table) {
		bits++
	}
	return 0x80 | bits
}

// appendTo writes the image; global is the palette that it need not repeat.
func (m still) appendTo(b, global []byte) ([]byte, error) {
	flags := m.dispose << 2
	if m.palette.Colours[0][3] == 0 {
		flags |= 1 // and the transparent colour is the first
	}
	if flags != 0 || m.delay != 0 {
		b = append(b, introExtension, labelControl, 4, flags, byte(m.delay), byte(m.delay>>8), 0, 0)
	}
	b = append(b, introImage)
	for _, v := range []int{m.rect.Min.X, m.rect.Min.Y, m.rect.Dx(), m.rect.Dy()} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	table := m.table()
	minCode := max(int(sizeBits(table)&7)+1, 2)
	if string(table) == string(global) {
		b = append(b, 0)
	} else {
		b = append(append(b, sizeBits(table)), table...)
	}
	w := &blockWriter{out: append(b, byte(minCode))}
	z := lzw.NewWriter(w, lzw.LSB, minCode)
	if _, err := z.Write(m.pix); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return w.end(), nil
}

// blockWriter cuts data into sub-blocks.
type blockWriter struct{ out, block []byte }

func (w *blockWriter) Write(b []byte) (int, error) {
	for _, c := range b {
		if w.block = append(w.block, c); len(w.block) == 255 {
			w.flush()
		}
	}
	return len(b), nil
}

func (w *blockWriter) flush() {
	if len(w.block) > 0 {
		w.out = append(append(w.out, byte(len(w.block))), w.block...)
		w.block = w.block[:0]
	}
}

func (w *blockWriter) end() []byte {
	w.flush()
	return append(w.out, 0)
}
