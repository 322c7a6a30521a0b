package xmp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tabir/scrub/meta"
)

// report collects findings.
type report struct {
	fs       []meta.Finding
	seen     map[string]int // where in fs a value stands
	settings int
	unknown  int
	shown    int // of the unknown ones
	more     int // findings over the bound

	gps   map[string]string // values that are put together, by property
	areas int               // marked areas of faces
	names int               // of them with a name
	steps int               // of the history
	marks [][]byte          // what is told of those
}

func (r *report) add(f meta.Finding) {
	k := string(f.Label) + "\x00" + f.Value
	if i, ok := r.seen[k]; ok && f.Value != "" {
		for _, n := range f.Needles {
			if len(r.fs[i].Needles) < 8 && !slices.ContainsFunc(r.fs[i].Needles, func(m []byte) bool { return bytes.Equal(m, n) }) {
				r.fs[i].Needles = append(r.fs[i].Needles, n)
			}
		}
		return
	}
	if len(r.fs) >= maxFindings {
		r.more++
		return
	}
	r.seen[k] = len(r.fs)
	r.fs = append(r.fs, f)
}

func (r *report) text(rule rule, where, v string) {
	v = v[:min(len(v), maxText)]
	if rule.kind == meta.Text && isPrompt(v) {
		rule.label = meta.LabelPrompt
	}
	f := meta.Finding{Kind: rule.kind, Label: rule.label, Where: where, Value: meta.Show(v)}
	if rule.kind.Identifies() {
		f.Needles = [][]byte{[]byte(v[:min(len(v), maxNeedle)])}
	}
	r.add(f)
}

// started counts what is only counted, at the beginning of a property.
func (r *report) started(key string) {
	switch key {
	case "mwg-rs:Area", "MPReg:Rectangle", "acdsee-rs:DLYArea":
		r.areas++
	case "stEvt:action":
		r.steps++
	}
}

// value adds a value with a rule. Its size is that of all its text.
func (r *report) value(rule rule, key, v string, size int) {
	where := "XMP " + meta.Show(key)
	switch rule.how {
	case show:
		r.text(rule, where, v)
	case list:
		r.join(rule, where, v)
	case step:
		if len(r.marks) < maxMarks {
			r.marks = append(r.marks, []byte(v[:min(len(v), maxNeedle)]))
		}
	case blob:
		r.add(meta.Finding{Kind: rule.kind, Label: rule.label, Where: where, Size: int64(base64.RawStdEncoding.DecodedLen(size)),
			Needles: [][]byte{[]byte(v[:min(len(v), maxNeedle)])}})
	case person:
		r.names++
		r.text(rule, where, v)
	case region:
		if v != "Face" && v != "Pet" {
			r.areas-- // a focus point, a bar code
		}
	case position:
		_, local, _ := strings.Cut(key, ":")
		r.gather(local, v)
	case ignore:
		r.settings++
	}
}

// join adds v to the list that the property began, or begins one.
func (r *report) join(rule rule, where, v string) {
	for i := range r.fs {
		f := &r.fs[i]
		if f.Label != rule.label || f.Where != where || len(f.Needles) == maxMarks {
			continue
		}
		f.Value = meta.Show(f.Value + ", " + v)
		f.Needles = append(f.Needles, []byte(v[:min(len(v), maxNeedle)]))
		return
	}
	r.text(rule, where, v)
}

// gather keeps a value of a position, the first of each property.
func (r *report) gather(name, v string) {
	if r.gps == nil {
		r.gps = map[string]string{}
	}
	if n, ok := spelled[name]; ok {
		name = n
	}
	if r.gps[name] == "" {
		r.gps[name] = v
	} else if r.gps[name] != v {
		r.text(rule{meta.Location, meta.LabelGPSOther, show}, "XMP "+meta.Show(name), v)
	}
}

// spelled are the names that drones give to the same things.
var spelled = map[string]string{
	"GpsLatitude": "GPSLatitude", "GpsLongitude": "GPSLongitude", "GpsLongtitude": "GPSLongitude", "Latitude": "GPSLatitude", "Longitude": "GPSLongitude",
	"AbsoluteAltitude": "GPSAltitude", "Altitude": "GPSAltitude", "PoseHeadingDegrees": "GPSImgDirection",
}

// other adds a value that no rule knows.
func (r *report) other(name, v string, size int) {
	r.unknown++
	if r.shown == maxUnknown || size > maxText || !hasWord(v) {
		return
	}
	r.shown++
	where := "XMP"
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		where = "XMP " + meta.Show(name[i+1:])
	}
	r.text(rule{meta.Text, meta.LabelTextOther, show}, where, v)
}

