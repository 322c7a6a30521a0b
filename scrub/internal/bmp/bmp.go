// Package bmp plans the cleaning of Windows and OS/2 bitmaps ([MS-WMF] 2.2.2;
// the headers of wingdi.h): headers in exact form, palette, pixels, and a colour
// profile written anew follow each other without gaps; all else is dropped.
package bmp

import (
	"bytes"
	"fmt"

	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// Format is BMP.
var Format = plan.Format{
	Name:   "bmp",
	Exts:   []string{".bmp", ".dib"},
	Sniff:  sniff,
	Parse:  parse,
	Canvas: openCanvas,
}

func sniff(h []byte) bool {
	return len(h) >= 18 && string(h[:2]) == "BM" && le.Uint32(h[14:]) >= coreHeader && le.Uint32(h[14:]) <= 256
}

func parse(w *rd.Window, _ meta.Policy) (*plan.Plan, error) {
	p, err := read(w)
	if err != nil {
		return nil, err
	}
	return p.out, nil
}

// picture is a bitmap on its way.
type picture struct {
	w   *rd.Window
	out *plan.Plan
	h   *header

	masks   []byte    // that stand behind the header
	palette []byte    // in exact form
	pixels  plan.Span // in the source
	size    int64     // of the pixels in the clean file
	profile plan.Span // in the source, embedded or linked
	icc     []byte    // of the clean file

	hidden int64 // bytes in the padding of pixels and palette
}

func read(w *rd.Window) (*picture, error) {
	head, err := w.Bytes(0, fileHeader+4)
	if err != nil {
		return nil, fmt.Errorf("bmp: header: %w", err)
	}
	if !sniff(head) {
		return nil, bad("no header")
	}
	b, err := w.Bytes(fileHeader, int64(le.Uint32(head[14:])))
	if err != nil {
		return nil, fmt.Errorf("bmp: header: %w", err)
	}
	h, err := parseHeader(b)
	if err != nil {
		return nil, err
	}
	p := &picture{w: w, out: plan.New(w.Size()), h: h}
	at := fileHeader + h.size()
	if p.masks, err = w.Bytes(at, h.behind()); err != nil {
		return nil, fmt.Errorf("bmp: masks: %w", err)
	}
	if err := h.setMasks(p.masks); err != nil {
		return nil, err
	}
	h.colourSpace()
	at += h.behind()
	p.pixels.Off = int64(le.Uint32(head[10:]))
	if err := p.colours(at); err != nil {
		return nil, err
	}
	at += int64(len(p.palette))

	if le.Uint32(head[6:]) != 0 {
		p.out.Found(meta.Removed, meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "reserved fields", Size: 4})
	}
	// The headers are written when it is known what follows them.
	p.out.Replace(0, at, nil)
	if err := p.findProfile(at); err != nil {
		return nil, err
	}
	p.dropTo(at, p.pixels.Off)
	if err := p.rows(); err != nil {
		return nil, err
	}
	if err := p.rewriteProfile(); err != nil {
		return nil, err
	}
	if err := p.tail(); err != nil {
		return nil, err
	}
	p.say()
	p.out.Pieces[0].Lit, err = p.headers()
	return p, err
}

// colours reads the palette at off, and finds where pixels begin that do not say it.
func (p *picture) colours(off int64) error {
	h := p.h
	if p.pixels.Off != 0 && p.pixels.Off < off {
		return bad("pixels at %d, in the headers", p.pixels.Off)
	}
	n, told := int64(0), int64(0)
	if h.indexed() {
		most := int64(1) << h.bits
		if n = h.colours; n == 0 || n > most {
			n = most
		}
		told = n
		if room := p.pixels.Off - off; p.pixels.Off != 0 && room < n*h.entry() {
			// Some viewers cut the palette where pixels begin; others read on into them.
			if n = room / h.entry(); room%h.entry() > 0 || h.colours > most {
				told = n
			}
		}
		if n == 0 {
			return bad("no palette")
		}
	}
	if h.size() >= infoHeader && h.colours != told && (h.colours != 0 || told != 1<<h.bits) {
		h.spare += 4
		le.PutUint32(h.b[32:], uint32(told))
	}
	var err error
	if p.palette, err = p.w.Bytes(off, n*h.entry()); err != nil {
		return fmt.Errorf("bmp: palette: %w", err)
	}
	for i := 3; i < len(p.palette) && h.entry() == 4; i += 4 {
		if p.palette[i] != 0 {
			p.hidden++
			p.palette[i] = 0
		}
	}
	if p.pixels.Off == 0 {
		p.pixels.Off = off + int64(len(p.palette))
	}
	return nil
}

