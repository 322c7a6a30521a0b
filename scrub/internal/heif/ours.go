package heif

import (
	"bytes"
	"slices"

	"tabir/scrub/internal/exif"
	"tabir/scrub/meta"
)

// extra is an item of ours that is no picture: it describes the primary item
// (23008-12, 6.6.1 and annex A).
type extra struct {
	number uint32
	typ    string
	rest   []byte // of its entry, behind the name
	body   []byte
}

// Numbers behind those of the pictures, whether they are used or not.
const (
	exifNumber = 1 + iota
	groupNumber
	packetNumber
	maxKept = maxItems - packetNumber
)

// number is the n-th number behind those of the pictures.
func (h *header) number(n int) uint32 { return uint32(len(h.c.items) + n) }

// newExtras are the items that say what the user asked to keep.
func (h *header) newExtras() (out []extra) {
	if h.exif != nil {
		out = append(out, extra{h.number(exifNumber), "Exif", nil, h.exif})
	}
	if b := h.packet(); b != nil {
		out = append(out, extra{h.number(packetNumber), "mime", []byte(xmpType + "\x00"), b})
	}
	return out
}

// xmpType is the content type of an item that is an XMP block.
const xmpType = "application/rdf+xml"

// isOurs reports whether an item of the source says what one of ours does.
func (h *header) isOurs(it *item, body []byte) bool {
	return slices.ContainsFunc(h.extras, func(e extra) bool { return e.typ == it.typ && bytes.Equal(e.body, body) })
}

// exifOfOurs is the Exif block that keeps what the user asked for, nil where
// there is nothing to keep.
func (f *file) exifOfOurs() []byte {
	if f.pol.Keep == 0 {
		return nil
	}
	for i := range f.m.items {
		it := &f.m.items[i]
		if it.typ != "Exif" || it.method > 1 || it.outside || it.sealed || f.reachable(it) != nil {
			continue
		}
		b, err := f.block(it)
		if err != nil {
			return nil
		}
		if out := exif.Write(exif.Looks{}, exif.ReadChoices(exifBlock(b), f.pol.Keep)); out != nil {
			return append(make([]byte, 4), out...)
		}
		return nil
	}
	return nil
}

// keptFindings say what the Exif block of ours holds.
func (h *header) keptFindings() []meta.Finding {
	if h.exif == nil {
		return nil
	}
	return exif.ReadChoices(h.exif[4:], h.c.f.pol.Keep).Findings("Exif block of ours")
}
