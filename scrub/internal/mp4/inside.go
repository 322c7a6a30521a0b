package mp4

import (
	"errors"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Inner is the film inside a motion photo.
type Inner struct {
	At   int64 // in the photo
	Size int64 // of the clean one, in bytes
	Mime string
	Plan *plan.Plan
}

// Inside plans the cleaning of the film that fills n bytes at off of a photo. It
// is nil where nothing begins there that plays and can be cleaned.
func Inside(photo *rd.Window, off, n int64, noSound bool) (*Inner, error) {
	w, err := photo.Sub(off, n)
	if err != nil {
		return nil, err
	}
	in, err := inside(w, noSound)
	if photo.Err() != nil {
		return nil, photo.Err()
	}
	if errors.Is(err, meta.ErrInternal) {
		return nil, err
	}
	if err != nil {
		return nil, nil
	}
	in.At = off
	return in, nil
}

func inside(w *rd.Window, noSound bool) (*Inner, error) {
	h, err := w.Bytes(0, 12)
	if err != nil {
		return nil, err
	}
	if string(h[4:8]) != "ftyp" {
		return nil, meta.ErrUnsupported
	}
	p, err := parse(w, meta.Policy{NoSound: noSound})
	if err != nil {
		return nil, err
	}
	s, err := p.Seal(w.Limits().Pieces)
	if err != nil {
		return nil, err
	}
	in := &Inner{Size: s.Size, Mime: "video/mp4", Plan: p}
	if sniff(h) == isMOV {
		in.Mime = "video/quicktime"
	}
	return in, nil
}
