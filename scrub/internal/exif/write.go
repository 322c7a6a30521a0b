package exif

import (
	"encoding/binary"
	"slices"
)

// Write returns the canonical Exif block that says l and c: big endian, no tag
// more than that takes, in order, with zeros for padding. It is nil where there
// is nothing to say. What is not valid in l and c is not written.
func Write(l Looks, c Choices) []byte {
	var root, sub, inter ifd
	if l.Orientation > 1 && l.Orientation <= 8 {
		root.short(tagOrientation, uint16(l.Orientation))
	}
	var d Looks
	d.setDensity(l.XDensity, l.YDensity, l.DensityUnit)
	if d.DensityUnit >= 1 && d.DensityUnit <= 3 {
		root.rational(tagXResolution, d.XDensity)
		root.rational(tagYResolution, d.YDensity)
		root.short(tagResolutionUnit, d.DensityUnit)
	}
	root.ascii(tagArtist, creditLine(c.Artist))
	root.ascii(tagCopyright, creditLine(c.Copyright))
	sub.ascii(tagDateTimeOriginal, validDate(c.Date))
	if l.AdobeRGB {
		sub.short(tagColorSpace, uncalibrated)
		inter.add(tagInteropIndex, typeASCII, 4, adobeIndex)
	}
	if len(sub) > 0 {
		root.add(tagExifIFD, typeLong, 1, nil)
	}
	if len(inter) > 0 {
		sub.add(tagInteropIFD, typeLong, 1, nil)
	}
	if len(root) == 0 {
		return nil
	}
	out := append(slices.Clone(bigHead), 0, 0, 0, 8)
	for _, dir := range []ifd{root, sub, inter} {
		if len(dir) > 0 {
			out = dir.append(out)
		}
	}
	return out
}

type ifd []written

type written struct {
	tag, typ uint16
	count    uint32
	value    []byte // nil for a pointer to the IFD that follows
}

func (d *ifd) add(tag, typ uint16, count uint32, value []byte) {
	*d = append(*d, written{tag, typ, count, value})
}

func (d *ifd) short(tag, v uint16) {
	d.add(tag, typeShort, 1, binary.BigEndian.AppendUint16(nil, v))
}

func (d *ifd) rational(tag uint16, v [2]uint32) {
	d.add(tag, typeRational, 1, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, v[0]), v[1]))
}

func (d *ifd) ascii(tag uint16, s string) {
	if s != "" {
		d.add(tag, typeASCII, uint32(len(s)+1), append([]byte(s), 0))
	}
}

// append lays the IFD out at the end of out: its fields, no next IFD, then the
// values that do not fit into a field, each at an even offset (TIFF 6.0, section 2).
func (d ifd) append(out []byte) []byte {
	be := binary.BigEndian
	far := len(out) + 2 + 12*len(d) + 4
	end := far
	for _, w := range d {
		if len(w.value) > 4 {
			end += len(w.value) + len(w.value)&1
		}
	}
	var tail []byte
	out = be.AppendUint16(out, uint16(len(d)))
	for _, w := range d {
		out = be.AppendUint16(be.AppendUint16(out, w.tag), w.typ)
		out = be.AppendUint32(out, w.count)
		switch {
		case w.value == nil:
			out = be.AppendUint32(out, uint32(end)) // the next IFD is laid out behind this one
		case len(w.value) > 4:
			out = be.AppendUint32(out, uint32(far+len(tail)))
			tail = append(tail, w.value...)
			if len(tail)&1 == 1 {
				tail = append(tail, 0)
			}
		default:
			var v [4]byte
			copy(v[:], w.value)
			out = append(out, v[:]...)
		}
	}
	return append(append(out, 0, 0, 0, 0), tail...)
}
