package png

import (
	"bytes"
	"encoding/binary"
	"fmt"

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
	{"cICP", beforePLTE, fixed(4)},
	{"mDCV", beforePLTE, fixed(24)},
	{"cLLI", beforePLTE, fixed(8)},
	{"gAMA", beforePLTE, func(_ header, _ int, b []byte) []byte {
		if len(b) < 4 || binary.BigEndian.Uint32(b) == 0 || b[0] > 127 {
			return nil
		}
		return b[:4]
	}},
	{"cHRM", beforePLTE, fixed(32)},
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

// fixed is a chunk of n bytes, all of which say something.
func fixed(n int) func(header, int, []byte) []byte {
	return func(_ header, _ int, b []byte) []byte {
		if len(b) < n {
			return nil
		}
		return b[:n]
	}
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
func pixelShape(_ header, _ int, b []byte) []byte {
	if len(b) < 9 || bytes.Equal(b[:4], b[4:8]) || b[8] > 1 || bytes.Equal(b[:4], make([]byte, 4)) || bytes.Equal(b[4:8], make([]byte, 4)) {
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
