package testkit

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
)

// Chunk is a PNG chunk with its CRC.
func Chunk(typ string, data ...[]byte) []byte {
	d := bytes.Join(data, nil)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(d)))
	b = append(append(b, typ...), d...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// PNG is a small RGB picture with the given chunks behind its IHDR.
func PNG(chunks ...[]byte) []byte { return EncodePNG(opaque(Picture(23, 11)), chunks...) }

// Paletted is a small picture with a palette of five colours in four bits.
func Paletted(chunks ...[]byte) []byte {
	m := image.NewPaletted(image.Rect(0, 0, 9, 7), color.Palette{color.Black, color.White, color.RGBA{200, 0, 0, 255}, color.RGBA{0, 200, 0, 255}, color.RGBA{0, 0, 200, 255}})
	for i := range m.Pix {
		m.Pix[i] = byte(i % 5)
	}
	return EncodePNG(m, chunks...)
}

// EncodePNG encodes m with chunks behind its IHDR.
func EncodePNG(m image.Image, chunks ...[]byte) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	const header = 8 + 25
	return bytes.Join([][]byte{b.Bytes()[:header], bytes.Join(chunks, nil), b.Bytes()[header:]}, nil)
}

// ChunksOf cuts a PNG file into its chunks, without the signature.
func ChunksOf(b []byte) (out [][]byte) {
	for b = b[8:]; len(b) > 0; {
		n := 12 + binary.BigEndian.Uint32(b)
		out = append(out, b[:n])
		b = b[n:]
	}
	return out
}

// FromChunks is a PNG file of the given chunks.
func FromChunks(chunks ...[]byte) []byte {
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Join(chunks, nil)...)
}

// Deflate is data as a zlib stream.
func Deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// APNG is an animation of three frames, the first of which is the still picture.
func APNG() []byte {
	still := ChunksOf(PNG())
	control := func(seq uint32) []byte {
		b := make([]byte, 26)
		be := binary.BigEndian
		be.PutUint32(b, seq)
		be.PutUint32(b[4:], 23)
		be.PutUint32(b[8:], 11)
		be.PutUint16(b[20:], 1)
		be.PutUint16(b[22:], 10)
		return Chunk("fcTL", b)
	}
	data := func(seq uint32) []byte {
		return Chunk("fdAT", binary.BigEndian.AppendUint32(nil, seq), still[1][8:len(still[1])-4])
	}
	return FromChunks(still[0], Chunk("acTL", []byte{0, 0, 0, 3, 0, 0, 0, 0}), control(0), still[1],
		control(1), data(2), data(3), control(4), data(5), still[2])
}

func opaque(m image.Image) image.Image {
	out := image.NewNRGBA(m.Bounds())
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			r, g, b, _ := m.At(x, y).RGBA()
			out.SetNRGBA(x, y, color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255})
		}
	}
	return out
}
