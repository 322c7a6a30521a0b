// Package png plans the cleaning of PNG and APNG pictures (PNG specification,
// third edition) at the level of chunks: what showing the picture needs is
// kept or written anew in exact form and one order, all else is dropped. The
// compressed picture data is copied as it is.
package png

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// Format is PNG with its animations.
var Format = plan.Format{
	Name:   "png",
	Exts:   []string{".png", ".apng"},
	Sniff:  func(h []byte) bool { return strings.HasPrefix(string(h), signature) },
	Parse:  parse,
	Skims:  true,
	Canvas: openCanvas,
}

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	p, end, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	p.out.Findings = append(p.out.Findings, p.say()...)
	if tail := w.Size() - end; tail > 0 {
		p.out.Found(meta.Removed, trailer.Describe(w, end, tail)...)
		p.out.Drop(end, tail)
	}
	p.finish()
	return p.out, nil
}

// read goes through all chunks and returns where IEND ends. Of a picture whose
// animation is broken the still one is read.
func read(w *rd.Window, pol meta.Policy) (*picture, int64, error) {
	p, end, err := readAs(w, pol, false)
	if errors.Is(err, errAnimation) {
		p, end, err = readAs(w, pol, true)
	}
	return p, end, err
}

func readAs(w *rd.Window, pol meta.Policy, still bool) (*picture, int64, error) {
	sig := int64(len(signature))
	if ok, err := w.Equal(0, []byte(signature)); err != nil {
		return nil, 0, err
	} else if !ok {
		return nil, 0, fmt.Errorf("png: no signature: %w", meta.ErrMalformed)
	}
	p := &picture{w: w, keep: pol.Keep, still: still, out: plan.New(w.Size()), ancillary: map[string][]byte{}}
	p.out.Keep(0, sig)
	end, err := walk(w, p.chunk)
	if err != nil {
		return nil, 0, err
	}
	if err := p.anim.end(); err != nil {
		return nil, 0, err
	}
	if !p.idat {
		return nil, 0, fmt.Errorf("png: no picture data: %w", meta.ErrMalformed)
	}
	if err := p.excess(); err != nil {
		return nil, 0, err
	}
	return p, end, nil
}

// picture is the state of a walk.
type picture struct {
	w     *rd.Window
	keep  meta.Keep
	still bool // whatever belongs to an animation goes
	out   *plan.Plan

	header     *header
	interlaced bool
	data       []plan.Span // of the IDAT chunks
	parts      int         // data chunks so far
	palette    int         // entries
	plte       bool
	plteAt     int64             // where they are
	entries    []paint.Colour    // read to cover areas
	frames     []frame           // of the animation, as many as may be covered
	idat       bool              // picture data has begun
	after      bool              // and has ended
	ancillary  map[string][]byte // of allowed, in exact form
	profile    []byte            // data of iCCP
	hasICC     bool
	looks      exif.Looks
	choices    exif.Choices
	hasExif    bool
	anim       animation
	held       int64 // bytes of dropped chunks that were read to describe them
	further    int64 // bytes of those that are only counted

	beforePLTE, beforeIDAT int // where our chunks go: indices into out.Pieces
	placed                 bool
}

// chunk takes the next chunk.
func (p *picture) chunk(c chunk) error {
	if p.header == nil {
		if c.typ != "IHDR" || !c.good {
			return fmt.Errorf("png: first chunk is %s: %s: %w", c.typ, foreign(c.typ), meta.ErrUnsupported)
		}
		b, err := p.w.Bytes(c.data(), min(c.n, 14))
		if err != nil {
			return err
		}
		h, err := parseHeader(b)
		if err != nil {
			return err
		}
		p.header, p.interlaced = &h, b[12] != 0
		p.out.Keep(c.off, c.end()-c.off)
		p.mark(&p.beforePLTE)
		return nil
	}
	if p.idat && c.typ != "IDAT" {
		p.after = true
	}
	switch c.typ {
	case "IHDR":
		return fmt.Errorf("png: second header at %d: %w", c.off, meta.ErrMalformed)
	case "PLTE":
		return p.plteChunk(c)
	case "IDAT":
		if p.after {
			return fmt.Errorf("png: picture data at %d is in two parts: %w", c.off, meta.ErrMalformed)
		}
		if !p.idat && p.header.colour == 3 && !p.plte {
			return fmt.Errorf("png: no palette: %w", meta.ErrMalformed)
		}
		p.place()
		p.idat = true
		p.anim.data = p.anim.own
		p.out.Picture(c.off, c.end()-c.off)
		if p.parts++; p.parts <= maxParts+1 {
			p.data = append(p.data, plan.Span{Off: c.data(), Len: c.n})
			if p.anim.own {
				p.frames[0].data = p.data
			}
		}
		return nil
	case "IEND":
		if c.n > 0 {
			p.surplus(c, c.n)
			p.out.Replace(c.off, c.end()-c.off, makeChunk("IEND", nil))
			return nil
		}
		p.out.Keep(c.off, c.end()-c.off)
		return nil
	case "acTL", "fcTL", "fdAT":
		return p.animation(c)
	}
	if c.critical() {
		return fmt.Errorf("png: critical chunk %s at %d: %s: %w", c.typ, c.off, foreign(c.typ), meta.ErrUnsupported)
	}
	return p.ancillaryChunk(c)
}

