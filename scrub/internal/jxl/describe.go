package jxl

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// maxFindings bounds what dropped boxes can say; the rest is counted.
const maxFindings = 4096

// known are boxes that have a name and are dropped (18181-2, clause 9). They say
// what is dropped; nothing depends on them.
var known = map[string]struct {
	kind  meta.Kind
	label meta.Label
	value string
}{
	"Exif": {meta.Unknown, meta.LabelExifBlock, ""},
	"xml ": {meta.Unknown, meta.LabelXMPBlock, ""},
	"jumb": {meta.Provenance, meta.LabelC2PA, ""},
	"jbrd": {meta.Unknown, meta.LabelSourceRecord, "without it the picture does not turn back into that file"},
	"jhgm": {meta.Picture, meta.LabelGainMap, ""},
	"jxli": {meta.Settings, meta.LabelSettings, "index of the frames"},
	"free": {meta.Unknown, meta.LabelSurplus, ""},
	"skip": {meta.Unknown, meta.LabelSurplus, ""},
	"uuid": {meta.Unknown, meta.LabelPrivateBlock, ""},
}

// drop says what a box that is left out held.
func (c *container) drop(b box.Box) {
	var data []byte
	if n := b.Len(); n <= c.w.Limits().Block && c.held+n <= 4*c.w.Limits().Block && len(c.out.Findings) < maxFindings {
		c.held += n
		data, _ = c.w.Bytes(b.Data(), n) // what cannot be read here cannot be written either, and that fails
	}
	for _, f := range describe(b, data) {
		c.found(f)
	}
}

// found adds a finding of what is left out. Those over the bound are only counted.
func (c *container) found(f meta.Finding) {
	if len(c.out.Findings) < maxFindings {
		c.out.Found(meta.Removed, f)
	} else {
		c.over, c.rest = true, c.rest+f.Size
	}
}

// surplus reports bytes of a kept structure that mean nothing.
func (c *container) surplus(where string, n int64) {
	c.found(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: where, Size: n})
}

// describe says what a box holds. data is its content, nil where it was not read.
func describe(b box.Box, data []byte) []meta.Finding {
	where := meta.Show(b.Type) + " box"
	switch {
	case data == nil:
	case b.Type == "Exif" && len(data) > 4:
		return exif.Describe(tiff(data))
	case b.Type == "xml ":
		return xmp.Describe(data)
	case b.Type == "jumb":
		return c2pa.Describe(box.Make("jumb", data))
	case b.Type == "brob" && len(data) >= 4:
		// Not unpacked: what it may hold goes in any case.
		inner := string(data[:4])
		return []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelCompressed, Where: "brob box", Value: meta.Show(inner) + wordsOf(inner), Size: b.Size}}
	}
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: where, Size: b.Size}
	if k, ok := known[b.Type]; ok {
		f.Kind, f.Label, f.Value = k.kind, k.label, k.value
	}
	if b.Type == "brob" {
		f.Label = meta.LabelCompressed
	}
	if f.Kind == meta.Unknown && b.Type != "jbrd" {
		f.Needles = meta.Texts(data)
	}
	return []meta.Finding{f}
}

// wordsOf says what a compressed box is, where its name alone does not.
func wordsOf(typ string) string {
	switch typ {
	case "xml ":
		return ": XMP"
	case "jumb":
		return ": C2PA"
	}
	return ""
}

// tiff is the Exif block in the content of an Exif box, which begins with its
// offset (18181-2, 9.6).
func tiff(b []byte) []byte {
	if len(b) < 4 {
		return nil
	}
	if off := int64(binary.BigEndian.Uint32(b)); off <= int64(len(b)-4) {
		return b[4+off:]
	}
	return b[4:]
}

const inside = "inside the picture data"

// examine reads the headers of a codestream. It returns where it ends, what becomes
// of its colour profile, and what lies inside it and stays.
func examine(s *stream) (end int64, c coloured, fs []meta.Finding, err error) {
	r := &reader{s: s}
	h := r.readHeader()
	if r.err == nil {
		c, r.err = recolour(s, h)
	}
	fs = append(h.describe(), c.findings...)
	var layers frames
	end = r.walk(h, func(f frame, preview bool) {
		if !preview {
			layers.add(h, f)
		}
	})
	return end, c, append(fs, layers.describe()...), r.err
}

// describe says what the headers tell of what stays.
func (h header) describe() (fs []meta.Finding) {
	add := func(k meta.Kind, l meta.Label, v string, n int64) {
		fs = append(fs, meta.Finding{Kind: k, Label: l, Where: inside, Value: v, Size: n, Fate: meta.Stays})
	}
	if h.orientation > 1 {
		add(meta.Settings, meta.LabelOrientation, exif.Turned(h.orientation), 0)
	}
	if h.preview {
		add(meta.Picture, meta.LabelPreview, fmt.Sprintf("%d × %d pixels", h.previewWidth, h.previewHeight), 0)
	}
	if h.timecodes {
		add(meta.Date, meta.LabelDateOther, "time codes of the frames", 0)
	}
	for _, c := range h.channels {
		switch c.kind {
		case chAlpha, chSpot, chBlack:
		case chDepth:
			add(meta.Picture, meta.LabelDepth, "", 0)
		case chSelection:
			add(meta.Picture, meta.LabelHiddenContent, "selection mask", 0)
		case chThermal:
			add(meta.Picture, meta.LabelHiddenContent, "thermal picture", 0)
		default:
			add(meta.Picture, meta.LabelHiddenContent, "further channel", 0)
		}
		if c.name != "" && len(fs) < maxNames {
			add(meta.Text, meta.LabelTextOther, "name of a channel: "+meta.Show(c.name), 0)
		}
	}
	return fs
}

// maxNames bounds the names of frames and channels that are shown.
const maxNames = 64

// frames gathers what the frames say.
type frames struct {
	names   []string
	outside int // frames with parts that are never shown
}

func (l *frames) add(h header, f frame) {
	if f.name != "" && len(l.names) < maxNames {
		l.names = append(l.names, meta.Show(f.name))
	}
	if f.kind == regular && (f.x < 0 || f.y < 0 || f.x+f.width > h.width || f.y+f.height > h.height) {
		l.outside++
	}
}

func (l *frames) describe() (fs []meta.Finding) {
	for _, n := range l.names {
		fs = append(fs, meta.Finding{Kind: meta.Text, Label: meta.LabelTextOther, Where: inside, Value: "name of a frame: " + n, Fate: meta.Stays})
	}
	if l.outside > 0 {
		v := fmt.Sprintf("parts outside the picture, frames: %d", l.outside)
		fs = append(fs, meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: inside, Value: v, Fate: meta.Stays})
	}
	return fs
}
