// Package exif reads Exif blocks (CIPA DC-008, on TIFF 6.0): what they say about
// how the picture is to be shown, what a user chose to keep of them, and, for
// the report, everything else. It also writes the only Exif block that a clean
// file may hold. It decides nothing.
package exif

import "bytes"

// Looks is what an Exif block says about how the picture is to be shown. The
// zero value says nothing.
type Looks struct {
	Orientation int  // 1 to 8 (TIFF 6.0, tag 274); anything else reads as 1, and 0 means 1
	AdobeRGB    bool // the colours are Adobe RGB (DCF 2.0: not sRGB, and interoperability R03)

	// XDensity and YDensity are fractions in lowest terms, of less than maxTerm.
	// They are set only where both resolutions are valid and differ: where pixels
	// are not square.
	XDensity, YDensity [2]uint32
	DensityUnit        uint16 // 1 none, 2 inch, 3 centimetre; 0 where there are no densities
}

// maxTerm bounds the terms of a density: four letters are more than that.
const maxTerm = 1 << 24

// Tags that are read or written here.
const (
	tagOrientation      = 0x0112
	tagXResolution      = 0x011A
	tagYResolution      = 0x011B
	tagResolutionUnit   = 0x0128
	tagDateTime         = 0x0132
	tagArtist           = 0x013B
	tagCopyright        = 0x8298
	tagExifIFD          = 0x8769
	tagGPSIFD           = 0x8825
	tagDateTimeOriginal = 0x9003
	tagColorSpace       = 0xA001
	tagInteropIFD       = 0xA005
	tagInteropIndex     = 0x0001 // in the Interop IFD
)

const (
	sRGB         = 1
	uncalibrated = 0xFFFF
)

var adobeIndex = []byte("R03\x00") // DCF 2.0, 3.3: the DCF option file

// ReadLooks reads the block, which begins with its byte order ("II" or "MM").
// It never fails: what cannot be read is not said. Only types that the standard
// gives these tags count, as in browsers; of repeated tags the first counts.
func ReadLooks(block []byte) Looks {
	l := Looks{Orientation: 1}
	t, ifd0, ok := open(block)
	if !ok {
		return l
	}
	var x, y [2]uint32
	var sub uint32
	unit, seen := uint32(2), uint8(0) // TIFF 6.0: inches are the default
	first := func(bit uint8) bool { ok := seen&bit == 0; seen |= bit; return ok }
	t.each(ifd0, func(f field) {
		switch f.tag {
		case tagOrientation:
			if v, ok := f.short(t); first(1) && ok && v >= 1 && v <= 8 {
				l.Orientation = int(v)
			}
		case tagXResolution:
			if first(2) {
				x = f.rational(t)
			}
		case tagYResolution:
			if first(4) {
				y = f.rational(t)
			}
		case tagResolutionUnit:
			if v, ok := f.short(t); first(8) && ok {
				unit = v
			}
		case tagExifIFD:
			if first(16) {
				sub, _ = f.number(t.o)
			}
		}
	})
	if unit < 1 || unit > 3 {
		unit = 1
	}
	l.setDensity(x, y, uint16(unit))
	l.AdobeRGB = t.adobe(sub)
	return l
}

func (l *Looks) setDensity(x, y [2]uint32, unit uint16) {
	x, y = lowest(x), lowest(y)
	if x[0] == 0 || y[0] == 0 || x == y || max(x[0], x[1], y[0], y[1]) >= maxTerm {
		return
	}
	l.XDensity, l.YDensity, l.DensityUnit = x, y, unit
}

// adobe reports whether the Exif IFD at sub says Adobe RGB.
func (t tiff) adobe(sub uint32) bool {
	if sub == 0 {
		return false
	}
	var space, inter uint32
	var seen [2]bool
	t.each(sub, func(f field) {
		switch {
		case f.tag == tagColorSpace && !seen[0]:
			space, seen[0] = 0, true
			if v, ok := f.short(t); ok {
				space = v
			}
		case f.tag == tagInteropIFD && !seen[1]:
			seen[1] = true
			inter, _ = f.number(t.o)
		}
	})
	if space == 0 || space == sRGB || inter == 0 {
		return false
	}
	found, is := false, false
	t.each(inter, func(f field) {
		if f.tag == tagInteropIndex && !found {
			found, is = true, f.typ == typeASCII && bytes.Equal(f.value, adobeIndex)
		}
	})
	return is
}

func (f field) short(t tiff) (uint32, bool) {
	if f.typ != typeShort {
		return 0, false
	}
	return f.number(t.o)
}

func (f field) rational(t tiff) [2]uint32 {
	if f.typ != typeRational || f.count != 1 || f.value == nil {
		return [2]uint32{}
	}
	return [2]uint32{t.o.Uint32(f.value), t.o.Uint32(f.value[4:])}
}

// lowest returns the fraction r in lowest terms, and zero where it is not a positive number.
func lowest(r [2]uint32) [2]uint32 {
	if r[0] == 0 || r[1] == 0 {
		return [2]uint32{}
	}
	a, b := r[0], r[1]
	for b != 0 {
		a, b = b, a%b
	}
	return [2]uint32{r[0] / a, r[1] / a}
}