// foreign names what a chunk that we do not know belongs to.
func foreign(typ string) string {
	if typ == "CgBI" {
		return "Apple-optimised PNG"
	}
	return "unknown"
}

// mark remembers this place in the output for chunks of ours.
func (p *picture) mark(at *int) {
	p.out.Insert(nil)
	*at = len(p.out.Pieces) - 1
}

// place marks where chunks between the palette and the picture data go.
func (p *picture) place() {
	if !p.placed {
		p.placed = true
		p.mark(&p.beforeIDAT)
	}
}

func (p *picture) plteChunk(c chunk) error {
	if p.idat || p.header.colour != 3 {
		p.drop(c, nil) // a suggestion that no viewer needs, or out of place
		return nil
	}
	if p.plte {
		return fmt.Errorf("png: second palette at %d: %w", c.off, meta.ErrMalformed)
	}
	if c.n == 0 || c.n > 768 || c.n%3 != 0 {
		return fmt.Errorf("png: palette of %d bytes at %d: %w", c.n, c.off, meta.ErrMalformed)
	}
	p.plte, p.plteAt = true, c.data()
	p.palette = min(int(c.n/3), 1<<p.header.depth)
	if most := int64(3 * p.palette); c.n > most { // libpng cuts it as well
		b, err := p.w.Bytes(c.data(), most)
		if err != nil {
			return err
		}
		p.surplus(c, c.n-most)
		p.out.Replace(c.off, c.end()-c.off, makeChunk("PLTE", b))
	} else {
		p.out.Keep(c.off, c.end()-c.off)
	}
	return nil
}

// ancillaryChunk remembers what a chunk says about the looks, and drops it: what
// stays of it is written anew.
func (p *picture) ancillaryChunk(c chunk) error {
	if c.n > p.w.Limits().Block {
		p.drop(c, nil)
		return nil
	}
	b, err := p.w.Bytes(c.data(), c.n)
	if err != nil {
		return err
	}
	where := beforePLTE
	switch {
	case p.idat:
		where = 0
	case p.plte:
		where = afterPLTE
	}
	if c.typ == "bKGD" && p.header.colour != 3 && where == beforePLTE {
		where = afterPLTE // there is no palette to stand behind
	}
	if c.typ == "tRNS" && p.header.colour != 3 && where == beforePLTE {
		where = afterPLTE
	}
	if c.good && where != 0 {
		for _, a := range allowed {
			if a.typ != c.typ || a.where&where == 0 || p.ancillary[c.typ] != nil {
				continue
			}
			if exact := a.exact(*p.header, p.palette, b); exact != nil {
				p.ancillary[c.typ] = exact
				if len(exact) < len(b) {
					p.surplus(c, int64(len(b)-len(exact)))
				}
				p.out.Drop(c.off, c.end()-c.off)
				return nil
			}
		}
		switch {
		case c.typ == "iCCP" && where == beforePLTE && !p.hasICC:
			p.hasICC = true
			var fs []meta.Finding
			p.profile, fs = rewriteProfile(*p.header, b)
			p.out.Findings = append(p.out.Findings, fs...)
			p.out.Drop(c.off, c.end()-c.off)
			return nil
		case c.typ == "eXIf" && !p.hasExif:
			p.hasExif, p.looks, p.choices = true, exif.ReadLooks(b), exif.ReadChoices(b, p.keep)
			if slices.Equal(b, p.exifBlock()) {
				p.out.Drop(c.off, c.end()-c.off)
				return nil // ours already
			}
		}
	}
	p.drop(c, b)
	return nil
}

