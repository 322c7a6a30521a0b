// Package lzw goes through the variable-length codes of LZW data, as GIF (GIF89a,
// appendix F) and TIFF (TIFF 6.0, section 13) have them, and finds where they end.
// No code is decoded; those of a GIF are counted by the pixels that they stand for.
package lzw

import (
	"fmt"
	"math"
	"math/bits"

	"tabir/scrub/meta"
)

const (
	maxCodes = 1 << maxWidth // of a table
	maxWidth = 12            // bits of a code
	none     = 1 << 15       // bytes: more than any code stands for
)

// table says how many bytes a code stands for, none for one that it does not have.
// The entries behind the last code are for what would be added to a full table.
type table [maxCodes + group]uint16

// blank is a table without a code.
var blank = func() (t table) {
	for i := range t {
		t[i] = none
	}
	return t
}()

// Codes is what is known on the way through the codes of one picture or strip.
type Codes struct {
	msb   bool   // codes begin at the highest bit, and become wider one code early
	table *table // nil where bytes are not counted
	clear uint32 // the code that empties the table; the end code is the next one
	next  uint32 // the code that the table has next
	limit uint32 // the value of next at which codes become wider
	width uint32 // bits of a code
	lanes lanes  // of codes of that width, of a TIFF
	prev  uint16 // bytes of the code before; 0 behind a clear code

	acc   uint64 // bits that were not looked at: the low ones, or the high ones with msb
	have  uint32 // in acc
	taken int64  // bytes before those that are being fed

	left      int64 // bytes that codes are still to stand for
	full      int64 // bits at which the last byte came, with the width of what follows
	fullWidth uint32
	cleared   bool // by a clear code behind the last byte

	done     bool
	end      int64 // where the end code begins or should, in bits
	endWidth uint32
}

// NewGIF is for the images of a GIF: the first code begins at the lowest bit of
// the first byte, and the pixels are counted.
func NewGIF() *Codes { return &Codes{table: new(table)} }

// NewTIFF is for the strips of a TIFF: the first code begins at the highest bit of
// the first byte. Start is given no number of bytes, for they are not counted.
func NewTIFF() *Codes { return &Codes{msb: true} }

// Start begins a picture of want pixels, whose samples have minCode bits, from 2 to
// 11.
func (z *Codes) Start(minCode byte, want int64) {
	*z = Codes{msb: z.msb, table: z.table, clear: 1 << minCode, left: want}
	if z.table == nil {
		z.left = math.MaxInt64
	} else {
		*z.table = blank
		for i := range z.clear {
			z.table[i] = 1
		}
		z.next = z.clear
	}
	z.reset()
}

// reset is what a clear code does.
func (z *Codes) reset() {
	if z.table != nil {
		copy(z.table[z.clear:z.next], blank[:])
	}
	z.next, z.prev = z.clear+2, 0
	z.widen(uint32(bits.Len32(z.clear)))
}

func (z *Codes) widen(width uint32) {
	z.width, z.limit = width, 1<<width
	if z.msb && width < maxWidth {
		z.limit--
	}
	if z.msb {
		z.lanes = makeLanes(width, uint64(z.clear))
	}
}

// EndCode is the code that ends the data.
func (z *Codes) EndCode() uint32 { return z.clear + 1 }

// Done reports whether the end was found.
func (z *Codes) Done() bool { return z.done }

// Whole reports whether the codes stand for all that was wanted.
func (z *Codes) Whole() bool { return z.left <= 0 }

// End is where the end code begins, or where it should be if there is none, in
// bits, and how many bits it has.
func (z *Codes) End() (at, width int64) { return z.end, int64(z.endWidth) }

// Feed takes the next bytes of the data, up to the end code. An error wraps
// meta.ErrMalformed: there is no such code in the table.
func (z *Codes) Feed(b []byte) error {
	for i := 0; ; {
		i = z.skip(b, i)
		for z.have < z.width {
			if i == len(b) {
				z.taken += int64(i)
				return nil
			}
			if z.msb {
				z.acc |= uint64(b[i]) << (56 - z.have)
			} else {
				z.acc |= uint64(b[i]) << z.have
			}
			z.have, i = z.have+8, i+1
		}
		if err := z.code(8 * (z.taken + int64(i))); err != nil || z.done {
			return err
		}
	}
}

// code looks at one code. read is how many bits have come into acc so far.
func (z *Codes) code(read int64) error {
	var code uint32
	at, width := read-int64(z.have), z.width
	if z.msb {
		code = uint32(z.acc >> (64 - width))
		z.acc <<= width
	} else {
		code = uint32(z.acc) & (1<<width - 1)
		z.acc >>= width
	}
	z.have -= width
	n := uint16(1)
	switch {
	case code == z.clear+1:
		z.done, z.end, z.endWidth = true, at, width
		return nil
	case z.left <= 0 && (code != z.clear || z.cleared):
		z.cut() // no decoder looks behind the last pixel
		return nil
	case code == z.clear:
		z.cleared = z.left <= 0
		z.reset()
		return nil
	case code == z.next && z.prev > 0 && z.next < maxCodes:
		n = z.prev + 1
	case code >= z.next || z.msb && z.next == maxCodes:
		return fmt.Errorf("code %d of %d: %w", code, z.next, meta.ErrMalformed)
	case z.table != nil:
		n = z.table[code]
	}
	if z.prev > 0 && z.next < maxCodes {
		if z.table != nil {
			z.table[z.next] = z.prev + 1
		}
		if z.next++; z.next == z.limit && width < maxWidth {
			z.widen(width + 1)
		}
	}
	if z.prev = n; z.table == nil {
		return nil
	}
	if z.left -= int64(n); z.left <= 0 {
		z.full, z.fullWidth = at+int64(width), z.width
	}
	return nil
}

// cut sets the end behind the code that brought the last byte.
func (z *Codes) cut() { z.done, z.end, z.endWidth = true, z.full, z.fullWidth }

// Finish is told that there is no more data: an end code that is missing behind
// the last pixel is taken for granted.
func (z *Codes) Finish() {
	if !z.done && z.left <= 0 {
		z.cut()
	}
}
