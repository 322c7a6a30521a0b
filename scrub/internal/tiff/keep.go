package tiff

import (
	"errors"
	"fmt"
	"slices"

	"tabir/scrub/meta"
)

// entry is a field of a clean IFD: numbers (a rational is two), or bytes.
type entry struct {
	tag, typ uint16
	vals     []uint64
	raw      []byte
}

// rule says when a tag is kept besides those that every picture has, how many
// numbers it has, and what of them is written: nil where they say what holds
// without the tag, or nothing that has a meaning. A tag of another form is
// refused, or, where samples decode without it, goes like any other.
type rule struct {
	tag, typ uint16
	when     func(p *page) bool
	count    func(p *page) int
	exact    func(v []uint64) []uint64
}

// spare are the tags that samples decode without.
var spare = map[uint16]bool{tagWhitePoint: true, tagPrimaries: true, tagInkSet: true, tagInks: true}

// allowed is the allow-list of the clean IFD.
var allowed = []rule{
	{tagSubfile, typeLong, always, exactly(1), masked(6)}, // page of several, mask; a reduced one is no page
	{tagFillOrder, typeShort, always, exactly(1), between(2, 2)},
	{tagOrientation, typeShort, always, exactly(1), between(2, 8)},
	{tagT4Options, typeLong, compressed(compT4), exactly(1), masked(7)},
	{tagT6Options, typeLong, compressed(compT6), exactly(1), masked(2)},
	{tagPredictor, typeShort, predicted, exactly(1), between(2, 3)},
	{tagWhitePoint, typeRational, always, exactly(4), fractions},
	{tagPrimaries, typeRational, always, exactly(12), fractions},
	{tagColorMap, typeShort, func(p *page) bool { return p.photometric == photoPalette && p.bits <= 16 },
		func(p *page) int { return 3 << p.bits }, all},
	{tagInkSet, typeShort, coloured(photoCMYK), exactly(1), between(2, 2)},
	{tagInks, typeShort, func(p *page) bool { return p.photometric == photoCMYK && p.samples != 4 }, exactly(1), all},
	{tagCoefficients, typeRational, coloured(photoYCbCr), exactly(6), fractions},
	{tagSubsampling, typeShort, coloured(photoYCbCr), exactly(2), all},
	{tagPositioning, typeShort, coloured(photoYCbCr), exactly(1), between(2, 2)},
	{tagReference, typeRational, coloured(photoYCbCr), exactly(12), fractions},
	{tagLERC, typeLong, compressed(compLERC), exactly(2), all},
}

// predicted are the compressions that a predictor may stand in front of.
var predicted = compressed(compLZW, compDeflate, compDeflate2, compLZMA, compZSTD)

func always(*page) bool { return true }

func compressed(c ...uint64) func(*page) bool {
	return func(p *page) bool { return slices.Contains(c, p.compression) }
}

func coloured(photometric uint64) func(*page) bool {
	return func(p *page) bool { return p.photometric == photometric }
}

func exactly(n int) func(*page) int { return func(*page) int { return n } }

func all(v []uint64) []uint64 { return v }

// between keeps a number of a range.
func between(lo, hi uint64) func([]uint64) []uint64 {
	return func(v []uint64) []uint64 {
		if v[0] < lo || v[0] > hi {
			return nil
		}
		return v
	}
}

// masked keeps the bits of a mask.
func masked(mask uint64) func([]uint64) []uint64 {
	return func(v []uint64) []uint64 {
		if v[0]&mask == 0 {
			return nil
		}
		return []uint64{v[0] & mask}
	}
}

// maxTerm bounds numerators and denominators: four letters are more than that.
const maxTerm = 1<<24 - 1

// fractions keeps rationals in lowest terms, none of which is a division by zero.
// One with longer terms than any colour or density needs is rounded to at most
// six decimal places.
func fractions(v []uint64) []uint64 {
	out := slices.Clone(v)
	for i := 0; i < len(out); i += 2 {
		n, d := out[i], out[i+1]
		if d == 0 || n/d >= maxTerm {
			return nil
		}
		n, d = lowest(n, d)
		for places := uint64(1e6); n > maxTerm || d > maxTerm; places /= 10 {
			if k := (out[i]*places + out[i+1]/2) / out[i+1]; k <= maxTerm {
				n, d = lowest(k, places)
			}
		}
		out[i], out[i+1] = n, d
	}
	return out
}

