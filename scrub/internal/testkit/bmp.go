package testkit

import (
	"bytes"
	"encoding/binary"
)

// Bitmap describes a BMP file for a test.
type Bitmap struct {
	Header      int // length of the bitmap header
	Bits        int
	Compression uint32
	W, H        int
	Masks       []uint32
	Palette     []byte
	Gap         []byte // before the pixels
	Pixels      []byte
	Tail        []byte           // behind them
	Set         func(dib []byte) // changes the bitmap header
}

// Bytes lays the file out.
func (m Bitmap) Bytes() []byte {
	le := binary.LittleEndian
	dib := make([]byte, m.Header)
	le.PutUint32(dib, uint32(m.Header))
	if m.Header == 12 {
		le.PutUint16(dib[4:], uint16(m.W))
		le.PutUint16(dib[6:], uint16(m.H))
		le.PutUint16(dib[8:], 1)
		le.PutUint16(dib[10:], uint16(m.Bits))
	} else {
		le.PutUint32(dib[4:], uint32(m.W))
		le.PutUint32(dib[8:], uint32(m.H))
		le.PutUint16(dib[12:], 1)
		le.PutUint16(dib[14:], uint16(m.Bits))
	}
	if m.Header >= 40 {
		le.PutUint32(dib[16:], m.Compression)
		if m.Compression == 1 || m.Compression == 2 {
			le.PutUint32(dib[20:], uint32(len(m.Pixels)))
		}
		if n := len(m.Palette) / 4; m.Bits <= 8 && n < 1<<m.Bits {
			le.PutUint32(dib[32:], uint32(n))
		}
	}
	var behind []byte
	for i, v := range m.Masks {
		if m.Header >= 52 {
			le.PutUint32(dib[40+4*i:], v)
		} else {
			behind = le.AppendUint32(behind, v)
		}
	}
	if m.Header >= 108 {
		le.PutUint32(dib[56:], 0x73524742)
	}
	if m.Set != nil {
		m.Set(dib)
	}
	at := 14 + len(dib) + len(behind) + len(m.Palette) + len(m.Gap)
	head := le.AppendUint32([]byte("BM"), uint32(at+len(m.Pixels)+len(m.Tail)))
	head = le.AppendUint32(le.AppendUint32(head, 0), uint32(at))
	return bytes.Join([][]byte{head, dib, behind, m.Palette, m.Gap, m.Pixels, m.Tail}, nil)
}

// Rows are the pixels of a bitmap that is not compressed, with zeros in the
// padding and in bits that are no pixels.
func Rows(w, h, bits int) []byte {
	stride := (w*bits + 31) / 32 * 4
	out := make([]byte, stride*h)
	for y := range h {
		for i := range w * bits / 8 {
			out[y*stride+i] = byte(31*i + 17*y)
		}
		if k := w * bits % 8; k > 0 {
			out[y*stride+w*bits/8] = byte(0xa5) &^ (0xff >> k)
		}
	}
	return out
}

// Greys is a palette of n entries of the given length.
func Greys(n, entry int) []byte {
	out := make([]byte, n*entry)
	for i := range n {
		for k := range 3 {
			out[i*entry+k] = byte(i * 255 / (n - 1))
		}
	}
	return out
}

// Bitmaps are pictures of every kind.
func Bitmaps() map[string]Bitmap {
	return map[string]Bitmap{
		"core 1":       {Header: 12, Bits: 1, W: 13, H: 5, Palette: Greys(2, 3), Pixels: Rows(13, 5, 1)},
		"core 24":      {Header: 12, Bits: 24, W: 7, H: 5, Pixels: Rows(7, 5, 24)},
		"OS/2 16":      {Header: 16, Bits: 4, W: 7, H: 5, Palette: Greys(16, 4), Pixels: Rows(7, 5, 4)},
		"OS/2 64":      {Header: 64, Bits: 8, W: 7, H: 5, Palette: Greys(256, 4), Pixels: Rows(7, 5, 8)},
		"1":            {Header: 40, Bits: 1, W: 13, H: 5, Palette: Greys(2, 4), Pixels: Rows(13, 5, 1)},
		"4":            {Header: 40, Bits: 4, W: 7, H: 5, Palette: Greys(9, 4), Pixels: bytes.Repeat([]byte{0x12, 0x34, 0x56, 0x70}, 5)},
		"8":            {Header: 40, Bits: 8, W: 7, H: 5, Palette: Greys(256, 4), Pixels: Rows(7, 5, 8)},
		"16":           {Header: 40, Bits: 16, W: 7, H: 5, Pixels: Rows(7, 5, 16)},
		"24":           {Header: 40, Bits: 24, W: 7, H: 5, Pixels: Rows(7, 5, 24)},
		"24 top down":  {Header: 40, Bits: 24, W: 7, H: -5, Pixels: Rows(7, 5, 24)},
		"32":           {Header: 40, Bits: 32, W: 7, H: 5, Pixels: Rows(7, 5, 32)},
		"bit fields":   {Header: 40, Bits: 16, Compression: 3, W: 7, H: 5, Masks: []uint32{0xf800, 0x7e0, 0x1f}, Pixels: Rows(7, 5, 16)},
		"alpha fields": {Header: 40, Bits: 16, Compression: 6, W: 7, H: 5, Masks: []uint32{0xf00, 0xf0, 0xf, 0xf000}, Pixels: Rows(7, 5, 16)},
		"V2":           {Header: 52, Bits: 32, Compression: 3, W: 7, H: 5, Masks: []uint32{0xff00, 0xff0000, 0xff000000}, Pixels: Rows(7, 5, 32)},
		"V3":           {Header: 56, Bits: 16, Compression: 3, W: 7, H: 5, Masks: []uint32{0x7c00, 0x3e0, 0x1f, 0x8000}, Pixels: Rows(7, 5, 16)},
		"V4":           {Header: 108, Bits: 32, Compression: 3, W: 7, H: 5, Masks: []uint32{0xff0000, 0xff00, 0xff, 0xff000000}, Pixels: Rows(7, 5, 32)},
		"V5":           {Header: 124, Bits: 24, W: 7, H: 5, Pixels: Rows(7, 5, 24)},
		"RLE 8": {Header: 40, Bits: 8, Compression: 1, W: 7, H: 3, Palette: Greys(256, 4),
			Pixels: []byte{7, 9, 0, 0, 0, 3, 1, 2, 3, 0, 4, 5, 0, 0, 0, 2, 2, 0, 0, 4, 9, 8, 7, 6, 0, 1}},
		"RLE 4": {Header: 40, Bits: 4, Compression: 2, W: 7, H: 2, Palette: Greys(16, 4),
			Pixels: []byte{7, 0x9a, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 2, 0x67, 0, 1}},
	}
}