// hasWord reports whether v is more than a number or a switch.
func hasWord(v string) bool {
	letters := 0
	for _, c := range v {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 0x7F {
			letters++
		}
	}
	switch strings.ToLower(v) {
	case "true", "false", "none", "srgb", "yes", "no":
		return false
	}
	return letters >= 3
}

// together adds what only several values say together, or their number.
func (r *report) together() {
	g := r.gps
	add := func(k meta.Kind, l meta.Label, v string, from ...string) {
		f := meta.Finding{Kind: k, Label: l, Where: "XMP exif:GPS", Value: meta.Show(v)}
		for _, n := range from {
			if g[n] != "" {
				f.Needles = append(f.Needles, []byte(g[n][:min(len(g[n]), maxNeedle)]))
			}
		}
		r.add(f)
	}
	pair := func(lat, lon string) {
		if g[lat] == "" && g[lon] == "" {
			return
		}
		v := ""
		if a, ok := degrees(g[lat], 90); ok {
			if o, ok := degrees(g[lon], 180); ok {
				if v = fmt.Sprintf("%.5f, %.5f", a, o); a == 0 && o == 0 {
					return // no reception
				}
			}
		}
		if v == "" {
			v = strings.TrimSpace(g[lat] + " " + g[lon])
		}
		add(meta.Location, meta.LabelPosition, v, lat, lon)
	}
	pair("GPSLatitude", "GPSLongitude")
	pair("GPSDestLatitude", "GPSDestLongitude")
	if v := g["GPSAltitude"]; v != "" {
		if m, ok := fraction(v); ok {
			if g["GPSAltitudeRef"] == "1" {
				m = -m
			}
			v = fmt.Sprintf("%.1f m", m)
		}
		add(meta.Location, meta.LabelAltitude, v)
	}
	if v := g["GPSImgDirection"]; v != "" {
		if d, ok := fraction(v); ok {
			v = fmt.Sprintf("%.1f°", d)
		}
		add(meta.Location, meta.LabelDirection, v)
	}
	if g["GPSTimeStamp"] != "" || g["GPSDateStamp"] != "" {
		add(meta.Date, meta.LabelGPSTime, strings.TrimSpace(g["GPSDateStamp"]+" "+g["GPSTimeStamp"]), "GPSTimeStamp", "GPSDateStamp")
	}
	if n := r.areas - r.names; n > 0 {
		r.add(meta.Finding{Kind: meta.People, Label: meta.LabelFaceRegion, Where: "XMP", Value: strconv.Itoa(n)})
	}
	if r.steps > 0 || len(r.marks) > 0 {
		r.add(meta.Finding{Kind: meta.Software, Label: meta.LabelHistory, Where: "XMP xmpMM:History", Value: count(r.steps, "step"), Needles: r.marks})
	}
}

// degrees reads a coordinate: "DD,MM,SSk", "DD,MM.mmk" (XMP part 2) or a number.
func degrees(v string, most float64) (float64, bool) {
	v = strings.ToUpper(strings.TrimSpace(v))
	sign := 1.0
	if n := len(v); n > 0 {
		switch v[n-1] {
		case 'S', 'W':
			sign, v = -1, v[:n-1]
		case 'N', 'E':
			v = v[:n-1]
		}
	}
	sum, unit := 0.0, 1.0
	for p := range strings.SplitSeq(v, ",") {
		x, ok := fraction(p)
		if !ok {
			return 0, false
		}
		sum, unit = sum+x/unit, unit*60
	}
	return sign * sum, unit <= 60*60*60 && sum >= -most && sum <= most
}

// fraction reads "3/2", "1.5" or "+1.5".
func fraction(v string) (float64, bool) {
	num, den, isFraction := strings.Cut(strings.TrimSpace(v), "/")
	x, err := strconv.ParseFloat(num, 64)
	if err != nil || x > 1e9 || x < -1e9 || x != x {
		return 0, false
	}
	if !isFraction {
		return x, true
	}
	y, err := strconv.ParseFloat(den, 64)
	if err != nil || y == 0 || y != y {
		return 0, false
	}
	return x / y, true
}

// isPrompt recognises what image generators write into descriptions.
func isPrompt(s string) bool {
	return strings.Contains(s, "Steps: ") && strings.Contains(s, "Seed: ") || strings.Contains(s, "Negative prompt: ") ||
		strings.HasPrefix(s, "{") && (strings.Contains(s, `"prompt"`) || strings.Contains(s, `"workflow"`) || strings.Contains(s, `"class_type"`))
}
