package mp4

import (
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/internal/box"
	"tabir/scrub/meta"
)

// maxTracks is far above what any camera writes.
const maxTracks = 256

// track is what a film says of one of its tracks.
type track struct {
	box.Box
	parts map[string]box.Box // the boxes that matter, at whatever depth
	id    uint32
	on    bool
	group int // tracks of one group stand for each other; 0 is none

	handler  string
	language uint16
	scale    uint32 // units a second
	length   int64  // in those
	formats  []string
	samples  int64  // in the sample tables
	lost     bool   // there were samples, but no chunk that they lie in
	offsets  string // "stco" or "co64"
	table    []byte // the chunk offsets, as positions of the source
	keep     bool
}

// wanted are the boxes of a track that matter, with the box that each belongs in.
// Two of a kind can be read in two ways.
var wanted = map[string]string{
	"tkhd": "trak", "edts": "trak", "mdia": "trak", "elst": "edts", "mdhd": "mdia", "hdlr": "mdia", "minf": "mdia",
	"dinf": "minf", "stbl": "minf", "dref": "dinf", "stsd": "stbl", "stts": "stbl", "ctts": "stbl", "stsc": "stbl",
	"stsz": "stbl", "stz2": "stbl", "stco": "stbl", "co64": "stbl",
}

// holds are the boxes of a track that hold others.
var holds = []string{"mdia", "minf", "stbl", "dinf", "edts"}

// readMovie surveys the movie header (8.2.1).
func (f *film) readMovie(b box.Box) error {
	return f.children(b, func(c box.Box) error {
		switch c.Type {
		case "mvhd":
			h, err := f.header(c, 100, 112)
			if err == nil && f.scale > 0 {
				err = fmt.Errorf("second box \"mvhd\" at %d: %w", c.Off, meta.ErrMalformed)
			}
			if err != nil {
				return err
			}
			f.scale = int64(order.Uint32(h.b[h.wide(12, 20):]))
		case "cmov":
			return fmt.Errorf("compressed movie header (cmov): %w", meta.ErrUnsupported)
		case "rmra", "rmda":
			return fmt.Errorf("reference to other films (%s): %w", c.Type, meta.ErrUnsupported)
		case "trak":
			if len(f.tracks) == maxTracks {
				return fmt.Errorf("more than %d tracks: %w", maxTracks, meta.ErrLimit)
			}
			t := &track{Box: c, parts: map[string]box.Box{}, offsets: "stco"}
			f.tracks = append(f.tracks, t)
			return f.readTrack(t, c)
		case "mvex":
			return f.children(c, f.readDefaults)
		}
		return nil
	})
}

// readTrack surveys the boxes in b, which is a track or a part of it.
func (f *film) readTrack(t *track, b box.Box) error {
	err := f.children(b, func(c box.Box) error {
		if wanted[c.Type] != b.Type {
			return nil
		}
		if t.parts[c.Type].Size > 0 {
			return fmt.Errorf("second box %q at %d: %w", c.Type, c.Off, meta.ErrMalformed)
		}
		t.parts[c.Type] = c
		if slices.Contains(holds, c.Type) {
			return f.readTrack(t, c)
		}
		return nil
	})
	if err != nil || b.Type != "trak" {
		return err
	}
	return f.readHeaders(t)
}

// readHeaders reads the headers of a track whose boxes are known.
func (f *film) readHeaders(t *track) error {
	if t.parts["co64"].Size > 0 {
		t.offsets = "co64"
	}
	for _, need := range []string{"tkhd", "mdhd", "hdlr", "stsd"} {
		if t.parts[need].Size == 0 {
			return fmt.Errorf("track at %d without %s: %w", t.Off, need, meta.ErrMalformed)
		}
	}
	h, err := f.header(t.parts["tkhd"], 84, 96)
	if err != nil {
		return err
	}
	t.on = h.b[3]&1 != 0
	t.id = order.Uint32(h.b[h.wide(12, 20):])
	t.group = int(order.Uint16(h.b[h.wide(34, 46):]))
	if h, err = f.header(t.parts["mdhd"], 24, 36); err != nil {
		return err
	}
	t.scale = order.Uint32(h.b[h.wide(12, 20):])
	t.length = h.number(16, 24)
	t.language = order.Uint16(h.b[h.wide(20, 32):])
	hdlr, err := f.w.Bytes(t.parts["hdlr"].Data(), min(t.parts["hdlr"].Len(), 12))
	if err != nil {
		return err
	}
	if len(hdlr) < 12 {
		return fmt.Errorf("handler of track %d: %w", t.id, meta.ErrMalformed)
	}
	t.handler = string(hdlr[8:12])
	return f.readFormats(t)
}

