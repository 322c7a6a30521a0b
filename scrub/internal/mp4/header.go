package mp4

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"tabir/scrub/internal/box"
	"tabir/scrub/meta"
)

// writeMovie writes the movie header: what playing needs, in exact form and in
// the order of the source.
func (f *film) writeMovie(b box.Box) error {
	return f.container(b, func(c box.Box) error {
		switch c.Type {
		case "mvhd":
			return f.writeHeader(c, 100, 112, f.movieHeader)
		case "trak":
			return f.writeTrack(c)
		case "mvex":
			if f.fragments {
				return f.container(c, f.writeDefaults)
			}
		}
		return f.drop(c, "moov")
	})
}

// writeHeader writes a full box of n bytes, or long in version 1, that begins
// with two times, without these and without flags.
func (f *film) writeHeader(b box.Box, n, long int64, exact func(h fields)) error {
	h, err := f.header(b, n, long)
	if err != nil {
		return err
	}
	clear(h.b[1:4])
	for i, label := range []meta.Label{meta.LabelDateTaken, meta.LabelDateChanged} {
		at, end := h.wide(4+4*i, 4+8*i), h.wide(8+4*i, 12+8*i)
		if seconds := h.number(4+4*i, 4+8*i); seconds != 0 {
			f.gone(meta.Finding{Kind: meta.Date, Label: label, Where: b.Type + " box", Value: moment(seconds)})
		}
		clear(h.b[at:end])
	}
	exact(h)
	f.put(b, box.Make(b.Type, h.b))
	return nil
}

// moment shows a time that counts from 1904, or, as some cameras write it, from 1970.
func moment(seconds int64) string {
	const epochs = 2082844800 // seconds between the two
	if seconds > epochs {
		seconds -= epochs
	}
	if seconds > 1<<35 {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05 UTC")
}

// movieHeader is the exact form of mvhd (8.2.2): QuickTime's times of previews
// and the number of the next track are not needed.
func (f *film) movieHeader(h fields) {
	clear(h.b[h.wide(26, 38):h.wide(36, 48)])
	clear(h.b[h.wide(72, 84):h.wide(96, 108)])
	next := uint32(0)
	for _, t := range f.tracks {
		if t.keep {
			next = max(next, t.id)
		}
	}
	at := h.wide(96, 108)
	if order.Uint32(h.b[at:]) != next+1 {
		f.plainly("mvhd box: number of the next track")
	}
	order.PutUint32(h.b[at:], next+1)
}

func (f *film) writeTrack(b box.Box) error {
	i := slices.IndexFunc(f.tracks, func(t *track) bool { return t.Off == b.Off })
	t := f.tracks[i]
	if !t.keep {
		f.dropTrack(t)
		f.skip(b.End())
		return nil
	}
	f.lookOutside(t)
	return f.container(b, func(c box.Box) error { return f.writePart(t, c, "trak") })
}

// writePart writes a box of a track, or leaves it out. The allow-list is this
// switch: each box with its place and its exact form.
func (f *film) writePart(t *track, b box.Box, in string) error {
	if lit := emptyTable(b.Type); t.lost && in == "stbl" && lit != nil {
		f.put(b, lit)
		return nil
	}
	within := func(c box.Box) error { return f.writePart(t, c, b.Type) }
	switch in + "/" + b.Type {
	case "trak/tkhd":
		return f.writeHeader(b, 84, 96, func(h fields) { f.trackHeader(t, h) })
	case "trak/tapt":
		return f.container(b, within)
	case "tapt/clef", "tapt/prof", "tapt/enof":
		h, err := f.header(b, 12, 12)
		if err != nil {
			return err
		}
		f.put(b, box.MakeFull(b.Type, 0, 0, h.b[4:]))
		return nil
	case "trak/edts":
		if t.parts["elst"].Size > 0 {
			return f.container(b, within)
		}
	case "edts/elst":
		each := int64(12)
		if v, err := f.w.Byte(b.Data()); err == nil && v == 1 {
			each = 20
		}
		return f.writeTable(b, 4, each, whole)
	case "trak/mdia", "mdia/minf", "minf/stbl":
		return f.container(b, within)
	case "mdia/mdhd":
		return f.writeHeader(b, 24, 36, func(h fields) { f.mediaHeader(t, h) })
	case "mdia/hdlr":
		return f.writeHandler(t, b)
	case "minf/vmhd":
		return f.writeVideoHeader(b)
	case "minf/smhd":
		h, err := f.header(b, 8, 8)
		if err != nil {
			return err
		}
		f.put(b, box.MakeFull(b.Type, 0, 0, h.b[4:6], []byte{0, 0}))
		return nil
	case "minf/dinf":
		return f.writeReferences(t, b)
	case "stbl/stsd":
		return f.writeFormats(t, b)
	case "stbl/stts", "stbl/ctts":
		return f.writeTable(b, 4, 8, f.runs(b, t.samples))
	case "stbl/stss", "stbl/stps":
		return f.writeTable(b, 4, 4, f.rising(b, t.samples))
	case "stbl/stsc":
		return f.writeTable(b, 4, 12, f.chunkRuns(t, b))
	case "stbl/stsz", "stbl/stz2":
		return f.writeSizes(t, b)
	case "stbl/stco", "stbl/co64":
		f.writeOffsets(t, b)
		return nil
	case "stbl/cslg":
		h, err := f.header(b, 24, 44)
		if err != nil {
			return err
		}
		clear(h.b[1:4])
		f.put(b, box.Make(b.Type, h.b))
		return nil
	}
	return f.drop(b, in)
}

// trackHeader is the exact form of tkhd (8.3.2). A track that stays is on.
func (f *film) trackHeader(t *track, h fields) {
	flags, err := f.w.Byte(t.parts["tkhd"].Data() + 3)
	if err == nil {
		h.b[3] = flags&0x0E | 1
	}
	clear(h.b[h.wide(16, 24):h.wide(20, 28)])
	clear(h.b[h.wide(24, 36):h.wide(32, 44)])
	clear(h.b[h.wide(38, 50):h.wide(40, 52)])
}

// undetermined is no language (ISO 639-2 "und", 8.4.2).
const undetermined = 0x55C4

// mediaHeader is the exact form of mdhd (8.4.2). The language stays where it
// tells several sound tracks apart.
func (f *film) mediaHeader(t *track, h fields) {
	at := h.wide(20, 32)
	clear(h.b[at:])
	sounds := 0
	for _, o := range f.tracks {
		if o.keep && o.handler == "soun" {
			sounds++
		}
	}
	g := meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "mdhd box: language", Value: language(t.language)}
	switch {
	case t.handler == "soun" && sounds > 1:
		order.PutUint16(h.b[at:], t.language)
		f.stays(g)
		return
	case t.language != undetermined:
		f.gone(g)
	}
	order.PutUint16(h.b[at:], undetermined)
}

