package trailer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"tabir/scrub/meta"
)

// boxes describes the ISO base media file at pos (ISO 14496-12) and returns where it ends.
func (t *trail) boxes(pos int64, brand string) int64 {
	at := pos
	var film movie
	for range 4096 {
		h := t.bytes(at, 16)
		size, kind, ok := boxHead(h)
		if !ok || at > pos && kind == "ftyp" {
			break
		}
		if size == 0 || size > t.end-at {
			size = t.end - at // to the end, or cut short
		}
		if kind == "moov" {
			film.read(t.bytes(at+8, size-8), 0)
		}
		at += size
		if at == t.end {
			break
		}
	}
	if at == pos {
		at = t.end
	}
	if pictureBrands[brand] {
		t.add(meta.Picture, meta.LabelSecondPicture, strings.ToUpper(strings.TrimSpace(brand)), at-pos)
		return at
	}
	v := "MP4"
	if film.seconds > 0 {
		v = fmt.Sprintf("MP4, %.1f s", film.seconds)
	}
	if film.place != "" {
		t.add(meta.Location, meta.LabelPosition, film.place, 0, []byte(film.place))
	} else if film.located {
		t.add(meta.Location, meta.LabelPosition, "", 0)
	}
	t.add(meta.Media, meta.LabelVideo, v, at-pos)
	if film.sound {
		t.add(meta.Media, meta.LabelSound, "", 0)
	}
	return at
}

var pictureBrands = map[string]bool{"heic": true, "heix": true, "mif1": true, "msf1": true, "avif": true, "avis": true, "hevc": true, "jxl ": true}

// boxHead reads the head of a box. The size is 0 for a box to the end.
func boxHead(h []byte) (size int64, kind string, ok bool) {
	if len(h) < 8 {
		return 0, "", false
	}
	kind = string(h[4:8])
	for _, c := range h[4:8] {
		if (c < ' ' || c > '~') && c != 0xA9 {
			return 0, "", false
		}
	}
	switch n := binary.BigEndian.Uint32(h); {
	case n == 1 && len(h) >= 16:
		long := binary.BigEndian.Uint64(h[8:])
		return int64(min(long, 1<<62)), kind, long >= 16
	case n == 0:
		return 0, kind, true
	default:
		return int64(n), kind, n >= 8
	}
}

// movie is what a moov box says.
type movie struct {
	seconds float64
	sound   bool
	located bool
	place   string // as ISO 6709 writes it: "+08.5069+115.2625"
	boxes   int
}

// read walks the boxes in b.
func (m *movie) read(b []byte, depth int) {
	for len(b) >= 8 && m.boxes < 4096 {
		m.boxes++
		size, kind, ok := boxHead(b)
		if !ok {
			return
		}
		if size == 0 || size > int64(len(b)) {
			size = int64(len(b))
		}
		body := b[8:size]
		switch kind {
		case "trak", "mdia", "udta", "meta":
			if kind == "meta" && len(body) >= 4 && binary.BigEndian.Uint32(body) == 0 {
				body = body[4:] // ISO's has a version, Apple's has not
			}
			if depth < 8 {
				m.read(body, depth+1)
			}
		case "mvhd":
			m.duration(body)
		case "hdlr":
			m.sound = m.sound || len(body) >= 12 && string(body[8:12]) == "soun"
		case "\xa9xyz", "loci":
			m.located = true
			m.find(body)
		case "keys":
			m.located = m.located || bytes.Contains(body, []byte("location.ISO6709"))
		case "ilst":
			m.find(body)
		}
		b = b[size:]
	}
}

// duration reads a movie header (ISO 14496-12, 8.2.2).
func (m *movie) duration(b []byte) {
	be := binary.BigEndian
	var scale uint32
	var length uint64
	switch {
	case len(b) >= 20 && b[0] == 0:
		scale, length = be.Uint32(b[12:]), uint64(be.Uint32(b[16:]))
	case len(b) >= 32 && b[0] == 1:
		scale, length = be.Uint32(b[20:]), be.Uint64(b[24:])
	}
	if scale > 0 && length/uint64(scale) < 1e6 {
		m.seconds = float64(length) / float64(scale)
	}
}

// find looks for a position as ISO 6709 writes it.
func (m *movie) find(b []byte) {
	for i := range b[:max(len(b)-15, 0)] {
		if b[i] != '+' && b[i] != '-' {
			continue
		}
		n := bytes.IndexFunc(b[i:], func(r rune) bool { return !strings.ContainsRune("+-.0123456789", r) })
		if n < 0 {
			n = len(b) - i
		}
		if s := string(b[i : i+min(n, 64)]); len(s) >= 15 && strings.Count(s, ".") >= 2 && strings.ContainsAny(s[1:], "+-") {
			m.located, m.place = true, s
			return
		}
	}
}
