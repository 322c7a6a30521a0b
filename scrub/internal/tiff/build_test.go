package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"

	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
)

// tag is a field of a test file: numbers, or bytes as they stand.
type tag struct {
	id, typ uint16
	vals    []uint64
	raw     []byte
}

func short(id uint16, v ...uint64) tag { return tag{id: id, typ: typeShort, vals: v} }
func long(id uint16, v ...uint64) tag  { return tag{id: id, typ: typeLong, vals: v} }
func ratio(id uint16, v ...uint64) tag { return tag{id: id, typ: typeRational, vals: v} }
func text(id uint16, s string) tag     { return tag{id: id, typ: typeASCII, raw: []byte(s + "\x00")} }
func blob(id uint16, b ...byte) tag    { return tag{id: id, typ: typeUndefined, raw: b} }
func with(p pic, tags ...tag) pic      { p.tags = append(append([]tag(nil), p.tags...), tags...); return p }
func without(p pic, id uint16) (out pic) {
	out = p
	out.tags = nil
	for _, t := range p.tags {
		if t.id != id {
			out.tags = append(out.tags, t)
		}
	}
	return out
}

// pic is a page of a test file with its strips or tiles.
type pic struct {
	tags  []tag
	parts [][]byte
	tiled bool
	subs  map[uint16][]pic // IFDs that a tag points to
}

// builder lays out a file. In front of place number at it puts gap.
type builder struct {
	o     binary.ByteOrder
	big   bool
	grow  int  // bytes of surplus that the lengths of parts claim
	last  bool // the IFDs stand behind the parts
	at    int
	gap   []byte
	out   []byte
	place int
}

func build(o binary.ByteOrder, big bool, pics ...pic) []byte {
	return (&builder{o: o, big: big, at: -1}).build(pics...)
}

func (b *builder) word() int {
	if b.big {
		return 8
	}
	return 4
}

func (b *builder) put(n int, v uint64) []byte {
	return (&file{o: b.o}).append(nil, n, v)
}

func (b *builder) here() int {
	if b.place == b.at {
		b.out = append(b.out, b.gap...)
	}
	b.place++
	if len(b.out)&1 == 1 {
		b.out = append(b.out, 0)
	}
	return len(b.out)
}

func (b *builder) build(pics ...pic) []byte {
	b.out = []byte("MM")
	if b.o == binary.ByteOrder(binary.LittleEndian) {
		b.out = []byte("II")
	}
	link := 4
	if b.big {
		b.out = append(append(append(b.out, b.put(2, 43)...), b.put(2, 8)...), b.put(2, 0)...)
		link = 8
	} else {
		b.out = append(b.out, b.put(2, 42)...)
	}
	b.out = append(b.out, make([]byte, b.word())...)
	for _, p := range pics {
		at, next := b.ifd(p)
		copy(b.out[link:], b.put(b.word(), uint64(at)))
		link = next
	}
	if b.place == b.at {
		b.out = append(b.out, b.gap...)
	}
	b.place++
	return b.out
}

// ifd appends a page, and returns where its IFD stands and where the link to the next one does.
func (b *builder) ifd(p pic) (at, link int) {
	parts := func() (offs, sizes []uint64) {
		for _, d := range p.parts {
			offs = append(offs, uint64(b.here()))
			sizes = append(sizes, uint64(len(d)+b.grow))
			b.out = append(b.out, d...)
			b.out = append(b.out, bytes.Repeat([]byte(token), b.grow/len(token)+1)[:b.grow]...)
		}
		return offs, sizes
	}
	tags := append([]tag(nil), p.tags...)
	offs, sizes := make([]uint64, len(p.parts)), make([]uint64, len(p.parts))
	if b.last {
		offs, sizes = parts()
	}
	idOffs, idSizes := uint16(tagStripOffsets), uint16(tagStripBytes)
	if p.tiled {
		idOffs, idSizes = tagTileOffsets, tagTileBytes
	}
	if len(p.parts) > 0 {
		typ := uint16(typeLong)
		if b.big {
			typ = typeLong8
		}
		tags = append(tags, tag{id: idOffs, typ: typ, vals: offs}, tag{id: idSizes, typ: typ, vals: sizes})
	}
	for id := range p.subs {
		tags = append(tags, tag{id: id, typ: typeLong, vals: make([]uint64, len(p.subs[id]))})
	}
	slices.SortStableFunc(tags, func(a, b tag) int { return int(a.id) - int(b.id) })
	at = b.here()
	entry := 4 + 2*b.word()
	b.out = append(b.out, b.put(int((&file{big: b.big}).either(2, 8)), uint64(len(tags)))...)
	base := len(b.out)
	b.out = append(b.out, make([]byte, entry*len(tags)+b.word())...)
	where := map[uint16]int{}
	for i, t := range tags {
		v := t.raw
		size := int(sizeOf(t.typ))
		for _, x := range t.vals {
			n := size
			if t.typ == typeRational {
				n = 4
			}
			if n == 1 {
				v = append(v, byte(x))
			} else {
				v = append(v, b.put(n, x)...)
			}
		}
		e := base + i*entry
		copy(b.out[e:], bytes.Join([][]byte{b.put(2, uint64(t.id)), b.put(2, uint64(t.typ)), b.put(b.word(), uint64(len(v)/max(size, 1)))}, nil))
		e += 4 + b.word()
		where[t.id] = e
		if len(v) <= b.word() {
			copy(b.out[e:], v)
			continue
		}
		far := b.here()
		copy(b.out[e:], b.put(b.word(), uint64(far)))
		where[t.id] = far
		b.out = append(b.out, v...)
	}
	for id, subs := range p.subs {
		for i, s := range subs {
			off, _ := b.ifd(s)
			copy(b.out[where[id]+4*i:], b.put(4, uint64(off)))
		}
	}
	if !b.last {
		offs, sizes = parts()
		for i := range offs {
			copy(b.out[where[idOffs]+b.word()*i:], b.put(b.word(), offs[i]))
			copy(b.out[where[idSizes]+b.word()*i:], b.put(b.word(), sizes[i]))
		}
	}
	return at, base + entry*len(tags)
}

