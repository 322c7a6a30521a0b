package mp4

import (
	"bytes"
	"fmt"
	"slices"

	"tabir/scrub/meta"
)

var errShort = fmt.Errorf("decoder configuration: %w", meta.Truncated)

// units reads n NAL units, each with its length in two bytes, and returns those
// that keep names and how many they are.
func units(b []byte, n int, keep func(unit []byte) bool) (out []byte, kept int, rest []byte, err error) {
	for range n {
		if len(b) < 2 || len(b)-2 < int(order.Uint16(b)) {
			return nil, 0, nil, errShort
		}
		k := 2 + int(order.Uint16(b))
		if keep(b[2:k]) {
			out = append(out, b[:k]...)
			kept++
		}
		b = b[k:]
	}
	return out, kept, b, nil
}

// avcConfig is AVCDecoderConfigurationRecord (ISO 14496-15, 5.3.3.1): parameter
// sets and nothing else.
func avcConfig(b []byte) ([]byte, error) {
	if len(b) < 7 {
		return nil, errShort
	}
	if b[0] != 1 {
		return nil, fmt.Errorf("version %d: %w", b[0], meta.ErrUnsupported)
	}
	of := func(types ...byte) func([]byte) bool {
		return func(u []byte) bool { return len(u) > 0 && slices.Contains(types, u[0]&31) }
	}
	sets, n, rest, err := units(b[6:], int(b[5]&31), of(7, 15))
	if err != nil {
		return nil, err
	}
	out := append([]byte{1, b[1], b[2], b[3], b[4] | 0xFC, byte(n) | 0xE0}, sets...)
	if len(rest) < 1 {
		return nil, errShort
	}
	sets, n, rest, err = units(rest[1:], int(rest[0]), of(8))
	if err != nil {
		return nil, err
	}
	out = append(append(out, byte(n)), sets...)
	if p := b[1]; p == 66 || p == 77 || p == 88 || len(rest) < 4 {
		return out, nil
	}
	// High profiles say more; files of the first edition leave it out.
	sets, n, _, err = units(rest[4:], int(rest[3]), of(13))
	if err != nil || rest[0]&0xFC != 0xFC || rest[1]&0xF8 != 0xF8 || rest[2]&0xF8 != 0xF8 {
		return out, nil
	}
	return append(append(out, rest[0], rest[1], rest[2], byte(n)), sets...), nil
}

// hevcConfig is HEVCDecoderConfigurationRecord (ISO 14496-15, 8.3.3.1): parameter
// sets, and of supplemental messages those that colours need.
func hevcConfig(b []byte) ([]byte, error) {
	if len(b) < 23 {
		return nil, errShort
	}
	if b[0] != 1 {
		return nil, fmt.Errorf("version %d: %w", b[0], meta.ErrUnsupported)
	}
	out := bytes.Clone(b[:23])
	out[13] |= 0xF0
	for _, i := range []int{15, 16} {
		out[i] |= 0xFC
	}
	for _, i := range []int{17, 18} {
		out[i] |= 0xF8
	}
	out[22] = 0
	rest := b[23:]
	for range int(b[22]) {
		if len(rest) < 3 {
			return nil, errShort
		}
		typ := rest[0] & 0x3F
		sets, n, more, err := units(rest[3:], int(order.Uint16(rest[1:])), func(u []byte) bool {
			if len(u) < 2 || u[0]>>1&0x3F != typ {
				return false
			}
			return typ >= 32 && typ <= 34 || (typ == 39 || typ == 40) && shows(u[2:])
		})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out[22]++
			out = append(append(out, rest[0]&0xBF, byte(n>>8), byte(n)), sets...)
		}
		rest = more
	}
	return out, nil
}

// shows reports whether all messages of a supplemental unit (H.265, 7.3.5) are
// about how the picture looks: mastering display, light level, transfer, surroundings.
func shows(b []byte) bool {
	b = bytes.ReplaceAll(b, []byte{0, 0, 3}, []byte{0, 0})
	number := func() (n int) {
		for len(b) > 0 {
			c := b[0]
			b = b[1:]
			n += int(c)
			if c != 0xFF {
				break
			}
		}
		return n
	}
	sizes := map[int]int{137: 24, 144: 4, 147: 1, 148: 8}
	for len(b) > 1 {
		typ := number()
		n := number()
		if sizes[typ] != n || n == 0 || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return len(b) == 1 && b[0] == 0x80
}

// av1Config is AV1CodecConfigurationRecord (AV1 in ISO BMFF, 2.3.3): the header
// of the sequence, and of metadata the light levels.
func av1Config(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, errShort
	}
	out := bytes.Clone(b[:4])
	out[3] &= 0x1F
	if out[3]&0x10 == 0 {
		out[3] = 0
	}
	for b = b[4:]; len(b) > 0; {
		typ, head := b[0]>>3&15, 1
		if b[0]&4 != 0 {
			head = 2
		}
		if b[0]&0x80 != 0 || head > len(b) {
			return nil, fmt.Errorf("unit of type %d: %w", typ, meta.ErrMalformed)
		}
		n := len(b) - head
		if b[0]&2 != 0 {
			v, k := leb128(b[head:])
			if head += k; k == 0 || v > len(b)-head {
				return nil, errShort
			}
			n = v
		}
		data := b[head : head+n]
		if typ == 1 || typ == 5 && n > 1 && (data[0] == 1 && n <= 6 || data[0] == 2 && n <= 26) {
			out = append(out, b[:head+n]...)
		}
		b = b[head+n:]
	}
	return out, nil
}

// leb128 reads a number of at most four bytes and says how many they are, 0 for
// no such number.
func leb128(b []byte) (v, n int) {
	for i := 0; i < 4 && i < len(b); i++ {
		v |= int(b[i]&0x7F) << (7 * i)
		if b[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}
