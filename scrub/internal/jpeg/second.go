package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"tabir/scrub/internal/hdr"
	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// gain is what the header says of the HDR look: of a picture that it has a gain
// map, of a gain map how it is applied.
type gain struct {
	marked bool    // by XMP, or by an ISO 21496-1 block that holds a version only
	lists  []int64 // where further pictures begin, by the MPF lists
	values hdr.Values
	inXMP  bool   // values are there
	block  []byte // of ISO 21496-1, in exact form
}

// maxListed bounds the listed pictures that are looked at.
const maxListed = 16

// isMap reports whether the picture is a gain map.
func (g *gain) isMap() bool { return g.inXMP || g.block != nil }

// take remembers what a segment says.
func (g *gain) take(w *rd.Window, s segment, head []byte) error {
	isXMP := s.marker == mAPP0+1 && bytes.HasPrefix(head, []byte(idXMP)[:len(head)])
	isBlock := s.marker == mAPP0+2 && bytes.HasPrefix(head, []byte(hdr.BlockID)[:len(head)])
	isList := s.marker == mAPP0+2 && bytes.HasPrefix(head, []byte(hdr.ListID))
	if !isXMP && !isBlock && !isList {
		return nil
	}
	b, err := w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return err
	}
	switch {
	case isXMP && bytes.HasPrefix(b, []byte(idXMP)):
		packet := b[len(idXMP):]
		g.marked = g.marked || hdr.Marked(packet)
		if v, ok := hdr.Read(packet); ok && !g.inXMP {
			g.values, g.inXMP = v, true
		}
	case isBlock && bytes.HasPrefix(b, []byte(hdr.BlockID)):
		g.marked = true
		if g.block == nil {
			g.block = hdr.Block(b[len(hdr.BlockID):])
		}
	case isList:
		for _, at := range hdr.Offsets(b[len(hdr.ListID):]) {
			if len(g.lists) < maxListed {
				g.lists = append(g.lists, s.data+int64(len(hdr.ListID))+int64(at))
			}
		}
	}
	return nil
}

// write makes the segments of a gain map.
func (g *gain) write() (out []byte) {
	if g.inXMP {
		out = segmentOf(out, mAPP0+1, []byte(idXMP), g.values.XMP())
	}
	if g.block != nil {
		out = segmentOf(out, mAPP0+2, []byte(hdr.BlockID), g.block)
	}
	return out
}

// segmentOf appends a marker segment of the parts to out.
func segmentOf(out []byte, marker byte, parts ...[]byte) []byte {
	b := slices.Concat(parts...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(b)))
	return append(out, b...)
}

// gainMap is the gain map behind a picture.
type gainMap struct {
	at, n  int64 // in the source
	header *gain
	plan   *plan.Plan
	size   int64 // of the clean one, in bytes
}

// findGainMap looks for the gain map of a picture that ends at end: where a list
// says that a picture is, or right behind it. A gain map that could not be
// cleaned is none.
func (p *picture) findGainMap(end int64) *gainMap {
	if !p.header.gain.marked {
		return nil
	}
	for _, at := range append(slices.Clone(p.header.gain.lists), end) {
		if at < end || at >= p.w.Size() {
			continue
		}
		if m, err := p.openGainMap(at); err == nil {
			return m
		}
	}
	return nil
}

func (p *picture) openGainMap(at int64) (*gainMap, error) {
	w, err := p.w.Sub(at, p.w.Size()-at)
	if err != nil {
		return nil, err
	}
	q, n, noEOI, err := open(w, meta.Policy{})
	if err != nil {
		return nil, err
	}
	if noEOI || !q.header.gain.isMap() {
		return nil, fmt.Errorf("jpeg: no gain map at %d: %w", at, meta.ErrUnsupported)
	}
	if q.w, err = p.w.Sub(at, n); err != nil {
		return nil, err
	}
	m := &gainMap{at: at, n: n, header: &q.header.gain}
	var d *describer
	if m.plan, d, err = q.plan(n, false, q.header.gain.write()); err != nil {
		return nil, err
	}
	if err := d.finish(m.plan); err != nil {
		return nil, err
	}
	s, err := m.plan.Seal(w.Limits().Pieces)
	if err != nil {
		return nil, err
	}
	m.size = s.Size
	return m, nil
}

