// Package iptc describes Photoshop's image resource blocks (Adobe Photoshop File
// Formats Specification, "Image Resource Blocks") and the IPTC datasets in
// them. It decides nothing.
package iptc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf8"

	"tabir/scrub/meta"
)

const (
	maxFindings = 100
	maxText     = 4096 // bytes of one value that are looked at
	maxNeedle   = 256
	maxNeedles  = 64 // of one finding
	maxDatasets = 1 << 14
	maxBlocks   = 8 // nested blocks of each kind that are handed back
)

// DescribeIRB says what the resource blocks tell. Blocks of other kinds in them
// are handed back for their own describers. There is always a finding.
func DescribeIRB(block []byte) (fs []meta.Finding, exif, xmp [][]byte) {
	r := newReport()
	b := block
	for len(b) > 0 {
		id, name, data, rest, ok := cut(b)
		if !ok {
			if left := bytes.Trim(b, "\x00"); len(left) > 0 {
				r.bad += int64(len(left))
			}
			break
		}
		if len(name) > 0 {
			r.text(meta.Text, meta.LabelTextOther, fmt.Sprintf("name of Photoshop block %04X", id), name, false)
		}
		switch {
		case (id == idExif || id == idExif3) && len(exif) < maxBlocks:
			exif = append(exif, bytes.TrimPrefix(data, []byte("Exif\x00\x00")))
		case id == idXMP && len(xmp) < maxBlocks:
			xmp = append(xmp, data)
		default:
			r.resource(id, data)
		}
		b = rest
	}
	r.sum(int64(len(block)))
	return r.fs, exif, xmp
}

// Photoshop's resources that say something about people, places or devices.
const (
	idIPTC     = 0x0404
	idThumbBGR = 0x0409
	idThumb    = 0x040C
	idURL      = 0x040B
	idURLList  = 0x041E
	idExif     = 0x0422
	idExif3    = 0x0423
	idXMP      = 0x0424
	idDigest   = 0x0425
	idCaption  = 0x03F0
	idICC      = 0x040F
	idSlices   = 0x041A
	idVersion  = 0x0421
	idWorkflow = 0x041C
)

// resource adds what one resource says.
func (r *report) resource(id uint16, data []byte) {
	where := fmt.Sprintf("Photoshop block %04X", id)
	switch {
	case len(data) == 0:
		r.known++
	case id == idIPTC:
		r.iim(data)
	case id == idThumb || id == idThumbBGR:
		// 28 bytes of header, then a JPEG.
		r.add(meta.Finding{Kind: meta.Picture, Label: meta.LabelThumbnail, Where: where, Size: int64(max(len(data)-28, 0))})
	case id == idURL:
		r.text(meta.Owner, meta.LabelContact, where, data, false)
	case id == idCaption:
		r.text(meta.Text, meta.LabelCaption, where, bytes.TrimLeftFunc(data, func(c rune) bool { return c < ' ' }), false)
	case id == idICC:
		r.add(meta.Finding{Kind: meta.Colour, Label: meta.LabelColourProfile, Where: where, Size: int64(len(data))})
	case id == idDigest:
		// A checksum of the IPTC block ties pictures with the same one together.
		r.add(meta.Finding{Kind: meta.Serial, Label: meta.LabelImageID, Where: where, Size: int64(len(data)), Needles: [][]byte{needle(data)}})
	case id == idVersion:
		if s := wide(data[min(len(data), 5):]); s != "" {
			r.add(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: where, Value: meta.Show(s), Needles: [][]byte{needle([]byte(s))}})
		} else {
			r.known++
		}
	case id == idURLList, id == idSlices, id == idWorkflow:
		k, l := meta.Text, meta.LabelTextOther
		if id == idSlices { // named after the document
			k, l = meta.FileName, meta.LabelFilePath
		}
		if s := wide(data); s != "" {
			r.add(meta.Finding{Kind: k, Label: l, Where: where, Value: meta.Show(s), Needles: [][]byte{needle([]byte(s))}})
		} else {
			r.known++
		}
	case id >= 0x03E8 && id <= 0x0BB7 && (len(data) <= 4096 || id >= 0x07D0):
		r.known++ // print settings, grids, and from 07D0 on paths: how the document was set up
	case id >= 0x2710 && id <= 0x2711:
		r.known++ // print flags
	default:
		r.strange++
		r.size += int64(len(data))
	}
}

