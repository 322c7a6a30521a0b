package mp4

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// maxFindings bounds what one file can say; the rest is counted.
const maxFindings = 2000

// findings collect what a film says. What is said twice is told once.
type findings struct {
	fs      []meta.Finding
	seen    map[string]bool
	removed int      // times that something was said to go
	more    int      // findings over the bound
	changed bool     // the written file differs
	room    int64    // bytes that may still be read to describe what goes
	plain   []string // boxes that go and tell nothing
}

// gone adds what the written file does not hold.
func (f *findings) gone(fs ...meta.Finding) {
	f.removed += len(fs)
	for _, g := range fs {
		g.Fate = meta.Removed
		f.add(g)
	}
}

// plainly adds what goes, tells nothing, and is not needed.
func (f *findings) plainly(where string) {
	f.gone(meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: where})
}

// stays adds what the written file still holds.
func (f *findings) stays(g meta.Finding) {
	g.Fate = meta.Stays
	f.add(g)
}

func (f *findings) add(g meta.Finding) {
	if g.Kind == meta.Settings && g.Fate == meta.Removed && g.Value == "" {
		if len(f.plain) < 32 && !slices.Contains(f.plain, g.Where) {
			f.plain = append(f.plain, g.Where)
		}
		return
	}
	where := g.Where
	if g.Value != "" && g.Kind.Identifies() {
		where = "" // the same value in many places
	}
	key := fmt.Sprint(g.Fate, g.Label, where, g.Value)
	switch {
	case f.seen[key]:
	case len(f.fs) >= maxFindings && g.Fate == meta.Removed:
		f.more++
	default:
		f.seen[key] = true
		f.fs = append(f.fs, g)
	}
}

// report ends the findings with what is true of every film.
func (f *film) report() []meta.Finding {
	if f.more > 0 {
		f.fs = append(f.fs, meta.Finding{Label: meta.LabelUnknownBlock, Where: "further boxes", Value: fmt.Sprintf("%d more", f.more), Fate: meta.Removed})
	}
	if f.removed == 0 && (f.changed || slices.ContainsFunc(f.out.Pieces, reshapes)) {
		f.gone(meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "form of the boxes"})
	}
	if len(f.plain) > 0 {
		f.fs = append(f.fs, meta.Finding{
			Kind: meta.Settings, Label: meta.LabelSettings, Where: "what players do not need", Value: meta.Show(strings.Join(f.plain, ", ")), Fate: meta.Removed,
		})
	}
	for _, t := range f.tracks {
		if t.keep && t.handler == "soun" {
			f.stays(meta.Finding{Kind: meta.Media, Label: meta.LabelSound, Where: "sound track", Value: t.size()})
		}
	}
	f.stays(meta.Finding{Kind: meta.Software, Label: meta.LabelEncoderData, Where: "samples, which were not looked into"})
	f.stays(meta.Finding{Kind: meta.People, Label: meta.LabelFacesVoices, Where: "pictures and sound"})
	return f.fs
}

// reshapes reports whether p is not as long in the written file as in the source.
func reshapes(p plan.Piece) bool {
	return p.Act == plan.Drop || p.Act == plan.Replace && int64(len(p.Lit)) != p.Len
}

// size says how long a track is and how it is coded.
func (t *track) size() string {
	v := strings.Join(strings.Fields(strings.Join(t.formats, " ")), ", ") // names may be padded
	if t.scale > 0 && t.length > 0 && t.length/int64(t.scale) < 1e7 {
		v += fmt.Sprintf(", %.1f s", float64(t.length)/float64(t.scale))
	}
	return meta.Show(v)
}

// drop leaves a box out and says what it held.
func (f *film) drop(b box.Box, in string) error {
	f.skip(b.End())
	return f.tell(b, in)
}

// strange names a box in memory that goes.
func (f *film) strange(name, in string, size int64, data []byte) {
	g := meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: meta.Show(in + " box: " + name), Size: size}
	if k, ok := known[name]; ok {
		g.Kind, g.Label = k.kind, k.label
	}
	if g.Kind.Identifies() {
		g.Needles = meta.Texts(data)
	}
	if g.Kind == meta.Picture {
		g.Needles = nil
	}
	f.gone(g)
	if name == "lhvC" { // its parameter sets go, its pictures are inside the samples
		f.stays(meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: g.Where, Value: "what the second eye sees"})
	}
}