// behind takes what lies behind a picture that ends at end: the gain map and the
// video of a motion photo, if they are to be kept, and else nothing.
func (p *picture) behind(out *plan.Plan, end int64, pol meta.Policy) error {
	keep := pol.Keep
	if p.w.Size() > math.MaxUint32 { // the numbers of a list have four bytes
		keep &^= meta.KeepHDR | meta.KeepMotion
	}
	m, v := p.findGainMap(end), (*mp4.Inner)(nil)
	if keep.Has(meta.KeepMotion) {
		from := end
		if m != nil {
			from = m.at + m.n
		}
		var err error
		if v, err = p.findVideo(from, pol.NoSound); err != nil {
			return err
		}
	}
	if kept := m != nil && keep.Has(meta.KeepHDR); kept || v != nil {
		ours := &out.Pieces[oursAt].Lit
		if kept {
			*ours = m.listed(*ours, out.Written(), v)
		} else {
			*ours = segmentOf(*ours, mAPP0+1, []byte(idXMP), listOf(nil, v).XMP())
		}
	}
	if m != nil {
		p.dropTail(out, end, m.at)
		p.nest(out, m.at, m.n, m.plan, keep.Has(meta.KeepHDR), meta.Finding{Kind: meta.Picture, Label: meta.LabelGainMap})
		end = m.at + m.n
	}
	if v != nil {
		p.dropTail(out, end, v.At)
		p.nest(out, v.At, p.w.Size()-v.At, v.Plan, true, meta.Finding{Kind: meta.Media, Label: meta.LabelVideo})
		return nil
	}
	p.dropTail(out, end, p.w.Size())
	return nil
}

// nest keeps or drops the n bytes at off, of which inner is the plan, and says so
// in a finding.
func (p *picture) nest(out *plan.Plan, off, n int64, inner *plan.Plan, keep bool, found meta.Finding) {
	found.Where, found.Size, found.Fate = behindEnd, n, meta.Removed
	if keep {
		found.Fate = meta.Kept
		out.Nest(off, inner)
	} else {
		out.Drop(off, n)
	}
	out.Findings = append(append(out.Findings, found), inner.Inside(keep)...)
}

const behindEnd = "behind the end of the picture"

func (p *picture) dropTail(out *plan.Plan, from, to int64) {
	if to > from {
		out.Found(meta.Removed, trailer.Describe(p.w, from, to-from)...)
		out.Drop(from, to-from)
	}
}

// listed appends the segments that tell viewers of the gain map, and of a video
// behind it if there is one, to our own, which stand right behind SOI. written is
// the size of the picture without them.
func (m *gainMap) listed(ours []byte, written int64, v *mp4.Inner) []byte {
	const list = 4 + int64(len(hdr.ListID)) // bytes of the last segment before what offsets count from
	before := int64(len(ours))
	ours = segmentOf(ours, mAPP0+1, []byte(idXMP), listOf(m, v).XMP())
	if m.header.block != nil {
		ours = segmentOf(ours, mAPP0+2, []byte(hdr.BlockID), hdr.Version)
	}
	from := 2 + int64(len(ours)) + list
	picture := written + int64(len(ours)) - before + list + hdr.ListSize
	return segmentOf(ours, mAPP0+2, []byte(hdr.ListID), hdr.List(uint32(picture), uint32(m.size), uint32(picture-from)))
}

// listOf is the list of what follows the picture: a gain map, a video, or both.
func listOf(m *gainMap, v *mp4.Inner) hdr.Directory {
	d := hdr.Directory{Primary: "image/jpeg"}
	if m != nil {
		d.GainMap, d.InXMP = m.size, m.header.inXMP
	}
	if v != nil {
		d.Video, d.VideoMime = v.Size, v.Mime
	}
	return d
}