// cut cuts the first resource off b: a signature, a number, a name as a Pascal
// string and the data with its length, both padded to an even length.
func cut(b []byte) (id uint16, name, data, rest []byte, ok bool) {
	if len(b) < 12 {
		return 0, nil, nil, nil, false
	}
	switch string(b[:4]) {
	case "8BIM", "PHUT", "DCSR", "AgHg", "MeSa": // Photoshop, PhotoDeluxe, Lightroom and others
	default:
		return 0, nil, nil, nil, false
	}
	id = binary.BigEndian.Uint16(b[4:])
	n := int(b[6])
	at := 6 + 1 + n + (1+n)&1
	if at+4 > len(b) {
		return 0, nil, nil, nil, false
	}
	name = b[7 : 7+n]
	size := int64(binary.BigEndian.Uint32(b[at:]))
	at += 4
	if size > int64(len(b)-at) {
		return 0, nil, nil, nil, false
	}
	end := at + int(size)
	return id, name, b[at:end], b[min(end+int(size&1), len(b)):], true
}

// wide joins the Unicode strings in data (Photoshop writes UTF-16BE, with the
// number of its characters in front) that are words.
func wide(data []byte) string {
	data = data[:min(len(data), maxText)]
	var out []byte
	run := 0
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0 && data[i+1] >= ' ' && data[i+1] <= '~' {
			out = append(out, data[i+1])
			run++
			i++
			continue
		}
		if run > 0 && run < 4 {
			out = out[:len(out)-run] // chance
		}
		if run >= 4 {
			out = append(out, ' ')
		}
		run = 0
	}
	if run > 0 && run < 4 {
		out = out[:len(out)-run]
	}
	return string(bytes.TrimSpace(out))
}

// report collects findings.
type report struct {
	fs      []meta.Finding
	seen    map[string]bool
	known   int   // values that tell nothing
	strange int   // of unknown kinds
	size    int64 // bytes of those
	more    int   // findings over the bound
	bad     int64 // bytes that cannot be read
}

func newReport() *report { return &report{seen: map[string]bool{}} }

func (r *report) add(f meta.Finding) {
	k := string(f.Label) + "\x00" + f.Value
	switch {
	case f.Value != "" && r.seen[k]:
	case len(r.fs) == maxFindings:
		r.more++
	default:
		r.seen[k] = true
		r.fs = append(r.fs, f)
	}
}

// text adds a text. Keywords, and the two halves of a date and time, are joined.
func (r *report) text(k meta.Kind, l meta.Label, where string, v []byte, isUTF8 bool) {
	v = bytes.Trim(v[:min(len(v), maxText)], "\x00 \r\n")
	s := string(v)
	if !isUTF8 && !utf8.Valid(v) {
		s = latin1(v)
	}
	if s == "" {
		r.known++
		return
	}
	if l == meta.LabelKeywords || l == meta.LabelDateTaken {
		if i := slices.IndexFunc(r.fs, func(f meta.Finding) bool { return f.Label == l && len(f.Needles) < maxNeedles }); i >= 0 {
			f := &r.fs[i]
			sep := ", "
			if l == meta.LabelDateTaken {
				sep = " "
			}
			f.Value = meta.Show(f.Value + sep + s)
			f.Needles = append(f.Needles, needle(v))
			return
		}
	}
	r.add(meta.Finding{Kind: k, Label: l, Where: where, Value: meta.Show(s), Needles: [][]byte{needle(v)}})
}

// unknown shows a text that nobody knows, or counts it.
func (r *report) unknown(where string, v []byte, isUTF8 bool) {
	v = v[:min(len(v), maxText)]
	for _, c := range bytes.TrimRight(v, "\x00") {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7F {
			r.strange++
			r.size += int64(len(v))
			return
		}
	}
	r.text(meta.Text, meta.LabelTextOther, where, v, isUTF8)
}

// sum ends the report with the block as a whole.
func (r *report) sum(size int64) {
	f := meta.Finding{Kind: meta.Settings, Label: meta.LabelIPTCBlock, Where: "Photoshop or IPTC block", Size: size}
	if r.strange+r.more > 0 || r.bad > 0 || size == 0 {
		f.Kind = meta.Unknown
	}
	if n := r.known + r.strange + r.more; n == 1 {
		f.Value = "1 value"
	} else if n > 1 {
		f.Value = fmt.Sprintf("%d values", n)
	}
	r.fs = append(r.fs, f)
	if r.bad > 0 {
		r.fs = append(r.fs, meta.Finding{Label: meta.LabelUnknownBlock, Where: "Photoshop or IPTC block", Size: r.bad})
	}
}

// needle copies the beginning of b: a finding must not keep the block in memory.
func needle(b []byte) []byte { return bytes.Clone(b[:min(len(b), maxNeedle)]) }