func lowest(n, d uint64) (uint64, uint64) {
	g := gcd(n, d)
	return n / g, d / g
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// keep collects the fields of the clean IFD, but for those of the strips or
// tiles and of the samples.
func (p *page) keep() error {
	add := func(tag, typ uint16, v ...uint64) { p.fields = append(p.fields, entry{tag: tag, typ: typ, vals: v}) }
	add(tagWidth, typeLong, uint64(p.width))
	add(tagHeight, typeLong, uint64(p.height))
	add(tagCompression, typeShort, p.compression)
	if p.photometric != noPhotometric {
		add(tagPhotometric, typeShort, p.photometric)
	}
	add(tagSamples, typeShort, uint64(p.samples))
	if p.planes > 1 {
		add(tagPlanar, typeShort, 2)
	}
	if p.tiled {
		add(tagTileWidth, typeLong, uint64(p.partW))
		add(tagTileHeight, typeLong, uint64(p.partH))
	} else {
		add(tagRows, typeLong, uint64(p.partH))
	}
	if err := p.extra(); err != nil {
		return err
	}
	for _, r := range allowed {
		if _, ok := p.d.fields[r.tag]; !ok || !r.when(p) {
			if r.tag == tagColorMap && p.photometric == photoPalette {
				return fmt.Errorf("tiff: page %d: no palette for %d bits: %w", p.n, p.bits, meta.ErrMalformed)
			}
			continue
		}
		v, err := p.list(r.tag)
		if spare[r.tag] && (errors.Is(err, meta.ErrMalformed) || err == nil && len(v) != r.count(p)) {
			delete(p.used, r.tag)
			continue
		}
		if err != nil {
			return err
		}
		if len(v) != r.count(p) {
			return fmt.Errorf("tiff: page %d: tag %d has %d numbers: %w", p.n, r.tag, len(v), meta.ErrMalformed)
		}
		exact := r.exact(v)
		if exact == nil {
			delete(p.used, r.tag)
			continue
		}
		if len(v) == 1 && exact[0] != v[0] {
			p.surplus++
		}
		add(r.tag, r.typ, exact...)
	}
	p.pixelShape()
	if len(p.oblong) > 0 {
		add(tagXResolution, typeRational, p.oblong[:2]...)
		add(tagYResolution, typeRational, p.oblong[2:4]...)
		add(tagUnit, typeShort, p.oblong[4])
	}
	n := 0
	for _, e := range p.fields {
		n += 8 * len(e.vals)
	}
	return p.f.hold(n)
}

// extra keeps what the samples beyond the colours mean: 0 nothing that is said,
// 1 and 2 alpha (TIFF 6.0, section 18).
func (p *page) extra() error {
	v, err := p.list(tagExtra)
	if err != nil || len(v) == 0 {
		return err
	}
	colours := int64(1)
	if slices.Contains([]uint64{photoRGB, photoYCbCr, 8, 9, 10, 32845}, p.photometric) {
		colours = 3
	}
	if int64(len(v)) > p.samples-colours {
		return fmt.Errorf("tiff: page %d: %d extra samples of %d: %w", p.n, len(v), p.samples, meta.ErrMalformed)
	}
	for i := range v {
		if v[i] > 2 {
			v[i] = 0
		}
	}
	p.fields = append(p.fields, entry{tag: tagExtra, typ: typeShort, vals: v})
	return nil
}

// pixelShape keeps the resolutions only where pixels are not square: the density
// itself shows nothing. What is no resolution counts as none.
func (p *page) pixelShape() {
	x, y := p.fraction(tagXResolution), p.fraction(tagYResolution)
	if x == nil || y == nil || slices.Equal(x, y) {
		return
	}
	unit := uint64(2)
	if f, ok := p.d.fields[tagUnit]; ok && f.typ == typeShort && f.count == 1 {
		if v, err := p.f.numbers(f); err == nil && v[0] >= 1 && v[0] <= 3 {
			unit = v[0]
		}
	}
	p.used[tagXResolution], p.used[tagYResolution], p.used[tagUnit] = true, true, true
	p.oblong = append(append(x, y...), unit)
}

// fraction is one positive rational in lowest terms, or nil.
func (p *page) fraction(tag uint16) []uint64 {
	f, ok := p.d.fields[tag]
	if !ok || f.typ != typeRational || f.count != 1 {
		return nil
	}
	v, err := p.f.numbers(f)
	if err != nil {
		return nil
	}
	if v = fractions(v); v == nil || v[0] == 0 {
		return nil
	}
	return v
}
