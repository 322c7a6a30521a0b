package mp4

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"tabir/scrub/internal/box"
	"tabir/scrub/meta"
)

var order = binary.BigEndian

func be32(b []byte, v int64) []byte { return order.AppendUint32(b, uint32(v)) }
func be64(b []byte, v int64) []byte { return order.AppendUint64(b, uint64(v)) }

type kind uint8

const (
	isNone kind = iota
	isMP4
	isMOV
)

// notFilm are the brands of files of boxes that are no films: pictures (ISO
// 23008-12, AVIF, JPEG 2000, JPEG XL, CR3) and sound alone.
var notFilm = []string{
	"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "mif3", "msf1", "miaf",
	"avif", "avis", "avio", "avci", "avcs", "jpeg", "jpgs", "j2ki", "j2is", "vvic", "vvis", "jp2 ", "jpx ", "jpm ", "mjp2", "jxl ", "crx ",
	"M4A ", "M4B ", "M4P ", "aax ",
}

// sniff says by its first bytes whether a file is a film. QuickTime's older files
// have no list of brands.
func sniff(h []byte) kind {
	if len(h) < 8 {
		return isNone
	}
	size := order.Uint32(h)
	switch string(h[4:8]) {
	case "ftyp":
		switch {
		case len(h) < 12 || slices.Contains(notFilm, string(h[8:12])):
			return isNone
		case string(h[8:12]) == "qt  ":
			return isMOV
		}
		return isMP4
	case "moov", "mdat", "wide", "free", "skip", "pnot":
		if size == 1 || size >= 8 {
			return isMOV
		}
	}
	return isNone
}

// generic are the brands that say how a file is to be read. Others say who wrote it.
var generic = strings.Fields("isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isoa isob isoc mp41 mp42 mp71 avc1 hvc1 hev1 av01 dby1 M4V M4VH M4VP " +
	"3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3gr6 3gs6 3g2a 3g2b 3g2c 3ge6 MSNV dash msdh msix dsms cmfc cmf2 cmff piff isml hlsf qt")

// makers of devices, by the beginning of their brands.
var makers = []struct{ brand, name string }{
	{"XAVC", "Sony"}, {"MSNV", "Sony"}, {"CAEP", "Canon"}, {"caqv", "Casio"}, {"NIKO", "Nikon"}, {"niko", "Nikon"}, {"nras", "Nikon"},
	{"pana", "Panasonic"}, {"LCAG", "Leica"}, {"SAMS", "Samsung"}, {"ssc1", "Samsung"}, {"OLYM", "Olympus"}, {"kddi", "KDDI"},
}

// brands writes the list of brands (ISO 14496-12, 4.3) without those of makers
// and without the minor version, which programs put their own into.
func (f *film) brands(b box.Box) error {
	list, err := f.w.Bytes(b.Data(), min(b.Len(), 8+4*256))
	if err != nil {
		return err
	}
	major := "isom"
	var out []string
	for i := 0; i+4 <= len(list); i += 4 {
		if i == 4 {
			continue
		}
		brand := string(list[i : i+4])
		known := slices.Contains(generic, strings.TrimRight(brand, " "))
		switch {
		case !known && brand != "\x00\x00\x00\x00":
			f.maker(brand)
		case known && i == 0:
			major = brand
		case known && !slices.Contains(out, brand):
			out = append(out, brand)
		}
	}
	if len(out) == 0 {
		out = []string{major}
	}
	if len(list) >= 8 && !bytes.Equal(list[4:8], make([]byte, 4)) {
		f.plainly("ftyp box: minor version")
	}
	f.put(b, box.Make("ftyp", []byte(major), make([]byte, 4), []byte(strings.Join(out, ""))))
	return nil
}

// maker adds a brand that says who wrote the file.
func (f *film) maker(brand string) {
	g := meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "ftyp box: brand", Value: meta.Show(brand)}
	for _, m := range makers {
		if strings.HasPrefix(brand, m.brand) {
			g.Kind, g.Label, g.Value = meta.Device, meta.LabelMaker, m.name
		}
	}
	f.gone(g)
}
