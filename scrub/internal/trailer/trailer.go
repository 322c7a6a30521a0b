// Package trailer names what lies behind the end of a picture: videos, further
// pictures, archives, the blocks of makers, remains. It decides nothing.
package trailer

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tabir/scrub/meta"
)

// Source is read in pieces of at most maxPiece bytes.
type Source interface {
	Bytes(off, n int64) ([]byte, error)
}

const (
	maxPiece  = 1 << 20
	maxRead   = 64 << 20 // bytes that are read of one trailer
	maxParts  = 64       // parts that are told apart
	maxNeedle = 256

	place = "behind the end of the picture"
)

// Describe says what the n bytes at off are. Where there are bytes there is a finding.
func Describe(w Source, off, n int64) []meta.Finding {
	if n <= 0 {
		return nil
	}
	t := &trail{w: w, base: off, end: n, budget: maxRead}
	t.makers()
	for pos, parts := int64(0), 0; pos < t.end; parts++ {
		next := t.end
		if parts < maxParts {
			next = max(min(t.part(pos), t.end), pos+1)
		} else {
			t.strange(pos, t.end-pos)
		}
		pos = next
	}
	return t.sum()
}

// trail is a trailer on its way.
type trail struct {
	w         Source
	base, end int64 // where it begins in the source; what is left of it
	budget    int64
	fs        []meta.Finding

	jpegs, jpegExif, jpegGPS int
	jpegSize                 int64
	zeros, unknown           int64
	first                    int64 // where the first unknown bytes are
	runs                     int   // of unknown bytes
	maker                    string
}

// bytes returns the n bytes at pos, or fewer where there are fewer or the budget is spent.
func (t *trail) bytes(pos, n int64) []byte {
	n = min(n, t.end-pos, maxPiece, t.budget)
	if pos < 0 || n <= 0 {
		return nil
	}
	t.budget -= n
	b, err := t.w.Bytes(t.base+pos, n)
	if err != nil {
		t.budget = 0
		return nil
	}
	return b
}

func (t *trail) add(k meta.Kind, l meta.Label, value string, size int64, needles ...[]byte) {
	f := meta.Finding{Kind: k, Label: l, Where: place, Value: meta.Show(value), Size: size}
	for _, n := range needles {
		f.Needles = append(f.Needles, bytes.Clone(n[:min(len(n), maxNeedle)]))
	}
	t.fs = append(t.fs, f)
}

// part describes the part that begins at pos and returns where it ends.
func (t *trail) part(pos int64) int64 {
	head := t.bytes(pos, 64)
	if isJPEG(head) {
		if end := t.jpeg(pos); end > pos {
			return end
		}
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		return t.boxes(pos, string(head[8:12]))
	}
	if len(head) == 0 || head[0] == 0 {
		end := t.skipZeros(pos)
		for back := int64(2); back <= 3; back++ { // the length of a box begins with zeros
			if h := t.bytes(end-back, 8); end-back > pos && len(h) == 8 && string(h[4:]) == "ftyp" {
				t.zeros -= back
				return end - back
			}
		}
		return end
	}
	for _, s := range signatures {
		if s.matches(head) {
			end := t.end
			if s.mark == pngMark {
				end = t.png(pos)
			}
			t.add(s.kind, s.label, s.name+nameIn(head), end-pos)
			return end
		}
	}
	return t.skipUnknown(pos)
}

// signature begins a file of some format.
type signature struct {
	mark  string
	at    int
	kind  meta.Kind
	label meta.Label
	name  string
}

const pngMark = "\x89PNG\r\n\x1a\n"

var signatures = []signature{
	{pngMark, 0, meta.Picture, meta.LabelSecondPicture, "PNG"},
	{"WEBP", 8, meta.Picture, meta.LabelSecondPicture, "WebP"},
	{"GIF8", 0, meta.Picture, meta.LabelSecondPicture, "GIF"},
	{"WAVE", 8, meta.Media, meta.LabelSound, "WAV"},
	{"ID3", 0, meta.Media, meta.LabelSound, "MP3"},
	{"OggS", 0, meta.Media, meta.LabelSound, "Ogg"},
	{"AVI ", 8, meta.Media, meta.LabelVideo, "AVI"},
	{"\x1a\x45\xdf\xa3", 0, meta.Media, meta.LabelVideo, "Matroska"},
	{"PK\x03\x04", 0, meta.Attachment, meta.LabelHiddenFile, "ZIP"},
	{"%PDF-", 0, meta.Attachment, meta.LabelHiddenFile, "PDF"},
	{"Rar!\x1a\x07", 0, meta.Attachment, meta.LabelHiddenFile, "RAR"},
	{"7z\xbc\xaf\x27\x1c", 0, meta.Attachment, meta.LabelHiddenFile, "7z"},
	{"\x1f\x8b\x08", 0, meta.Attachment, meta.LabelHiddenFile, "gzip"},
	{"\xfd7zXZ\x00", 0, meta.Attachment, meta.LabelHiddenFile, "xz"},
	{"\x7fELF", 0, meta.Attachment, meta.LabelHiddenFile, "ELF"},
	{"MZ\x90\x00", 0, meta.Attachment, meta.LabelHiddenFile, "EXE"},
	{"CANON OPTIONAL DATA\x00", 0, meta.MakerNote, meta.LabelPrivateBlock, "CanonVRD"},
	{"jxrs", 0, meta.MakerNote, meta.LabelPrivateBlock, "OnePlus"},
}

