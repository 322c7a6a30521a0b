package sample

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"

	exif "github.com/dsoprea/go-exif/v3"
	exifcommon "github.com/dsoprea/go-exif/v3/common"
)

// camera is what an Exif block says; empty fields are left out.
type camera struct {
	make, model, serial, owner, date string
	lat, lon                         [3]uint32 // degrees, minutes, hundredths of seconds
	south                            bool
	thumbnail                        []byte // a JPEG
}

// exifSegment is the content of an APP1 segment.
func exifSegment(c camera) []byte {
	im, err := exifcommon.NewIfdMappingWithStandard()
	must(err)
	index := exif.NewTagIndex()
	root := exif.NewIfdBuilder(im, index, exifcommon.IfdStandardIfdIdentity, binary.LittleEndian)
	add := func(path, tag string, value any) {
		if value == "" {
			return
		}
		ifd, err := exif.GetOrCreateIbFromRootIb(root, path)
		must(err)
		must(ifd.AddStandardWithName(tag, value))
	}
	add("IFD", "Make", c.make)
	add("IFD", "Model", c.model)
	add("IFD", "DateTime", c.date)
	add("IFD/Exif", "DateTimeOriginal", c.date)
	add("IFD/Exif", "CameraOwnerName", c.owner)
	add("IFD/Exif", "BodySerialNumber", c.serial)
	if c.lat != c.lon {
		ns := "N"
		if c.south {
			ns = "S"
		}
		add("IFD/GPSInfo", "GPSLatitudeRef", ns)
		add("IFD/GPSInfo", "GPSLatitude", degrees(c.lat))
		add("IFD/GPSInfo", "GPSLongitudeRef", "E")
		add("IFD/GPSInfo", "GPSLongitude", degrees(c.lon))
	}
	if c.thumbnail != nil {
		next := exif.NewIfdBuilder(im, index, exifcommon.IfdStandardIfdIdentity, binary.LittleEndian)
		must(next.SetThumbnail(c.thumbnail))
		must(root.SetNextIb(next))
	}
	b, err := exif.NewIfdByteEncoder().EncodeToExif(root)
	must(err)
	// The library writes the thumbnail as the value of its offset field. Cameras
	// write one number there, which is what programs read.
	if at := bytes.Index(b, []byte{0x01, 0x02, 0x04, 0x00}); c.thumbnail != nil && at >= 0 {
		binary.LittleEndian.PutUint32(b[at+4:], 1)
	}
	return append([]byte("Exif\x00\x00"), b...)
}

func degrees(d [3]uint32) []exifcommon.Rational {
	return []exifcommon.Rational{{Numerator: d[0], Denominator: 1}, {Numerator: d[1], Denominator: 1}, {Numerator: d[2], Denominator: 100}}
}

// xmpSegment is the content of an APP1 segment with an XMP packet.
func xmpSegment(packet string) []byte {
	return []byte("http://ns.adobe.com/xap/1.0/\x00" + packet)
}

// people marks two faces with names (Metadata Working Group, regions).
var people = strings.Join(strings.Fields(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"> <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"> <mwg-rs:Regions rdf:parseType="Resource"> <mwg-rs:RegionList> <rdf:Bag>
<rdf:li rdf:parseType="Resource"> <mwg-rs:Name>Ayu Lestari</mwg-rs:Name> <mwg-rs:Type>Face</mwg-rs:Type>
<mwg-rs:Area stArea:x="0.5" stArea:y="0.4" stArea:w="0.3" stArea:h="0.3" stArea:unit="normalized"/> </rdf:li>
<rdf:li rdf:parseType="Resource"> <mwg-rs:Name>Made Surya</mwg-rs:Name> <mwg-rs:Type>Face</mwg-rs:Type>
<mwg-rs:Area stArea:x="0.9" stArea:y="0.4" stArea:w="0.1" stArea:h="0.3" stArea:unit="normalized"/> </rdf:li>
</rdf:Bag> </mwg-rs:RegionList> </mwg-rs:Regions> </rdf:Description> </rdf:RDF> </x:xmpmeta>
<?xpacket end="w"?>`), " ")

// withSegments puts APP1 segments right behind the start of a JPEG.
func withSegments(jpeg []byte, contents ...[]byte) []byte {
	out := slices.Clone(jpeg[:2])
	for _, c := range contents {
		out = append(out, 0xff, 0xe1)
		out = binary.BigEndian.AppendUint16(out, uint16(len(c)+2))
		out = append(out, c...)
	}
	return append(out, jpeg[2:]...)
}

// video is the shell of an MPEG-4 file, as phones append one to a photo.
func video() []byte {
	box := func(kind string, content []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))
		return append(append(b, kind...), content...)
	}
	return append(box("ftyp", []byte("mp42\x00\x00\x00\x00isommp42")), box("mdat", make([]byte, 96<<10))...)
}

// withChunks puts chunks behind the header of a PNG.
func withChunks(png []byte, chunks ...[]byte) []byte {
	const header = 8 + 12 + 13 // signature and IHDR
	return slices.Concat(png[:header], slices.Concat(chunks...), png[header:])
}

func textChunk(key, value string) []byte {
	body := []byte("tEXt" + key + "\x00" + value)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	return binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
}

func must(err error) {
	if err != nil {
		panic(err) // fixed values: cannot fail
	}
}
