package tiff

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Bounds of what is walked.
const (
	maxPages  = 1 << 13
	maxFields = 1 << 12 // of one IFD; writers put fewer than a hundred there
	maxAll    = 1 << 19 // fields of all IFDs together
	maxParts  = 1 << 17 // strips and tiles of all pages together
	maxSub    = 64      // sub-IFDs of one page
)

// Field types (TIFF 6.0, section 2; BigTIFF adds 16 to 18).
const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeUndefined = 7
	typeDouble    = 12
	typeIFD       = 13
	typeLong8     = 16
	typeIFD8      = 18
	typeUTF8      = 129
)

// sizeOf is the bytes of one value, 0 for a type that nobody defined.
func sizeOf(typ uint16) int64 {
	sizes := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}
	switch {
	case int(typ) < len(sizes):
		return sizes[typ]
	case typ == typeUTF8:
		return 1
	}
	return 0
}

// file is a source with what its header says.
type file struct {
	w      *rd.Window
	o      binary.ByteOrder
	big    bool  // BigTIFF: offsets and counts of 64 bits
	first  int64 // where the first IFD is
	budget int64 // bytes of IFDs and values that may still be read: those of a sound file do not overlap
	fields int   // that were read
	held   int64 // bytes of values that the clean IFDs hold in memory
	claims []claim

	streams  map[part]*cleaned // the strips that were looked into, by their range before and after
	profiles map[plan.Span]*profile
}

// open reads the header (TIFF 6.0, section 2; BigTIFF: a size of offsets, and zero).
func open(w *rd.Window) (*file, error) {
	h, err := w.Bytes(0, 8)
	if err != nil {
		return nil, fmt.Errorf("tiff: header: %w", err)
	}
	f := &file{w: w, budget: w.Size() + w.Limits().Block, streams: map[part]*cleaned{}, profiles: map[plan.Span]*profile{}}
	switch string(h[:2]) {
	case "II":
		f.o = binary.LittleEndian
	case "MM":
		f.o = binary.BigEndian
	default:
		return nil, fmt.Errorf("tiff: no byte order: %w", meta.ErrMalformed)
	}
	switch f.o.Uint16(h[2:]) {
	case 42:
		f.first = int64(f.o.Uint32(h[4:]))
	case 43:
		f.big = true
		b, err := w.Bytes(8, 8)
		if err != nil {
			return nil, fmt.Errorf("tiff: header: %w", err)
		}
		if f.o.Uint16(h[4:]) != 8 || f.o.Uint16(h[6:]) != 0 {
			return nil, fmt.Errorf("tiff: offsets of %d bytes: %w", f.o.Uint16(h[4:]), meta.ErrUnsupported)
		}
		f.first = offset(f.o.Uint64(b))
	default:
		return nil, fmt.Errorf("tiff: version %d: %w", f.o.Uint16(h[2:]), meta.ErrUnsupported)
	}
	f.claim(0, f.header(), structure)
	return f, nil
}

// offset is v as a position, beyond every file where it is too large for one.
func offset(v uint64) int64 { return int64(min(v, 1<<62)) }

// header is the bytes of the header, word those of an offset, and entry those
// of a field in its IFD.
func (f *file) header() int64 { return f.either(8, 16) }
func (f *file) word() int64   { return f.either(4, 8) }
func (f *file) entry() int64  { return f.either(12, 20) }

func (f *file) either(classic, big int64) int64 {
	if f.big {
		return big
	}
	return classic
}

// field is an entry of an IFD, and where its value lies.
type field struct {
	tag, typ uint16
	count    uint64
	at, n    int64 // n is -1 where the type is unknown or the value is not in the file
}

// ifd is a directory: its fields, the first of each tag, and the next one.
type ifd struct {
	off    int64
	fields map[uint16]field
	order  []uint16 // the tags in the order of the file
	more   int      // fields that repeat a tag: no reader looks at them
	next   int64
}

