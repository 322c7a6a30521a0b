package heif

import (
	"math"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/hdr"
	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// film is the film of a motion photo, where it is to be kept and can be cleaned:
// what fills a box behind all that the picture needs (Motion Photo 1.0, ISOBMFF-image-specific
// behavior). The head of that box has 8 bytes, which bounds its size.
func (f *file) film(u *union) (*mp4.Inner, error) {
	k := len(u.parts) - 1
	if !f.pol.Keep.Has(meta.KeepMotion) || f.mpvd.Size == 0 || k < 0 || u.parts[k].End() > f.mpvd.Off {
		return nil, nil
	}
	in, err := mp4.Inside(f.w, f.mpvd.Data(), f.mpvd.Len(), f.pol.NoSound)
	if err != nil || in == nil || filmHead+in.Size > math.MaxUint32 {
		return nil, err
	}
	return in, nil
}

const filmHead = 8

// filmBox is the head of the box of the film.
func (h *header) filmBox() []byte {
	return append(put(nil, 4, uint64(filmHead+h.film.Size)), "mpvd"...)
}

// addFilm puts the film into the plan, which has come to pos, and returns how far
// it then has come.
func (h *header) addFilm(out *plan.Plan, pos int64) int64 {
	if h.film == nil {
		return pos
	}
	b := h.c.f.mpvd
	out.Drop(pos, b.Off-pos)
	out.Replace(b.Off, b.Head, h.filmBox())
	out.Nest(b.Data(), h.film.Plan)
	return b.End()
}

// filmStays reports whether a film that is kept stands at off and ends the file.
// Whether it is a clean one, it says itself.
func (h *header) filmStays(off int64) (bool, error) {
	w, b := h.c.f.w, h.c.f.mpvd
	if h.film == nil {
		return off == w.Size(), nil
	}
	if b.Off != off || b.End() != w.Size() {
		return false, nil
	}
	return w.Equal(off, h.filmBox())
}

// packet is the XMP block that tells viewers of the film, nil where there is none.
// Every list of this kind counts the head of its box as padding.
func (h *header) packet() []byte {
	if h.film == nil {
		return nil
	}
	return hdr.Directory{
		Primary: "image/" + family(h.c.fileType()), Padding: filmHead, Video: h.film.Size, VideoMime: h.film.Mime,
	}.XMP()
}

// film says what becomes of the film and of what it holds.
func (d *describer) film(b box.Box, in *mp4.Inner) error {
	if in == nil {
		return d.box(b)
	}
	d.found = append(d.found, meta.Finding{Kind: meta.Media, Label: meta.LabelVideo, Where: "box " + b.Type, Size: b.Size, Fate: meta.Kept})
	for _, g := range in.Plan.Inside(true) {
		if g.Fate == meta.Removed {
			d.add(g)
		} else {
			d.found = append(d.found, g)
		}
	}
	return nil
}
