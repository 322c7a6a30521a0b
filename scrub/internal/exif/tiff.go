package exif

import (
	"bytes"
	"encoding/binary"
)

// Our own reader of the TIFF structure (TIFF 6.0, section 2). It is total: every
// input reads as something, in time linear in the bytes that it is given.

// Field types of TIFF 6.0 and, for utf8, of Exif 3.0.
const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeUndefined = 7
	typeSRational = 10
	typeFloat     = 11
	typeDouble    = 12
	typeIFD       = 13
	typeUTF8      = 129
)

var typeSize = [...]uint64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

func sizeOf(typ uint16) uint64 {
	if int(typ) < len(typeSize) {
		return typeSize[typ]
	}
	if typ == typeUTF8 {
		return 1
	}
	return 0
}

var (
	littleHead = []byte("II*\x00")
	bigHead    = []byte("MM\x00*")
)

type tiff struct {
	b []byte
	o binary.ByteOrder
}

// open reads the header of block and returns the offset of IFD0.
func open(block []byte) (tiff, uint32, bool) {
	if len(block) < 8 {
		return tiff{}, 0, false
	}
	switch {
	case bytes.HasPrefix(block, littleHead):
		return tiff{block, binary.LittleEndian}, binary.LittleEndian.Uint32(block[4:]), true
	case bytes.HasPrefix(block, bigHead):
		return tiff{block, binary.BigEndian}, binary.BigEndian.Uint32(block[4:]), true
	}
	return tiff{}, 0, false
}

// field is one entry of an IFD.
type field struct {
	tag, typ uint16
	count    uint32
	at       uint32 // the last four bytes of the entry as a number: where a pointer leads
	value    []byte // the bytes of the value within the block; nil where they do not lie in it
}

// number is the value of a field that holds one SHORT or LONG.
func (f field) number(o binary.ByteOrder) (uint32, bool) {
	switch {
	case f.count != 1 || f.value == nil:
	case f.typ == typeShort:
		return uint32(o.Uint16(f.value)), true
	case f.typ == typeLong || f.typ == typeIFD:
		return o.Uint32(f.value), true
	}
	return 0, false
}

// each calls visit for the fields of the IFD at off, and returns the offset of
// the next IFD. It reports whether the IFD is there in full.
func (t tiff) each(off uint32, visit func(field)) (next uint32, whole bool) {
	if off < 8 || uint64(off)+2 > uint64(len(t.b)) {
		return 0, false
	}
	n := int(t.o.Uint16(t.b[off:]))
	rest := t.b[off+2:]
	for range n {
		if len(rest) < 12 {
			return 0, false
		}
		visit(t.field(rest[:12:12]))
		rest = rest[12:]
	}
	if len(rest) < 4 {
		return 0, false
	}
	return t.o.Uint32(rest), true
}

func (t tiff) field(e []byte) field {
	f := field{tag: t.o.Uint16(e), typ: t.o.Uint16(e[2:]), count: t.o.Uint32(e[4:]), at: t.o.Uint32(e[8:])}
	n := sizeOf(f.typ) * uint64(f.count)
	switch {
	case sizeOf(f.typ) == 0:
	case n <= 4:
		f.value = e[8 : 8+n]
	case uint64(f.at)+n <= uint64(len(t.b)):
		f.value = t.b[f.at : uint64(f.at)+n]
	}
	return f
}
