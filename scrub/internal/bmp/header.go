package bmp

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"tabir/scrub/meta"
)

var le = binary.LittleEndian

// fileHeader is the length of BITMAPFILEHEADER.
const fileHeader = 14

// Lengths of the headers behind it, which tell their versions.
const (
	coreHeader = 12  // BITMAPCOREHEADER, of OS/2 1.x
	os2Short   = 16  // OS22XBITMAPHEADER, cut off
	infoHeader = 40  // BITMAPINFOHEADER
	v2Header   = 52  // with masks
	v3Header   = 56  // with a mask for alpha
	os2Header  = 64  // OS22XBITMAPHEADER
	v4Header   = 108 // BITMAPV4HEADER
	v5Header   = 124 // BITMAPV5HEADER
)

// Kinds of compression.
const (
	rgb            = 0
	rle8           = 1
	rle4           = 2
	bitFields      = 3
	alphaBitFields = 6 // of Windows CE
)

// Colour spaces (LOGCOLORSPACE).
const (
	calibrated = 0
	sRGB       = 0x73524742
	windows    = 0x57696e20
	linked     = 0x4c494e4b
	embedded   = 0x4d424544
)

// maxDensity bounds the pixels in a metre. Four letters would be more.
const maxDensity = 1e7

// header is a bitmap header, made exact field by field.
type header struct {
	b             []byte // as it is written
	width, height int64
	topDown       bool
	bits          int64  // of a pixel
	compression   uint32 // one of ours
	colours       int64  // entries that the header promises; 0: all
	masks         [4]uint32
	space         uint32

	spare   int64 // bytes of fields that mean nothing here and were not zero
	density bool  // was dropped
}

func (h *header) size() int64   { return int64(len(h.b)) }
func (h *header) indexed() bool { return h.bits <= 8 }
func (h *header) rle() bool     { return h.compression == rle8 || h.compression == rle4 }
func (h *header) hasMasks() bool {
	return h.compression == bitFields || h.compression == alphaBitFields
}

// stride is the length of a row of pixels that are not compressed, in bytes.
func (h *header) stride() int64 { return (h.width*h.bits + 31) / 32 * 4 }

// entry is the length of a palette entry.
func (h *header) entry() int64 {
	if h.size() == coreHeader {
		return 3
	}
	return 4
}

// behind is the length of the masks behind a header that has no room for them.
func (h *header) behind() int64 {
	switch {
	case h.size() != infoHeader:
		return 0
	case h.compression == bitFields:
		return 12
	case h.compression == alphaBitFields:
		return 16
	}
	return 0
}

func bad(format string, args ...any) error {
	return fmt.Errorf("bmp: "+format+": %w", append(args, meta.ErrMalformed)...)
}

func unsupported(what string) error { return fmt.Errorf("bmp: %s: %w", what, meta.ErrUnsupported) }

// parseHeader reads b, a header of its whole length.
func parseHeader(b []byte) (*header, error) {
	h := &header{b: b}
	switch h.size() {
	case coreHeader:
		h.width, h.height = int64(le.Uint16(b[4:])), int64(le.Uint16(b[6:]))
		h.planes(b[8:])
		h.bits = int64(le.Uint16(b[10:]))
	case os2Short, infoHeader, v2Header, v3Header, os2Header, v4Header, v5Header:
		h.width, h.height = int64(int32(le.Uint32(b[4:]))), int64(int32(le.Uint32(b[8:])))
		h.planes(b[12:])
		h.bits = int64(le.Uint16(b[14:]))
	default:
		return nil, unsupported(fmt.Sprintf("header of %d bytes", len(b)))
	}
	if h.height < 0 {
		h.height, h.topDown = -h.height, true
	}
	if h.width <= 0 || h.height == 0 {
		return nil, bad("picture of %d by %d pixels", h.width, h.height)
	}
	if h.size() >= infoHeader {
		if err := h.info(); err != nil {
			return nil, err
		}
	}
	switch h.bits {
	case 1, 4, 8, 16, 24, 32:
	case 2:
		return nil, unsupported("2 bits a pixel")
	default:
		return nil, bad("%d bits a pixel", h.bits)
	}
	if h.compression == rle8 && h.bits != 8 || h.compression == rle4 && h.bits != 4 || h.hasMasks() && h.bits != 16 && h.bits != 32 {
		return nil, bad("compression %d with %d bits a pixel", h.compression, h.bits)
	}
	return h, nil
}

// planes makes the number of planes 1, which it always is.
func (h *header) planes(b []byte) {
	if le.Uint16(b) != 1 {
		h.spare += 2
		le.PutUint16(b, 1)
	}
}

