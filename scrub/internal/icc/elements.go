package icc

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/meta"
)

// exact returns a tag element as long as its own fields need, with its reserved
// bytes zero. The types are those of the tags that colour needs (section 10).
func (f *profile) exact(sig string, b []byte) ([]byte, error) {
	bad := func() ([]byte, error) {
		return nil, fmt.Errorf("icc: tag %s: %w", sig, meta.ErrMalformed)
	}
	typ := string(b[:4])
	out := append([]byte(typ), 0, 0, 0, 0)
	n := 0 // bytes behind the type and the reserved bytes
	switch typ {
	case "XYZ ":
		n = 12
	case "sf32":
		n = 36
	case "cicp":
		n = 4
	case "curv", "para":
		size := curveSize(b)
		if size < 0 {
			return bad()
		}
		return exactCurve(b[:size]), nil
	case "mft1", "mft2":
		size, in, outs := lutSize(b)
		if size < 0 || !f.fits(sig, in, outs) {
			return bad()
		}
		out = append(out, b[8:size]...)
		out[11] = 0 // padding
		return out, nil
	case "mAB ", "mBA ":
		out, ok := f.exactLut(sig, b)
		if !ok {
			return bad()
		}
		return out, nil
	default:
		return nil, fmt.Errorf("icc: tag %s of type %q: %w", sig, meta.Show(typ), meta.ErrUnsupported)
	}
	if len(b) < 8+n {
		return bad()
	}
	return append(out, b[8:8+n]...), nil
}

// fits checks the channels of a lookup table against the profile.
func (f *profile) fits(sig string, in, out int) bool {
	if sig[:3] == "B2A" {
		return in == 3 && out == channelsOf[f.space]
	}
	return in == channelsOf[f.space] && out == 3
}

// parameters of a parametric curve, by its function type (10.18).
var parameters = []int{1, 3, 4, 5, 7}

// curveSize is the exact length of a curv (10.6) or para (10.18) element, or -1.
func curveSize(b []byte) int {
	be := binary.BigEndian
	if len(b) < 12 {
		return -1
	}
	size := -1
	switch string(b[:4]) {
	case "curv":
		if n := be.Uint32(b[8:]); n <= 1<<20 {
			size = 12 + 2*int(n)
		}
	case "para":
		if t := int(be.Uint16(b[8:])); t < len(parameters) {
			size = 12 + 4*parameters[t]
		}
	}
	if size > len(b) {
		return -1
	}
	return size
}

func exactCurve(b []byte) []byte {
	out := append([]byte(nil), b...)
	clear(out[4:8])
	if string(out[:4]) == "para" {
		clear(out[10:12])
	}
	return out
}

// lutSize is the exact length of an mft1 (10.10) or mft2 (10.9) element and its
// channels, or -1.
func lutSize(b []byte) (size, in, out int) {
	if len(b) < 52 {
		return -1, 0, 0
	}
	in, out, grid := int(b[8]), int(b[9]), int(b[10])
	if in < 1 || in > 4 || out < 1 || out > 4 || grid < 2 {
		return -1, 0, 0
	}
	points := out
	for range in {
		points *= grid // at most 4·255⁴, which int holds
	}
	if string(b[:4]) == "mft1" {
		size = 48 + 256*in + points + 256*out
	} else {
		n, m := int(binary.BigEndian.Uint16(b[48:])), int(binary.BigEndian.Uint16(b[50:]))
		if n < 2 || n > 4096 || m < 2 || m > 4096 {
			return -1, 0, 0
		}
		size = 52 + 2*n*in + 2*points + 2*m*out
	}
	if size > len(b) {
		return -1, 0, 0
	}
	return size, in, out
}

// exactLut lays an mAB (10.12) or mBA (10.13) element out anew: B curves, matrix,
// M curves, CLUT, A curves, each at a multiple of four.
func (f *profile) exactLut(sig string, b []byte) ([]byte, bool) {
	be := binary.BigEndian
	if len(b) < 32 {
		return nil, false
	}
	in, outs := int(b[8]), int(b[9])
	if !f.fits(sig, in, outs) {
		return nil, false
	}
	inner, outer := outs, in // channels on the side of the B and of the A curves
	if string(b[:4]) == "mBA " {
		inner, outer = in, outs
	}
	out := append([]byte(nil), b[:32]...)
	clear(out[4:8])
	clear(out[10:32])
	add := func(field int, part []byte) {
		be.PutUint32(out[field:], uint32(len(out)))
		out = append(out, part...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	at := func(field int) []byte {
		off := be.Uint32(b[field:])
		if off == 0 || int64(off) >= int64(len(b)) {
			return nil
		}
		return b[off:]
	}
	curves := func(field, n int) bool {
		src := at(field)
		if src == nil {
			return be.Uint32(b[field:]) == 0
		}
		var part []byte
		for range n {
			size := curveSize(src)
			if size < 0 {
				return false
			}
			part = append(part, exactCurve(src[:size])...)
			for len(part)%4 != 0 {
				part = append(part, 0)
			}
			src = src[min((size+3)&^3, len(src)):]
		}
		add(field, part)
		return true
	}
	if !curves(12, inner) || at(12) == nil {
		return nil, false
	}
	if be.Uint32(b[16:]) != 0 {
		m := at(16)
		if len(m) < 48 {
			return nil, false
		}
		add(16, m[:48])
	}
	if !curves(20, inner) {
		return nil, false
	}
	if be.Uint32(b[24:]) != 0 {
		c := at(24)
		size := clutSize(c, in, outs)
		if size < 0 {
			return nil, false
		}
		part := append([]byte(nil), c[:size]...)
		clear(part[in:16])
		clear(part[17:20])
		add(24, part)
	} else if in != outs {
		return nil, false
	}
	return out, curves(28, outer)
}

// clutSize is the exact length of a CLUT (10.12.3), or -1.
func clutSize(c []byte, in, out int) int {
	if len(c) < 20 || c[16] < 1 || c[16] > 2 {
		return -1
	}
	points := out * int(c[16])
	for _, g := range c[:in] {
		if g < 2 {
			return -1
		}
		points *= int(g)
	}
	if 20+points > len(c) {
		return -1
	}
	return 20 + points
}