// dropTrack says what a track held that goes with its samples.
func (f *film) dropTrack(t *track) {
	g := meta.Finding{Kind: meta.Media, Label: meta.LabelTimedData, Where: meta.Show("track: " + t.handler), Value: t.size()}
	format := strings.Join(t.formats, ",")
	switch {
	case t.shows() && !t.on:
		g.Label = meta.LabelTrackOff
	case t.handler == "soun":
		g.Label = meta.LabelSound
	case t.handler == "vide":
		g.Label = meta.LabelVideo
	case t.handler == "auxv" || t.handler == "pict":
		g.Kind, g.Label = meta.Picture, meta.LabelSecondPicture
	case format == "tmcd":
		g.Kind, g.Label = meta.Date, meta.LabelDateOther
	case strings.Contains("text sbtl subt subp clcp", t.handler):
		g.Kind, g.Label = meta.Text, meta.LabelTextOther
		if v := f.firstText(t); v != "" {
			g.Value, g.Needles = meta.Show(v), [][]byte{[]byte(v)}
			if strings.Contains(strings.ToUpper(v), "GPS") {
				f.gone(meta.Finding{Kind: meta.Location, Label: meta.LabelPosition, Where: g.Where, Value: g.Value, Needles: g.Needles})
			}
		}
	}
	if place, ok := telemetry[format]; ok {
		f.gone(meta.Finding{Kind: meta.Location, Label: meta.LabelPosition, Where: g.Where + ": " + place})
	}
	f.gone(g)
	for _, name := range []string{"tkhd", "mdhd"} {
		h, err := f.header(t.parts[name], 20, 28)
		if err == nil && h.number(4, 4) != 0 {
			f.gone(meta.Finding{Kind: meta.Date, Label: meta.LabelDateTaken, Where: name + " box", Value: moment(h.number(4, 4))})
		}
	}
}

// telemetry are the formats of tracks that record places.
var telemetry = map[string]string{
	"gpmd": "GoPro", "camm": "camera motion", "rtmd": "Sony", "djmd": "DJI", "gps ": "GPS", "gps0": "Garmin", "NMEA": "GPS", "fdsc": "GoPro",
}

// firstText is the text of the first sample of a track that has one.
func (f *film) firstText(t *track) string {
	offsets, err := f.table(t.parts[t.offsets], 8)
	if err != nil {
		return ""
	}
	sz, err := f.sizes(t)
	if err != nil {
		return ""
	}
	for range 16 {
		at, err := offsets.next(t.width())
		if err != nil {
			return ""
		}
		n, err := sz.sum(1)
		if err != nil {
			return ""
		}
		b, err := f.w.Bytes(int64(min(at, 1<<62)), min(n, 4096))
		if err != nil {
			return ""
		}
		if len(b) > 2 && int(order.Uint16(b)) <= len(b)-2 {
			b = b[2:][:order.Uint16(b)] // a text sample counts its bytes
		}
		if v := text(b); v != "" {
			return v
		}
	}
	return ""
}

// lookOutside says that samples of a track that stays are never shown: those
// before and behind what the edit list (8.6.6) takes.
func (f *film) lookOutside(t *track) {
	b := t.parts["elst"]
	if b.Size == 0 || t.scale == 0 || f.scale == 0 {
		return
	}
	each := int64(12)
	if v, err := f.w.Byte(b.Data()); err == nil && v == 1 {
		each = 20
	}
	n, err := f.count(b, 4, each)
	if err != nil || n == 0 || n > 1024 {
		return
	}
	edits, err := f.w.Bytes(b.Data()+8, n*each)
	if err != nil {
		return
	}
	first, last := int64(1<<62), int64(0)
	for ; len(edits) > 0; edits = edits[each:] {
		length, start := int64(order.Uint32(edits)), int64(int32(order.Uint32(edits[4:])))
		if each == 20 {
			length, start = int64(order.Uint64(edits)&(1<<40-1)), int64(order.Uint64(edits[8:]))
		}
		if start < 0 {
			continue // an empty edit
		}
		first = min(first, start)
		if length == 0 {
			last = 1 << 62
		}
		last = max(last, start+int64(float64(length)*float64(t.scale)/float64(f.scale)))
	}
	shift := int64(0) // of the first picture, by which all are shown later
	if c := t.parts["ctts"]; c.Len() >= 16 {
		if h, err := f.w.Bytes(c.Data()+8, 8); err == nil {
			shift = int64(int32(order.Uint32(h[4:])))
		}
	}
	slack := int64(t.scale) / 10
	label, what := meta.LabelHiddenContent, "of the video"
	if t.handler == "soun" {
		slack, what = int64(t.scale)/4, "of the sound"
	}
	said := func(units int64, where string) {
		if units > slack && units < 1<<50 {
			f.stays(meta.Finding{Kind: meta.Picture, Label: label, Where: "edit list", Value: fmt.Sprintf("%.1f s %s %s what is shown", float64(units)/float64(t.scale), what, where)})
		}
	}
	said(first-shift, "before")
	said(t.length+shift-last, "after")
}

// filler describes a box that is only there to take room.
func (f *film) filler(b box.Box) error {
	g := meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: meta.Show(b.Type + " box: empty space")}
	for off := b.Data(); off < b.End() && f.room > 0; {
		p, err := f.w.Page(off)
		if err != nil {
			return err
		}
		p = p[:min(int64(len(p)), b.End()-off)]
		f.room -= int64(len(p))
		if len(bytes.Trim(p, "\x00")) > 0 {
			g = meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: meta.Show(b.Type + " box"), Size: b.Size, Needles: meta.Texts(p)}
			if v := printable(p); v != "" {
				g.Value = v
			}
			break
		}
		off += int64(len(p))
	}
	f.gone(g)
	return nil
}

// read returns the content of a box that goes, nil where it is too large to describe.
func (f *film) read(b box.Box) ([]byte, error) {
	if b.Len() > 1<<20 && b.Len() > f.w.Limits().Block/4 || b.Len() > f.room {
		return nil, nil
	}
	f.room -= b.Len()
	return f.w.Bytes(b.Data(), b.Len())
}
