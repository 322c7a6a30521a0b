package webp

import (
	"bytes"
	"strings"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// maxFindings bounds what dropped chunks can say; the rest is counted.
const maxFindings = 4096

// known are chunks that have a name and are dropped. They say what is dropped;
// nothing depends on them. The names in capitals with an I are those of the INFO
// list of RIFF.
var known = map[string]struct {
	kind  meta.Kind
	label meta.Label
}{
	"INAM": {meta.Text, meta.LabelCaption},
	"ISBJ": {meta.Text, meta.LabelCaption},
	"ICMT": {meta.Text, meta.LabelComment},
	"IKEY": {meta.Text, meta.LabelKeywords},
	"IGNR": {meta.Text, meta.LabelKeywords},
	"IART": {meta.Owner, meta.LabelAuthor},
	"IENG": {meta.Owner, meta.LabelAuthor},
	"ITCH": {meta.Owner, meta.LabelAuthor},
	"ICMS": {meta.Owner, meta.LabelOwner},
	"ICOP": {meta.Owner, meta.LabelCopyright},
	"ISRC": {meta.Owner, meta.LabelCopyright},
	"ICRD": {meta.Date, meta.LabelDateTaken},
	"ISFT": {meta.Software, meta.LabelSoftware},
	"IARL": {meta.Location, meta.LabelPlace},
	"LIST": {meta.Text, meta.LabelTextOther},
	"RIFF": {meta.Picture, meta.LabelSecondPicture},
	"ALPH": {meta.Picture, meta.LabelHiddenContent},
	"VP8 ": {meta.Picture, meta.LabelHiddenFrames},
	"VP8L": {meta.Picture, meta.LabelHiddenFrames},
	"ANMF": {meta.Picture, meta.LabelHiddenFrames},
	"ANIM": {meta.Settings, meta.LabelSettings},
	"ICCP": {meta.Colour, meta.LabelColourProfile},
}

// drop leaves a chunk out and says what it held.
func (p *picture) drop(c chunk) {
	p.out.Drop(c.off, c.next-c.off)
	p.say(c, "")
}

// say describes a chunk that is left out; where says what it is in.
func (p *picture) say(c chunk, where string) {
	var b []byte
	if p.held += c.n; p.held <= 4*p.w.Limits().Block && c.n <= p.w.Limits().Block && len(p.out.Findings) < maxFindings {
		b, _ = p.w.Bytes(c.data(), c.n) // what cannot be read here cannot be written either, and that fails
	}
	for _, f := range describe(c, b, where) {
		if f.Label != meta.LabelOrientation || f.Value != exif.Turned(p.looks.Orientation) { // of that one stays speaks
			p.found(f)
		}
	}
}

// found adds a finding of what is left out. Those over the bound are only counted.
func (p *picture) found(f meta.Finding) {
	if len(p.out.Findings) < maxFindings {
		p.out.Found(meta.Removed, f)
	} else {
		p.over, p.rest = true, p.rest+f.Size
	}
}

// describe says what a chunk holds. b is its payload, nil where it was not read.
func describe(c chunk, b []byte, where string) []meta.Finding {
	switch {
	case b == nil:
	case c.typ == "EXIF":
		return exif.Describe(tiff(b))
	case c.typ == "XMP " || c.typ == "XMP\x00":
		return xmp.Describe(b)
	case c.typ == "C2PA" || c.typ == "JUMB" || c.typ == "jumb":
		return c2pa.Describe(b)
	case c.typ == "LIST" && bytes.HasPrefix(b, []byte("INFO")):
		if fs := describeInfo(b[4:]); len(fs) > 0 {
			return fs
		}
	}
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: meta.Show(c.typ) + " chunk" + where, Size: c.n}
	k, ok := known[c.typ]
	if ok {
		f.Kind, f.Label = k.kind, k.label
	}
	switch {
	case b == nil || f.Kind == meta.Picture || f.Kind == meta.Colour || f.Kind == meta.Settings:
	case ok:
		v := bytes.Trim(b, "\x00 ")
		f.Value, f.Needles = meta.Show(string(v)), [][]byte{bytes.Clone(v[:min(len(v), 256)])}
	default:
		f.Needles = meta.Texts(b)
		if s := string(bytes.Trim(b, "\x00")); strings.TrimFunc(s, func(r rune) bool { return r >= ' ' && r <= '~' }) == "" {
			f.Value = meta.Show(s)
		}
	}
	return []meta.Finding{f}
}

// describeInfo says what the texts of a RIFF INFO list tell.
func describeInfo(b []byte) (fs []meta.Finding) {
	for len(b) >= headLen && len(fs) < 64 {
		typ := string(b[:4])
		n := min(int(b[4])|int(b[5])<<8|int(b[6])<<16, len(b)-headLen)
		c := chunk{typ: typ, n: int64(n)}
		fs = append(fs, describe(c, b[headLen:headLen+n], " in the INFO list")...)
		b = b[min(headLen+n+n&1, len(b)):]
	}
	return fs
}

// tiff is an Exif block without the identifier that some writers put before it.
func tiff(b []byte) []byte {
	return bytes.TrimPrefix(b, []byte("Exif\x00\x00"))
}

// block takes ICCP or EXIF: the first of each counts, and, as in libwebp, only
// where VP8X announces it. A credit line is kept from wherever it stands.
func (p *picture) block(c chunk) error {
	if c.n > p.w.Limits().Block {
		p.drop(c)
		return nil
	}
	b, err := p.w.Bytes(c.data(), c.n)
	if err != nil {
		return err
	}
	switch {
	case c.typ == "ICCP" && p.canvas.flags&flagICC != 0 && !p.hasICC:
		p.hasICC = true
		p.out.Drop(c.off, c.next-c.off)
		profile, fs := rewriteProfile(b)
		p.profile = profile
		p.out.Findings = append(p.out.Findings, fs...)
		if !c.clean() {
			p.surplus("ICCP chunk", 1)
		}
		return nil
	case c.typ == "EXIF" && !p.hasExif:
		p.hasExif, p.choices = true, exif.ReadChoices(tiff(b), p.keep)
		if p.canvas.flags&flagExif != 0 {
			p.looks = exif.ReadLooks(tiff(b))
		}
		if ours := p.exifBlock(); ours != nil && bytes.Equal(b, ours) && c.clean() {
			p.out.Drop(c.off, c.next-c.off)
			return nil
		}
	}
	p.drop(c)
	return nil
}

// rewriteProfile returns the profile of the clean file, nil where the source's
// is broken or not for RGB, which viewers ignore.
func rewriteProfile(b []byte) (profile []byte, fs []meta.Finding) {
	dropped := []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "ICCP chunk", Value: "broken", Size: int64(len(b)), Fate: meta.Removed}}
	if icc.Space(b) != "RGB " {
		return nil, dropped
	}
	out, fs, err := icc.Rewrite(b)
	if err != nil {
		return nil, dropped
	}
	return out, icc.Settle(fs, bytes.Equal(b, out))
}
