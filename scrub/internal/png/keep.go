package png

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/hdr"
	"tabir/scrub/meta"
)

// header is what IHDR says (11.2.1).
type header struct {
	width, height uint32
	depth, colour byte
}

// depths are the legal bit depths of each colour type (table 11).
var depths = map[byte][]byte{0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}

func parseHeader(b []byte) (h header, err error) {
	if len(b) != 13 {
		return h, fmt.Errorf("png: header of %d bytes: %w", len(b), meta.ErrMalformed)
	}
	h = header{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), b[8], b[9]}
	if h.width == 0 || h.height == 0 || h.width > 1<<31-1 || h.height > 1<<31-1 ||
		!bytes.Contains(depths[h.colour], []byte{h.depth}) || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return h, fmt.Errorf("png: header with illegal values: %w", meta.ErrMalformed)
	}
	return h, nil
}

// channels of sBIT and bKGD, by colour type.
var channels = map[byte]int{0: 1, 2: 3, 3: 3, 4: 2, 6: 4}

// place says where libpng accepts a chunk; elsewhere it ignores it.
type place uint8

const (
	beforePLTE place = 1 << iota // and before IDAT
	afterPLTE                    // before IDAT
)

const beforeIDAT = beforePLTE | afterPLTE

// allowed are the ancillary chunks that showing the picture needs. Each is
// written in exact form: exact returns its data as long as its own fields need,
// unused bits zero, or nil where it has no meaning. Of duplicates the first
// counts, as in libpng. The order here is the order in the clean file.
var allowed = []struct {
	typ   string
	where place
	exact func(h header, palette int, b []byte) []byte
}{
	{"cICP", beforePLTE, codePoints},
	{"mDCV", beforePLTE, masteringDisplay},
	{"cLLI", beforePLTE, numbers(2, 0, maxLight)},
	{"gAMA", beforePLTE, numbers(1, 1e3, 1e7)},
	{"cHRM", beforePLTE, chromaticities},
	{"sRGB", beforePLTE, func(_ header, _ int, b []byte) []byte {
		if len(b) < 1 || b[0] > 3 {
			return nil
		}
		return b[:1]
	}},
	{"sBIT", beforePLTE, significantBits},
	{"pHYs", beforeIDAT, pixelShape},
	{"bKGD", afterPLTE, background},
	{"tRNS", afterPLTE, transparency},
}

// Numbers that mean a colour or a light have bounds, and letters in their place
// are beyond them.

// maxLight is 10000 candelas a square metre, the most that PQ codes.
const maxLight = 1e8

// numbers is a chunk of n numbers of four bytes between lo and hi.
func numbers(n int, lo, hi uint32) func(header, int, []byte) []byte {
	return func(_ header, _ int, b []byte) []byte {
		if len(b) < 4*n {
			return nil
		}
		for i := 0; i < 4*n; i += 4 {
			if v := binary.BigEndian.Uint32(b[i:]); v < lo || v > hi {
				return nil
			}
		}
		return b[:4*n]
	}
}

// codePoints (11.3.2.6) are those of ITU-T H.273, for RGB.
func codePoints(_ header, _ int, b []byte) []byte {
	if len(b) < 4 || b[0] < 1 || b[0] > 22 || b[1] < 1 || b[1] > 18 || b[2] != 0 || b[3] > 1 {
		return nil
	}
	return b[:4]
}

// chromaticities (11.3.2.1): the white point and three primaries, each x and y
// in 1/100000, which add up to at most 1.
func chromaticities(_ header, _ int, b []byte) []byte {
	const whole = 100000 * 105 / 100
	if len(b) < 32 {
		return nil
	}
	for i := 0; i < 32; i += 8 {
		if x, y := binary.BigEndian.Uint32(b[i:]), binary.BigEndian.Uint32(b[i+4:]); x > whole || y > whole || x+y > whole {
			return nil
		}
	}
	return b[:32]
}

// masteringDisplay (11.3.2.7).
func masteringDisplay(_ header, _ int, b []byte) []byte {
	if !hdr.Mastering(b) {
		return nil
	}
	return b[:24]
}

// significantBits (11.3.2.8): one number a channel, from 1 to the sample depth.
func significantBits(h header, _ int, b []byte) []byte {
	n, most := channels[h.colour], h.depth
	if h.colour == 3 {
		most = 8
	}
	if len(b) < n {
		return nil
	}
	for _, v := range b[:n] {
		if v == 0 || v > most {
			return nil
		}
	}
	return b[:n]
}

// pixelShape keeps pHYs (11.3.4.3) only where pixels are not square: the
// density itself shows nothing.
func pixelShape(h header, palette int, b []byte) []byte {
	if len(b) < 9 || bytes.Equal(b[:4], b[4:8]) || b[8] > 1 || numbers(2, 1, 1e7)(h, palette, b) == nil {
		return nil
	}
	return b[:9]
}

// background (11.3.4.1): an index into the palette, or a sample a channel.
func background(h header, palette int, b []byte) []byte {
	switch h.colour {
	case 3:
		if len(b) < 1 || int(b[0]) >= palette {
			return nil
		}
		return b[:1]
	case 0, 4:
		return samples(h, b, 1)
	}
	return samples(h, b, 3)
}

// transparency (11.3.1.1): an alpha value a palette entry, or one colour.
func transparency(h header, palette int, b []byte) []byte {
	switch h.colour {
	case 0:
		return samples(h, b, 1)
	case 2:
		return samples(h, b, 3)
	case 3:
		if len(b) == 0 {
			return nil
		}
		return b[:min(len(b), palette)]
	}
	return nil
}

// samples are n 16-bit numbers of which only the low h.depth bits count.
func samples(h header, b []byte, n int) []byte {
	if len(b) < 2*n {
		return nil
	}
	out := bytes.Clone(b[:2*n])
	for i := 0; i < len(out) && h.depth < 16; i += 2 {
		v := binary.BigEndian.Uint16(out[i:]) & (1<<h.depth - 1)
		binary.BigEndian.PutUint16(out[i:], v)
	}
	return out
}
