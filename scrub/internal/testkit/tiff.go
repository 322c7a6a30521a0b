package testkit

import (
	"bytes"
	"encoding/binary"
)

// Tag is an entry of an IFD for a test. With Sub it points to an IFD of its own.
type Tag struct {
	ID, Type uint16
	Value    []byte
	Sub      []Tag
}

// Text is an ASCII tag with its NUL.
func Text(id uint16, s string) Tag { return Tag{ID: id, Type: 2, Value: append([]byte(s), 0)} }

// Short is a SHORT tag.
func Short(o binary.ByteOrder, id, v uint16) Tag {
	b := make([]byte, 2)
	o.PutUint16(b, v)
	return Tag{ID: id, Type: 3, Value: b}
}

// Rationals is a RATIONAL tag of numerators and denominators in turn.
func Rationals(o binary.ByteOrder, id uint16, v ...uint32) Tag {
	b := make([]byte, 4*len(v))
	for i, n := range v {
		o.PutUint32(b[4*i:], n)
	}
	return Tag{ID: id, Type: 5, Value: b}
}

var tiffSizes = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}

// TIFF lays out a TIFF structure: IFD0, its sub-IFDs, and, where there is a
// thumbnail, IFD1 with it.
func TIFF(o binary.ByteOrder, ifd0 []Tag, thumb []byte) []byte {
	b := []byte("MM\x00\x2a\x00\x00\x00\x08")
	if o == binary.LittleEndian {
		b = []byte("II\x2a\x00\x08\x00\x00\x00")
	}
	b, link := appendIFD(b, o, ifd0)
	if thumb != nil {
		o.PutUint32(b[link:], uint32(len(b)))
		at, size := make([]byte, 4), make([]byte, 4)
		o.PutUint32(at, uint32(len(b)+2+2*12+4))
		o.PutUint32(size, uint32(len(thumb)))
		b, _ = appendIFD(b, o, []Tag{{ID: 0x201, Type: 4, Value: at}, {ID: 0x202, Type: 4, Value: size}})
		b = append(b, thumb...)
	}
	return b
}

// appendIFD returns b with an IFD at its end and where the link to the next one stands.
func appendIFD(b []byte, o binary.ByteOrder, tags []Tag) (_ []byte, link int) {
	at := len(b)
	b = append(b, make([]byte, 2+12*len(tags)+4)...)
	o.PutUint16(b[at:], uint16(len(tags)))
	for i, t := range tags {
		e := at + 2 + 12*i
		o.PutUint16(b[e:], t.ID)
		o.PutUint16(b[e+2:], t.Type)
		switch {
		case t.Sub != nil:
			o.PutUint16(b[e+2:], 4)
			o.PutUint32(b[e+4:], 1)
			o.PutUint32(b[e+8:], uint32(len(b)))
			b, _ = appendIFD(b, o, t.Sub)
		case len(t.Value) <= 4:
			o.PutUint32(b[e+4:], uint32(len(t.Value)/tiffSizes[t.Type]))
			copy(b[e+8:e+12], t.Value)
		default:
			o.PutUint32(b[e+4:], uint32(len(t.Value)/tiffSizes[t.Type]))
			o.PutUint32(b[e+8:], uint32(len(b)))
			b = append(b, t.Value...)
			if len(b)&1 != 0 {
				b = append(b, 0)
			}
		}
	}
	return b, at + 2 + 12*len(tags)
}

// PhotoExif is a block as a phone writes it, with token in every text, a
// position, an orientation and a thumbnail with an Exif block of its own.
func PhotoExif(o binary.ByteOrder, orientation uint16, token string) []byte {
	wide := func(s string) (b []byte) {
		for _, c := range []byte(s) {
			b = append(b, c, 0)
		}
		return b
	}
	thumb := bytes.Join([][]byte{{0xff, 0xd8, 0xff, 0xe1, 0, byte(2 + 6 + len(token))}, []byte("Exif\x00\x00" + token), {0xff, 0xd9}}, nil)
	return TIFF(o, []Tag{
		Text(0x010e, "caption "+token),
		Text(0x010f, "Maker "+token),
		Text(0x0110, "Model "+token),
		Short(o, 0x0112, orientation),
		Text(0x0131, "Program "+token),
		Text(0x0132, "2023:04:05 06:07:08"),
		Text(0x013b, "Alma "+token),
		Text(0x013c, "alma-laptop "+token),
		Text(0x8298, "(c) Alma "+token),
		{ID: 0x9c9b, Type: 1, Value: wide("title " + token)},
		{ID: 0x8769, Sub: []Tag{
			Text(0x9003, "2023:04:05 06:07:08"),
			Text(0x9010, "+08:00"),
			{ID: 0x927c, Type: 7, Value: []byte("MakerNote " + token)},
			{ID: 0x9286, Type: 7, Value: []byte("ASCII\x00\x00\x00comment " + token)},
			Text(0xa420, "id-"+token),
			Text(0xa430, "Owner "+token),
			Text(0xa431, "serial-"+token),
			Text(0xa434, "Lens "+token),
		}},
		{ID: 0x8825, Sub: []Tag{
			Text(0x01, "S"), Rationals(o, 0x02, 8, 1, 30, 1, 2484, 100),
			Text(0x03, "E"), Rationals(o, 0x04, 115, 1, 15, 1, 4500, 100),
			{ID: 0x05, Type: 1, Value: []byte{0}}, Rationals(o, 0x06, 2345, 10),
			Rationals(o, 0x07, 22, 1, 7, 1, 8, 1),
			Rationals(o, 0x11, 1805, 10),
			{ID: 0x1b, Type: 7, Value: []byte("ASCII\x00\x00\x00gps " + token)},
			Text(0x1d, "2023:04:04"),
		}},
	}, thumb)
}
