package iptc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"tabir/scrub/meta"
)

// A dataset of IIM (IPTC-NAA Information Interchange Model, version 4.2, 1.5):
// a mark, a record, a number, a length of two bytes, or with the high bit set
// the number of bytes that hold the length; then the value.
const iimMark = 0x1C

type dataset struct {
	kind  meta.Kind
	label meta.Label
}

var technical = dataset{meta.Settings, meta.LabelSettings}

// datasets of the application record (IIM 4.2, record 2).
var datasets = map[byte]dataset{
	0:   technical,                           // record version
	3:   technical,                           // object type
	4:   {meta.Text, meta.LabelKeywords},     // object attribute
	5:   {meta.Text, meta.LabelCaption},      // object name
	7:   {meta.Text, meta.LabelTextOther},    // edit status
	8:   technical,                           // editorial update
	10:  technical,                           // urgency
	12:  {meta.Text, meta.LabelKeywords},     // subject reference
	15:  {meta.Text, meta.LabelKeywords},     // category
	20:  {meta.Text, meta.LabelKeywords},     // supplemental category
	22:  {meta.Serial, meta.LabelImageID},    // fixture identifier
	25:  {meta.Text, meta.LabelKeywords},     // keywords
	26:  {meta.Location, meta.LabelPlace},    // content location code
	27:  {meta.Location, meta.LabelPlace},    // content location name
	30:  {meta.Date, meta.LabelDateOther},    // release date
	35:  {meta.Date, meta.LabelDateOther},    // release time
	37:  {meta.Date, meta.LabelDateOther},    // expiration date
	38:  {meta.Date, meta.LabelDateOther},    // expiration time
	40:  {meta.Text, meta.LabelComment},      // special instructions
	42:  technical,                           // action advised
	45:  {meta.Owner, meta.LabelCopyright},   // reference service
	47:  {meta.Date, meta.LabelDateOther},    // reference date
	50:  {meta.Serial, meta.LabelImageID},    // reference number
	55:  {meta.Date, meta.LabelDateTaken},    // date created
	60:  {meta.Date, meta.LabelDateTaken},    // time created
	62:  {meta.Date, meta.LabelDateOther},    // digital creation date
	63:  {meta.Date, meta.LabelDateOther},    // digital creation time
	65:  {meta.Software, meta.LabelSoftware}, // originating program
	70:  {meta.Software, meta.LabelSoftware}, // program version
	75:  technical,                           // object cycle
	80:  {meta.Owner, meta.LabelAuthor},      // by-line
	85:  {meta.Owner, meta.LabelAuthor},      // by-line title
	90:  {meta.Location, meta.LabelPlace},    // city
	92:  {meta.Location, meta.LabelPlace},    // sublocation
	95:  {meta.Location, meta.LabelPlace},    // province, state
	100: {meta.Location, meta.LabelPlace},    // country code
	101: {meta.Location, meta.LabelPlace},    // country name
	103: {meta.Text, meta.LabelTextOther},    // original transmission reference
	105: {meta.Text, meta.LabelCaption},      // headline
	110: {meta.Owner, meta.LabelCopyright},   // credit
	115: {meta.Owner, meta.LabelCopyright},   // source
	116: {meta.Owner, meta.LabelCopyright},   // copyright notice
	118: {meta.Owner, meta.LabelContact},     // contact
	120: {meta.Text, meta.LabelCaption},      // caption
	121: {meta.Text, meta.LabelCaption},      // local caption
	122: {meta.Owner, meta.LabelAuthor},      // writer, editor
	125: {meta.Picture, meta.LabelPreview},   // rasterised caption
	130: technical,                           // image type
	131: technical,                           // image orientation
	135: technical,                           // language
	150: {meta.Media, meta.LabelSound},       // audio type
	187: {meta.Serial, meta.LabelImageID},    // unique document ID
	188: {meta.Serial, meta.LabelImageID},    // unique document ID
	200: technical,                           // format of the preview
	201: technical,                           // version of that format
	202: {meta.Picture, meta.LabelPreview},   // preview
	221: technical,                           // preferences of Photo Mechanic
	228: {meta.Text, meta.LabelTextOther},    // classified state
	230: {meta.Text, meta.LabelComment},      // document notes
	231: {meta.Software, meta.LabelHistory},  // document history
}

// DescribeIIM says what a block of IIM datasets tells. There is always a finding.
func DescribeIIM(b []byte) []meta.Finding {
	r := newReport()
	r.iim(b)
	r.sum(int64(len(b)))
	return r.fs
}

func (r *report) iim(b []byte) {
	utf8 := false
	for n := 0; len(b) > 0; n++ {
		if b[0] != iimMark || n == maxDatasets {
			if rest := bytes.TrimLeft(b, "\x00"); len(rest) > 0 { // zeros pad the block to an even length
				r.bad += int64(len(rest))
			}
			return
		}
		record, id, v, rest, ok := next(b)
		if !ok {
			r.bad += int64(len(b))
			return
		}
		b = rest
		switch d, known := datasets[id]; {
		case record == 1 && id == 90:
			utf8 = bytes.Equal(v, []byte("\x1b%G")) // ISO 2022: what follows is UTF-8
			r.known++
		case record != 2 || !known:
			r.unknown(fmt.Sprintf("IPTC dataset %d:%d", record, id), v, utf8)
		case d == technical || len(bytes.Trim(v, "\x00 ")) == 0:
			r.known++
		case d.kind == meta.Picture:
			r.add(meta.Finding{Kind: d.kind, Label: d.label, Where: "IPTC", Size: int64(len(v))})
		default:
			r.text(d.kind, d.label, fmt.Sprintf("IPTC dataset 2:%d", id), v, utf8)
		}
	}
}

// next cuts the first dataset off b.
func next(b []byte) (record, id byte, v, rest []byte, ok bool) {
	if len(b) < 5 {
		return 0, 0, nil, nil, false
	}
	record, id = b[1], b[2]
	n := int64(binary.BigEndian.Uint16(b[3:]))
	b = b[5:]
	if n&0x8000 != 0 {
		of := int(n & 0x7FFF)
		if of > 4 || of > len(b) {
			return 0, 0, nil, nil, false
		}
		n = 0
		for _, c := range b[:of] {
			n = n<<8 | int64(c)
		}
		b = b[of:]
	}
	if n > int64(len(b)) {
		return 0, 0, nil, nil, false
	}
	return record, id, b[:n], b[n:], true
}

// latin1 is text in the code that most programs used where none is named.
func latin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}
