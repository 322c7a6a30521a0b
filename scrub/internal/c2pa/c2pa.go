// Package c2pa describes JUMBF boxes (ISO 19566-5) and the manifests of C2PA in
// them: who signed what, with which program, and what they hold besides. It
// decides nothing, and checks no signature.
package c2pa

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/meta"
)

const (
	maxFindings = 80
	maxBoxes    = 4096
	maxDepth    = 16
	maxValue    = 1 << 18 // bytes of one JSON or CBOR box that are read
	maxNeedle   = 256
	maxNames    = 16 // in certificates
)

// Describe says what the boxes tell. There is always a finding: one for them as
// a whole.
func Describe(jumbf []byte) []meta.Finding {
	r := &report{seen: map[string]bool{}}
	r.boxes(jumbf, place{}, 0)
	f := meta.Finding{Kind: meta.Provenance, Label: meta.LabelC2PA, Where: "JUMBF", Size: int64(len(jumbf))}
	if r.manifests > 0 {
		f.Value = fmt.Sprintf("%d manifests", r.manifests)
		if r.manifests == 1 {
			f.Value = "1 manifest"
		}
	} else if r.top != "" && r.top != "c2pa" && r.top != "cai" { // the name before version 1
		f.Kind, f.Label, f.Value = meta.Unknown, meta.LabelPrivateBlock, meta.Show(r.top)
	}
	return append([]meta.Finding{f}, r.fs...)
}

// place is where a box stands: the labels of the superboxes around it.
type place struct {
	label string // of the nearest one, "c2pa.claim"
}

// boxes walks the boxes in b (ISO 19566-5, 4.2: length, type, contents).
func (r *report) boxes(b []byte, in place, depth int) {
	for len(b) >= 8 && r.count < maxBoxes {
		r.count++
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch size {
		case 0: // to the end
			size = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return
			}
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < head || size > uint64(len(b)) {
			return
		}
		r.box(string(b[4:8]), b[head:size], &in, depth)
		b = b[size:]
	}
}

// box adds what one box says. A description box names the place of those behind it.
func (r *report) box(kind string, data []byte, in *place, depth int) {
	switch kind {
	case "jumb":
		if depth < maxDepth {
			r.boxes(data, *in, depth+1)
		}
	case "jumd":
		r.description(data, in, depth)
	case "cbor":
		if in.label == "c2pa.signature" {
			r.signers(data)
			return
		}
		(&cbor{b: data[:min(len(data), maxValue)], visit: r.visitor(in.label)}).item(0, "", "")
	case "json":
		walkJSON(data[:min(len(data), maxValue)], r.visitor(in.label))
	case "bfdb":
		// Toggles, a media type, and where the lowest toggle is set a file name.
		if _, name, ok := bytes.Cut(data[min(len(data), 1):], []byte{0}); ok && data[0]&1 == 1 {
			r.text(rule{meta.FileName, meta.LabelFilePath}, in.label, string(bytes.TrimRight(name, "\x00")))
		}
	case "bidb":
		if strings.Contains(in.label, "thumbnail") || strings.Contains(in.label, "icon") {
			r.add(meta.Finding{Kind: meta.Picture, Label: meta.LabelThumbnail, Where: where(in.label), Size: int64(len(data))})
		} else {
			r.add(meta.Finding{Kind: meta.Attachment, Label: meta.LabelHiddenFile, Where: where(in.label), Size: int64(len(data))})
		}
	}
}

// description reads a description box: a type, toggles, and, where the second
// toggle is set, a label.
func (r *report) description(b []byte, in *place, depth int) {
	if len(b) < 18 || b[16]&2 == 0 {
		return
	}
	label, _, _ := bytes.Cut(b[17:], []byte{0})
	in.label = string(label[:min(len(label), maxNeedle)])
	if depth == 1 && r.top == "" {
		r.top = in.label
	}
	switch string(b[:4]) {
	case "c2ma", "c2um", "c2cm": // a manifest, an update of one, a compressed one
		r.manifests++
		r.text(rule{meta.Serial, meta.LabelImageID}, "manifest", in.label)
	}
}

func where(label string) string { return "C2PA " + meta.Show(label) }

// signers adds the names in the certificates of a signature, as one finding.
// They stand in DER (X.690) behind the numbers of the attributes commonName and
// organization.
func (r *report) signers(b []byte) {
	var names []string
	for _, id := range [][]byte{{0x06, 3, 0x55, 4, 3}, {0x06, 3, 0x55, 4, 10}} {
		for rest := b; len(names) < maxNames; {
			i := bytes.Index(rest, id)
			if i < 0 || i+7 > len(rest) {
				break
			}
			rest = rest[i+5:]
			n := int(rest[1])
			if t := rest[0]; (t == 0x0C || t == 0x13 || t == 0x16) && n < 0x80 && 2+n <= len(rest) {
				if name := string(rest[2 : 2+n]); !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	if len(names) == 0 {
		return
	}
	f := meta.Finding{Kind: meta.Provenance, Label: meta.LabelC2PA, Where: "C2PA signature", Value: meta.Show(strings.Join(names, ", "))}
	for _, n := range names {
		f.Needles = append(f.Needles, []byte(n))
	}
	r.add(f)
}

// report collects findings.
type report struct {
	fs        []meta.Finding
	seen      map[string]bool
	top       string // label of the first superbox
	manifests int
	count     int // boxes
}

func (r *report) add(f meta.Finding) {
	k := string(f.Label) + "\x00" + f.Value
	if f.Value != "" && r.seen[k] || len(r.fs) == maxFindings {
		return
	}
	r.seen[k] = true
	r.fs = append(r.fs, f)
}

func (r *report) text(rule rule, label, v string) {
	if v = strings.TrimSpace(v); v == "" {
		return
	}
	r.add(meta.Finding{Kind: rule.kind, Label: rule.label, Where: where(label), Value: meta.Show(v), Needles: [][]byte{[]byte(v[:min(len(v), maxNeedle)])}})
}