// size is the picture of most tests.
const wide, high = 20, 9

func samples(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7) ^ seed
	}
	return b
}

func basic(photometric, compression, spp, bits uint64) pic {
	bps := make([]uint64, spp)
	for i := range bps {
		bps[i] = bits
	}
	return pic{tags: []tag{long(tagWidth, wide), long(tagHeight, high), short(tagBits, bps...), short(tagCompression, compression),
		short(tagPhotometric, photometric), short(tagSamples, spp)}}
}

func strips(p pic, rows uint64, parts ...[]byte) pic {
	p = with(p, long(tagRows, rows))
	p.parts = parts
	return p
}

func tiles(p pic, parts ...[]byte) pic {
	p = with(p, short(tagTileWidth, 16), short(tagTileHeight, 16))
	p.parts, p.tiled = parts, true
	return p
}

// lzwCode codes b without ever referring to the table: literals, and a clear
// code before the width of codes would change.
func lzwCode(b []byte) (out []byte) {
	var acc, have uint
	put := func(c uint) {
		acc, have = acc<<9|c, have+9
		for ; have >= 8; have -= 8 {
			out = append(out, byte(acc>>(have-8)))
		}
	}
	for i, c := range b {
		if i%200 == 0 {
			put(256)
		}
		put(uint(c))
	}
	put(257)
	if have > 0 {
		out = append(out, byte(acc<<(8-have)))
	}
	return out
}

func packBitsCode(b []byte) (out []byte) {
	for len(b) > 0 {
		n := min(len(b), 128)
		out = append(append(out, byte(n-1)), b[:n]...)
		b = b[n:]
	}
	return out
}

// jpegParts is a grey JPEG datastream of w by h, in one piece and cut into its
// tables and the rest, which needs them.
func jpegParts(w, h int) (whole, tables, rest []byte) {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 3)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	tables, rest = []byte{0xff, mSOI}, []byte{0xff, mSOI}
	for _, s := range testkit.SegmentsOf(b.Bytes()) {
		switch s[1] {
		case mSOI, mEOI:
		case mDQT, mDHT:
			tables = append(tables, s...)
		default:
			rest = append(rest, s...)
		}
	}
	return b.Bytes(), append(tables, 0xff, mEOI), append(rest, 0xff, mEOI)
}

// bases are pictures of many kinds.
func bases() map[string][]pic {
	_, tables, rest := jpegParts(wide, high)
	whole, _, _ := jpegParts(16, 16)
	grey := strips(basic(1, compNone, 1, 8), 5, samples(5*wide, 1), samples(4*wide, 2))
	rgb := strips(basic(photoRGB, compNone, 3, 8), 9, samples(3*wide*high, 3))
	return map[string][]pic{
		"grey":     {grey},
		"rgb":      {rgb},
		"rgb 16":   {strips(basic(photoRGB, compNone, 3, 16), 4, samples(4*6*wide, 1), samples(4*6*wide, 2), samples(6*wide, 3))},
		"bilevel":  {with(strips(basic(0, compNone, 1, 1), 9, samples(3*high, 3)), short(tagFillOrder, 2))},
		"palette":  {with(strips(basic(photoPalette, compNone, 1, 4), 9, samples(10*high, 3)), short(tagColorMap, make([]uint64, 48)...))},
		"alpha":    {with(strips(basic(photoRGB, compDeflate, 4, 8), 9, testkit.Deflate(samples(4*wide*high, 3))), short(tagExtra, 2), short(tagPredictor, 2))},
		"lzw":      {strips(basic(photoRGB, compLZW, 3, 8), 9, lzwCode(samples(3*wide*high, 3)))},
		"packbits": {strips(basic(1, compPackBits, 1, 8), 5, packBitsCode(samples(5*wide, 1)), packBitsCode(samples(4*wide, 2)))},
		"planar":   {with(strips(basic(photoRGB, compNone, 3, 8), 9, samples(wide*high, 1), samples(wide*high, 2), samples(wide*high, 3)), short(tagPlanar, 2))},
		"tiles":    {tiles(basic(1, compNone, 1, 8), samples(256, 1), samples(256, 2))},
		"jpeg":     {with(strips(basic(1, compJPEG, 1, 8), 9, rest), blob(tagJPEGTables, tables...))},
		"jpeg own": {tiles(basic(1, compJPEG, 1, 8), whole, whole)},
		"ycbcr": {with(strips(basic(photoYCbCr, compNone, 3, 8), 9, samples(10*5*6, 1)), short(tagSubsampling, 2, 2),
			ratio(tagReference, 15, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1))},
		"fax":     {with(strips(basic(0, compT6, 1, 1), 9, samples(30, 3)), long(tagT6Options, 2))},
		"oblong":  {with(rgb, ratio(tagXResolution, 72, 1), ratio(tagYResolution, 36, 1), short(tagOrientation, 6))},
		"several": {with(grey, short(tagOrientation, 3)), rgb, with(strips(basic(photoMask, compNone, 1, 1), 9, samples(3*high, 3)), long(tagSubfile, 4))},
	}
}

func window(b []byte) *rd.Window {
	return rd.New(context.Background(), bytes.NewReader(b), int64(len(b)), rd.Default)
}
