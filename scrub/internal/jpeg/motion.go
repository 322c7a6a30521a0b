package jpeg

import (
	"bytes"
	"encoding/binary"

	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// video is the film behind a motion photo.
type video struct {
	at   int64 // in the source; it reaches to the end of the file
	plan *plan.Plan
	size int64 // of the clean one, in bytes
}

const (
	maxTries = 16      // places at which a film seems to begin
	maxBrand = 1 << 10 // bytes of the box that begins one
)

// findVideo looks behind from for a film that can be cleaned. Makers put it there
// in several ways (Motion Photo 1.0, MicroVideo, Samsung's trailer), but each
// begins with the same box.
func (p *picture) findVideo(from int64, noSound bool) (*video, error) {
	tries := 0
	for off := from; tries < maxTries; {
		at, err := p.nextFilm(off)
		if err != nil || at < 0 {
			return nil, err
		}
		off = at + 1
		tries++
		w, err := p.w.Sub(at, p.w.Size()-at)
		if err != nil {
			return nil, err
		}
		q, err := mp4.MP4.Parse(w, meta.Policy{NoSound: noSound})
		if p.w.Err() != nil {
			return nil, p.w.Err()
		}
		if err != nil {
			continue // nothing that plays: it goes like all that lies there
		}
		s, err := q.Seal(w.Limits().Pieces)
		if err != nil {
			return nil, err
		}
		return &video{at, q, s.Size}, nil
	}
	return nil, nil
}

// nextFilm returns where a box of type ftyp begins at or behind off, or -1.
func (p *picture) nextFilm(off int64) (int64, error) {
	for off+8 <= p.w.Size() {
		b, err := p.w.Peek(off, int(min(4096, p.w.Size()-off)))
		if err != nil {
			return -1, err
		}
		for i := 0; ; i++ {
			k := bytes.Index(b[i:], []byte("ftyp"))
			if k < 0 {
				break
			}
			if i += k; i >= 4 && binary.BigEndian.Uint32(b[i-4:]) <= maxBrand {
				return off + int64(i) - 4, nil
			}
		}
		off += int64(max(len(b)-7, 1))
	}
	return -1, nil
}
