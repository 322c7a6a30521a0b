package exif

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"tabir/scrub/meta"
)

// maxFindings bounds what one block can say; the rest is counted.
const maxFindings = 100

// minGap is from how many bytes on that nothing refers to they are worth
// mentioning. Programs leave some behind when they edit a block.
const minGap = 64

// Describe says what the block tells about people, places and devices. There is
// always a finding; where the block holds no more than [Write] writes, none of
// them identifies anything but what the user chose to keep.
func Describe(block []byte) []meta.Finding {
	t, ifd0, ok := open(block)
	if !ok {
		return []meta.Finding{{Label: meta.LabelExifBad, Where: "Exif", Size: int64(len(block))}}
	}
	s := t.walk(ifd0)
	s.fill(read(block, s))
	r := &report{seen: map[string]int{}}
	r.fields(t.o, s.values)
	r.small(t, s)
	s.countGaps(block)
	if o := ReadLooks(block).Orientation; o > 1 {
		r.settings--
		r.add(meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: dirNames[dirMain], Value: orientations[o]})
	}
	return r.sum(s, int64(len(block)))
}

// orientations by what is to be done for showing: first mirrored, then turned clockwise.
// Turned says in words how a picture of that orientation is shown.
func Turned(orientation int) string {
	if orientation < 1 || orientation > 8 {
		return ""
	}
	return orientations[orientation]
}

var orientations = [9]string{2: "mirrored", 3: "180°", 4: "mirrored, 180°", 5: "mirrored, 270°", 6: "90°", 7: "mirrored, 90°", 8: "270°"}

// fill puts the values that go-exif read in place of our own.
func (s *survey) fill(read map[fieldID][]byte) {
	for i, v := range s.values {
		if raw, ok := read[fieldID{v.dir, v.tag}]; ok {
			s.values[i].value = raw
		}
	}
}

// report collects findings.
type report struct {
	fs       []meta.Finding
	seen     map[string]int // where in fs a value stands
	settings int            // technical values
	strange  int            // fields that nobody knows
	size     int64          // bytes of those
	more     int            // findings over the bound
}

// add adds f. A value that stands in several places is one finding.
func (r *report) add(f meta.Finding) {
	key := string(f.Label) + "\x00" + f.Value
	if i, ok := r.seen[key]; ok && f.Value != "" {
		for _, n := range f.Needles {
			if !slices.ContainsFunc(r.fs[i].Needles, func(m []byte) bool { return bytes.Equal(m, n) }) && len(r.fs[i].Needles) < 8 {
				r.fs[i].Needles = append(r.fs[i].Needles, n)
			}
		}
		return
	}
	if len(r.fs) == maxFindings {
		r.more++
		return
	}
	r.seen[key] = len(r.fs)
	r.fs = append(r.fs, f)
}

// fields goes through all values, the GPS IFD first: it tells most.
func (r *report) fields(o binary.ByteOrder, values []value) {
	var gps []field
	byTag := map[uint16][]byte{}
	for _, v := range values {
		if v.dir == dirGPS {
			gps = append(gps, v.field)
		} else if byTag[v.tag] == nil {
			byTag[v.tag] = v.value
		}
	}
	if gps != nil {
		r.gps(o, gps)
	}
	for _, v := range values {
		if _, isDir := subDir(v.dir, v.tag); v.dir == dirGPS || isDir {
			continue
		}
		if rule, ok := rules[v.tag]; ok && v.dir != dirInterop {
			r.known(v, rule, byTag)
		} else {
			r.other(v)
		}
	}
}

// known adds a value of the table.
func (r *report) known(v value, rule rule, byTag map[uint16][]byte) {
	f := meta.Finding{Kind: rule.kind, Label: rule.label, Where: dirNames[v.dir]}
	switch rule.how {
	case size:
		if len(v.value) == 0 {
			return
		}
		f.Size = int64(len(v.value))
		f.Needles = [][]byte{needle(v.value)}
		if !rule.kind.Identifies() {
			f.Needles = nil
		}
		r.add(f)
		return
	case filling:
		// Two bytes of mark and a length, then zeros (Windows).
		if len(v.value) > 8 && len(bytes.Trim(v.value[8:], "\x00")) > 0 {
			f.Size = int64(len(v.value))
			r.add(f)
		} else {
			r.settings++
		}
		return
	}
	s := decode(rule.how, v.value)
	if s == "" || rule.kind == meta.Settings {
		r.settings++
		return
	}
	f.Needles = needles(rule.how, v.value, s)
	switch rule.how {
	case date:
		if b, ok := besides[v.tag]; ok {
			if part := decode(text, byTag[b[0]]); digits(part) {
				s += "." + part
			}
			if z := decode(text, byTag[b[1]]); z != "" {
				s += " " + z
			}
		}
	case fraction:
		for of, b := range besides {
			if b[0] == v.tag && decode(date, byTag[of]) != "" {
				return // shown there
			}
		}
	case text, comment, wide:
		if rule.kind == meta.Text && isPrompt(s) {
			f.Label = meta.LabelPrompt
		}
	}
	f.Value = meta.Show(s)
	r.add(f)
}

func digits(s string) bool {
	return s != "" && len(s) <= 9 && len(bytes.Trim([]byte(s), "0123456789")) == 0
}

// other counts technical values, and shows texts that stand in unknown fields.
func (r *report) other(v value) {
	known := technical(v.tag) || v.dir == dirInterop && v.tag <= 2
	big := len(v.value) > 1024
	isText := (v.typ == typeASCII || v.typ == typeUTF8) && v.dir != dirInterop && v.tag != 0x8824
	switch {
	case v.value == nil: // counted as broken
	case known && !big && !isText:
		r.settings++
	case known && (v.tag == 0xC4A5 || v.typ == typeLong || v.typ == typeShort) && len(v.value) <= 1<<16:
		r.settings++ // a print mark; tables of strips and curves
	default:
		r.unknown(v)
	}
}

// unknown shows the text of a field that nobody knows, or counts the field.
func (r *report) unknown(v value) {
	raw := v.value[:min(len(v.value), maxText)]
	isText := v.typ == typeASCII || v.typ == typeUTF8
	if s := decode(text, raw); isText && s != "" || (v.typ == typeUndefined || v.typ == typeByte) && printable(raw) {
		r.add(meta.Finding{Kind: meta.Text, Label: meta.LabelTextOther, Where: fmt.Sprintf("%s, tag %04X", dirNames[v.dir], v.tag),
			Value: meta.Show(s), Needles: needles(text, raw, s)})
		return
	}
	r.strange++
	r.size += int64(len(v.value))
}

// sum ends the report with what was only counted.
func (r *report) sum(s *survey, size int64) []meta.Finding {
	if r.settings > 0 {
		r.fs = append(r.fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "Exif", Value: count(r.settings)})
	}
	if n := r.strange + r.more; n > 0 {
		r.fs = append(r.fs, meta.Finding{Label: meta.LabelUnknownBlock, Where: "Exif", Value: count(n), Size: min(r.size, size)})
	}
	if s.gaps >= minGap {
		r.fs = append(r.fs, meta.Finding{Label: meta.LabelSurplus, Where: "Exif", Size: s.gaps})
	}
	if s.broken > 0 {
		r.fs = append(r.fs, meta.Finding{Label: meta.LabelExifBad, Where: "Exif", Value: count(s.broken), Size: size})
	}
	if len(r.fs) == 0 {
		r.fs = append(r.fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelExifBlock, Where: "Exif", Size: size})
	}
	return r.fs
}

func count(n int) string {
	if n == 1 {
		return "1 value"
	}
	return fmt.Sprintf("%d values", n)
}