// readFormats reads the names of the sample formats (8.5.2).
func (f *film) readFormats(t *track) error {
	d := t.parts["stsd"]
	if d.Len() < 8 {
		return fmt.Errorf("sample description at %d: %w", d.Off, meta.Truncated)
	}
	d.Head += 8
	return f.children(d, func(e box.Box) error {
		if len(t.formats) < maxTracks {
			t.formats = append(t.formats, e.Type)
		}
		return nil
	})
}

// fields are the fields of a full box that comes in two widths.
type fields struct {
	b []byte // from the version on
}

// header reads a full box that has n bytes in version 0 and long in version 1.
func (f *film) header(b box.Box, n, long int64) (fields, error) {
	h, err := f.w.Bytes(b.Data(), min(b.Len(), long))
	if err != nil {
		return fields{}, err
	}
	if len(h) > 0 && h[0] == 1 {
		n = long
	}
	if int64(len(h)) < n || h[0] > 1 {
		return fields{}, fmt.Errorf("box %q at %d: %w", b.Type, b.Off, meta.ErrMalformed)
	}
	return fields{h[:n]}, nil
}

// wide is the place of a field in version 0 or in version 1.
func (h fields) wide(short, long int) int {
	if h.b[0] == 1 {
		return long
	}
	return short
}

// number is a number that is twice as wide in version 1.
func (h fields) number(short, long int) int64 {
	if h.b[0] == 1 {
		return int64(order.Uint64(h.b[long:]) & (1<<63 - 1))
	}
	return int64(order.Uint32(h.b[short:]))
}

// choose decides which tracks stay: pictures and sound that are switched on and
// that are coded in a way that is known.
func (f *film) choose() error {
	on := func(t *track) bool { return t.shows() && t.on }
	if !f.any(on) {
		on = (*track).shows // a writer that never sets the flag
	}
	for _, t := range f.tracks {
		t.keep = (on(t) || f.standsIn(t)) && !(f.pol.NoSound && t.handler == "soun")
	}
	for _, t := range f.tracks {
		if t.keep {
			if err := f.playable(t); err != nil {
				return err
			}
		}
		if t.keep && (t.id == 0 || f.any(func(o *track) bool { return o != t && o.id == t.id })) {
			return fmt.Errorf("track number %d: %w", t.id, meta.ErrMalformed)
		}
	}
	if f.any(func(t *track) bool { return t.keep }) {
		return nil
	}
	var names []string
	for _, t := range f.tracks {
		names = append(names, meta.Show(t.handler))
	}
	return fmt.Errorf("nothing to show: tracks: %s: %w", strings.Join(names, ", "), meta.ErrUnsupported)
}

func (f *film) any(is func(*track) bool) bool {
	for _, t := range f.tracks {
		if is(t) {
			return true
		}
	}
	return false
}

// shows reports whether t is a picture or sound track.
func (t *track) shows() bool { return t.handler == "vide" || t.handler == "soun" }

// known reports whether all formats of t are known.
func (t *track) known() bool {
	for _, n := range t.formats {
		if _, ok := formatsOf[t.handler][n]; !ok {
			return false
		}
	}
	return len(t.formats) > 0
}

// standsIn reports whether t, switched off or not, carries the sound of a track
// that is on and in a format that is not known: phones record both together.
func (f *film) standsIn(t *track) bool {
	return t.handler == "soun" && t.group != 0 && t.known() &&
		f.any(func(o *track) bool { return o.on && o.handler == "soun" && o.group == t.group && !o.known() })
}

// playable refuses a track that would stay and cannot, and leaves out sound that
// another track stands in for.
func (f *film) playable(t *track) error {
	if t.known() {
		return nil
	}
	for _, n := range t.formats {
		switch n {
		case "encv", "enca", "drmi", "drms", "p608":
			return fmt.Errorf("encrypted track (%s): %w", n, meta.ErrUnsupported)
		}
	}
	if f.any(func(o *track) bool { return o != t && o.keep && o.group == t.group && f.standsIn(o) }) {
		t.keep = false
		return nil
	}
	return fmt.Errorf("track coded as %q: %w", meta.Show(strings.Join(t.formats, ", ")), meta.ErrUnsupported)
}
