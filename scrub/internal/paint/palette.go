package paint

import (
	"bytes"
	"cmp"
	"slices"
)

// Colour is red, green, blue and alpha, not premultiplied.
type Colour [4]byte

// Palette holds the colours of a covered picture, in an order that says nothing
// of the source: by alpha, the transparent ones first, then by red, green, blue.
type Palette struct {
	Colours []Colour
	index   map[Colour]int
	near    map[Colour]int // what was looked for and is not there
}

// NewPalette makes a palette of at most most colours: all those of outside, and
// of inside, the colours of a cover and how many pixels have each, as many as
// there is room for; where it is full a cover takes the nearest entry. It is nil
// where outside has more colours than that.
func NewPalette(outside map[Colour]bool, inside map[Colour]int, most int) *Palette {
	if len(outside) > most {
		return nil
	}
	set := map[Colour]bool{}
	for c := range outside {
		set[c] = true
	}
	for _, c := range reduce(inside, set, most-len(outside)) {
		set[c] = true
	}
	p := &Palette{index: map[Colour]int{}, near: map[Colour]int{}}
	for c := range set {
		p.Colours = append(p.Colours, c)
	}
	slices.SortFunc(p.Colours, order)
	for i, c := range p.Colours {
		p.index[c] = i
	}
	return p
}

func order(a, b Colour) int {
	return cmp.Or(cmp.Compare(a[3], b[3]), bytes.Compare(a[:3], b[:3]))
}

// coarsest is how many bits of a channel are left out before colours that many
// pixels have are preferred to others.
const coarsest = 4

// reduce picks at most room colours that stand for the given ones and are not
// there already: all of them, or fewer steps of each channel, or the most frequent.
func reduce(colours map[Colour]int, there map[Colour]bool, room int) (out []Colour) {
	if room == 0 {
		return nil
	}
	var steps map[Colour]int
	for drop := 0; drop <= coarsest; drop++ {
		steps = map[Colour]int{}
		for c, n := range colours {
			if there[c] {
				continue
			}
			for k := range 3 {
				c[k] = c[k] >> drop << drop
				c[k] |= c[k] >> (8 - drop)
			}
			if !there[c] {
				steps[c] += n
			}
		}
		if len(steps) <= room {
			break
		}
	}
	for c := range steps {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Colour) int { return cmp.Or(cmp.Compare(steps[b], steps[a]), order(a, b)) })
	return out[:min(len(out), room)]
}

// Index is where c stands in the palette, or the entry that is nearest to it.
func (p *Palette) Index(c Colour) int {
	if i, ok := p.index[c]; ok {
		return i
	}
	if i, ok := p.near[c]; ok {
		return i
	}
	best, least := 0, 1<<30
	for i, o := range p.Colours {
		d := 0
		for k, weight := range [4]int{3, 6, 1, 20} {
			e := int(c[k]) - int(o[k])
			d += weight * e * e
		}
		if d < least {
			best, least = i, d
		}
	}
	p.near[c] = best
	return best
}
