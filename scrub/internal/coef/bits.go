package coef

import (
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// errShort says that entropy-coded data ended before the last coefficient.
var errShort = fmt.Errorf("entropy-coded data: %w", meta.Truncated)

// bits reads entropy-coded data (T.81, F.2.2.5): stuffed zeros are taken out and
// a marker ends it.
type bits struct {
	w    *rd.Window
	pos  int64 // of the next raw byte
	page []byte
	in   int // the next raw byte in page

	acc  uint64 // the low n bits are unread
	n    uint
	ends [16]int64 // raw position behind each of the last bytes that entered acc
	last int
	done bool // a marker or the end of the file is next, at pos
}

func newBits(w *rd.Window, off int64) *bits { return &bits{w: w, pos: off} }

// raw looks at the next raw byte.
func (b *bits) raw() (byte, error) {
	if b.in >= len(b.page) {
		p, err := b.w.Page(b.pos)
		if err != nil {
			return 0, err
		}
		b.page, b.in = p, 0
	}
	return b.page[b.in], nil
}

func (b *bits) step() { b.in, b.pos = b.in+1, b.pos+1 }

// fill loads bytes until at least 32 bits are there or the data ends.
func (b *bits) fill() error {
	for b.n <= 48 && !b.done {
		c, err := b.raw()
		if errors.Is(err, io.EOF) {
			b.done = true
			return nil
		}
		if err != nil {
			return err
		}
		if c == 0xff {
			stuffed, err := b.stuffed()
			if err != nil {
				return err
			}
			if !stuffed {
				b.done = true
				return nil
			}
		} else {
			b.step()
		}
		b.acc, b.n = b.acc<<8|uint64(c), b.n+8
		b.last = (b.last + 1) % len(b.ends)
		b.ends[b.last] = b.pos
	}
	return nil
}

// stuffed consumes FF 00, with fill bytes before the zero as libjpeg allows, or
// leaves the position at what is a marker.
func (b *bits) stuffed() (bool, error) {
	at := b.pos
	for n := int64(1); ; n++ {
		c, err := b.w.Byte(at + n)
		b.page, b.in = nil, 0 // Byte may have moved the page
		if errors.Is(err, meta.ErrTruncated) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch c {
		case 0xff:
		case 0:
			b.pos = at + n + 1
			return true, nil
		default:
			return false, nil
		}
	}
}

// need makes sure that k bits (at most 32) can be read.
func (b *bits) need(k uint) error {
	if b.n >= k {
		return nil
	}
	if err := b.fill(); err != nil {
		return err
	}
	if b.n < k {
		return errShort
	}
	return nil
}

// get reads k bits, 0 to 16.
func (b *bits) get(k uint) (int32, error) {
	if k == 0 {
		return 0, nil
	}
	if err := b.need(k); err != nil {
		return 0, err
	}
	b.n -= k
	return int32(b.acc >> b.n & (1<<k - 1)), nil
}

// extend reads a value of k bits whose first bit tells its sign (T.81, F.2.2.1).
func (b *bits) extend(k uint) (int32, error) {
	v, err := b.get(k)
	if k > 0 && v < 1<<(k-1) {
		v += -1<<k + 1
	}
	return v, err
}

// end is the raw position behind the last byte of which a bit was read.
func (b *bits) end() int64 {
	whole := int(b.n / 8)
	return b.ends[(b.last-whole+len(b.ends))%len(b.ends)]
}

// restart skips the padding and the marker RST of number k (T.81, E.2.4).
func (b *bits) restart(k int) error {
	b.pos = b.end()
	b.acc, b.n, b.done, b.page, b.in = 0, 0, false, nil, 0
	for {
		c, err := b.w.Byte(b.pos)
		if err != nil {
			return errShort
		}
		m, err := b.w.Byte(b.pos + 1)
		if err != nil {
			return errShort
		}
		if c != 0xff || m != 0xff && m != 0xd0+byte(k&7) {
			return fmt.Errorf("no restart marker %d at %d: %w", k&7, b.pos, meta.ErrMalformed)
		}
		if m != 0xff {
			b.pos += 2
			b.ends[b.last] = b.pos
			return nil
		}
		b.pos++ // a fill byte
	}
}
