package icc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"tabir/scrub/meta"
)

// tells lists what a profile says besides colour.
func (f *profile) tells() (fs []meta.Finding) {
	add := func(k meta.Kind, l meta.Label, where, v string) {
		fs = append(fs, meta.Finding{Kind: k, Label: l, Where: "ICC profile: " + where, Value: meta.Show(v), Needles: [][]byte{[]byte(v)}})
	}
	stock := false // a profile that many devices share
	if s := textOf(f.tags["desc"]); s != "" {
		for _, g := range generic {
			stock = stock || strings.Contains(strings.ToLower(s), g)
		}
		if !stock {
			add(meta.Device, meta.LabelModel, "name", s)
		}
	}
	if s := textOf(f.tags["dmnd"]); s != "" && !stock {
		add(meta.Device, meta.LabelMaker, "maker", s)
	}
	if s := textOf(f.tags["dmdd"]); s != "" && !stock {
		add(meta.Device, meta.LabelModel, "model", s)
	}
	if stock {
		return fs
	}
	if d := f.b[24:36]; len(bytes.Trim(d, "\x00")) > 0 {
		n := func(i int) uint16 { return binary.BigEndian.Uint16(d[2*i:]) }
		fs = append(fs, meta.Finding{
			Kind: meta.Date, Label: meta.LabelDateOther, Where: "ICC profile: date",
			Value: fmt.Sprintf("%04d:%02d:%02d %02d:%02d:%02d", n(0), n(1), n(2), n(3), n(4), n(5)),
		})
	}
	for _, sig := range f.ordered {
		if what, ok := telling[sig]; ok {
			fs = append(fs, meta.Finding{Kind: what.kind, Label: what.label, Where: "ICC profile: " + what.name, Size: int64(len(f.tags[sig]))})
		}
	}
	return fs
}

// telling are tags that speak of one device.
var telling = map[string]struct {
	kind  meta.Kind
	label meta.Label
	name  string
}{
	"mmod": {meta.Device, meta.LabelModel, "make and model"},
	"meta": {meta.Serial, meta.LabelSerial, "dictionary"},
	"vcgt": {meta.Device, meta.LabelPrivateBlock, "calibration of a display"},
	"ndin": {meta.Device, meta.LabelPrivateBlock, "native display information"},
	"calt": {meta.Date, meta.LabelDateOther, "time of calibration"},
	"targ": {meta.Device, meta.LabelPrivateBlock, "measurements"},
	"CIED": {meta.Device, meta.LabelPrivateBlock, "measurements"},
	"DevD": {meta.Device, meta.LabelPrivateBlock, "measurements"},
}

// generic are parts of the names of profiles that millions of pictures carry.
var generic = []string{
	"srgb", "adobe rgb", "display p3", "prophoto", "romm", "rec. 709", "rec709", "bt.709", "rec. 2020", "bt.2020", "bt2020", "generic",
	"gray gamma", "grey gamma", "dot gain", "swop", "fogra", "gracol", "japan color", "colour profile", "uncalibrated", "apple rgb", "wide gamut", "linear", "c2", "dci(p3)",
}

// textOf decodes the text of a desc, text or mluc element.
func textOf(b []byte) string {
	if len(b) < 12 {
		return ""
	}
	be := binary.BigEndian
	switch string(b[:4]) {
	case "text":
		return trim(b[8:])
	case "desc":
		return trim(b[12:min(12+int64(be.Uint32(b[8:])), int64(len(b)))])
	case "mluc":
		if len(b) < 28 || be.Uint32(b[8:]) == 0 {
			return ""
		}
		n, off := int64(be.Uint32(b[20:])), int64(be.Uint32(b[24:]))
		if off+n > int64(len(b)) {
			return ""
		}
		u := make([]uint16, n/2)
		for i := range u {
			u[i] = be.Uint16(b[off+2*int64(i):])
		}
		return trim([]byte(string(utf16.Decode(u))))
	}
	return ""
}

func trim(b []byte) string { return strings.TrimSpace(strings.Trim(string(b), "\x00")) }
