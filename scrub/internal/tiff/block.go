package tiff

import (
	"encoding/binary"
	"slices"
)

// block is the tags of an IFD that goes says yes to, with the Exif, GPS and
// interoperability IFDs that it points to, as an Exif block for the describers:
// classic TIFF in the order of the source, at most maxBlock bytes of values.
// BigTIFF's own types become plain bytes.
func (f *file) block(d *ifd, goes func(uint16) bool) []byte {
	head := []byte("II*\x00\x08\x00\x00\x00")
	if f.o == binary.ByteOrder(binary.BigEndian) {
		head = []byte("MM\x00*\x00\x00\x00\x08")
	}
	b := &blockWriter{f: f, out: head, room: maxBlock}
	b.dir(d, goes, map[uint16]bool{tagExifIFD: true, tagGPSIFD: true})
	return b.out
}

type blockWriter struct {
	f    *file
	out  []byte
	room int64
}

// dir appends an IFD; pointers are the tags that lead to others.
func (b *blockWriter) dir(d *ifd, goes func(uint16) bool, pointers map[uint16]bool) {
	tags := slices.DeleteFunc(slices.Clone(d.order), func(t uint16) bool { return !goes(t) || d.fields[t].n < 0 })
	at := len(b.out)
	b.out = append(b.out, make([]byte, 2+12*len(tags)+4)...)
	b.f.o.PutUint16(b.out[at:], uint16(len(tags)))
	for i, t := range tags {
		v := d.fields[t]
		e := at + 2 + 12*i
		b.f.o.PutUint16(b.out[e:], t)
		if pointers[t] {
			sub := b.sub(v)
			if sub == nil {
				continue
			}
			b.f.o.PutUint16(b.out[e+2:], typeLong)
			b.f.o.PutUint32(b.out[e+4:], 1)
			b.f.o.PutUint32(b.out[e+8:], uint32(len(b.out)))
			b.dir(sub, func(uint16) bool { return true }, map[uint16]bool{tagInteropIFD: t == tagExifIFD})
			continue
		}
		typ, count := v.typ, v.count
		if typ > typeIFD && typ != typeUTF8 {
			typ, count = typeUndefined, uint64(v.n)
		}
		n := min(v.n, b.room) / sizeOf(typ) * sizeOf(typ)
		value, err := b.f.take(v.at, n)
		if err != nil {
			continue
		}
		b.room -= n
		b.f.o.PutUint16(b.out[e+2:], typ)
		b.f.o.PutUint32(b.out[e+4:], uint32(min(count, uint64(n/sizeOf(typ)))))
		if len(value) <= 4 {
			copy(b.out[e+8:e+12], value)
			continue
		}
		b.f.o.PutUint32(b.out[e+8:], uint32(len(b.out)))
		b.out = append(b.out, value...)
		if len(b.out)&1 != 0 {
			b.out = append(b.out, 0)
		}
	}
}

// sub reads the IFD that v points to.
func (b *blockWriter) sub(v field) *ifd {
	offs, err := b.f.numbers(v)
	if err != nil || len(offs) != 1 {
		return nil
	}
	d, err := b.f.readIFD(offset(offs[0]))
	if err != nil {
		return nil
	}
	return d
}
