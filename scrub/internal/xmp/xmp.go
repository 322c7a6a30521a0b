// Package xmp describes XMP packets (ISO 16684-1): what they say about people,
// places and devices. It decides nothing.
package xmp

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"tabir/scrub/meta"
)

// Bounds on what one packet may make us do.
const (
	maxPacket   = 16 << 20 // bytes that are parsed
	maxNames    = 1 << 17  // elements and attributes
	maxDepth    = 64       // elements in each other
	maxFindings = 150
	maxText     = 4096 // bytes of one value that are looked at
	maxUnknown  = 20   // texts of unknown properties that are shown
	maxNeedle   = 256
	maxMarks    = 64 // needles of one finding
)

// Describe says what the packet tells. There is always a finding: one for the
// packet as a whole, and one more where it cannot be read to its end. Packets
// in UTF-16 are read as well.
func Describe(packet []byte) []meta.Finding {
	r := &report{seen: map[string]int{}}
	b := utf8Text(packet[:min(len(packet), maxPacket)])
	n := parsed(b)
	whole := r.walk(b[:n]) && n == len(b) && len(packet) <= maxPacket
	r.together()
	f := meta.Finding{Label: meta.LabelXMPBlock, Where: "XMP", Size: int64(len(packet))}
	if whole && r.unknown == 0 {
		f.Kind = meta.Settings // the rest is known, and tells nothing by itself
	}
	if n := r.settings + r.unknown + r.more; n > 0 {
		f.Value = count(n, "value")
	}
	r.fs = append(r.fs, f)
	if !whole {
		r.fs = append(r.fs, meta.Finding{Label: meta.LabelXMPBad, Where: "XMP", Size: int64(len(packet))})
	}
	return r.fs
}

// parsed is how much of b is parsed. The parser takes microseconds for each
// element and each attribute, and reads all attributes of an element at once.
func parsed(b []byte) int {
	const step = 1 << 16
	names := 0
	for at := 0; at < len(b); at += step {
		part := b[at:min(at+step, len(b))]
		if names += bytes.Count(part, []byte("<")) + bytes.Count(part, []byte("=")); names > 2*maxNames {
			return at // an element has two brackets
		}
	}
	return len(b)
}

// utf8Text is b in UTF-8. A packet in UTF-16 begins with its mark or with a '<'.
func utf8Text(b []byte) []byte {
	var o binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}), bytes.HasPrefix(b, []byte{0, '<'}):
		o = binary.BigEndian
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{'<', 0}):
	default:
		return b
	}
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if c := o.Uint16(b[i:]); c != 0xFEFF {
			u = append(u, c)
		}
	}
	return []byte(string(utf16.Decode(u)))
}

// element is an open element.
type element struct {
	key   string // "dc:creator"; of RDF's own elements empty
	text  []byte // the beginning of its text
	size  int    // of all its text
	inner bool   // it holds elements
}

// walk goes through the packet and reports whether that is a whole XML document.
func (r *report) walk(b []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false // programs write "&" and forget to close; what is there is to be shown
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var open []element
	elements := 0
	for {
		t, err := d.Token()
		if err != nil {
			return errors.Is(err, io.EOF) && elements > 0 && len(open) == 0
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) == maxDepth {
				return false
			}
			elements++
			if n := len(open); n > 0 {
				open[n-1].inner = true
			}
			open = append(open, element{key: key(t.Name)})
			r.started(open[len(open)-1].key)
			for _, a := range t.Attr {
				r.attribute(open, a)
			}
		case xml.EndElement:
			if len(open) == 0 {
				return false
			}
			if e := open[len(open)-1]; len(e.text) > 0 {
				r.leaf(open, string(e.text), e.size)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			text := bytes.TrimSpace(t)
			switch n := len(open); {
			case len(text) == 0:
			case n == 0:
				r.leaf(nil, string(text[:min(len(text), maxText)]), len(text))
			default:
				e := &open[n-1]
				e.size += len(text)
				e.text = append(e.text, text[:min(len(text), maxText-len(e.text))]...)
			}
		case xml.Comment:
			if text := bytes.TrimSpace(t); len(text) > 0 {
				r.text(rule{meta.Text, meta.LabelComment, show}, "XMP comment", string(text[:min(len(text), maxText)]))
			}
		}
	}
}

// key is the short name of a property, whatever prefix the packet uses for its
// namespace. RDF's own names have none.
func key(n xml.Name) string {
	if n.Space == nsRDF || n.Space == "rdf" || n.Space == "xml" || n.Space == "xmlns" || n.Local == "xmlns" ||
		n.Space == "http://www.w3.org/XML/1998/namespace" {
		return ""
	}
	if p, ok := prefixes[n.Space]; ok {
		return p + ":" + n.Local
	}
	return n.Space + ":" + n.Local // not declared, or not known
}

func (r *report) attribute(open []element, a xml.Attr) {
	v := strings.TrimSpace(a.Value)
	if v == "" {
		return
	}
	k := key(a.Name)
	if k == "" {
		switch {
		case a.Name.Space != nsRDF && a.Name.Space != "rdf":
		case a.Name.Local == "resource":
			r.leaf(open, v[:min(len(v), maxText)], len(v))
		case a.Name.Local == "about":
			r.text(rule{meta.Serial, meta.LabelImageID, show}, "XMP rdf:about", v)
		}
		return
	}
	r.started(k)
	r.leaf(append(open, element{key: k}), v[:min(len(v), maxText)], len(v))
}

// leaf adds a value by the innermost property around it that has a rule.
func (r *report) leaf(open []element, v string, size int) {
	name := ""
	for _, e := range slices.Backward(open) {
		if e.key == "" {
			continue
		}
		if name == "" {
			name = e.key
		}
		if rule, ok := ruleFor(e.key); ok {
			r.value(rule, name, v, size)
			return
		}
	}
	r.other(name, v, size)
}

func ruleFor(key string) (rule, bool) {
	if r, ok := rules[key]; ok {
		return r, true
	}
	p, _, _ := strings.Cut(key, ":")
	if strings.HasPrefix(key, "exif:GPS") {
		p = "exif:GPS"
	}
	r, ok := families[p]
	return r, ok
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
