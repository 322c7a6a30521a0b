package pix

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"slices"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// A raw photo is shown by the largest JPEG picture in it: what cameras embed for
// their screens, mostly in full size. Its own samples are not developed.

// rawMagic are the raw formats that say what they are.
var rawMagic = []struct {
	at          int
	magic, name string
}{
	{8, "CR\x02", "cr2"},
	{6, "HEAPCCDR", "crw"},
	{4, "ftypcrx ", "cr3"},
	{0, "FUJIFILMCCD-RAW", "raf"},
	{0, "IIU\x00", "rw2"},
	{0, "IIRO", "orf"},
	{0, "IIRS", "orf"},
	{0, "MMOR", "orf"},
	{0, "\x00MRM", "mrw"},
	{0, "FOVb", "x3f"},
}

// isRaw also takes everything that looks like TIFF, which most raw formats are.
func isRaw(head []byte) bool {
	return rawName(head) != "" || isTIFF(head)
}

func rawName(head []byte) string {
	for _, m := range rawMagic {
		if m.at < len(head) && bytes.HasPrefix(head[m.at:], []byte(m.magic)) {
			return m.name
		}
	}
	return ""
}

func isTIFF(head []byte) bool {
	return bytes.HasPrefix(head, []byte("II*\x00")) || bytes.HasPrefix(head, []byte("MM\x00*"))
}

// embedded is a JPEG picture in a raw photo.
type embedded struct {
	off, n        int64
	width, height int
}

// rawFile is what is found in a raw photo.
type rawFile struct {
	f           file
	orientation int
	pictures    []embedded
	raw         bool // a TIFF file that holds what only raw photos have
}

func lookRaw(f file) (header, error) {
	h := header{perPixel: 12}
	head := make([]byte, min(sniffLen, f.size))
	if _, err := f.ReadAt(head, 0); err != nil {
		return h, err
	}
	r := rawFile{f: f}
	switch h.name = rawName(head); h.name {
	case "raf":
		r.raf()
	case "cr3":
		r.cr3()
	default:
		r.tiff(0, f.size)
	}
	if h.name == "" {
		if !r.raw {
			return h, fmt.Errorf("TIFF picture: %w", errOther)
		}
		h.name = "raw"
	}
	if len(r.pictures) == 0 {
		if err := r.scan(); err != nil {
			return h, err
		}
	}
	best := r.best()
	if best == nil {
		return h, fmt.Errorf("%s: no picture for the screen in it: %w", h.name, meta.ErrUnsupported)
	}
	inner := file{f.ctx, f.part(best.off, best.n), best.n}
	j, err := lookJPEG(inner)
	if err != nil {
		return h, err
	}
	name := h.name
	if h = j; r.orientation > 1 || h.orientation == 0 {
		h.orientation = r.orientation
	}
	h.name = name
	return h, nil
}

// best is the largest picture, nil if there is none.
func (r *rawFile) best() *embedded {
	if len(r.pictures) == 0 {
		return nil
	}
	best := slices.MaxFunc(r.pictures, func(a, b embedded) int { return a.width*a.height - b.width*b.height })
	return &best
}

// add notes a JPEG picture at off if it is one that can be decoded. Raw samples
// are often coded as lossless JPEG, which is none.
func (r *rawFile) add(off, n int64) {
	if off <= 0 || n < 4 || off > r.f.size || n > r.f.size-off || len(r.pictures) >= maxEmbedded {
		return
	}
	c, err := jpeg.DecodeConfig(bufio.NewReader(r.f.part(off, n)))
	if err == nil && c.Width > 0 && c.Height > 0 && !slices.ContainsFunc(r.pictures, func(e embedded) bool { return e.off == off }) {
		r.pictures = append(r.pictures, embedded{off, n, c.Width, c.Height})
	}
}

// Bounds of the search.
const (
	maxEmbedded = 64  // pictures, and places that begin like one
	maxIFDs     = 64  // of a file
	maxEntries  = 512 // of an IFD
)

// tiff looks into the IFDs of a TIFF file of size bytes at base (TIFF 6.0, 2), and
// those below them.
func (r *rawFile) tiff(base, size int64) {
	var head [8]byte
	if n, _ := r.f.ReadAt(head[:], base); n < 8 {
		return
	}
	o := binary.ByteOrder(binary.LittleEndian)
	if head[0] == 'M' {
		o = binary.BigEndian
	}
	todo, seen := []int64{int64(o.Uint32(head[4:]))}, map[int64]bool{}
	for len(todo) > 0 && len(seen) < maxIFDs {
		at := todo[0]
		todo = todo[1:]
		if at <= 0 || at >= size || seen[at] {
			continue
		}
		seen[at] = true
		todo = append(todo, r.ifd(base, at, o, len(seen) == 1)...)
	}
}

// The tags that matter here (TIFF 6.0; TIFF/EP; DNG 1.4).
const (
	tagSubfile     = 0x00fe
	tagCompression = 0x0103
	tagStrips      = 0x0111
	tagOrientation = 0x0112
	tagStripBytes  = 0x0117
	tagSubIFDs     = 0x014a
	tagJPEG        = 0x0201
	tagJPEGBytes   = 0x0202
	tagDNGVersion  = 0xc612
	tagPanasonic   = 0x002e // JpgFromRaw of RW2
)

