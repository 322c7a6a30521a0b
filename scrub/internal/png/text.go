package png

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/iptc"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// maxText bounds the text of one chunk that is read for describing it.
const maxText = 1 << 20

// keywords say what a text tells (11.3.3.2, and what programs write).
var keywords = map[string]struct {
	kind  meta.Kind
	label meta.Label
}{
	"author": {meta.Owner, meta.LabelAuthor}, "artist": {meta.Owner, meta.LabelAuthor}, "copyright": {meta.Owner, meta.LabelCopyright},
	"creation time": {meta.Date, meta.LabelDateTaken}, "date:create": {meta.Date, meta.LabelDateOther}, "date:modify": {meta.Date, meta.LabelDateChanged},
	"date:timestamp": {meta.Date, meta.LabelDateOther}, "exif:datetimeoriginal": {meta.Date, meta.LabelDateTaken}, "date": {meta.Date, meta.LabelDateOther},
	"software": {meta.Software, meta.LabelSoftware}, "source": {meta.Device, meta.LabelModel}, "make": {meta.Device, meta.LabelMaker}, "model": {meta.Device, meta.LabelModel},
	"title": {meta.Text, meta.LabelCaption}, "description": {meta.Text, meta.LabelCaption}, "comment": {meta.Text, meta.LabelComment},
	"thumb::uri": {meta.FileName, meta.LabelFilePath}, "thumb::mtime": {meta.Date, meta.LabelDateChanged}, "file": {meta.FileName, meta.LabelFilePath},
	"parameters": {meta.Text, meta.LabelPrompt}, "prompt": {meta.Text, meta.LabelPrompt}, "workflow": {meta.Text, meta.LabelPrompt}, "dream": {meta.Text, meta.LabelPrompt},
	"sd-metadata": {meta.Text, meta.LabelPrompt}, "invokeai_metadata": {meta.Text, meta.LabelPrompt}, "generation_data": {meta.Text, meta.LabelPrompt},
}

// text is a decoded text chunk.
type text struct {
	keyword string
	value   []byte
	whole   bool
}

// parseText decodes tEXt, zTXt and iTXt (11.3.3).
func parseText(typ string, b []byte) text {
	key, rest, _ := bytes.Cut(b, []byte{0})
	t := text{keyword: string(key), value: rest, whole: true}
	compressed := false
	switch typ {
	case "zTXt":
		compressed = true
		if len(rest) > 0 {
			rest = rest[1:]
		}
	case "iTXt": // flag, method, language, translated keyword
		if len(rest) < 2 {
			return t
		}
		compressed, rest = rest[0] == 1, rest[2:]
		_, rest, _ = bytes.Cut(rest, []byte{0})
		_, rest, _ = bytes.Cut(rest, []byte{0})
	}
	t.value = rest
	if compressed {
		t.value, t.whole = inflate(rest, maxText)
	}
	return t
}

// describe says what a text tells. Blocks of other kinds inside it are read as such.
func (t text) describe(typ string, n int64) []meta.Finding {
	where := fmt.Sprintf("%s chunk %q", typ, meta.Show(t.keyword))
	if t.keyword == "XML:com.adobe.xmp" {
		return xmp.Describe(t.value)
	}
	if name, ok := strings.CutPrefix(t.keyword, "Raw profile type "); ok {
		if fs := rawProfile(name, t.value); len(fs) > 0 {
			return fs
		}
	}
	f := meta.Finding{
		Kind: meta.Text, Label: meta.LabelTextOther, Where: where, Value: meta.Show(string(t.value)), Size: n,
		Needles: [][]byte{t.value[:min(len(t.value), 256)], []byte(t.keyword)},
	}
	if k, ok := keywords[strings.ToLower(t.keyword)]; ok {
		f.Kind, f.Label = k.kind, k.label
		f.Needles = f.Needles[:1]
	}
	if f.Label == meta.LabelComment && bytes.Contains(t.value, []byte(`"prompt"`)) {
		f.Label = meta.LabelPrompt
	}
	return []meta.Finding{f}
}

// rawProfile reads a block that ImageMagick wrote as hexadecimal text: a line
// with its name, one with its length, and digits.
func rawProfile(name string, v []byte) []meta.Finding {
	block := unhex(v)
	switch {
	case len(block) == 0:
		return nil
	case name == "exif" || name == "APP1" || name == "app1":
		if b, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00")); ok {
			return exif.Describe(b)
		}
		if b, ok := bytes.CutPrefix(block, []byte("http://ns.adobe.com/xap/1.0/\x00")); ok {
			return xmp.Describe(b)
		}
		return exif.Describe(block)
	case name == "xmp":
		return xmp.Describe(block)
	case name == "iptc" || name == "8bim":
		fs, blocks, packets := iptc.DescribeIRB(block)
		for _, b := range blocks {
			fs = append(fs, exif.Describe(b)...)
		}
		for _, p := range packets {
			fs = append(fs, xmp.Describe(p)...)
		}
		return fs
	}
	return nil
}

func unhex(v []byte) []byte {
	lines := bytes.SplitN(bytes.TrimLeft(v, "\n"), []byte("\n"), 3)
	if len(lines) < 3 {
		return nil
	}
	digits := bytes.Map(func(r rune) rune {
		if r == '\n' || r == ' ' || r == '\r' {
			return -1
		}
		return r
	}, lines[2])
	out := make([]byte, len(digits)/2)
	n, _ := hex.Decode(out, digits[:len(digits)&^1])
	return out[:n]
}
