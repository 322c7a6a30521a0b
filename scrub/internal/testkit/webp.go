package testkit

import (
	"bytes"
	"encoding/binary"
)

// RiffChunk is a RIFF chunk with its padding.
func RiffChunk(typ string, data ...[]byte) []byte {
	d := bytes.Join(data, nil)
	b := append(binary.LittleEndian.AppendUint32([]byte(typ), uint32(len(d))), d...)
	if len(d)&1 == 1 {
		b = append(b, 0)
	}
	return b
}

// WebP is a WebP file of the given chunks.
func WebP(chunks ...[]byte) []byte {
	return RiffChunk("RIFF", append([][]byte{[]byte("WEBP")}, chunks...)...)
}

// RiffChunksOf cuts a well-formed WebP file, or the payload of a frame, into its chunks.
func RiffChunksOf(b []byte) (out [][]byte) {
	for len(b) > 0 {
		n := 8 + binary.LittleEndian.Uint32(b[4:])
		n += n & 1
		out = append(out, b[:n])
		b = b[n:]
	}
	return out
}

// Chunks of pictures of 16 × 10 pixels: a gradient, coded with and without loss,
// and alpha for it, compressed and as it is.
var (
	VP8 = RiffChunk("VP8 ", unhex("3002009d012a10000a0002804225a802746b80fe0005bb59785800fef0f1f4376057c7be484f9e9d8dab"+
		"ffed93ff78cffe7ab53ffde33bd4c000"))
	VP8L = RiffChunk("VP8L", unhex("2f0f4002004f001084ff6e110281140ed20281c49ff33c9e7f82499a6a3b4607707a0042da5693420a29a490420a5398"+
		"c214067c1d22fa9f9fc7e5b00c4d9104"))
	ALPH     = RiffChunk("ALPH", unhex("014f201048e1201d1111db00216dab4921851452482185294c610a03be0e11fdcfcfe3725886a64802"))
	ALPHRaw  = RiffChunk("ALPH", []byte{0}, bytes.Repeat([]byte{0xff, 0xe3, 0xc7, 0x80, 0}, 32))
	WebPSize = []byte{15, 0, 0, 9, 0, 0}
)

// VP8X is the chunk of the extended format for a canvas of 16 × 10 pixels.
func VP8X(flags byte) []byte { return RiffChunk("VP8X", []byte{flags, 0, 0, 0}, WebPSize) }

// ANMF is a frame of an animation, as large as the canvas, of the given chunks.
func ANMF(chunks ...[]byte) []byte {
	head := append(append(make([]byte, 6, anmfLen), WebPSize...), 100, 0, 0, 0)
	return RiffChunk("ANMF", append([][]byte{head}, chunks...)...)
}

const anmfLen = 16

// AnimatedWebP is an animation of three frames, coded in the three ways.
func AnimatedWebP() []byte {
	return WebP(VP8X(0x12), RiffChunk("ANIM", make([]byte, 6)), ANMF(VP8), ANMF(ALPH, VP8), ANMF(VP8L))
}
