package jpeg

import (
	"bytes"
	"encoding/binary"

	"tabir/scrub/internal/mp4"
)

const (
	maxTries = 16      // places at which a film seems to begin
	maxBrand = 1 << 10 // bytes of the box that begins one
)

// findVideo looks behind from for a film that can be cleaned. Makers put it there
// in several ways (Motion Photo 1.0, MicroVideo, Samsung's trailer), but each
// begins with the same box.
func (p *picture) findVideo(from int64, noSound bool) (*mp4.Inner, error) {
	off := from
	for range maxTries {
		at, err := p.nextFilm(off)
		if err != nil || at < 0 {
			return nil, err
		}
		if v, err := mp4.Inside(p.w, at, p.w.Size()-at, noSound); v != nil || err != nil {
			return v, err
		}
		off = at + 1 // nothing that plays: it goes like all that lies there
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
