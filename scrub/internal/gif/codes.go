package gif

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/meta"
)

// maxCodes is how many codes of at most 12 bits there are.
const maxCodes = 1 << 12

// codes goes through the variable-length codes of an image (appendix F) and
// counts the pixels that they stand for, without decoding one.
type codes struct {
	clear, next uint32
	width       uint32
	pixels      *[maxCodes]uint16 // that a code stands for
	before      uint16            // pixels of the code before; 0 behind a clear code

	acc   uint64
	bits  uint32 // in acc
	taken int64  // bytes

	left      int64 // pixels that are still to come
	full      int64 // bits at which the last pixel came, with the width of what follows
	fullWidth uint32
	cleared   bool // by a clear code behind the last pixel

	done     bool
	end      int64 // where the end code begins or should, in bits
	endWidth uint32
}

// start begins an image. What is in the table from before is never looked at.
func (z *codes) start(minCode byte, pixels int64) {
	table := z.pixels
	*z = codes{clear: 1 << minCode, left: pixels, pixels: table}
	for i := range z.clear {
		z.pixels[i] = 1
	}
	z.reset()
}

func (z *codes) reset() {
	z.next, z.before, z.width = z.clear+2, 0, 1
	for 1<<z.width <= z.clear {
		z.width++
	}
}

func (z *codes) endCode() uint32 { return z.clear + 1 }

// feed takes the next bytes of the data, up to the end code.
func (z *codes) feed(b []byte) error {
	acc, bits, width, next, before, left := z.acc, z.bits, z.width, z.next, z.before, z.left
	pixels, clear := z.pixels, z.clear
	for i := 0; ; {
		switch {
		case bits <= 32 && i+4 <= len(b):
			acc |= uint64(binary.LittleEndian.Uint32(b[i:])) << bits
			bits, i = bits+32, i+4
		case i < len(b):
			acc |= uint64(b[i]) << bits
			bits, i = bits+8, i+1
		case bits < width:
			z.acc, z.bits, z.width, z.next, z.before, z.left = acc, bits, width, next, before, left
			z.taken += int64(len(b))
			return nil
		}
		for bits >= width {
			code := uint32(acc) & (1<<(width&15) - 1)
			acc >>= width & 15
			bits -= width
			n := uint16(0)
			switch {
			case left > 0 && code < next && code-clear > 1:
				n = pixels[code%maxCodes]
			case code == z.clear+1:
				z.left, z.done, z.end, z.endWidth = left, true, 8*(z.taken+int64(i))-int64(bits+width), width
				return nil
			case left <= 0 && (code != z.clear || z.cleared):
				z.left = left
				z.cut() // no decoder looks behind the last pixel
				return nil
			case code == z.clear:
				z.cleared = left <= 0
				z.reset()
				width, next, before = z.width, z.next, z.before
				continue
			case code == next && before > 0 && next < maxCodes:
				n = before + 1
			default:
				return fmt.Errorf("code %d of %d: %w", code, next, meta.ErrMalformed)
			}
			if before > 0 && next < maxCodes {
				pixels[next%maxCodes] = before + 1
				if next++; next == 1<<(width&15) && width < 12 {
					width++
				}
			}
			before = n
			if left -= int64(n); left <= 0 {
				z.full, z.fullWidth = 8*(z.taken+int64(i))-int64(bits), width
			}
		}
	}
}

// cut sets the end behind the code that brought the last pixel.
func (z *codes) cut() { z.done, z.end, z.endWidth = true, z.full, z.fullWidth }

// finish is told that there is no more data: an end code that is missing behind
// the last pixel is taken for granted.
func (z *codes) finish() {
	if !z.done && z.left <= 0 {
		z.cut()
	}
}

// appendCode puts a code behind the first n bits of b and zeros behind it.
func appendCode(b []byte, n int64, code, width uint32) []byte {
	out := append([]byte(nil), b[:(n+7)/8]...)
	if k := n % 8; k > 0 {
		out[len(out)-1] &= 1<<k - 1
	}
	for i := range int64(width) {
		if (n+i)%8 == 0 {
			out = append(out, 0)
		}
		out[(n+i)/8] |= byte(code>>i&1) << ((n + i) % 8)
	}
	return out
}
