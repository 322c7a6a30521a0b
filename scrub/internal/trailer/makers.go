package trailer

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"

	"tabir/scrub/meta"
)

// ends are the marks by which makers find their trailers from behind.
var ends = []struct{ mark, name string }{
	{"cbipcbbl", "PhotoMechanic"},
	{"\xa1\xb2\xc3\xd4", "FotoStation"},
	{"8db42d694ccc418790edff439fe026bf", "Insta360"},
	{"\x00/NIKON APP", "NikonApp"},
	{"QDIOBS", "Samsung"},
	{"cameraalbum!", "Vivo"},
	{"jxrs\x00\x00\x00", "OnePlus"},
}

// makers looks for trailers that are found from their end, and cuts those off
// that say how long they are.
func (t *trail) makers() {
	for range 4 {
		tail := t.bytes(max(t.end-64, 0), 64)
		if !bytes.HasSuffix(tail, []byte("SEFT")) || !t.samsung(tail) {
			break
		}
	}
	tail := t.bytes(max(t.end-64, 0), 64)
	for _, e := range ends {
		if bytes.HasSuffix(tail, []byte(e.mark)) {
			t.maker = e.name
		}
	}
	if n := len(tail); n >= 12 && (string(tail[n-12:n-8]) == "AXS!" || string(tail[n-12:n-8]) == "AXS*") {
		t.maker = "AFCP"
	}
	if bytes.Contains(tail, []byte("~\x00\x04\x00zmie")) {
		t.maker = "MIE"
	}
	if bytes.Contains(tail, []byte("CANON OPTIONAL DATA\x00")) {
		t.maker = "CanonVRD"
	}
}

// samsung describes a trailer of Samsung's: blocks, then "SEFH" with a
// directory of them, its length and "SEFT". All numbers are little-endian. It
// cuts the trailer off and reports whether it did.
func (t *trail) samsung(tail []byte) bool {
	le := binary.LittleEndian
	if len(tail) < 8 {
		return false
	}
	size := int64(le.Uint32(tail[len(tail)-8:]))
	at := t.end - 8 - size
	dir := t.bytes(at, size)
	if size < 12 || at < 0 || int64(len(dir)) < size || string(dir[:4]) != "SEFH" {
		return false
	}
	start := at
	for e := dir[12:]; len(e) >= 12 && len(t.fs) < maxParts; e = e[12:] {
		back, n := int64(le.Uint32(e[4:])), int64(le.Uint32(e[8:]))
		if back > at || n > back || n < 8 {
			continue
		}
		start = min(start, at-back)
		head := t.bytes(at-back, min(n, 4096))
		if len(head) < 8 {
			continue
		}
		named := int64(le.Uint32(head[4:]))
		if named > int64(len(head)-8) || named > 64 {
			continue
		}
		t.entry(string(head[8:8+named]), head[8+named:], at-back+8+named, n-8-named)
	}
	t.end = start
	return true
}

// entries of Samsung's directory, by the beginning of their names.
var entries = []struct {
	name  string
	kind  meta.Kind
	label meta.Label
}{
	{"MotionPhoto_Data", meta.Media, meta.LabelVideo},
	{"MotionPhoto_", meta.Settings, meta.LabelSettings},
	{"SoundShot_Meta", meta.Settings, meta.LabelSettings},
	{"SoundShot_", meta.Media, meta.LabelSound},
	{"Voice_", meta.Media, meta.LabelSound},
	{"DualShot_Meta", meta.Settings, meta.LabelSettings},
	{"DualShot_", meta.Picture, meta.LabelSecondPicture},
	{"SingleShot_Meta", meta.Settings, meta.LabelSettings},
	{"SingleShot_", meta.Picture, meta.LabelSecondPicture},
	{"FocusShot_", meta.Picture, meta.LabelSecondPicture},
	{"BurstShot_", meta.Serial, meta.LabelImageID},
	{"Image_UTC_Data", meta.Date, meta.LabelDateTaken},
	{"MCC_Data", meta.Location, meta.LabelPlace},
	{"PhotoEditor_Re_Edit", meta.Software, meta.LabelHistory},
	{"Original_Path_Hash", meta.FileName, meta.LabelFilePath},
	{"Copy_Available_Edit", meta.Software, meta.LabelHistory},
	{"Samsung_Capture_Info", meta.Software, meta.LabelSoftware},
	{"Camera_", meta.Settings, meta.LabelSettings},
	{"Color_Display", meta.Settings, meta.LabelSettings},
	{"Doodle", meta.Picture, meta.LabelSecondPicture},
}

// entry describes one block of Samsung's: its name, the beginning of its data,
// and where all of it is.
func (t *trail) entry(name string, head []byte, pos, size int64) {
	for _, e := range entries {
		if !strings.HasPrefix(name, e.name) {
			continue
		}
		switch {
		case e.name == "MotionPhoto_Data" && len(head) >= 12 && string(head[4:8]) == "ftyp":
			whole := t.end
			t.end = pos + size // the film ends where its block ends
			t.boxes(pos, string(head[8:12]))
			t.end = whole
		case e.kind == meta.Picture && isJPEG(head):
			whole := t.end
			t.end = pos + size
			if t.jpeg(pos) == pos {
				t.add(e.kind, e.label, name, size)
			}
			t.end = whole
		case e.label == meta.LabelDateTaken:
			t.add(e.kind, e.label, moment(string(head)), 0, head)
		case e.kind == meta.Settings, e.kind == meta.Picture, e.kind == meta.Media:
			t.add(e.kind, e.label, name, size)
		default:
			v := name
			if isText(head) {
				v += ": " + strings.TrimSpace(string(bytes.Trim(head, "\x00")))
			}
			t.add(e.kind, e.label, v, size, head)
		}
		return
	}
	t.add(meta.Unknown, meta.LabelPrivateBlock, name, size)
}

// moment turns milliseconds since 1970 into a time.
func moment(s string) string {
	s = strings.TrimSpace(strings.Trim(s, "\x00"))
	var ms int64
	if len(s) != 13 {
		return s
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return s
		}
		ms = ms*10 + int64(c-'0')
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05.000 UTC")
}
