package hdr

import "encoding/binary"

// Numbers that mean a colour or a light have bounds. Letters in their place are
// beyond them, and what is no light shows nothing.

// Mastering reports whether b begins with a colour volume of a display (SMPTE ST
// 2086; ITU-T H.265, D.3.28): x and y of three primaries and of the white point in
// 1/50000, and the most and the least light in 1/10000 candelas a square metre.
func Mastering(b []byte) bool { return volume(b, 50000, 10000*10000, 10000*10000) }

// MasteringAV1 is Mastering in the units of AV1 (6.7.4): 1/65536, 1/256, 1/16384.
func MasteringAV1(b []byte) bool { return volume(b, 1<<16, 10000<<8, 10000<<14) }

// ContentLight reports whether b begins with the brightest pixel and the brightest
// picture on average (CTA 861.3), in candelas a square metre.
func ContentLight(b []byte) bool {
	return len(b) >= 4 && binary.BigEndian.Uint16(b) <= 10000 && binary.BigEndian.Uint16(b[2:]) <= 10000
}

// volume asks for colours that are some, x and y of which add up to at most one,
// and for primaries that span a triangle.
func volume(b []byte, one int64, most, least uint32) bool {
	if len(b) < 24 {
		return false
	}
	var x, y [4]int64
	for i := range x {
		x[i], y[i] = int64(binary.BigEndian.Uint16(b[4*i:])), int64(binary.BigEndian.Uint16(b[4*i+2:]))
		if 20*(x[i]+y[i]) > 21*one {
			return false
		}
	}
	twice := (x[1]-x[0])*(y[2]-y[0]) - (x[2]-x[0])*(y[1]-y[0])
	return 10*max(twice, -twice) >= one*one && binary.BigEndian.Uint32(b[16:]) <= most && binary.BigEndian.Uint32(b[20:]) <= least
}
