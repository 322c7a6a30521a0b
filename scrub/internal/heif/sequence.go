package heif

import (
	"fmt"
	"slices"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Bounds of an image sequence.
const (
	maxTracks  = 16
	maxSamples = 1 << 16
	maxEdits   = 1024
)

// track is a track of an image sequence (23008-12, 7).
type track struct {
	box     box.Box
	at      map[string]box.Box // the boxes that are read, by their type
	id      uint32
	handler string
	links   map[string][]uint32 // tref
	entry   entry
	chunks  []chunk
	sizes   []uint32    // of the samples, as they are written
	spans   []plan.Span // of the chunks, in the source
}

// chunk is samples that follow each other in the file.
type chunk struct {
	samples int
	parts   []part
}

// entry is the sample entry of a track (14496-12, 12.1.3).
type entry struct {
	typ           string
	width, height uint64
	props         []*property // boxes behind the fields
	other         bool        // it says to be another kind of auxiliary picture than transparency
}

// sequence is the animation of a file whose point it is: a track of pictures,
// and one of their transparency.
type sequence struct {
	head   box.Box // mvhd
	tracks []*track
	lost   []box.Box // boxes that are dropped
	gone   []*track
	edited bool // the edit list leaves out the beginning
}

// containers are the boxes in which a track keeps what is read.
var containers = map[string]bool{"edts": true, "mdia": true, "minf": true, "stbl": true}

// wanted are the boxes of a track that are read; all others are dropped.
var wanted = []string{"tkhd", "elst", "tref", "mdhd", "hdlr", "stsd", "stts", "ctts", "stsc", "stsz", "stco", "co64", "stss"}

// structural boxes hold nothing that is not written anew.
var structural = []string{"vmhd", "smhd", "nmhd"}

// sequence reads the moov box of a file that is an animation first.
func (f *file) sequence() (*sequence, error) {
	s := &sequence{}
	var all []*track
	err := box.Walk(f.w, f.movie.Data(), f.movie.End(), func(b box.Box) error {
		switch {
		case b.Type == "mvhd" && s.head.Size == 0:
			s.head = b
		case b.Type == "mvex":
			return fmt.Errorf("heif: animation in fragments: %w", meta.ErrUnsupported)
		case b.Type == "trak" && len(all) >= maxTracks:
			return fmt.Errorf("heif: more than %d tracks: %w", maxTracks, meta.ErrLimit)
		case b.Type == "trak":
			t := &track{box: b, at: map[string]box.Box{}}
			all = append(all, t)
			return f.boxesOf(t, s, b)
		default:
			s.lose(f, b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if err := f.identify(t); err != nil {
			return nil, err
		}
	}
	return s, f.choose(s, all)
}

func (s *sequence) lose(f *file, b box.Box) {
	if len(s.lost) < maxOthers {
		s.lost = append(s.lost, b)
	} else {
		count(f.more, b.Type, b.Size)
	}
}

// boxesOf finds the boxes of a track that are read.
func (f *file) boxesOf(t *track, s *sequence, in box.Box) error {
	return box.Walk(f.w, in.Data(), in.End(), func(b box.Box) error {
		switch _, twice := t.at[b.Type]; {
		case containers[b.Type]:
			return f.boxesOf(t, s, b)
		case slices.Contains(wanted, b.Type) && !twice:
			t.at[b.Type] = b
		case slices.Contains(structural, b.Type):
		case twice:
			return bad(b, "there are two")
		default:
			s.lose(f, b)
		}
		return nil
	})
}

// identify reads what a track is.
func (f *file) identify(t *track) error {
	for _, typ := range []string{"tkhd", "mdhd", "hdlr", "stsd", "stts", "stsc", "stsz"} {
		if t.at[typ].Size == 0 {
			return bad(t.box, "no "+typ)
		}
	}
	v, _, c, err := f.full(t.at["tkhd"])
	if err != nil {
		return err
	}
	c.take(8 << (v & 1))
	t.id = uint32(c.uint(4))
	if _, _, c, err = f.full(t.at["hdlr"]); err != nil {
		return err
	}
	c.take(4)
	t.handler = string(c.take(4))
	t.links = map[string][]uint32{}
	if b := t.at["tref"]; b.Size > 0 {
		return box.Walk(f.w, b.Data(), b.End(), func(r box.Box) error {
			raw, err := f.w.Bytes(r.Data(), min(r.Len(), 64))
			for c := (&cursor{b: raw}); len(c.b) >= 4; {
				t.links[r.Type] = append(t.links[r.Type], uint32(c.uint(4)))
			}
			return err
		})
	}
	return nil
}

// choose finds the track that is shown and its transparency.
func (f *file) choose(s *sequence, all []*track) error {
	for _, t := range all {
		if t.handler == "pict" && t.links["thmb"] == nil && t.links["auxl"] == nil {
			if s.tracks != nil {
				return fmt.Errorf("heif: two animations: %w", meta.ErrUnsupported)
			}
			s.tracks = []*track{t}
		}
	}
	if s.tracks == nil || s.head.Size == 0 {
		return fmt.Errorf("heif: no animation: %w", meta.ErrMalformed)
	}
	if err := f.samples(s.tracks[0]); err != nil {
		return err
	}
	for _, t := range all {
		if t == s.tracks[0] {
			continue
		}
		if t.handler == "auxv" && slices.Equal(t.links["auxl"], []uint32{s.tracks[0].id}) {
			if err := f.entry(t); err != nil {
				return err
			}
			if !t.entry.other && len(s.tracks) == 1 {
				if err := f.samples(t); err != nil {
					return err
				}
				s.tracks = append(s.tracks, t)
				continue
			}
		}
		s.gone = append(s.gone, t)
	}
	return nil
}

// entry reads the one sample entry of a track.
func (f *file) entry(t *track) error {
	b := t.at["stsd"]
	_, _, c, err := f.full(b)
	if err != nil {
		return err
	}
	if n := c.uint(4); n != 1 || c.short {
		return fmt.Errorf("heif: %d kinds of samples: %w", n, meta.ErrUnsupported)
	}
	e, err := box.At(f.w, b.Data()+8, b.End())
	if err != nil {
		return err
	}
	if e.Type != "hvc1" && e.Type != "av01" {
		return fmt.Errorf("heif: animation coded as %q: %w", meta.Show(e.Type), meta.ErrUnsupported)
	}
	const fields = 78
	raw, err := f.w.Bytes(e.Data(), min(e.Len(), fields))
	if err != nil || len(raw) < fields {
		return bad(e, "too short")
	}
	t.entry = entry{typ: e.Type}
	c = &cursor{b: raw[24:]}
	t.entry.width, t.entry.height = c.uint(2), c.uint(2)
	f.m.surplus += b.End() - e.End()
	return box.Walk(f.w, e.Data()+fields, e.End(), func(p box.Box) error {
		return f.entryBox(&t.entry, p)
	})
}

// entryBox reads a box of a sample entry; what is not kept counts as surplus.
func (f *file) entryBox(e *entry, b box.Box) error {
	it := &item{typ: e.typ}
	var p *property
	switch b.Type {
	case "hvcC", "av1C", "colr", "pasp", "clap", "clli", "mdcv", "amve", "cclv":
		var err error
		if p, err = f.property(b, it); err != nil {
			return err
		}
	case "ccst", "auxi":
		raw, err := f.w.Bytes(b.Data(), min(b.Len(), 256))
		if err != nil {
			return err
		}
		if b.Type == "ccst" && len(raw) >= 8 {
			// Two flags and a number of references (23008-12, 7.2.3.1).
			p = &property{typ: b.Type, body: []byte{0, 0, 0, 0, raw[4] & 0xfc, 0, 0, 0}}
			f.m.surplus += b.Len() - 8
		}
		typ := auxType(raw)
		e.other = e.other || b.Type == "auxi" && !isAlpha(typ)
		if b.Type == "auxi" && !e.other {
			p = &property{typ: b.Type, body: append(append(make([]byte, 4), typ...), 0)}
			f.m.surplus += b.Len() - int64(len(p.body))
		}
	}
	switch {
	case p == nil:
		f.m.surplus += b.Size
	case slices.ContainsFunc(e.props, func(q *property) bool { return q.typ == p.typ && p.typ != "colr" }):
		return bad(b, "there are two")
	default:
		e.props = append(e.props, p)
	}
	return nil
}

// samples reads where the samples of a track are, and what is kept of them.
func (f *file) samples(t *track) error {
	if t.entry.typ == "" {
		if err := f.entry(t); err != nil {
			return err
		}
	}
	size := 0
	conf := slices.IndexFunc(t.entry.props, func(p *property) bool { return p.typ == "hvcC" || p.typ == "av1C" })
	if conf < 0 {
		return bad(t.box, "no configuration")
	}
	if t.entry.typ == "hvc1" {
		size = lengthSize(t.entry.props[conf].body)
	}
	sizes, err := f.sampleSizes(t)
	if err != nil {
		return err
	}
	return f.eachChunk(t, len(sizes), func(off int64, n int) error {
		c, start := chunk{samples: n}, off
		for _, k := range sizes[:n] {
			if off > f.w.Size() || int64(k) > f.w.Size()-off {
				return fmt.Errorf("heif: sample at %d: %w", off, meta.Truncated)
			}
			s := newStream(f.w, []plan.Span{{Off: off, Len: int64(k)}})
			if err := f.units(s, size); err != nil {
				return fmt.Errorf("heif: sample at %d: %w", off, err)
			}
			t.sizes = append(t.sizes, uint32(s.out()))
			for _, p := range s.kept {
				c.parts = join(c.parts, p)
			}
			off += int64(k)
		}
		if len(c.parts) == 0 {
			return fmt.Errorf("heif: chunk at %d is empty: %w", off, meta.ErrMalformed)
		}
		sizes = sizes[n:]
		t.spans = append(t.spans, plan.Span{Off: start, Len: off - start})
		t.chunks = append(t.chunks, c)
		return nil
	})
}

// sampleSizes reads stsz (14496-12, 8.7.3.2).
func (f *file) sampleSizes(t *track) ([]uint32, error) {
	b := t.at["stsz"]
	_, _, c, err := f.full(b)
	if err != nil {
		return nil, err
	}
	all, n := uint32(c.uint(4)), c.uint(4)
	if n > maxSamples {
		return nil, fmt.Errorf("heif: %d pictures in an animation: %w", n, meta.ErrLimit)
	}
	out := make([]uint32, n)
	for i := range out {
		out[i] = all
		if all == 0 {
			out[i] = uint32(c.uint(4))
		}
	}
	return out, f.done(b, c)
}

// eachChunk calls each with the place of a chunk and how many samples it has
// (stsc and stco, 8.7.4 and 8.7.5), for n samples in all.
func (f *file) eachChunk(t *track, n int, each func(off int64, samples int) error) error {
	b, width := t.at["stco"], 4
	if b.Size == 0 {
		b, width = t.at["co64"], 8
	}
	if b.Size == 0 {
		return bad(t.box, "no chunks")
	}
	_, _, places, err := f.full(b)
	if err != nil {
		return err
	}
	runs, err := f.runs(t)
	if err != nil {
		return err
	}
	per := 0
	chunks := places.uint(4)
	for i := uint64(1); i <= chunks; i++ {
		if len(runs) > 0 && runs[0].first == i {
			per, runs = runs[0].samples, runs[1:]
		}
		off := places.uint(width)
		if places.short || per == 0 || per > n || off > uint64(f.w.Size()) {
			return bad(b, "chunks")
		}
		n -= per
		if err := each(int64(off), per); err != nil {
			return err
		}
	}
	if n != 0 || len(runs) > 0 {
		return bad(b, "samples are missing")
	}
	return f.done(b, places)
}

// run is chunks of so many samples, from the chunk first on.
type run struct {
	first   uint64
	samples int
}

// runs reads stsc.
func (f *file) runs(t *track) ([]run, error) {
	b := t.at["stsc"]
	_, _, c, err := f.full(b)
	if err != nil {
		return nil, err
	}
	n := c.uint(4)
	if n > maxSamples {
		return nil, fmt.Errorf("heif: %d runs of chunks: %w", n, meta.ErrLimit)
	}
	out := make([]run, n)
	for i := range out {
		out[i] = run{c.uint(4), int(c.uint(4))}
		c.uint(4)
		if i == 0 && out[i].first != 1 || i > 0 && out[i].first <= out[i-1].first {
			return nil, bad(b, "runs")
		}
	}
	return out, f.done(b, c)
}