// ifd looks into one IFD and returns where others are.
func (r *rawFile) ifd(base, at int64, o binary.ByteOrder, first bool) (more []int64) {
	var count [2]byte
	if n, _ := r.f.ReadAt(count[:], base+at); n < 2 {
		return nil
	}
	n := min(int(o.Uint16(count[:])), maxEntries)
	b := make([]byte, 12*n+4)
	k, _ := r.f.ReadAt(b, base+at+2)
	if k < 12*n {
		return nil
	}
	v := map[uint16][]int64{}
	for i := range n {
		e := b[12*i:]
		v[o.Uint16(e)] = r.numbers(base, e[2:12], o)
		if o.Uint16(e) == tagPanasonic {
			r.add(base+int64(o.Uint32(e[8:])), int64(o.Uint32(e[4:])))
		}
	}
	one := func(tag uint16) int64 {
		if len(v[tag]) == 1 {
			return v[tag][0]
		}
		return 0
	}
	if first && one(tagOrientation) >= 1 && one(tagOrientation) <= 8 {
		r.orientation = int(one(tagOrientation))
	}
	switch c := one(tagCompression); {
	case len(v[tagDNGVersion]) > 0, len(v[tagSubIFDs]) > 0 && (one(tagSubfile) == 1 || c == 6):
		r.raw = true
	case c == 32767, c == 32770, c == 34713, c == 65535, c == 65000: // Sony, Samsung, Nikon, Pentax, Kodak
		r.raw = true
	}
	if c := one(tagCompression); c == 6 || c == 7 {
		r.add(base+one(tagStrips), one(tagStripBytes))
	}
	r.add(base+one(tagJPEG), one(tagJPEGBytes))
	more = append(more, v[tagSubIFDs]...)
	if k == len(b) {
		more = append(more, int64(o.Uint32(b[12*n:])))
	}
	return more
}

// numbers are the values of an entry, as far as they are whole numbers and few;
// of bytes only that there are some.
func (r *rawFile) numbers(base int64, e []byte, o binary.ByteOrder) (out []int64) {
	typ, n := o.Uint16(e), int(min(o.Uint32(e[2:]), 16))
	width := map[uint16]int{1: 1, 3: 2, 4: 4, 13: 4}[typ]
	if width == 0 {
		return nil
	}
	b := e[6:10]
	if n*width > 4 {
		b = make([]byte, n*width)
		if k, _ := r.f.ReadAt(b, base+int64(o.Uint32(e[6:]))); k < len(b) {
			return nil
		}
	}
	for i := range n {
		switch at := b[i*width:]; width {
		case 1:
			out = append(out, int64(at[0]))
		case 2:
			out = append(out, int64(o.Uint16(at)))
		default:
			out = append(out, int64(o.Uint32(at)))
		}
	}
	return out
}

// raf reads the head of a Fujifilm file: where its JPEG picture is stands at 84.
// The picture says itself how it is turned.
func (r *rawFile) raf() {
	var b [8]byte
	if n, _ := r.f.ReadAt(b[:], 84); n == 8 {
		r.add(int64(binary.BigEndian.Uint32(b[:])), int64(binary.BigEndian.Uint32(b[4:])))
	}
}

// cr3 walks a Canon file: tracks of which one is a JPEG picture in full size, a
// preview in a uuid box, and the orientation in the Exif block of CMT1.
func (r *rawFile) cr3() {
	w := rd.New(r.f.ctx, r.f, r.f.size, rd.Default)
	var sample, offset int64 // of the track that is being walked
	var walk func(off, end int64, depth int)
	walk = func(off, end int64, depth int) {
		_ = box.Walk(w, off, end, func(b box.Box) error { // what cannot be read is not there
			switch b.Type {
			case "moov", "mdia", "minf", "stbl":
				if depth < 8 {
					walk(b.Data(), b.End(), depth+1)
				}
			case "trak":
				sample, offset = 0, 0
				if depth < 8 {
					walk(b.Data(), b.End(), depth+1)
				}
				r.add(offset, sample)
			case "uuid":
				if string(b.UUID[:4]) == "\xea\xf4\x2b\x5e" { // the preview, behind 8 bytes
					walk(b.Data()+8, b.End(), depth+1)
				} else if depth < 8 {
					walk(b.Data(), b.End(), depth+1)
				}
			case "CMT1":
				if block, err := w.Bytes(b.Data(), b.Len()); err == nil {
					r.orientation = exif.ReadLooks(block).Orientation
				}
			case "PRVW":
				if n, err := w.Uint32(b.Data()+12, binary.BigEndian); err == nil {
					r.add(b.Data()+16, min(int64(n), b.Len()-16))
				}
			case "stsz":
				if n, err := w.Uint32(b.Data()+4, binary.BigEndian); err == nil && n > 0 {
					sample = int64(n)
				} else if n, err := w.Uint32(b.Data()+12, binary.BigEndian); err == nil {
					sample = int64(n)
				}
			case "co64":
				if n, err := w.Uint32(b.Data()+12, binary.BigEndian); err == nil {
					offset = int64(n)
				}
			}
			return nil
		})
	}
	walk(0, r.f.size, 0)
}

// maxScan is how far a file is searched for pictures that nothing points at.
const maxScan = 64 << 20

// scan looks for what begins like a JPEG picture.
func (r *rawFile) scan() error {
	w := rd.New(r.f.ctx, r.f, r.f.size, rd.Default)
	for off, tries := int64(0), 0; off < min(r.f.size, maxScan) && tries < maxEmbedded; off++ {
		at, err := w.Index(off, 0xff)
		if err != nil || at < 0 {
			return err
		}
		is, err := w.Equal(at, []byte{0xff, 0xd8, 0xff})
		if err != nil {
			return err
		}
		if off = at; is {
			r.add(at, r.f.size-at)
			tries++
		}
	}
	return nil
}
