package tiff

import (
	"cmp"
	"fmt"
	"slices"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// claim says what a range of the source is.
type claim struct {
	plan.Span
	of use
}

type use uint8

const (
	structure use = iota // the header, IFDs and their values
	named                // pictures that go, and that a finding speaks of
)

func (f *file) claim(off, n int64, of use) {
	if n > 0 {
		f.claims = append(f.claims, claim{plan.Span{Off: off, Len: n}, of})
	}
}

// picture is the ranges of the source that hold samples, in its order. Strips
// that share bytes are one range; where they were edited they must be equal.
func (f *file) picture(pages []*page) ([]part, error) {
	var all []part
	for _, p := range pages {
		all = append(all, p.parts...)
	}
	all = slices.DeleteFunc(all, func(q part) bool { return q.n == 0 })
	slices.SortFunc(all, func(a, b part) int { return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(b.n, a.n)) })
	all = slices.Compact(all)
	out := all[:0]
	for _, q := range all {
		if k := len(out) - 1; k >= 0 && q.off < out[k].off+out[k].n {
			if f.scans(q) != nil || f.scans(out[k]) != nil {
				return nil, fmt.Errorf("tiff: strips at %d and %d overlap: %w", out[k].off, q.off, meta.ErrMalformed)
			}
			out[k].n = max(out[k].n, q.off+q.n-out[k].off)
			continue
		}
		out = append(out, q)
	}
	return out, nil
}

// lay makes the pieces: the front of ours, then the samples in the order of the
// source. What nothing claims is returned, and whether the front is ours already.
func (f *file) lay(out *plan.Plan, pages []*page) (gaps []plan.Span, same bool, err error) {
	picture, err := f.picture(pages)
	if err != nil {
		return nil, false, err
	}
	lit, refs, err := f.front(pages)
	if err != nil {
		return nil, false, err
	}
	if same, err = f.w.Equal(0, lit); err != nil {
		return nil, false, err
	} else if same {
		f.claims = []claim{{plan.Span{Len: int64(len(lit))}, structure}} // ours, with its padding
	}
	if gaps, err = f.gaps(picture); err != nil {
		return nil, false, err
	}
	at := f.header()
	out.Replace(0, at, lit, refs...)
	for _, q := range picture {
		out.Drop(at, q.off-at)
		f.part(out, q)
		at = q.off + q.n
	}
	out.Drop(at, f.w.Size()-at)
	return gaps, same, nil
}

// scans is the entropy-coded data of a JPEG datastream, nil for other strips.
func (f *file) scans(q part) []plan.Span {
	if c := f.streams[q]; c != nil {
		return c.scans
	}
	return nil
}

// part copies a range of samples, with the edits of a JPEG datastream.
func (f *file) part(out *plan.Plan, q part) {
	scans := f.scans(q)
	if scans == nil {
		out.Picture(q.off, q.n)
		return
	}
	at := q.off
	keep := func(to int64) {
		for ; len(scans) > 0 && scans[0].Off < to; scans = scans[1:] {
			out.Keep(at, scans[0].Off-at)
			out.Picture(scans[0].Off, scans[0].Len)
			at = scans[0].End()
		}
		out.Keep(at, to-at)
	}
	for _, e := range f.streams[q].edits {
		keep(e.off)
		if at = e.off + e.n; e.lit != nil {
			out.Replace(e.off, e.n, e.lit)
		} else {
			out.Drop(e.off, e.n)
		}
	}
	keep(q.off + q.n)
}

// gaps are the ranges that neither the structure nor the picture takes. The two
// must not overlap: samples that are kept would hold what is to go.
func (f *file) gaps(picture []part) ([]plan.Span, error) {
	slices.SortFunc(f.claims, func(a, b claim) int { return cmp.Compare(a.Off, b.Off) })
	var gaps []plan.Span
	at, from := int64(0), int64(0) // behind everything so far, and behind the structure
	gap := func(off int64) {
		if off > at {
			gaps = append(gaps, plan.Span{Off: at, Len: off - at})
		}
	}
	claims := f.claims
	for len(claims) > 0 || len(picture) > 0 {
		if len(picture) == 0 || len(claims) > 0 && claims[0].Off < picture[0].off+picture[0].n {
			c := claims[0]
			claims = claims[1:]
			if c.of == structure {
				if len(picture) > 0 && c.End() > picture[0].off {
					return nil, fmt.Errorf("tiff: samples at %d lie in a tag: %w", picture[0].off, meta.ErrMalformed)
				}
				from = max(from, c.End())
			}
			gap(c.Off)
			at = max(at, c.End())
			continue
		}
		q := picture[0]
		picture = picture[1:]
		if q.off < from {
			return nil, fmt.Errorf("tiff: samples at %d lie in a tag: %w", q.off, meta.ErrMalformed)
		}
		gap(q.off)
		at = max(at, q.off+q.n)
	}
	gap(f.w.Size())
	return gaps, nil
}