// headers are all that stands before the pixels of the clean file.
func (p *picture) headers() ([]byte, error) {
	at := fileHeader + p.h.size() + int64(len(p.masks)+len(p.palette))
	if p.h.size() == v5Header && p.icc != nil {
		le.PutUint32(p.h.b[112:], uint32(at+p.size-fileHeader))
		le.PutUint32(p.h.b[116:], uint32(len(p.icc)))
	}
	size := at + p.size + int64(len(p.icc))
	if size > 1<<32-1 {
		return nil, fmt.Errorf("bmp: %d bytes: %w", size, meta.ErrLimit)
	}
	if p.h.size() >= infoHeader {
		// Of pixels that are not compressed nobody needs to know the size.
		if n := le.Uint32(p.h.b[20:]); int64(n) != p.size && (n != 0 || p.h.rle()) {
			le.PutUint32(p.h.b[20:], uint32(p.size))
		}
	}
	b := le.AppendUint32([]byte("BM"), uint32(size))
	b = le.AppendUint32(le.AppendUint32(b, 0), uint32(at))
	return bytes.Join([][]byte{b, p.h.b, p.masks, p.palette}, nil), nil
}

// findProfile finds the profile that the header speaks of. One that does not lie
// where nothing else is, is none.
func (p *picture) findProfile(at int64) error {
	h := p.h
	if h.space != linked && h.space != embedded {
		return nil
	}
	s := plan.Span{Off: fileHeader + int64(le.Uint32(h.b[112:])), Len: int64(le.Uint32(h.b[116:]))}
	if s.Len > 0 && s.Off >= at && s.End() <= p.w.Size() {
		p.profile = s
	}
	return nil
}

// rewriteProfile says what the profile tells, and makes the one of the clean file.
func (p *picture) rewriteProfile() error {
	h := p.h
	if h.space != linked && h.space != embedded {
		return nil
	}
	if s := p.profile; s.Len > 0 && s.Off < p.pixels.End() && s.End() > p.pixels.Off {
		return bad("a colour profile in the pixels")
	}
	gone := meta.Finding{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "colour profile", Value: "broken", Size: p.profile.Len}
	if h.space == linked {
		gone.Kind, gone.Label, gone.Value, gone.Where = meta.FileName, meta.LabelFilePath, "", "linked colour profile"
	}
	b, err := p.w.Bytes(p.profile.Off, min(p.profile.Len, p.w.Limits().Block))
	if err != nil {
		return err
	}
	if h.space == linked {
		path := bytes.TrimRight(b[:min(len(b), 1024)], "\x00")
		gone.Value, gone.Needles = meta.Show(string(path)), [][]byte{path}
	} else if icc.Space(b) == "RGB " {
		if out, fs, err := icc.Rewrite(b); err == nil {
			p.icc = out
			p.out.Findings = append(p.out.Findings, icc.Settle(fs, bytes.Equal(out, b))...)
			return nil
		}
	}
	p.out.Found(meta.Removed, gone)
	h.setSpace(sRGB)
	clear(h.b[112:120])
	return nil
}

// dropTo drops what lies between the parts, from at to end.
func (p *picture) dropTo(at, end int64) {
	if s := p.profile; s.Len > 0 && s.Off < end && s.End() > at {
		p.gap(at, min(max(s.Off, at), end))
		p.gap(min(s.End(), end), end)
	} else {
		p.gap(at, end)
	}
	p.out.Drop(at, end-at)
}

// gap says that there is something between at and end.
func (p *picture) gap(at, end int64) {
	if at >= end {
		return
	}
	b, _ := p.w.Bytes(at, min(end-at, 1<<16))
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "between the parts of the file", Size: end - at, Needles: meta.Texts(b)}
	p.out.Found(meta.Removed, f)
}

// tail ends the plan behind the pixels.
func (p *picture) tail() error {
	at, size := p.pixels.End(), p.w.Size()
	p.out.Insert(p.icc)
	end := at
	if s := p.profile; s.Len > 0 && s.Off >= at {
		end = s.End()
		p.dropTo(at, end)
	}
	p.out.Found(meta.Removed, trailer.Describe(p.w, end, size-end)...)
	p.out.Drop(end, size-end)
	return p.w.Err()
}

// say reports what was found all over.
func (p *picture) say() {
	for _, f := range []meta.Finding{
		{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "padding", Size: p.hidden},
		{Kind: meta.Settings, Label: meta.LabelSurplus, Where: "unused fields of the header", Size: p.h.spare},
	} {
		if f.Size > 0 {
			p.out.Found(meta.Removed, f)
		}
	}
	if p.h.density {
		p.out.Found(meta.Removed, meta.Finding{Kind: meta.Settings, Label: meta.LabelSettings, Where: "resolution in the header"})
	}
}
