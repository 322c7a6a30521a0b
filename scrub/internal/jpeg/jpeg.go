// Package jpeg plans the cleaning of JPEG pictures (ITU-T T.81, JFIF 1.02) at
// the level of marker segments: what decoding needs is kept, the few segments
// that colour and orientation need are written anew, all else is dropped. The
// compressed picture data is copied as it is.
package jpeg

import (
	"errors"
	"fmt"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Format is JPEG in all codings but hierarchical and JPEG-LS.
var Format = plan.Format{
	Name:   "jpeg",
	Exts:   []string{".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"},
	Sniff:  func(h []byte) bool { return len(h) >= 2 && h[0] == 0xff && h[1] == mSOI },
	Parse:  parse,
	Canvas: openCanvas,
}

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	p, end, open, err := open(w, pol)
	if err != nil {
		return nil, err
	}
	out, d, err := p.plan(end, open, nil)
	if err != nil {
		return nil, err
	}
	if err := p.behind(out, end, pol); err != nil {
		return nil, err
	}
	return out, d.finish(out)
}

// open reads all but the picture data and finds where the picture ends; noEOI
// says that there is no EOI.
func open(w *rd.Window, pol meta.Policy) (_ *picture, end int64, noEOI bool, err error) {
	if ok, err := w.Equal(0, []byte{0xff, mSOI}); err != nil {
		return nil, 0, false, err
	} else if !ok {
		return nil, 0, false, fmt.Errorf("jpeg: no start of image: %w", meta.ErrMalformed)
	}
	segs, end, err := walk(w)
	noEOI = errors.Is(err, errNoEnd)
	if err != nil && !noEOI {
		return nil, 0, false, err
	}
	p := &picture{w: w, segs: segs, tables: newTableSet(), exact: map[int][]byte{}}
	if err := p.read(pol.Keep, noEOI); err != nil {
		return nil, 0, false, err
	}
	if noEOI {
		// Only decoding tells where the picture ends.
		if end, err = p.findEnd(); err != nil {
			return nil, 0, false, err
		}
	} else if cut, err := p.excess(); err != nil {
		return nil, 0, false, err
	} else if cut > 0 {
		end, noEOI = cut, true // what follows is not the picture, and the EOI stands behind that
	}
	return p, end, noEOI, nil
}

// picture is a parsed file.
type picture struct {
	w       *rd.Window
	segs    []segment
	frame   *frame
	frameAt int
	used    int64 // bytes of the frame header's payload
	scans   []placedScan
	tables  *tableSet
	sent    sent
	exact   map[int][]byte // payloads of SOS and DNL segments in exact form
	header  header
}

// read goes through the segments in order and learns the frame, the scans and
// the tables that they use.
func (p *picture) read(keep meta.Keep, open bool) error {
	for i, s := range p.segs {
		switch s.marker {
		case 0, mSOI, mEOI, mCOM:
		case mDQT, mDHT, mDAC, mDRI:
			if err := p.tables.define(p.w, i, s); err != nil {
				return err
			}
		case mSOS:
			if err := p.scan(i, s); err != nil {
				return err
			}
		case mDNL:
			if err := p.numberOfLines(i, s); err != nil {
				return err
			}
		default:
			if k, ok := frameKinds[s.marker]; ok {
				if k.refuse != "" {
					return fmt.Errorf("jpeg: %s coding (marker %02X at %d): %w", k.refuse, s.marker, s.off, meta.ErrUnsupported)
				}
				if p.frame != nil {
					return fmt.Errorf("jpeg: second frame header at %d: %w", s.off, meta.ErrMalformed)
				}
				f, used, err := parseFrame(p.w, s)
				if err != nil {
					return err
				}
				p.frame, p.frameAt, p.used = &f, i, used
			} else if len(p.scans) == 0 && s.marker >= mAPP0 && s.marker <= mAPP0+15 {
				if err := p.header.take(p.w, s, keep); err != nil {
					return err
				}
			}
		}
	}
	if p.frame == nil || len(p.scans) == 0 {
		if open {
			return fmt.Errorf("jpeg: file ends at %d, before the picture data: %w", p.w.Size(), meta.Truncated)
		}
		return fmt.Errorf("jpeg: no picture data: %w", meta.ErrMalformed)
	}
	return nil
}

