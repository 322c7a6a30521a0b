package heif

import (
	"fmt"

	"tabir/scrub/meta"
)

// NAL unit types of HEVC (ITU-T H.265, table 7-1).
const (
	nalVPS       = 32
	nalSPS       = 33
	nalPPS       = 34
	nalSEIPrefix = 39
	nalSEISuffix = 40
)

// coded reports whether NAL units of the type hold a part of a picture that
// decoders read, and parameter whether they hold parameters of one. All others
// say something else, or nothing.
func coded(typ byte) bool     { return typ <= 9 || typ >= 16 && typ <= 21 }
func parameter(typ byte) bool { return typ >= nalVPS && typ <= nalPPS }
func sei(typ byte) bool       { return typ == nalSEIPrefix || typ == nalSEISuffix }

// exactHVCC is the configuration of HEVC pictures (14496-15, 8.3.3.1) with the
// parameter sets, and of the other units those that nalUnit keeps.
func exactHVCC(b []byte) ([]byte, error) {
	c := &cursor{b: b}
	h := append([]byte(nil), c.take(23)...)
	if c.short {
		return nil, meta.Truncated
	}
	if h[0] != 1 {
		return nil, fmt.Errorf("configuration of version %d: %w", h[0], meta.ErrUnsupported)
	}
	if h[21]&3 == 2 {
		return nil, fmt.Errorf("lengths of 3 bytes: %w", meta.ErrMalformed)
	}
	// What decoders learn from the parameter sets, or do not ask for, is left
	// unsaid; reserved bits are ones.
	h[13], h[14], h[15] = 0xf0, 0, 0xfc
	h[16] |= 0xfc
	h[17] |= 0xf8
	h[18] |= 0xf8
	h[19], h[20] = 0, 0 // the average rate of frames
	h[21] &= 0x3f       // whether that is constant
	n := h[22]
	h[22] = 0
	var arrays []byte
	for range n {
		head := c.uint(1)
		typ, count := byte(head&0x3f), byte(0)
		var units []byte
		for range c.uint(2) {
			unit := c.take(int(c.uint(2)))
			if c.short {
				return nil, meta.Truncated
			}
			if len(unit) < 2 || unit[0]>>1&0x3f != typ || unit[0]&0x80 != 0 {
				return nil, fmt.Errorf("unit of another type than %d: %w", typ, meta.ErrMalformed)
			}
			if typ == nalSPS && len(unit) > 16 {
				copy(h[1:13], unescape(unit[3:])) // profile and level, which it says as well
			}
			if sei(typ) {
				unit = exactSEI(unit)
			} else if err := exactParameters(unit); err != nil {
				return nil, err
			}
			if len(unit) == 0 || !parameter(typ) && !sei(typ) {
				continue
			}
			if count == 255 {
				return nil, fmt.Errorf("parameter sets: %w", meta.ErrLimit)
			}
			count++
			units = append(put(units, 2, uint64(len(unit))), unit...)
		}
		if count > 0 {
			h[22]++
			arrays = append(append(arrays, byte(head&0xbf), 0, count), units...)
		}
	}
	if c.short {
		return nil, meta.Truncated
	}
	return append(h, arrays...), nil
}

// lengthSize is the number of bytes of the lengths in the pictures that a
// configuration belongs to.
func lengthSize(hvcC []byte) int { return int(hvcC[21]&3) + 1 }

// walkNAL goes through an item of NAL units with lengths in front of them
// (14496-15, 4.3.3) and keeps what decoders need.
func walkNAL(s *stream, size int) error {
	for pos := int64(0); pos < s.size; {
		if s.size-pos < int64(size) {
			return fmt.Errorf("length of a unit at %d: %w", pos, meta.Truncated)
		}
		h, err := s.peek(pos, size+2)
		if err != nil {
			return err
		}
		n := int64((&cursor{b: h}).uint(size))
		end := pos + int64(size) + n
		if end > s.size {
			return fmt.Errorf("unit at %d reaches beyond the item: %w", pos, meta.Truncated)
		}
		if n < 2 {
			pos = end
			continue
		}
		typ, layer := h[size]>>1&0x3f, h[size]&1<<5|h[size+1]>>3
		switch {
		case h[size]&0x80 != 0 || h[size+1]&7 == 0:
			return fmt.Errorf("no unit at %d: %w", pos, meta.ErrMalformed)
		case layer > 0:
			s.layers += n
		case coded(typ):
			s.keep(pos, end-pos)
		case parameter(typ) && n <= maxSEI:
			unit, err := s.bytes(pos+int64(size), n)
			if err != nil {
				return err
			}
			if err := exactParameters(unit); err != nil {
				return fmt.Errorf("unit at %d: %w", pos, err)
			}
			s.keep(pos, end-pos)
		case parameter(typ):
			return fmt.Errorf("parameter set of %d bytes at %d: %w", n, pos, meta.ErrLimit)
		case sei(typ) && n <= maxSEI:
			unit, err := s.bytes(pos+int64(size), n)
			if err != nil {
				return err
			}
			if out := exactSEI(unit); out != nil {
				s.replace(pos, end-pos, append(put(nil, size, uint64(len(out))), out...))
			}
			s.told = s.told || !sameSEI(unit)
			s.userData(unit)
		case sei(typ):
			s.told = true
		}
		if err := s.full(); err != nil {
			return err
		}
		pos = end
	}
	return nil
}