// language is the code of three letters that v packs.
func language(v uint16) string {
	if v < 0x400 || v > 0x7FFE {
		return ""
	}
	s := []byte{byte(v>>10&31) + 0x60, byte(v>>5&31) + 0x60, byte(v&31) + 0x60}
	return meta.Show(string(s))
}

// writeHandler writes hdlr (8.4.3) without its name and its maker. QuickTime's
// readers ask for the type of the component.
func (f *film) writeHandler(t *track, b box.Box) error {
	h, err := f.w.Bytes(b.Data(), min(b.Len(), 24+256))
	if err != nil {
		return err
	}
	component := make([]byte, 4)
	if string(h[4:8]) == "mhlr" {
		component = []byte("mhlr")
	}
	f.handlerNames(h)
	f.put(b, box.MakeFull("hdlr", 0, 0, component, []byte(t.handler), make([]byte, 12), []byte{0}))
	return nil
}

// handlerNames says what a handler is called and who made it.
func (f *film) handlerNames(h []byte) {
	if len(h) < 24 {
		return
	}
	if maker := string(h[12:16]); maker != "\x00\x00\x00\x00" {
		f.gone(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "hdlr box: maker", Value: meta.Show(maker)})
	}
	name := h[24:]
	if len(name) > 0 && int(name[0]) == len(name)-1 {
		name = name[1:] // QuickTime counts
	}
	if v := meta.Show(string(name)); v != "" {
		f.gone(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "hdlr box: name", Value: v})
	}
}

// writeVideoHeader writes vmhd (12.1.2). The colour counts in the modes that use it.
func (f *film) writeVideoHeader(b box.Box) error {
	h, err := f.header(b, 12, 12)
	if err != nil {
		return err
	}
	if mode := order.Uint16(h.b[4:]); mode != 0x20 && mode != 0x24 { // blend, transparent
		if !bytes.Equal(h.b[6:], make([]byte, 6)) {
			f.plainly("vmhd box: colour")
		}
		clear(h.b[6:])
	}
	f.put(b, box.MakeFull("vmhd", 0, 1, h.b[4:]))
	return nil
}

// writeReferences writes dinf (8.7.1, 8.7.2): the media are in this file.
func (f *film) writeReferences(t *track, b box.Box) error {
	d := t.parts["dref"]
	if d.Size == 0 {
		return f.drop(b, "minf")
	}
	n, err := f.count(d, 4, 12)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("track %d refers to no media: %w", t.id, meta.ErrMalformed)
	}
	d.Head += 8
	err = f.children(d, func(r box.Box) error {
		if r.Len() < 4 {
			return fmt.Errorf("box %q at %d: %w", r.Type, r.Off, meta.Truncated)
		}
		h, err := f.w.Bytes(r.Data(), min(r.Len(), 1024))
		if err != nil {
			return err
		}
		more := bytes.Trim(h[4:], "\x00")
		if h[3]&1 == 0 && len(more) > 0 { // some writers forget the flag
			return fmt.Errorf("media of track %d in another file (%s): %w", t.id, meta.Show(r.Type), meta.ErrUnsupported)
		}
		if r.Type != "url " {
			f.plainly("dref box: " + meta.Show(r.Type))
		}
		if len(more) > 0 {
			f.gone(meta.Finding{Kind: meta.FileName, Label: meta.LabelFilePath, Where: "dref box", Value: printable(more), Needles: meta.Texts(more)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.put(b, box.Make("dinf", box.MakeFull("dref", 0, 0, be32(nil, 1), box.MakeFull("url ", 0, 1))))
	return nil
}