func (s signature) matches(head []byte) bool {
	return len(head) >= s.at+len(s.mark) && string(head[s.at:s.at+len(s.mark)]) == s.mark && (s.at == 0 || string(head[:4]) == "RIFF")
}

// nameIn is the name of the first file of a ZIP archive, with a colon before it.
func nameIn(head []byte) string {
	if len(head) < 30 || string(head[:4]) != "PK\x03\x04" {
		return ""
	}
	n := int(head[26]) | int(head[27])<<8
	if name := string(head[30:min(30+n, len(head))]); name != "" {
		return ": " + name
	}
	return ""
}

// skipZeros returns where the zeros at pos end.
func (t *trail) skipZeros(pos int64) int64 {
	for at := pos; ; {
		b := t.bytes(at, maxPiece)
		rest := bytes.TrimLeft(b, "\x00")
		at += int64(len(b) - len(rest))
		if len(rest) > 0 || len(b) == 0 {
			if at < t.end && len(b) == 0 { // not read: not known to be zeros
				t.strange(at, t.end-at)
				at = t.end
			} else {
				t.zeros += at - pos
			}
			return at
		}
	}
}

// strange counts the n bytes at pos as unknown.
func (t *trail) strange(pos, n int64) {
	if t.runs == 0 {
		t.first = pos
	}
	t.runs++
	t.unknown += n
}

// skipUnknown returns where, behind the unknown bytes at pos, a part begins that
// can be named.
func (t *trail) skipUnknown(pos int64) int64 {
	b := t.bytes(pos, maxPiece)
	next := t.end
	for i := 1; i+12 <= len(b); i++ {
		if begins(b[i:]) {
			next = pos + int64(i)
			break
		}
	}
	t.strange(pos, next-pos)
	return next
}

// begins reports whether something begins at b that random bytes hardly look like.
func begins(b []byte) bool {
	switch b[0] {
	case 0xFF:
		return isJPEG(b)
	case 0:
		return b[1] == 0 && string(b[4:8]) == "ftyp"
	case 0x89:
		return bytes.HasPrefix(b, []byte(pngMark))
	case 'P':
		return bytes.HasPrefix(b, []byte("PK\x03\x04"))
	case '%':
		return bytes.HasPrefix(b, []byte("%PDF-"))
	}
	return false
}

// sum ends the report with what was only counted.
func (t *trail) sum() []meta.Finding {
	if t.jpegs > 0 {
		v := fmt.Sprintf("%d JPEG", t.jpegs)
		if t.jpegExif > 0 {
			v += ", Exif"
		}
		if t.jpegGPS > 0 {
			v += ", GPS"
			t.add(meta.Location, meta.LabelPosition, "", 0)
		}
		t.add(meta.Picture, meta.LabelSecondPicture, v, t.jpegSize)
	}
	switch {
	case t.unknown > 0:
		t.rest()
	case len(t.fs) == 0:
		t.add(meta.Unknown, meta.LabelTrailer, "zeros only", t.zeros)
	}
	return t.fs
}

// rest names what no signature explains.
func (t *trail) rest() {
	head, tail := t.bytes(t.first, t.unknown), t.bytes(max(t.end-64, 0), 64)
	switch {
	case t.maker != "":
		t.add(meta.MakerNote, meta.LabelPrivateBlock, t.maker, t.unknown)
	case bytes.HasSuffix(tail, []byte("IEND\xaeB`\x82")), bytes.HasSuffix(tail, []byte{0xFF, 0xD9}) && t.unknown > 1024:
		// A program wrote a smaller picture over a larger file and did not cut it off (CVE-2023-21036).
		t.add(meta.Picture, meta.LabelOlderPicture, "", t.unknown)
	case t.runs == 1 && int64(len(head)) == t.unknown && isText(head):
		v := strings.TrimSpace(string(bytes.Trim(head, "\x00")))
		t.add(meta.Text, meta.LabelTextOther, v[:min(len(v), 4096)], t.unknown, []byte(v))
	default:
		t.add(meta.Unknown, meta.LabelTrailer, "", t.unknown+t.zeros)
	}
}

// isText reports whether b is readable text.
func isText(b []byte) bool {
	b = bytes.Trim(b, "\x00")
	if len(b) == 0 || !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b) {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}
