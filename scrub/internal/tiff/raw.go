package tiff

import (
	"fmt"
	"strings"

	"tabir/scrub/meta"
)

// rawCompressions are what cameras put the values of their sensors into.
var rawCompressions = map[uint64]bool{
	262: true, 32767: true, 32769: true, 32770: true, 32867: true, 34713: true, 34892: true, 52546: true, 65000: true, 65535: true,
}

// rawNames are those of raw photos by the maker of the camera.
var rawNames = []struct{ maker, name string }{
	{"NIKON", "Nikon raw photo (NEF)"}, {"SONY", "Sony raw photo (ARW)"}, {"PENTAX", "Pentax raw photo (PEF)"},
	{"RICOH", "Pentax raw photo (PEF)"}, {"ASAHI", "Pentax raw photo (PEF)"}, {"SAMSUNG", "Samsung raw photo (SRW)"},
	{"HASSELBLAD", "Hasselblad raw photo (3FR)"}, {"CANON", "Canon raw photo (TIF)"}, {"KODAK", "Kodak raw photo (DCR)"},
	{"EASTMAN", "Kodak raw photo (DCR)"}, {"SEIKO EPSON", "Epson raw photo (ERF)"}, {"MAMIYA", "Mamiya raw photo (MEF)"},
	{"LEAF", "Leaf raw photo (MOS)"}, {"PHASE ONE", "Phase One raw photo (IIQ)"}, {"LEICA", "Leica raw photo"},
	{"OLYMPUS", "Olympus raw photo (ORF)"}, {"PANASONIC", "Panasonic raw photo (RW2)"},
}

// raw refuses by name a file that holds the values of a sensor instead of a
// picture, or in a sub-IFD beside a small one.
func (f *file) raw(first *ifd) error {
	name := ""
	switch {
	case first.fields[tagDNGVersion].tag != 0:
		name = "DNG raw photo"
	case f.sensor(first):
		name = "raw photo"
	default:
		for _, d := range f.subIFDs(first) {
			if f.sensor(d) {
				name = "raw photo"
			}
		}
	}
	if name == "" {
		return nil
	}
	maker := ""
	if v := first.fields[tagMake]; v.typ == typeASCII && v.n > 0 && v.n < 256 {
		if b, err := f.value(v); err == nil {
			maker = strings.ToUpper(strings.Trim(string(b), " \x00"))
		}
	}
	for _, r := range rawNames {
		if name == "raw photo" && strings.HasPrefix(maker, r.maker) {
			name = r.name
			break
		}
	}
	return fmt.Errorf("%s: %w", name, meta.ErrUnknownFormat)
}

// sensor reports whether the samples of an IFD are those of a sensor.
func (f *file) sensor(d *ifd) bool {
	one := func(tag uint16) uint64 {
		if v := d.fields[tag]; v.n > 0 && v.count == 1 {
			if x, err := f.numbers(v); err == nil {
				return x[0]
			}
		}
		return 0
	}
	photometric := one(tagPhotometric)
	return photometric == photoCFA || photometric == photoLinear || rawCompressions[one(tagCompression)]
}

// subIFDs reads those that tag 330 points to, as far as they can be read.
func (f *file) subIFDs(d *ifd) (out []*ifd) {
	v, ok := d.fields[tagSubIFDs]
	if !ok || v.n < 0 || v.count > maxSub {
		return nil
	}
	offs, err := f.numbers(v)
	if err != nil {
		return nil
	}
	for _, off := range offs {
		if sub, err := f.readIFD(offset(off)); err == nil {
			out = append(out, sub)
		}
	}
	return out
}
