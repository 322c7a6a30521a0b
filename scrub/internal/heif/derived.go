package heif

import (
	"fmt"

	"tabir/scrub/meta"
)

// derivation reads the data of a derived item with n inputs and returns it in
// exact form. An item that cannot be written so is refused.
type derivation func(b []byte, n int) ([]byte, error)

// derivations are the derived items that are kept.
var derivations = map[string]derivation{
	"iden": func(_ []byte, n int) ([]byte, error) { return nil, inputs(n == 1) },
	"grid": func(b []byte, n int) ([]byte, error) { g, err := readGrid(b, n); return g.write(), err },
	"iovl": exactOverlay,
	"tmap": exactToneMap,
	"sato": exactTransform,
}

func inputs(ok bool) error {
	if !ok {
		return fmt.Errorf("number of inputs: %w", meta.ErrMalformed)
	}
	return nil
}

func version(v uint64) error {
	if v != 0 {
		return fmt.Errorf("version %d: %w", v, meta.ErrUnsupported)
	}
	return nil
}

func (c *cursor) whole() error {
	if c.short {
		return meta.Truncated
	}
	return nil
}

// grid is tiles in rows and columns (23008-12, 6.6.2.3).
type grid struct {
	rows, columns byte // less one
	width, height uint32
}

func readGrid(b []byte, n int) (g grid, err error) {
	c := &cursor{b: b}
	v, flags := c.uint(1), c.uint(1)
	g.rows, g.columns = byte(c.uint(1)), byte(c.uint(1))
	size := 2 + 2*int(flags&1)
	g.width, g.height = uint32(c.uint(size)), uint32(c.uint(size))
	if err = c.whole(); err == nil {
		err = version(v)
	}
	if err == nil {
		err = inputs((int(g.rows)+1)*(int(g.columns)+1) == n)
	}
	return g, err
}

func (g grid) write() []byte {
	size := width(max(g.width, g.height))
	out := []byte{0, byte(size/2 - 1), g.rows, g.columns}
	return put(put(out, size, uint64(g.width)), size, uint64(g.height))
}

// exactOverlay is pictures on a canvas (6.6.2.2): a colour, a size, and a signed
// place for each.
func exactOverlay(b []byte, n int) ([]byte, error) {
	c := &cursor{b: b}
	v, flags := c.uint(1), byte(c.uint(1)&1)
	fill := c.take(8)
	size := 2 + 2*int(flags)
	rest := c.take(size * (2 + 2*n))
	if err := c.whole(); err != nil {
		return nil, err
	}
	return append(append([]byte{0, flags}, fill...), rest...), version(v)
}

// exactToneMap is the data of a tmap item: how a gain map is applied (23008-12,
// 6.6.2.4; ISO 21496-1, annex C).
func exactToneMap(b []byte, n int) ([]byte, error) {
	if err := inputs(n == 2); err != nil {
		return nil, err
	}
	c := &cursor{b: b}
	v, least := c.uint(1), c.uint(2)
	c.uint(2) // version of the writer
	flags := byte(c.uint(1) & 0xc0)
	size := 2 * 8
	if flags&0x80 != 0 {
		size += 3 * 5 * 8
	} else {
		size += 5 * 8
	}
	rest := c.take(size)
	if err := c.whole(); err != nil {
		return nil, err
	}
	if least != 0 {
		return nil, fmt.Errorf("gain map of version %d: %w", least, meta.ErrUnsupported)
	}
	return append([]byte{0, 0, 0, 0, 0, flags}, rest...), version(v)
}

// exactTransform is the expression of a sample transform in postfix notation
// (AVIF, 4.2.3): constants of the stated depth, inputs and operators. All inputs
// have to take part: another one would be a picture that nobody sees.
func exactTransform(b []byte, n int) ([]byte, error) {
	c := &cursor{b: b}
	head := c.uint(1)
	count := c.uint(1)
	out := []byte{byte(head & 3), byte(count)}
	inputs, depth := map[byte]bool{}, 0
	for range count {
		token := byte(c.uint(1))
		out = append(out, token)
		takes := 0
		switch {
		case token == 0:
			out = append(out, c.take(1<<(head&3))...)
		case token < 64:
			inputs[token] = true
			if int(token) > n {
				return nil, fmt.Errorf("transform of input %d: %w", token, meta.ErrMalformed)
			}
		case token <= 67: // negation, absolute, not, highest bit
			takes = 1
		case token >= 128 && token <= 137: // from sum to maximum
			takes = 2
		default:
			return nil, fmt.Errorf("operator %d: %w", token, meta.ErrUnsupported)
		}
		if depth < takes {
			return nil, fmt.Errorf("transform without operands: %w", meta.ErrMalformed)
		}
		depth += 1 - takes
	}
	if err := c.whole(); err != nil {
		return nil, err
	}
	if depth != 1 || len(inputs) != n {
		return nil, fmt.Errorf("transform of %d of %d inputs to %d results: %w", len(inputs), n, depth, meta.ErrMalformed)
	}
	return out, version(head >> 6)
}