// info reads what BITMAPINFOHEADER and its successors have.
func (h *header) info() error {
	b := h.b
	h.compression = le.Uint32(b[16:])
	switch c := h.compression; {
	case h.size() == os2Header && c == 3:
		return unsupported("OS/2 Huffman coding")
	case h.size() == os2Header && c == 4:
		return unsupported("OS/2 run lengths of 24 bits")
	case c == 4:
		return unsupported("a JPEG picture in a BMP file")
	case c == 5:
		return unsupported("a PNG picture in a BMP file")
	case c >= 11 && c <= 13:
		return unsupported("CMYK colours")
	case c > bitFields && (c != alphaBitFields || h.size() != infoHeader):
		return unsupported(fmt.Sprintf("compression %d", c))
	}
	// The density shows nothing, unless it says that pixels are not square.
	if x, y := le.Uint32(b[24:]), le.Uint32(b[28:]); x != 0 || y != 0 {
		if x == y || x == 0 || y == 0 || x > maxDensity || y > maxDensity {
			clear(b[24:32])
			h.density = true
		}
	}
	h.colours = int64(le.Uint32(b[32:]))
	h.zero(36, 40) // how many colours are important
	if h.size() == os2Header {
		h.zero(40, 64) // units, halftones, and what a program may put there
	}
	if h.size() == v5Header {
		h.zero(120, 124)
	}
	return nil
}

// zero clears bytes from i to k and counts them where they were not zero.
func (h *header) zero(i, k int) {
	for _, v := range h.b[i:k] {
		if v != 0 {
			h.spare += int64(k - i)
			break
		}
	}
	clear(h.b[i:k])
}

// setMasks takes the masks of a pixel's channels, from the header or from behind it.
func (h *header) setMasks(behind []byte) error {
	b := behind
	if h.size() >= v2Header && h.size() != os2Header {
		b = h.b[40:min(h.size(), 56)]
	}
	for i := 0; 4*i < len(b); i++ {
		h.masks[i] = le.Uint32(b[4*i:])
	}
	if !h.hasMasks() {
		alpha := h.masks[3] == 0 || h.masks[3] == 0xff000000 && h.bits == 32
		h.masks[3] = 0
		if !alpha || h.masks != [4]uint32{} && h.masks != defaultMasks[h.bits] {
			h.zero(40, 40+len(b))
		}
		h.masks = defaultMasks[h.bits]
		return nil
	}
	all := uint32(0)
	for _, m := range h.masks {
		low := m & -m
		if all&m != 0 || m != 0 && bits.OnesCount64(uint64(m)+uint64(low)) != 1 || h.bits == 16 && m > 0xffff {
			return bad("masks %08x", h.masks)
		}
		all |= m
	}
	if all == h.masks[3] {
		return bad("masks without a colour")
	}
	return nil
}

// defaultMasks are those of pixels that are not described by masks.
var defaultMasks = map[int64][4]uint32{
	16: {0x7c00, 0x03e0, 0x001f}, 24: {0xff0000, 0xff00, 0xff}, 32: {0xff0000, 0xff00, 0xff},
}

// colourSpace makes the fields of the colour space exact. A space that is not
// described well is sRGB, which viewers take for granted.
func (h *header) colourSpace() {
	if h.size() < v4Header {
		return
	}
	b := h.b
	h.space = le.Uint32(b[56:])
	switch h.space {
	case calibrated:
		if !plausible(b[60:108]) {
			h.setSpace(sRGB)
			h.spare += 4
			h.zero(60, 108)
		}
	case sRGB, windows, linked, embedded:
		h.zero(60, 108)
	default:
		h.spare += 4
		h.setSpace(sRGB)
		h.zero(60, 108)
	}
	if h.size() < v5Header {
		if h.space == linked || h.space == embedded {
			h.setSpace(sRGB)
			h.spare += 4
		}
		return
	}
	if intent := le.Uint32(b[108:]); intent > 8 || intent&(intent-1) != 0 {
		h.zero(108, 112)
	}
	if h.space != linked && h.space != embedded {
		h.zero(112, 120)
	}
}

func (h *header) setSpace(v uint32) {
	h.space = v
	le.PutUint32(h.b[56:], v)
}

// plausible reports whether endpoints and gamma of a calibrated space are
// colours: all zero, or chromaticities that add up to 1, and a power.
func plausible(b []byte) bool {
	if all(b, 0) {
		return true
	}
	for i := 0; i < 36; i += 12 { // numbers with 30 bits behind the point
		sum := uint64(le.Uint32(b[i:])) + uint64(le.Uint32(b[i+4:])) + uint64(le.Uint32(b[i+8:]))
		if sum < 1<<30*98/100 || sum > 1<<30*102/100 {
			return false
		}
	}
	for i := 36; i < 48; i += 4 { // with 16 bits
		if g := le.Uint32(b[i:]); g != 0 && (g < 1<<16/5 || g > 5<<16) {
			return false
		}
	}
	return true
}

func all(b []byte, v byte) bool {
	for _, c := range b {
		if c != v {
			return false
		}
	}
	return true
}
