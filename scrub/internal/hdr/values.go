// Package hdr reads what makes the HDR look of a picture with a gain map, and
// writes it anew with nothing else in it: the values of Adobe's gain map
// specification 1.0 (XMP), the block of ISO 21496-1, Google's list of the
// pictures in a file and the list of CIPA DC-007 (MPF).
package hdr

import (
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// Namespace is that of the gain map values in XMP.
const Namespace = "http://ns.adobe.com/hdr-gain-map/1.0/"

// Values say how a gain map is applied: one number for all channels, or three.
// The zero value is no gain map.
type Values struct {
	numbers   map[string][]float64 // by name, as in names
	baseIsHDR bool
}

// names of the values in the order in which they are written, with the default
// of each; GainMapMax and HDRCapacityMax have none and must be there.
var names = []struct {
	name  string
	least bool // must be there
	many  bool // may have three
}{
	{"GainMapMin", false, true}, {"GainMapMax", true, true}, {"Gamma", false, true}, {"OffsetSDR", false, true}, {"OffsetHDR", false, true},
	{"HDRCapacityMin", false, false}, {"HDRCapacityMax", true, false},
}

// maxPacket bounds the XMP that is read; those of cameras have some kilobytes.
const maxPacket = 64 << 10

// properties collects the gain map properties of an XMP packet, each with its
// values in order.
func properties(packet []byte) map[string][]string {
	if len(packet) > maxPacket || !bytes.Contains(packet, []byte(Namespace)) {
		return nil
	}
	out := map[string][]string{}
	d := xml.NewDecoder(bytes.NewReader(packet))
	d.Strict = false
	var open []string
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case xml.StartElement:
			name := ""
			if t.Name.Space == Namespace {
				name = t.Name.Local
			} else if len(open) > 0 && (t.Name.Local == "Seq" || t.Name.Local == "li") {
				name = open[len(open)-1]
			}
			open = append(open, name)
			for _, a := range t.Attr {
				if a.Name.Space == Namespace {
					out[a.Name.Local] = append(out[a.Name.Local], a.Value)
				}
			}
		case xml.EndElement:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" && len(open) > 0 && open[len(open)-1] != "" {
				name := open[len(open)-1]
				out[name] = append(out[name], s)
			}
		}
	}
}

// Marked reports whether an XMP packet says that its picture has a gain map, as
// that of the picture itself does.
func Marked(packet []byte) bool { return properties(packet)["Version"] != nil }

// Read takes the values from the XMP packet of a gain map. ok is false where they
// are not all there, or are no numbers.
func Read(packet []byte) (v Values, ok bool) {
	found := properties(packet)
	v.numbers = map[string][]float64{}
	for _, n := range names {
		texts := found[n.name]
		if len(texts) == 0 && !n.least {
			continue
		}
		if len(texts) != 1 && !(n.many && len(texts) == 3) {
			return Values{}, false
		}
		for _, s := range texts {
			f, err := strconv.ParseFloat(s, 64)
			if err != nil || math.IsNaN(f) || math.Abs(f) > 1e6 {
				return Values{}, false
			}
			v.numbers[n.name] = append(v.numbers[n.name], f)
		}
	}
	base := found["BaseRenditionIsHDR"]
	v.baseIsHDR = len(base) == 1 && strings.EqualFold(base[0], "true")
	return v, true
}

// XMP is the packet of the gain map with these values and nothing else.
func (v Values) XMP() []byte {
	var attributes, elements strings.Builder
	for _, n := range names {
		switch f := v.numbers[n.name]; len(f) {
		case 1:
			attributes.WriteString(` hdrgm:` + n.name + `="` + number(f[0]) + `"`)
		case 3:
			elements.WriteString(`<hdrgm:` + n.name + `><rdf:Seq>`)
			for _, x := range f {
				elements.WriteString(`<rdf:li>` + number(x) + `</rdf:li>`)
			}
			elements.WriteString(`</rdf:Seq></hdrgm:` + n.name + `>`)
		}
	}
	base := "False"
	if v.baseIsHDR {
		base = "True"
	}
	return packet(`xmlns:hdrgm="`+Namespace+`" hdrgm:Version="1.0"`+attributes.String()+` hdrgm:BaseRenditionIsHDR="`+base+`"`, elements.String())
}

// number writes six decimals at most, more than any display shows.
func number(f float64) string {
	s := strings.TrimRight(strconv.FormatFloat(f, 'f', 6, 64), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func packet(attributes, elements string) []byte {
	return []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" ` + attributes + `>` + elements + `</rdf:Description></rdf:RDF></x:xmpmeta>`)
}
