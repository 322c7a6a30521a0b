package scrub

import (
	"bytes"
	"strings"
)

// foreign names a format that Tabir recognises and does not clean, so that a
// refusal says what the file is.
func foreign(head []byte) string {
	for _, s := range foreignMagic {
		if s.at < len(head) && bytes.HasPrefix(head[s.at:], []byte(s.magic)) {
			return s.name
		}
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		brand := string(head[8:12])
		for _, b := range brands {
			if strings.HasPrefix(brand, b.brand) {
				return b.name
			}
		}
	}
	return ""
}

var foreignMagic = []struct {
	at    int
	magic string
	name  string
}{
	{0, "\x00\x00\x00\x0cjP  ", "JPEG 2000 picture"},
	{0, "FUJIFILMCCD-RAW", "Fujifilm raw photo (RAF)"},
	{8, "CR\x02", "Canon raw photo (CR2)"},
	{6, "HEAPCCDR", "Canon raw photo (CRW)"},
	{0, "FOVb", "Sigma raw photo (X3F)"},
	{0, "IIU\x00", "Panasonic raw photo (RW2)"},
	{0, "IIRO", "Olympus raw photo (ORF)"},
	{0, "IIRS", "Olympus raw photo (ORF)"},
	{0, "MMOR", "Olympus raw photo (ORF)"},
	{0, "\x00MRM", "Minolta raw photo (MRW)"},
	{0, "II\xbc\x01", "JPEG XR picture"},
	{0, "8BPS", "Photoshop document"},
	{0, "%PDF-", "PDF document"},
	{0, "\x8aMNG", "MNG animation"},
	{0, "\x8bJNG", "JNG picture"},
	{0, "PK\x03\x04", "ZIP archive or office document"},
	{0, "<svg", "SVG drawing"},
	{0, "<?xml", "SVG drawing or other XML"},
	{0, "\x1aE\xdf\xa3", "Matroska or WebM video"},
	{0, "RIFF", "AVI video or sound"},
}

var brands = []struct{ brand, name string }{
	{"crx ", "Canon raw photo (CR3)"},
	{"M4A", "MPEG-4 sound"}, {"M4B", "MPEG-4 sound"}, {"M4P", "MPEG-4 sound"},
}