// readIFD reads the IFD at off and claims its bytes and those of its values.
func (f *file) readIFD(off int64) (*ifd, error) {
	k := f.either(2, 8)
	b, err := f.take(off, k)
	if err != nil {
		return nil, fmt.Errorf("tiff: IFD at %d: %w", off, err)
	}
	n := f.number(b)
	if n == 0 || n > maxFields {
		return nil, fmt.Errorf("tiff: IFD at %d: %d fields: %w", off, n, meta.ErrMalformed)
	}
	if f.fields += int(n); f.fields > maxAll {
		return nil, fmt.Errorf("tiff: more than %d tags: %w", maxAll, meta.ErrLimit)
	}
	size := int64(n) * f.entry()
	b, err = f.take(off+k, size+f.word())
	if err != nil {
		return nil, fmt.Errorf("tiff: IFD at %d: %w", off, err)
	}
	f.claim(off, k+size+f.word(), structure)
	d := &ifd{off: off, fields: make(map[uint16]field, n), next: offset(f.number(b[size:]))}
	for i := range int64(n) {
		v := f.field(b[i*f.entry():], off+k+i*f.entry())
		if _, twice := d.fields[v.tag]; twice {
			d.more++
			continue
		}
		d.fields[v.tag] = v
		d.order = append(d.order, v.tag)
		if v.n > f.word() {
			f.claim(v.at, v.n, structure)
		}
	}
	return d, nil
}

// field reads the entry b, which stands at position at.
func (f *file) field(b []byte, at int64) field {
	v := field{tag: f.o.Uint16(b), typ: f.o.Uint16(b[2:]), count: f.number(b[4:][:f.word()]), n: -1}
	value := b[4+f.word():][:f.word()]
	size := sizeOf(v.typ)
	switch {
	case size == 0 || v.count > uint64(f.w.Size()/size):
	case int64(v.count)*size <= f.word():
		v.at, v.n = at+4+f.word(), int64(v.count)*size
	default:
		v.at, v.n = offset(f.number(value)), int64(v.count)*size
		if v.at > f.w.Size()-v.n {
			v.n = -1
		}
	}
	return v
}

// number reads a number of 2, 4 or 8 bytes.
func (f *file) number(b []byte) uint64 {
	switch len(b) {
	case 2:
		return uint64(f.o.Uint16(b))
	case 4:
		return uint64(f.o.Uint32(b))
	}
	return f.o.Uint64(b)
}

// hold counts n bytes that stay in memory until the file is laid out.
func (f *file) hold(n int) error {
	if f.held += int64(n); f.held > 2*f.w.Limits().Block {
		return fmt.Errorf("tiff: %d bytes of tags: %w", f.held, meta.ErrLimit)
	}
	return nil
}

// take reads n bytes at off.
func (f *file) take(off, n int64) ([]byte, error) {
	if f.budget -= max(n, 0); f.budget < 0 {
		return nil, fmt.Errorf("values that overlap: %w", meta.ErrLimit)
	}
	return f.w.Bytes(off, n)
}

// value is the bytes of a field's value.
func (f *file) value(v field) ([]byte, error) {
	if v.n < 0 {
		return nil, fmt.Errorf("tiff: value of tag %d is not in the file: %w", v.tag, meta.Truncated)
	}
	b, err := f.take(v.at, v.n)
	if err != nil {
		return nil, fmt.Errorf("tiff: value of tag %d: %w", v.tag, err)
	}
	return b, nil
}

// numbers are the values of a field of integers; those of rationals come in
// pairs. Signed and fractional types are meta.ErrMalformed: no tag that is kept has them.
func (f *file) numbers(v field) ([]uint64, error) {
	size := sizeOf(v.typ)
	switch v.typ {
	case typeByte, typeShort, typeLong, typeIFD, typeLong8, typeIFD8:
	case typeRational:
		size = 4
	default:
		return nil, fmt.Errorf("tiff: tag %d has type %d: %w", v.tag, v.typ, meta.ErrMalformed)
	}
	if v.n/size > maxParts {
		return nil, fmt.Errorf("tiff: tag %d has %d values: %w", v.tag, v.count, meta.ErrLimit)
	}
	b, err := f.value(v)
	if err != nil {
		return nil, err
	}
	out := make([]uint64, 0, int64(len(b))/size)
	for ; len(b) > 0; b = b[size:] {
		if size == 1 {
			out = append(out, uint64(b[0]))
		} else {
			out = append(out, f.number(b[:size]))
		}
	}
	return out, nil
}
