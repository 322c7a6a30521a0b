package jpeg

import (
	"bytes"
	"encoding/binary"
	"slices"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Identifiers of application segments that are read. The first four decide how
// a picture looks.
const (
	idJFIF      = "JFIF\x00"
	idExif      = "Exif\x00"
	idICC       = "ICC_PROFILE\x00"
	idAdobe     = "Adobe"
	idXMP       = "http://ns.adobe.com/xap/1.0/\x00"
	idExtended  = "http://ns.adobe.com/xmp/extension/\x00"
	idPhotoshop = "Photoshop 3.0\x00"
	idJUMBF     = "JP"
)

// header is what a clean file says in segments of ours, in this order, right
// behind SOI: JFIF, Exif, ICC, Adobe.
type header struct {
	jfif    []byte // payloads of the segments that count
	adobe   []byte
	looks   exif.Looks
	choices exif.Choices
	hasExif bool
	icc     iccChunks
	gain    gain
	profile []byte // rewritten
}

// take remembers what an application segment before the first scan says about
// the looks of the picture. Of duplicates the one that libjpeg-turbo uses
// counts: the last JFIF and the last Adobe segment, and the first Exif block.
func (h *header) take(w *rd.Window, s segment, keep meta.Keep) error {
	head, err := w.Bytes(s.data, min(14, s.end()-s.data))
	if err != nil {
		return err
	}
	switch {
	case s.marker == mAPP0 && len(head) == 14 && bytes.HasPrefix(head, []byte(idJFIF)):
		h.jfif = head
	case s.marker == mAPP0+14 && bytes.HasPrefix(head, []byte(idAdobe)) && len(head) >= 12:
		h.adobe = head
	case s.marker == mAPP0+1 && !h.hasExif && bytes.HasPrefix(head, []byte(idExif)) && len(head) >= 14:
		b, err := w.Bytes(s.data+6, s.end()-s.data-6)
		if err != nil {
			return err
		}
		h.hasExif, h.looks, h.choices = true, exif.ReadLooks(b), exif.ReadChoices(b, keep)
	case s.marker == mAPP0+2 && bytes.HasPrefix(head, []byte(idICC)) && len(head) >= 14:
		b, err := w.Bytes(s.data+12, s.end()-s.data-12)
		if err != nil {
			return err
		}
		h.icc = append(h.icc, b)
	}
	return h.gain.take(w, s, head)
}

// iccChunks are the payloads of the ICC segments: number, count, bytes (ICC.1:2010, B.4).
type iccChunks [][]byte

// join puts the profile together if every chunk from 1 to count is there once,
// as libjpeg asks; else there is none.
func (c iccChunks) join() []byte {
	if len(c) == 0 {
		return nil
	}
	parts := make([][]byte, len(c))
	for _, b := range c {
		n := int(b[0])
		if int(b[1]) != len(c) || n < 1 || n > len(c) || parts[n-1] != nil {
			return nil
		}
		parts[n-1] = b[2:]
	}
	return slices.Concat(parts...)
}

// rewriteICC turns the source's profile into the one of the clean file. A
// profile that is broken, or not for so many components, colours nothing in any
// program that checks it, and goes.
func (h *header) rewriteICC(components int) []meta.Finding {
	p := h.icc.join()
	if len(h.icc) == 0 {
		return nil
	}
	dropped := []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "APP2 ICC_PROFILE", Value: "broken", Size: int64(len(p)), Fate: meta.Removed}}
	want := map[int]string{1: "GRAY", 3: "RGB ", 4: "CMYK"}[components]
	if p == nil || icc.Space(p) != want {
		return dropped
	}
	out, fs, err := icc.Rewrite(p)
	if err != nil {
		return dropped
	}
	h.profile = out
	return icc.Settle(fs, bytes.Equal(p, out))
}

// write makes the segments of ours for a picture of so many components.
func (h *header) write(components int) []byte {
	var out []byte
	seg := func(marker byte, parts ...[]byte) { out = segmentOf(out, marker, parts...) }
	if h.jfif != nil {
		seg(mAPP0, jfif(h.jfif))
	}
	l := h.looks
	if h.jfif != nil {
		l.XDensity, l.YDensity, l.DensityUnit = [2]uint32{}, [2]uint32{}, 0 // JFIF says it
	}
	if h.profile != nil {
		l.AdobeRGB = false // the profile says it
	}
	if b := exif.Write(l, h.choices); b != nil {
		seg(mAPP0+1, []byte("Exif\x00\x00"), b)
	}
	const most = 65535 - 2 - 14
	count := (len(h.profile) + most - 1) / most
	for i := range count {
		part := h.profile[i*most : min((i+1)*most, len(h.profile))]
		seg(mAPP0+2, []byte(idICC), []byte{byte(i + 1), byte(count)}, part)
	}
	if h.adobe != nil {
		seg(mAPP0+14, adobe(h.adobe, components))
	}
	return out
}

// maxDensity bounds the densities of JFIF: 10000 pixels in an inch or a centimetre.
const maxDensity = 10000

// jfif is the payload of a JFIF segment with the units and densities of b and
// without a thumbnail (JFIF 1.02). Densities beyond any that is used, as letters
// would be, say nothing.
func jfif(b []byte) []byte {
	out := []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	x, y := binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b[10:])
	if x != 0 && y != 0 && max(x, y) <= maxDensity {
		copy(out[8:12], b[8:12])
		if b[7] <= 2 {
			out[7] = b[7]
		}
	}
	return out
}

// adobe is the payload of an Adobe segment with the colour transform of b.
// Values that nobody defined are written as libjpeg takes them.
func adobe(b []byte, components int) []byte {
	t := b[11]
	if t > 2 {
		t = 1
		if components == 4 {
			t = 2
		}
	}
	return []byte{'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, t}
}

// keptFindings say what was kept because the user asked.
func (h *header) keptFindings() []meta.Finding {
	fs := h.choices.Findings("Exif block of ours")
	if h.looks.Orientation > 1 {
		fs = append(fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "Exif block of ours", Value: exif.Turned(h.looks.Orientation), Fate: meta.Stays})
	}
	return fs
}