// exifBlock is the canonical Exif block of the clean file, nil for none.
func (p *picture) exifBlock() []byte {
	l := p.looks
	l.XDensity, l.YDensity, l.DensityUnit = [2]uint32{}, [2]uint32{}, 0 // pHYs says it
	if p.profile != nil {
		l.AdobeRGB = false // the profile says it
	}
	return exif.Write(l, p.choices)
}

// finish puts our chunks in their places.
func (p *picture) finish() {
	var first, second []byte
	if p.anim.frames > 0 {
		first = append(first, makeChunk("acTL", p.anim.control)...)
	}
	for _, a := range allowed {
		if b := p.ancillary[a.typ]; b != nil {
			if a.where == afterPLTE {
				second = append(second, makeChunk(a.typ, b)...)
			} else {
				first = append(first, makeChunk(a.typ, b)...)
			}
		}
	}
	if p.profile != nil {
		first = append(first, makeChunk("iCCP", p.profile)...)
	}
	if b := p.exifBlock(); b != nil {
		first = append(first, makeChunk("eXIf", b)...)
	}
	p.out.Pieces[p.beforePLTE].Lit = first
	p.out.Pieces[p.beforeIDAT].Lit = second
}

// maxFindings bounds what dropped chunks can say.
const maxFindings = 4096

// drop leaves a chunk out and says what it held. b is its data, where it was read.
func (p *picture) drop(c chunk, b []byte) {
	p.out.Drop(c.off, c.end()-c.off)
	where := c.typ + " chunk"
	if k, ok := known[c.typ]; ok {
		where += ": " + k.name
		if n := len(p.out.Findings) - 1; n >= 0 && p.out.Findings[n].Where == where && k.label == meta.LabelHiddenFrames {
			p.out.Findings[n].Size += c.end() - c.off // one finding for a run of frames
			return
		}
	}
	if len(p.out.Findings) >= maxFindings {
		p.further += c.end() - c.off
		return
	}
	if p.held += int64(len(b)); p.held > 4*p.w.Limits().Block {
		b = nil // described by name only: a file of countless texts must not fill the memory
	}
	p.out.Found(meta.Removed, p.describe(c, b, where)...)
}

func (p *picture) describe(c chunk, b []byte, where string) []meta.Finding {
	switch {
	case b != nil && (c.typ == "tEXt" || c.typ == "zTXt" || c.typ == "iTXt"):
		return parseText(c.typ, b).describe(c.typ, c.n)
	case b != nil && c.typ == "eXIf":
		// Of the orientation say speaks.
		return slices.DeleteFunc(exif.Describe(b), func(f meta.Finding) bool { return f.Label == meta.LabelOrientation })
	case b != nil && c.typ == "caBX":
		return c2pa.Describe(b)
	}
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: where, Size: c.n}
	if k, ok := known[c.typ]; ok {
		f.Kind, f.Label = k.kind, k.label
	} else if b != nil {
		f.Needles = meta.Texts(b)
	}
	if c.typ == "tIME" && len(b) >= 7 {
		f.Value = fmt.Sprintf("%04d:%02d:%02d %02d:%02d:%02d UTC", binary.BigEndian.Uint16(b), b[2], b[3], b[4], b[5], b[6])
	}
	return []meta.Finding{f}
}

// surplus reports bytes of a kept chunk that mean nothing.
func (p *picture) surplus(c chunk, n int64) {
	if len(p.out.Findings) >= maxFindings {
		p.further += max(n, 1)
		return
	}
	p.out.Found(meta.Removed, meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: c.typ + " chunk", Size: n})
}

// say lists what stays and why, and what went without a word of its own.
func (p *picture) say() []meta.Finding {
	fs := p.choices.Findings("eXIf chunk of ours")
	if p.further > 0 {
		fs = append(fs, meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "further chunks", Size: p.further, Fate: meta.Removed})
	}
	if p.looks.Orientation > 1 {
		fs = append(fs, meta.Finding{Kind: meta.Settings, Label: meta.LabelOrientation, Where: "eXIf chunk of ours", Value: exif.Turned(p.looks.Orientation), Fate: meta.Stays})
	}
	if p.anim.frames > 0 && !p.anim.own {
		fs = append(fs, meta.Finding{Kind: meta.Picture, Label: meta.LabelSecondPicture, Where: "picture for viewers that play no animation", Fate: meta.Stays})
	}
	return fs
}
