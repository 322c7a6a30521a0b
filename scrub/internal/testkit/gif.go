package testkit

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
)

// GIFHead is the header of a GIF picture with a palette of four colours.
func GIFHead(w, h int) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, uint16(w))
	b = binary.LittleEndian.AppendUint16(b, uint16(h))
	return append(b, 0xf1, 0, 0, 10, 20, 30, 200, 0, 0, 0, 200, 0, 255, 255, 255)
}

// GIFImage is an image block at x, y of indices into the palette of the screen.
func GIFImage(x, y, w, h int, pix []byte) []byte {
	b := []byte{0x2c}
	for _, v := range []int{x, y, w, h} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return append(append(b, 0, 2), SubBlocks(LZW(2, pix))...)
}

// LZW is the compressed data of an image.
func LZW(minCode int, pix []byte) []byte {
	var b bytes.Buffer
	z := lzw.NewWriter(&b, lzw.LSB, minCode)
	_, _ = z.Write(pix)
	_ = z.Close()
	return b.Bytes()
}

// SubBlocks cuts data into sub-blocks with a terminator.
func SubBlocks(data ...[]byte) (out []byte) {
	for d := bytes.Join(data, nil); len(d) > 0; {
		n := min(len(d), 255)
		out = append(append(out, byte(n)), d[:n]...)
		d = d[n:]
	}
	return append(out, 0)
}

// GIFExtension is an extension block; each of data begins a sub-block of its own.
func GIFExtension(label byte, data ...[]byte) []byte {
	b := []byte{0x21, label}
	for _, d := range data {
		s := SubBlocks(d)
		b = append(b, s[:len(s)-1]...)
	}
	return append(b, 0)
}

// GIFControl is a graphic control with a delay in hundredths of a second;
// transparent is an index or -1.
func GIFControl(dispose, delay, transparent int) []byte {
	flags := byte(dispose << 2)
	if transparent >= 0 {
		flags |= 1
	}
	return GIFExtension(0xf9, []byte{flags, byte(delay), byte(delay >> 8), byte(max(transparent, 0))})
}

// GIFLoop says that an animation is played for ever.
func GIFLoop() []byte { return GIFExtension(0xff, []byte("NETSCAPE2.0"), []byte{1, 0, 0}) }

// GIFPixels are indices of a picture with an edge.
func GIFPixels(w, h int) []byte {
	out := make([]byte, w*h)
	for i := range out {
		out[i] = byte(i%w/5+i/w/3) & 3
	}
	return out
}

// GIFParts are the blocks of an animation: header, loop, three frames with their
// controls, trailer.
func GIFParts() [][]byte {
	return [][]byte{
		GIFHead(31, 17), GIFLoop(),
		GIFControl(1, 7, -1), GIFImage(0, 0, 31, 17, GIFPixels(31, 17)),
		GIFControl(2, 9, 3), GIFImage(3, 4, 9, 8, GIFPixels(9, 8)),
		GIFControl(3, 0, -1), GIFImage(20, 10, 11, 7, GIFPixels(11, 7)),
		{0x3b},
	}
}

// GIF is a small still picture with blocks behind its header.
func GIF(blocks ...[]byte) []byte {
	return bytes.Join([][]byte{GIFHead(31, 17), bytes.Join(blocks, nil), GIFImage(0, 0, 31, 17, GIFPixels(31, 17)), {0x3b}}, nil)
}

// AnimatedGIF is a small animation.
func AnimatedGIF() []byte { return bytes.Join(GIFParts(), nil) }
