package heif

import (
	"bytes"

	"tabir/scrub/internal/box"
	"tabir/scrub/meta"
)

// sequence describes what of an animation is dropped.
func (d *describer) sequence() error {
	s := d.c.sequence
	if s == nil {
		return nil
	}
	for _, b := range s.lost {
		if err := d.box(b); err != nil {
			return err
		}
	}
	for _, t := range s.gone {
		d.add(t.described())
	}
	for _, t := range append(s.tracks, s.gone...) {
		for _, b := range []box.Box{t.at["tkhd"], t.at["mdhd"]} {
			if err := d.times(b); err != nil {
				return err
			}
		}
		if err := d.handler(t.at["hdlr"]); err != nil {
			return err
		}
	}
	for _, t := range s.tracks {
		if err := d.entryName(t.at["stsd"]); err != nil {
			return err
		}
	}
	return d.times(s.head)
}

// described says what a dropped track is.
func (t *track) described() meta.Finding {
	f := meta.Finding{Kind: meta.Picture, Label: meta.LabelSecondPicture, Where: "track " + meta.Show(t.handler), Size: t.box.Size}
	switch {
	case t.handler == "soun":
		f.Kind, f.Label = meta.Media, meta.LabelSound
	case t.links["thmb"] != nil:
		f.Label = meta.LabelThumbnail
	case t.handler == "vide":
		f.Kind, f.Label = meta.Media, meta.LabelVideo
	case t.handler != "pict" && t.handler != "auxv":
		f.Kind, f.Label = meta.Media, meta.LabelTimedData
	}
	return f
}

// times describes the times of creation and change that mvhd, tkhd and mdhd begin with.
func (d *describer) times(b box.Box) error {
	v, _, c, err := d.f.full(b)
	if err != nil {
		return err
	}
	if len(bytes.Trim(c.take(8<<(v&1)), "\x00")) > 0 {
		d.add(meta.Finding{Kind: meta.Date, Label: meta.LabelDateOther, Where: b.Type + " box"})
	}
	return nil
}

// handler describes the name of a handler.
func (d *describer) handler(b box.Box) error {
	if b.Size == 0 {
		return nil
	}
	raw, err := d.f.w.Bytes(b.Data(), min(b.Len(), 1024))
	if err != nil {
		return err
	}
	if name := bytes.Trim(raw[min(24, len(raw)):], "\x00"); len(name) > 0 {
		d.add(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "handler name", Value: meta.Show(string(name)), Needles: [][]byte{name}})
	} else {
		d.f.m.surplus += max(b.Len()-25, 0)
	}
	return nil
}

// entryName describes the name of the compressor in a sample entry.
func (d *describer) entryName(b box.Box) error {
	const at = 8 + 8 + 42
	raw, err := d.f.w.Bytes(b.Data(), min(b.Len(), at+32))
	if err != nil || len(raw) < at+32 {
		return err
	}
	if name := bytes.Trim(raw[at:], "\x00"); len(name) > 0 {
		d.add(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "compressor name", Value: meta.Show(string(name)), Needles: [][]byte{name}})
	}
	return nil
}