func (p *picture) scan(i int, s segment) error {
	sc, exact, err := parseScan(p.w, s, p.frame)
	if err != nil {
		return err
	}
	if err := p.sent.take(p.frame, &sc); err != nil {
		return fmt.Errorf("jpeg: scan at %d: %w", s.off, err)
	}
	p.exact[i] = exact
	p.scans = append(p.scans, placedScan{seg: i, coded: p.tables.read(p.frame, &sc)})
	return nil
}

// numberOfLines reads a DNL segment, which may follow the first scan of a frame
// that does not say its height (T.81, B.2.5).
func (p *picture) numberOfLines(i int, s segment) error {
	b, err := p.w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return err
	}
	if len(b) < 2 {
		return fmt.Errorf("jpeg: number of lines at %d: %w", s.off, meta.ErrMalformed)
	}
	if p.frame != nil && p.frame.height == 0 && len(p.scans) == 1 && len(p.exact) == 1 {
		p.exact[i] = b[:2]
	}
	return nil
}

// oursAt is the place of our own segments among the pieces: behind SOI.
const oursAt = 1

// plan lists the pieces of the clean file up to the end of the picture, and hands
// what is dropped to a describer. more are segments for behind our own.
func (p *picture) plan(end int64, open bool, more []byte) (*plan.Plan, *describer, error) {
	if p.frame.height == 0 && len(p.exact) == len(p.scans) {
		return nil, nil, fmt.Errorf("jpeg: no height: %w", meta.ErrMalformed)
	}
	out := plan.New(p.w.Size())
	after := append(p.header.rewriteICC(len(p.frame.comps)), p.header.keptFindings()...)
	d := newDescriber(p.w, len(p.header.icc), after)
	for i, s := range p.segs {
		switch payload, isTable := p.exact[i], p.tables.segs[i] != nil; {
		case s.off >= end:
			// behind the last MCU of a picture without an end
		case s.marker == mSOI:
			out.Keep(s.off, 2)
			out.Insert(append(p.header.write(len(p.frame.comps)), more...))
		case s.marker == mEOI:
			out.Keep(s.off, 2)
		case i == p.frameAt:
			p.exactly(out, d, s, []plan.Span{{Off: s.data, Len: p.used}})
		case isTable:
			p.exactly(out, d, s, used(p.tables.segs[i]))
		case s.marker == mSOS:
			p.rewrite(out, d, s, payload)
			out.Picture(s.end(), min(s.end()+s.scan, end)-s.end())
		case payload != nil:
			p.rewrite(out, d, s, payload)
		case s.marker == 0, s.marker == mDQT, s.marker == mDHT, s.marker == mDAC, s.marker == mDRI, s.marker == mDNL:
			d.surplus += s.n
			out.Drop(s.off, s.n)
		default:
			d.dropped = append(d.dropped, s)
			out.Drop(s.off, s.n)
		}
	}
	if open {
		out.Insert([]byte{0xff, mEOI})
	}
	return out, d, nil
}

// used are the ranges of the tables that scans read.
func used(ts []*table) (spans []plan.Span) {
	for _, t := range ts {
		if t.used {
			spans = append(spans, plan.Span{Off: t.off, Len: t.n})
		}
	}
	return spans
}

// exactly keeps the given ranges of a segment's payload and nothing else of it.
func (p *picture) exactly(out *plan.Plan, d *describer, s segment, spans []plan.Span) {
	n := int64(0)
	for _, k := range spans {
		n += k.Len
	}
	if n == 0 || n == s.end()-s.data {
		if n == 0 {
			d.surplus += s.n
			out.Drop(s.off, s.n)
		} else {
			out.Keep(s.off, s.n)
		}
		return
	}
	d.surplus += s.end() - s.data - n
	out.Replace(s.off, 4, []byte{0xff, s.marker, byte((n + 2) >> 8), byte(n + 2)})
	at := s.data
	for _, k := range spans {
		out.Drop(at, k.Off-at)
		out.Keep(k.Off, k.Len)
		at = k.End()
	}
	out.Drop(at, s.end()-at)
}

// rewrite puts payload in place of the segment's own.
func (p *picture) rewrite(out *plan.Plan, d *describer, s segment, payload []byte) {
	lit := append([]byte{0xff, s.marker, 0, byte(len(payload) + 2)}, payload...)
	if same, err := p.w.Equal(s.off, lit); err == nil && same {
		out.Keep(s.off, s.n)
		return
	}
	d.surplus += max(s.n-int64(len(lit)), 1)
	out.Replace(s.off, s.n, lit)
}
