package png

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// cover paints over regions of the upright picture, in an animation over those
// of every composed frame, and returns a new file that is clean: of the stored part
// that the picture is cut to, if that is not empty. What is shown outside the
// regions stays as it is; palette, filters, compression and the rectangles of frames
// are made anew from the result.
func cover(w *rd.Window, pol meta.Policy, part image.Rectangle, regions []paint.Region, style paint.Style) ([]byte, error) {
	p, _, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	if err := p.readPalette(); err != nil {
		return nil, err
	}
	width, height := int(p.header.width), int(p.header.height)
	if int64(width)*int64(height) > maxCovered {
		return nil, fmt.Errorf("png: covering areas of %d by %d pixels: %w", width, height, meta.ErrLimit)
	}
	stored := make([]paint.Region, len(regions))
	for i, g := range regions {
		stored[i] = g.Stored(p.looks.Orientation, width, height)
	}
	c, missed := paint.NewCover(stored, style, width, height)
	if missed >= 0 {
		g := regions[missed]
		return nil, fmt.Errorf("png: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, width, height, meta.ErrNoArea)
	}
	p.ancillary["cLLI"] = nil // the light levels of what was covered
	if p.anim.frames > 0 {
		return p.coverFrames(c)
	}
	r, err := p.decode(p.data, width, height)
	if err != nil {
		return nil, err
	}
	if !part.Empty() { // before anything is painted: what is cut off is an input to nothing
		c, r = c.Cut(part), r.Cut(part)
		width, height = r.W, r.H
		p.header.width, p.header.height = uint32(width), uint32(height)
	}
	if err := p.paint(c, r); err != nil {
		return nil, err
	}
	out, err := p.write(r, c)
	if err != nil {
		return nil, err
	}
	again, err := reread(w, out)
	if err != nil {
		return nil, err
	}
	m, err := again.decode(again.data, width, height)
	if err != nil {
		return nil, fmt.Errorf("png: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	if !bytes.Equal(m.Pix, r.Pix) {
		return nil, fmt.Errorf("png: the covered picture is not what was painted: %w", meta.ErrUnverified)
	}
	return out, nil
}

// reread parses a file that was just made.
func reread(w *rd.Window, out []byte) (*picture, error) {
	p, _, err := read(rd.New(w.Context(), rd.Held(out), int64(len(out)), w.Limits()), meta.Policy{})
	if err == nil {
		err = p.readPalette()
	}
	if err != nil {
		return nil, fmt.Errorf("png: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	return p, nil
}

// paint covers r. The transparent colour of tRNS would make a hole.
func (p *picture) paint(cover *paint.Cover, r *paint.Raster) error {
	before := r.Clone()
	cover.Paint(r)
	if key := p.key(r); key != nil {
		for i, covered := range cover.Pixels {
			if at := i * len(key); covered && bytes.Equal(r.Pix[at:at+len(key)], key) {
				r.Pix[at] ^= 1
			}
		}
	}
	if !cover.SameOutside(before, r) {
		return fmt.Errorf("png: covering changed what is outside: %w", meta.ErrInternal)
	}
	return nil
}

// write codes a still picture anew. Its colour type stays; samples have 8 bits or 16.
func (p *picture) write(r *paint.Raster, cover *paint.Cover) ([]byte, error) {
	pix, stride, bpp := r.Pix, r.W*r.Pixel(), r.Pixel()
	var plte []byte
	switch {
	case p.header.colour == 3:
		plte, pix = p.recolour(r, cover)
		stride, bpp = r.W, 1
	case p.header.depth < 8:
		for _, typ := range []string{"tRNS", "bKGD"} {
			if b := p.ancillary[typ]; b != nil {
				p.ancillary[typ] = []byte{0, p.widen(binary.BigEndian.Uint16(b))}
			}
		}
	}
	p.header.depth = max(p.header.depth, 8)
	packed, err := deflate(pix, stride, bpp)
	if err != nil {
		return nil, err
	}
	return append(append(p.front(plte), makeChunk("IDAT", packed)...), makeChunk("IEND", nil)...), nil
}

// front is all that stands before the picture data.
func (p *picture) front(plte []byte) []byte {
	p.finish()
	h := p.header
	head := binary.BigEndian.AppendUint32(nil, h.width)
	head = append(binary.BigEndian.AppendUint32(head, h.height), h.depth, h.colour, 0, 0, 0)
	out := append([]byte(signature), makeChunk("IHDR", head)...)
	out = append(out, p.out.Pieces[p.beforePLTE].Lit...)
	if plte != nil {
		out = append(out, makeChunk("PLTE", plte)...)
	}
	return append(out, p.out.Pieces[p.beforeIDAT].Lit...)
}

// recolour makes a palette of what is shown, and indices into it of 8 bits. tRNS
// is as long as the palette has colours that are not opaque, and stands for
// nothing else. It leaves in r what has become of it.
func (p *picture) recolour(r *paint.Raster, cover *paint.Cover) (plte, pix []byte) {
	outside, inside := map[paint.Colour]bool{}, map[paint.Colour]int{}
	for i, covered := range cover.Pixels {
		if c := paint.Colour(r.Pix[4*i : 4*i+4]); covered {
			inside[c]++
		} else {
			outside[c] = true
		}
	}
	palette := paint.NewPalette(outside, inside, 256) // there is room for what a palette had
	var trns []byte
	for _, c := range palette.Colours {
		plte = append(plte, c[:3]...)
		if c[3] < 255 {
			trns = append(trns, c[3])
		}
	}
	p.ancillary["tRNS"] = trns
	if b := p.ancillary["bKGD"]; b != nil {
		p.ancillary["bKGD"] = nil
		if c := p.entries[b[0]]; outside[c] {
			p.ancillary["bKGD"] = []byte{byte(palette.Index(c))}
		}
	}
	pix = make([]byte, r.W*r.H)
	for i := range pix {
		v := palette.Index(paint.Colour(r.Pix[4*i : 4*i+4]))
		pix[i] = byte(v)
		copy(r.Pix[4*i:], palette.Colours[v][:])
	}
	return plte, pix
}
