package testkit

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
)

// HEIFItem is an item of a HEIF file for a test.
type HEIFItem struct {
	ID     uint32
	Type   string
	Name   string
	Rest   []byte // of its entry, behind the name
	Data   []byte
	Idat   bool     // its data is in idat
	Split  int      // where its data is cut into two extents, in reverse order
	Hidden bool     // flag of its entry
	Props  [][]byte // boxes; all but ispe, pixi and colr are marked as essential
}

// HEIFRef is a reference from an item to others.
type HEIFRef struct {
	Type string
	From uint32
	To   []uint32
}

// HEIFFile is a HEIF file for a test.
type HEIFFile struct {
	Brands  []string // the major one first
	Handler string
	Primary uint32
	Items   []HEIFItem
	Refs    []HEIFRef
	Groups  [][]byte
	Unused  [][]byte // properties that no item has
	InMeta  [][]byte // boxes in the meta box
	Before  [][]byte // boxes between ftyp and meta
	Between [][]byte // boxes between meta and mdat
	After   [][]byte // boxes, or other bytes, behind mdat
	Lost    []byte   // bytes of mdat that no item refers to, in front of the rest
	Wide    bool     // numbers are as wide as they can be
}

// Box is a box with the parts as its content.
func Box(typ string, parts ...[]byte) []byte {
	b := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(b))), typ...), b...)
}

// FullBox is a box with a version and flags.
func FullBox(typ string, version byte, flags uint32, parts ...[]byte) []byte {
	return Box(typ, append([][]byte{Number(4, uint64(version)<<24|uint64(flags))}, parts...)...)
}

// Number is v in n big-endian bytes.
func Number(n int, v uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, v)[8-n:]
}

// Bytes lays the file out: ftyp, meta, mdat.
func (f HEIFFile) Bytes() []byte {
	var ftyp []byte
	for i, b := range f.Brands {
		ftyp = append(ftyp, b...)
		if i == 0 {
			ftyp = append(ftyp, 0, 0, 0, 0)
		}
	}
	head := bytes.Join(append([][]byte{Box("ftyp", ftyp)}, f.Before...), nil)
	between := bytes.Join(f.Between, nil)
	meta := f.meta(0)
	meta = f.meta(len(head) + len(meta) + len(between) + 8)
	out := bytes.Join([][]byte{head, meta, between, Box("mdat", f.Lost, f.data(false))}, nil)
	return append(out, bytes.Join(f.After, nil)...)
}

func (f HEIFFile) data(idat bool) (out []byte) {
	for _, it := range f.Items {
		if it.Idat == idat {
			out = append(append(out, it.Data[it.Split:]...), it.Data[:it.Split]...)
		}
	}
	return out
}

