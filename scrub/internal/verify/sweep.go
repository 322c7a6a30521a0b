package verify

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// The sweep shares no code with the parsers: it looks at bytes.
const (
	maxNeedle = 64              // of a longer value its first bytes are looked for
	overlap   = 2*maxNeedle - 1 // UTF-16 doubles a needle
	maxSought = 4096            // needles in one sweep; what is found first identifies most
	minBody   = 8               // bytes of a needle that is looked for in picture data, where any 4 bytes occur by chance
)

// sweep looks for signatures of metadata blocks and for values of the source.
type sweep struct {
	everywhere *matcher
	outside    []sought // too short or too plain for picture data
}

// sought is a run of bytes that must not be in the output and the words for it.
type sought struct {
	bytes []byte
	what  string // never the value itself
}

// signatures begin the blocks in which metadata lives.
var signatures = []sought{
	{[]byte("Exif\x00\x00"), "an Exif block"},
	{[]byte("http://ns.adobe.com/x"), "an XMP block"},
	{[]byte("<x:xmpmeta"), "an XMP block"},
	{[]byte("<?xpacket"), "an XMP block"},
	{[]byte("XML:com.adobe.xmp"), "an XMP block"},
	{[]byte("Raw profile type"), "an Exif or XMP block"},
	{[]byte("Photoshop 3.0\x00"), "a Photoshop block"},
	{[]byte("8BIM"), "a Photoshop block"},
	{[]byte("ICC_PROFILE\x00"), "a colour profile that is not ours"},
	{[]byte("MPF\x00"), "a list of further pictures"},
	{[]byte("FPXR\x00"), "a FlashPix block"},
	{[]byte("jumb"), "signed origin data"},
	{[]byte("c2pa"), "signed origin data"},
	{[]byte("SEFT"), "a Samsung trailer"},
	{[]byte("MotionPhoto"), "a motion photo"},
	{[]byte("bplist00"), "an Apple property list"},
}

func newSweep(found []meta.Finding) *sweep {
	s := &sweep{}
	var all []sought
	for _, sig := range signatures {
		all = s.sort(all, sig)
	}
	for _, f := range found {
		for _, n := range f.Needles {
			for _, b := range spellings(n, f.Kind) {
				if len(all)+len(s.outside) < maxSought {
					all = s.sort(all, sought{b, string(f.Label)})
				}
			}
		}
	}
	s.everywhere = newMatcher(all)
	return s
}

// sort puts a needle where it is looked for.
func (s *sweep) sort(all []sought, n sought) []sought {
	if len(n.bytes) >= minBody && distinct(n.bytes) >= 4 {
		return append(all, n)
	}
	s.outside = append(s.outside, n)
	return all
}

// standardHuffman is the part of the Huffman tables of most JPEG files that
// reads like text (T.81, tables K.5 and K.6).
var standardHuffman = []byte("%&'()*456789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz")

// spellings are the forms in which a value is looked for: as it stands and as
// UTF-16. Values too short or too plain to prove anything have none.
func spellings(v []byte, k meta.Kind) [][]byte {
	v = bytes.Trim(v, "\x00 \t\r\n")
	least := 6
	if k == meta.Date || k == meta.Serial {
		least = 8
	}
	if len(v) < least || distinct(v) < 3 {
		return nil
	}
	if bytes.HasPrefix(v, []byte("\xff\xd8")) || bytes.HasPrefix(v, []byte("\x89PNG")) {
		return nil // a small copy of the picture begins like the picture itself
	}
	if bytes.Contains(standardHuffman, v) {
		return nil
	}
	if least == 6 && len(bytes.Trim(v, "0123456789")) == 0 {
		return nil
	}
	v = v[:min(len(v), maxNeedle)]
	out := [][]byte{v}
	for len(v) > 0 && !utf8.Valid(v) && len(v) > maxNeedle-utf8.UTFMax {
		v = v[:len(v)-1] // a rune was cut in two
	}
	if !utf8.Valid(v) {
		return out
	}
	var le, be []byte
	for _, u := range utf16.Encode([]rune(string(v))) {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	return append(out, le, be)
}

func distinct(b []byte) int {
	var seen [256]bool
	n := 0
	for _, c := range b {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}

// find looks through b, which stands at position at of the output, and names
// the first thing that it finds. body is the picture data from here on.
func (s *sweep) find(b []byte, at int64, body []plan.Span) (string, bool) {
	if what, ok := s.everywhere.find(b); ok {
		return what, true
	}
	end := at + int64(len(b))
	for pos := at; pos < end; {
		gap := end
		if len(body) > 0 {
			gap = min(max(body[0].Off, pos), end)
		}
		if gap > pos {
			for _, n := range s.outside {
				reach := int64(len(n.bytes) - 1) // it may begin or end in picture data
				lo, hi := max(pos-reach, at), min(gap+reach, end)
				if bytes.Contains(b[lo-at:hi-at], n.bytes) {
					return n.what, true
				}
			}
		}
		if len(body) == 0 {
			break
		}
		pos, body = max(body[0].End(), pos), body[1:]
	}
	return "", false
}
