package webp

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// image is the still picture, or one frame of an animation: alpha in a chunk of
// its own, where there is one, and coded data.
type image struct {
	width, height int64 // 0 where only the coded data says it
	alph, data    *chunk
	alphLen       int64 // payload of alph that means something
	alpha         bool  // some pixels may be transparent
}

// take looks at a chunk that may belong to the picture. ours says whether it
// does; then n is the number of payload bytes that mean something.
func (m *image) take(w *rd.Window, c chunk) (n int64, ours bool, err error) {
	if m.data != nil {
		return 0, false, nil // decoders stop at the first one
	}
	bad := func(what string, err error) (int64, bool, error) {
		return 0, false, fmt.Errorf("webp: %s at %d: %s: %w", c.typ, c.off, what, err)
	}
	b, err := w.Peek(c.data(), int(min(c.n, 10)))
	if err != nil {
		return 0, false, err
	}
	switch c.typ {
	case "ALPH":
		return m.alphChunk(c, b, bad)
	case "VP8 ":
		return m.lossy(c, b, bad)
	case "VP8L":
		return m.lossless(c, b, bad)
	}
	return 0, false, nil
}

type refusal func(what string, err error) (int64, bool, error)

// alphChunk takes ALPH (2.7.1.2): a byte of two reserved bits, preprocessing,
// filter and compression, then the alpha values.
func (m *image) alphChunk(c chunk, b []byte, bad refusal) (int64, bool, error) {
	switch {
	case m.alph != nil:
		return bad("alpha twice", meta.ErrMalformed)
	case len(b) == 0 || b[0]>>6 != 0 || b[0]>>4&3 > 1 || b[0]&3 > 1:
		return bad("undefined bits", meta.ErrMalformed)
	}
	n := c.n
	if b[0]&3 == 0 { // not compressed
		if n < 1+m.width*m.height {
			return bad("too short", meta.ErrMalformed)
		}
		n = 1 + m.width*m.height
	}
	m.alph, m.alphLen, m.alpha = &c, n, true
	return n, true, nil
}

// lossy takes "VP8 ": the frame tag and the header of a key frame (RFC 6386,
// 9.1). Nobody scales by what the header says, and nobody should.
func (m *image) lossy(c chunk, b []byte, bad refusal) (int64, bool, error) {
	if len(b) < 10 || string(b[3:6]) != "\x9d\x01\x2a" {
		return bad("no frame header", meta.ErrMalformed)
	}
	tag := uint24(b)
	w, h := binary.LittleEndian.Uint16(b[6:]), binary.LittleEndian.Uint16(b[8:])
	switch {
	case tag&1 != 0 || tag>>4&1 == 0:
		return bad("a frame that is not a shown key frame", meta.ErrMalformed)
	case tag>>1&7 > 3:
		return bad("unknown profile", meta.ErrUnsupported)
	case tag>>5 > c.n-10:
		return bad("partition longer than the chunk", meta.ErrMalformed)
	case w>>14 != 0 || h>>14 != 0:
		return bad("scaling", meta.ErrUnsupported)
	}
	return m.coded(c, int64(w), int64(h), bad)
}

// lossless takes VP8L (RFC 9649, 3.4): a signature, 14 bits each of width and
// height, whether alpha is used, and a version of 0.
func (m *image) lossless(c chunk, b []byte, bad refusal) (int64, bool, error) {
	if len(b) < 5 || b[0] != 0x2f {
		return bad("no signature", meta.ErrMalformed)
	}
	v := binary.LittleEndian.Uint32(b[1:])
	switch {
	case v>>29 != 0:
		return bad("unknown version", meta.ErrUnsupported)
	case m.alph != nil:
		return bad("alpha in two places", meta.ErrMalformed)
	}
	m.alpha = v>>28&1 == 1
	return m.coded(c, int64(v&0x3fff)+1, int64(v>>14&0x3fff)+1, bad)
}

func (m *image) coded(c chunk, w, h int64, bad refusal) (int64, bool, error) {
	if m.width == 0 {
		m.width, m.height = w, h
	}
	if w == 0 || h == 0 || w != m.width || h != m.height {
		return bad(fmt.Sprintf("%d × %d pixels where %d × %d should be", w, h, m.width, m.height), meta.ErrMalformed)
	}
	m.data = &c
	return c.n, true, nil
}

// Lengths of the fields of the extended format (2.7).
const (
	vp8xLen = 10
	animLen = 6
	anmfLen = 16
)

// canvas is what VP8X says (2.7): flags, and the size of the canvas.
type canvas struct {
	flags         byte
	width, height int64
}

const (
	flagAnimation = 1 << 1
	flagXMP       = 1 << 2
	flagExif      = 1 << 3
	flagAlpha     = 1 << 4
	flagICC       = 1 << 5
)

// parseCanvas reads VP8X; exact says whether reserved bits are zero.
func parseCanvas(b []byte) (v canvas, exact bool, err error) {
	if len(b) < vp8xLen {
		return v, false, fmt.Errorf("webp: VP8X of %d bytes: %w", len(b), meta.ErrMalformed)
	}
	v = canvas{b[0], uint24(b[4:]) + 1, uint24(b[7:]) + 1}
	if v.width*v.height >= 1<<32 {
		return v, false, fmt.Errorf("webp: canvas of %d × %d pixels: %w", v.width, v.height, meta.ErrMalformed)
	}
	return v, b[0]&0xc1 == 0 && uint24(b[1:]) == 0, nil
}

// chunk is VP8X in exact form.
func (v canvas) chunk() []byte {
	b := appendUint24([]byte{v.flags, 0, 0, 0}, v.width-1)
	return makeChunk("VP8X", appendUint24(b, v.height-1))
}

// frame is what ANMF says (2.7.1.1) in front of the chunks of the frame.
type frame struct {
	x, y, width, height, duration int64
	how                           byte // to dispose of it and to blend it
}

// parseFrame reads ANMF; exact says whether reserved bits are zero.
func parseFrame(b []byte, v canvas) (f frame, exact bool, err error) {
	if len(b) < anmfLen {
		return f, false, fmt.Errorf("webp: frame of %d bytes: %w", len(b), meta.ErrMalformed)
	}
	f = frame{2 * uint24(b), 2 * uint24(b[3:]), uint24(b[6:]) + 1, uint24(b[9:]) + 1, uint24(b[12:]), b[15] & 3}
	if f.x+f.width > v.width || f.y+f.height > v.height {
		return f, false, fmt.Errorf("webp: frame of %d × %d pixels at %d, %d outside the canvas: %w", f.width, f.height, f.x, f.y, meta.ErrMalformed)
	}
	return f, b[15] == f.how, nil
}

// bytes is the head of an ANMF chunk in exact form, with n bytes of chunks behind it.
func (f frame) bytes(n int64) []byte {
	b := head("ANMF", anmfLen+n)
	for _, v := range []int64{f.x / 2, f.y / 2, f.width - 1, f.height - 1, f.duration} {
		b = appendUint24(b, v)
	}
	return append(b, f.how)
}