func (f HEIFFile) meta(mdat int) []byte {
	var entries, locations, refs, ipco, ipma []byte
	pos, inline, n := mdat+len(f.Lost), 0, 0
	id, size, wide := 2, 4, byte(0) // bytes of item numbers and of positions, and the versions that say so
	if f.Wide {
		id, size, wide = 4, 8, 1
	}
	for _, it := range f.Items {
		flags := uint32(0)
		if it.Hidden {
			flags = 1
		}
		entries = append(entries, FullBox("infe", 2+wide, flags, Number(id, uint64(it.ID)), Number(2, 0), []byte(it.Type), append([]byte(it.Name), 0), it.Rest)...)
		at, method := &pos, uint64(0)
		if it.Idat {
			at, method = &inline, 1
		}
		locations = append(locations, bytes.Join([][]byte{Number(id, uint64(it.ID)), Number(2, method), Number(2, 0), make([]byte, 8*int(wide))}, nil)...)
		extent := func(off, n int) {
			locations = append(locations, make([]byte, 8*int(wide))...) // the index
			locations = append(append(locations, Number(size, uint64(off))...), Number(size, uint64(n))...)
		}
		if it.Split > 0 {
			locations = append(locations, 0, 2)
			extent(*at+len(it.Data)-it.Split, it.Split)
			extent(*at, len(it.Data)-it.Split)
		} else {
			locations = append(locations, 0, 1)
			extent(*at, len(it.Data))
		}
		*at += len(it.Data)
		ipma = append(append(ipma, Number(id, uint64(it.ID))...), byte(len(it.Props)))
		for _, p := range it.Props {
			n++
			ipco = append(ipco, p...)
			v := uint64(n)
			switch string(p[4:8]) {
			case "ispe", "pixi", "colr":
			default:
				v |= 0x80 << (8 * wide)
			}
			ipma = append(ipma, Number(1+int(wide), v)...)
		}
	}
	for _, r := range f.Refs {
		b := append(Number(id, uint64(r.From)), Number(2, uint64(len(r.To)))...)
		for _, to := range r.To {
			b = append(b, Number(id, uint64(to))...)
		}
		refs = append(refs, Box(r.Type, b)...)
	}
	ipco = append(ipco, bytes.Join(f.Unused, nil)...)
	parts := [][]byte{
		FullBox("hdlr", 0, 0, make([]byte, 4), []byte("pict"), make([]byte, 12), append([]byte(f.Handler), 0)),
		FullBox("pitm", wide, 0, Number(id, uint64(f.Primary))),
		FullBox("iloc", 1+wide, 0, []byte{byte(size<<4 | size), 0x88 * wide}, Number(id, uint64(len(f.Items))), locations),
		FullBox("iinf", wide, 0, Number(id, uint64(len(f.Items))), entries),
		Box("iprp", Box("ipco", ipco), FullBox("ipma", wide, uint32(wide), Number(4, uint64(len(f.Items))), ipma)),
	}
	if refs != nil {
		parts = append(parts, FullBox("iref", wide, 0, refs))
	}
	if f.Groups != nil {
		parts = append(parts, Box("grpl", f.Groups...))
	}
	if b := f.data(true); b != nil {
		parts = append(parts, Box("idat", b))
	}
	return FullBox("meta", 0, 0, append(parts, f.InMeta...)...)
}

// Pictures of 64 by 64 pixels, one in HEVC and one in AV1, with their configuration.
var (
	HEVCConfig = unhex("0103700000009000000000001ef000fcfdf8f800000f03200001001840010c01ffff03700000030090000003000003001eba0240210001002b42010103700000030090000003000003001ea020810596ea4929ae6e04040c08000003000800000300084022000100074401c172b02240")
	HEVCData   = unhex("000000272801af19803f4f05a31d93f66cee91197f7c08356f0b7d6d8983ee4066de0ba8896e3ffb1f8f5e")
	AV1Config  = unhex("81200000")
	AV1Data    = unhex("12000a0938157ffd8404341a40327717800924924400d98a51f5a812c152e4fdbd3e719ba75cf1ca9b51a0877e5238d316672d2f78d2eb11ee232f3897700369ae69d5664380a73ac5d386245025b0cae42cd78817f24407fc3a063a1588d742b3ecc8913e0a5bcda0e1c4de2fd79fc7888eeafb0cd8d5a0039fc530cdbe11d7710bc0e034c0")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// Extent is an ispe property.
func Extent(w, h uint32) []byte {
	return FullBox("ispe", 0, 0, Number(4, uint64(w)), Number(4, uint64(h)))
}

// HEVCItem is a picture with the properties that it needs, and more.
func HEVCItem(id uint32, more ...[]byte) HEIFItem {
	props := [][]byte{Box("hvcC", HEVCConfig), Extent(64, 64), FullBox("pixi", 0, 0, []byte{3, 8, 8, 8})}
	return HEIFItem{ID: id, Type: "hvc1", Data: HEVCData, Props: append(props, more...)}
}

// AV1Item is the same in AV1.
func AV1Item(id uint32, more ...[]byte) HEIFItem {
	props := [][]byte{Extent(64, 64), Box("av1C", AV1Config), FullBox("pixi", 0, 0, []byte{3, 8, 8, 8}), Box("colr", []byte("nclx\x00\x01\x00\x0d\x00\x06\x80"))}
	return HEIFItem{ID: id, Type: "av01", Data: AV1Data, Props: append(props, more...)}
}

// HEIC is a file with one picture.
func HEIC() HEIFFile {
	return HEIFFile{Brands: []string{"heic", "mif1", "heic", "miaf"}, Primary: 1, Items: []HEIFItem{HEVCItem(1)}}
}

// AVIF is the same in AV1.
func AVIF() HEIFFile {
	return HEIFFile{Brands: []string{"avif", "avif", "mif1", "miaf"}, Primary: 1, Items: []HEIFItem{AV1Item(1)}}
}
