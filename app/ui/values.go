package ui

import (
	"regexp"
	"strconv"
	"strings"

	"tabir/scrub/meta"
)

// counted are values that say how many there are of something.
var counted = regexp.MustCompile(`^(\d+) (value|step)s?$`)

// value is that of a finding. What was written by people, or is a number, is shown
// as it is; the engine's own words are said in the user's language.
func (w words) value(f meta.Finding) string {
	switch f.Label {
	case meta.LabelOrientation:
		return w.turned(f.Value)
	case meta.LabelColourProfile:
		if f.Value == "broken" {
			return w.T("broken")
		}
	case meta.LabelSettings, meta.LabelUnknownBlock, meta.LabelExifBad, meta.LabelHistory, meta.LabelXMPBlock, meta.LabelXMPBad:
		if m := counted.FindStringSubmatch(f.Value); m != nil {
			n, err := strconv.Atoi(m[1])
			switch {
			case err != nil:
			case m[2] == "step":
				return w.N("{{.N}} steps", n)
			default:
				return w.N("{{.N}} values", n)
			}
		}
	}
	return f.Value
}

// turned says how a picture is shown.
func (w words) turned(v string) string {
	turn, mirrored := strings.CutPrefix(v, "mirrored, ")
	switch {
	case mirrored:
		return w.T("mirrored, {{.Turn}}", "Turn", turn)
	case v == "mirrored":
		return w.T("mirrored")
	}
	return v
}

// kind names a kind of file that Tabir recognises and does not clean.
func (w words) kind(what string) string {
	switch what {
	case "TIFF picture or raw photo":
		return w.T("TIFF picture or raw photo")
	case "ZIP archive or office document":
		return w.T("ZIP archive or office document")
	case "SVG drawing or other XML":
		return w.T("SVG drawing or other XML")
	case "Matroska or WebM video":
		return w.T("{{.Format}} video", "Format", "Matroska/WebM")
	case "AVI video or sound":
		return w.T("{{.Format}} video", "Format", "AVI")
	}
	if maker, model, ok := strings.Cut(what, " raw photo"); ok {
		return w.T("{{.Format}} raw photo", "Format", maker) + model
	}
	for _, k := range []struct {
		suffix string
		say    func(format string) string
	}{
		{" picture", func(f string) string { return w.T("{{.Format}} picture", "Format", f) }},
		{" sequence", func(f string) string { return w.T("{{.Format}} animation", "Format", f) }},
		{" animation", func(f string) string { return w.T("{{.Format}} animation", "Format", f) }},
		{" video", func(f string) string { return w.T("{{.Format}} video", "Format", f) }},
		{" document", func(f string) string { return w.T("{{.Format}} document", "Format", f) }},
		{" drawing", func(f string) string { return w.T("{{.Format}} drawing", "Format", f) }},
		{" sound", func(f string) string { return w.T("{{.Format}} sound", "Format", f) }},
	} {
		if format, ok := strings.CutSuffix(what, k.suffix); ok {
			return k.say(format)
		}
	}
	return what
}
