package exif

import (
	"encoding/binary"
	"slices"

	"tabir/scrub/meta"
)

// maxStrips bounds the strips of one small picture that are looked at.
const maxStrips = 4096

// small adds the small pictures of the block: the thumbnail of IFD1, previews.
func (r *report) small(t tiff, s *survey) {
	for i := range s.ifds {
		var at, n, offs, sizes field
		in := dirMain
		for _, v := range s.values {
			if v.ifd != i {
				continue
			}
			in = v.dir
			switch v.tag {
			case tagJPEGOffset:
				at = v.field
			case tagJPEGBytes:
				n = v.field
			case tagStripOffsets:
				offs = v.field
			case tagStripBytes:
				sizes = v.field
			}
		}
		f := meta.Finding{Kind: meta.Picture, Label: meta.LabelPreview, Where: dirNames[in]}
		if in == dirThumb {
			f.Label = meta.LabelThumbnail
		}
		off, okAt := at.number(t.o)
		size, okSize := n.number(t.o)
		if okAt && okSize && size > 0 {
			b := t.at(off, size)
			s.use(int64(off), int64(len(b)))
			if f.Size = int64(len(b)); f.Size < int64(size) {
				s.broken++
			}
			if jpegHasExif(b) {
				f.Value = "with an Exif block of its own"
			}
			if f.Size > 0 {
				r.add(f)
			}
			continue
		}
		if f.Size = s.strips(t, offs, sizes); f.Size > 0 {
			r.add(f)
		}
	}
}

// strips is the size of an uncompressed picture, as far as it lies in the block.
func (s *survey) strips(t tiff, offs, sizes field) (sum int64) {
	a, n := offs.numbers(t.o), sizes.numbers(t.o)
	for i := range min(len(a), len(n), maxStrips) {
		got := int64(len(t.at(a[i], n[i])))
		s.use(int64(a[i]), got)
		sum += got
	}
	return min(sum, int64(len(t.b)))
}

// at returns the n bytes at off, or as many as there are.
func (t tiff) at(off, n uint32) []byte {
	size := uint64(len(t.b))
	return t.b[min(uint64(off), size):min(uint64(off)+uint64(n), size)]
}

// numbers are the values of a field of SHORTs or LONGs.
func (f field) numbers(o binary.ByteOrder) (out []uint32) {
	size := int(sizeOf(f.typ))
	if f.typ != typeShort && f.typ != typeLong {
		return nil
	}
	for b := range slices.Chunk(f.value, size) {
		if len(b) < size || len(out) == maxStrips {
			break
		}
		if f.typ == typeShort {
			out = append(out, uint32(o.Uint16(b)))
		} else {
			out = append(out, o.Uint32(b))
		}
	}
	return out
}

// jpegHasExif reports whether b is a JPEG with an Exif segment (APP1) before its picture.
func jpegHasExif(b []byte) bool {
	if len(b) < 2 || b[0] != 0xFF || b[1] != 0xD8 {
		return false
	}
	for b = b[2:]; len(b) >= 10 && b[0] == 0xFF && b[1] != 0xDA; {
		if b[1] == 0xE1 && string(b[4:8]) == "Exif" {
			return true
		}
		n := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if n < 4 || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return false
}
