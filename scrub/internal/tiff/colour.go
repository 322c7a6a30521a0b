package tiff

import (
	"bytes"

	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// profile is a rewritten colour profile; pages often share one.
type profile struct {
	space string
	out   []byte // nil where it colours nothing
}

// spaces are the colours that a profile may be for, by what the samples mean.
var spaces = map[uint64]string{0: "GRAY", 1: "GRAY", photoRGB: "RGB ", photoPalette: "RGB ", photoCMYK: "CMYK", photoYCbCr: "RGB ", 8: "Lab ", 9: "Lab "}

// colour rewrites the colour profile. One that is broken, or for other colours,
// counts for no program that checks it, and goes.
func (p *page) colour(d *describer) error {
	v, ok := p.d.fields[tagICC]
	if !ok {
		return nil
	}
	p.used[tagICC] = true
	key := plan.Span{Off: v.at, Len: v.n}
	r := p.f.profiles[key]
	if r == nil {
		b, err := p.f.value(v)
		if err != nil {
			return err
		}
		r = &profile{space: icc.Space(b)}
		out, fs, err := icc.Rewrite(b)
		if err == nil {
			r.out = out
			for _, old := range p.f.profiles {
				if bytes.Equal(old.out, out) {
					r.out, out = old.out, nil // held once
					break
				}
			}
			if err := p.f.hold(len(out)); err != nil {
				return err
			}
			d.add(p.n, icc.Settle(fs, bytes.Equal(r.out, b))...)
		}
		p.f.profiles[key] = r
	}
	if r.out == nil || r.space != spaces[p.photometric] {
		d.add(p.n, meta.Finding{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "ICC profile", Value: "broken", Size: v.n, Fate: meta.Removed})
		return nil
	}
	p.profile = r.out
	return nil
}
