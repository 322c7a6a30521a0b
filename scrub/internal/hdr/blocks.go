package hdr

import (
	"encoding/binary"
	"strconv"
)

// BlockID begins the segment that holds a block of ISO 21496-1.
const BlockID = "urn:iso:std:iso:ts:21496:-1\x00"

// Version is the block of the picture itself: it says only that a gain map
// follows (ISO 21496-1, C.2.2; minimum version and writer version 0).
var Version = []byte{0, 0, 0, 0}

// flags of a block.
const (
	manyChannels = 0x80
	baseColour   = 0x40
	oneDivisor   = 0x08 // all fractions share a denominator
)

// Block returns the block of a gain map (ISO 21496-1, C.2) in exact form: as long
// as its channels ask, reserved bits and the version of the writer zero. It is
// nil where b is no such block.
func Block(b []byte) []byte {
	if len(b) < 5 || binary.BigEndian.Uint16(b) != 0 {
		return nil
	}
	channels := 1
	if b[4]&manyChannels != 0 {
		channels = 3
	}
	n := 5 + 16 + 40*channels
	if b[4]&oneDivisor != 0 {
		n = 5 + 4 + 8 + 20*channels
	}
	if len(b) < n {
		return nil
	}
	out := append([]byte{0, 0, 0, 0, b[4] & (manyChannels | baseColour | oneDivisor)}, b[5:n]...)
	return out
}

// Directory lists what is in the file of a picture besides: a gain map, a video, or
// both, of so many bytes; 0 where there is none (Ultra HDR 1.0, GContainer; Motion
// Photo 1.0, Container element).
type Directory struct {
	Primary   string // the type of the picture: "image/jpeg"
	Padding   int64  // bytes between the picture and what follows it
	GainMap   int64
	InXMP     bool // the gain map has its values in XMP
	Video     int64
	VideoMime string
}

// XMP is the packet of the picture. It does not say which moment of the video the
// picture shows (Motion Photo 1.0, MotionPhotoPresentationTimestampUs): -1.
func (d Directory) XMP() []byte {
	attributes := `xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"`
	items := item("Primary", d.Primary, 0, d.Padding)
	if d.InXMP {
		attributes += ` xmlns:hdrgm="` + Namespace + `" hdrgm:Version="1.0"`
	}
	if d.GainMap > 0 {
		items += item("GainMap", "image/jpeg", d.GainMap, 0)
	}
	if d.Video > 0 {
		attributes += ` xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1" GCamera:MotionPhotoPresentationTimestampUs="-1"`
		items += item("MotionPhoto", d.VideoMime, d.Video, 0)
	}
	return packet(attributes, `<Container:Directory><rdf:Seq>`+items+`</rdf:Seq></Container:Directory>`)
}

func item(semantic, mime string, length, padding int64) string {
	s := `<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="` + semantic + `" Item:Mime="` + mime + `"`
	if length > 0 {
		s += ` Item:Length="` + strconv.FormatInt(length, 10) + `"`
	}
	if padding > 0 {
		s += ` Item:Padding="` + strconv.FormatInt(padding, 10) + `"`
	}
	return s + `/></rdf:li>`
}

// ListID begins the segment that holds a list of the pictures in a file.
const ListID = "MPF\x00"

// ListSize is the length of what List returns.
const ListSize = 8 + 2 + 3*12 + 4 + 2*16

// List is the list (CIPA DC-007, 5.2) of a picture of primary bytes and a second
// one of second bytes, which begins offset bytes behind the list.
func List(primary, second, offset uint32) []byte {
	be := binary.BigEndian
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x03")
	entry := func(tag, typ uint16, count, value uint32) {
		b = be.AppendUint32(be.AppendUint32(be.AppendUint16(be.AppendUint16(b, tag), typ), count), value)
	}
	entry(0xb000, 7, 4, 0x30313030) // version 0100
	entry(0xb001, 4, 1, 2)          // pictures
	entry(0xb002, 7, 32, 8+2+3*12+4)
	b = append(b, 0, 0, 0, 0)
	picture := func(kind, size, at uint32) {
		b = be.AppendUint32(be.AppendUint32(be.AppendUint32(be.AppendUint32(b, kind), size), at), 0)
	}
	picture(0x030000, primary, 0) // baseline primary picture
	picture(0, second, offset)    // of no kind that the list knows
	return b
}

// Offsets are where the further pictures of a list begin, counted from the list.
func Offsets(list []byte) (out []uint32) {
	var o binary.ByteOrder = binary.BigEndian
	if len(list) < 8 {
		return nil
	}
	if list[0] == 'I' {
		o = binary.LittleEndian
	}
	at := int64(o.Uint32(list[4:]))
	if at+2 > int64(len(list)) {
		return nil
	}
	for e := list[at+2:]; len(e) >= 12 && len(out) == 0; e = e[12:] {
		if o.Uint16(e) != 0xb002 {
			continue
		}
		from := int64(o.Uint32(e[8:]))
		for n := o.Uint32(e[4:]) / 16; n > 0 && from+16 <= int64(len(list)) && len(out) < 16; n-- {
			if at := o.Uint32(list[from+8:]); at > 0 {
				out = append(out, at)
			}
			from += 16
		}
		break
	}
	return out
}
