package heif

import (
	"slices"

	"tabir/scrub/internal/box"
)

// truths are the brands that a clean file may claim, and when it may (14496-12,
// annex E; 23008-12, 10; 23000-22, 10; AVIF, 6 and 8).
var truths = map[string]func(c *closure) bool{
	"mif1": always, "mif2": always, "miaf": always, "MiPr": always,
	"heic": has("hvc1"), "heix": has("hvc1"), "MiHB": has("hvc1"), "MiHA": has("hvc1"), "MiHE": has("hvc1"),
	"avif": has("av01"), "MA1B": has("av01"), "MA1A": has("av01"),
	"tmap": has("tmap"),
	"msf1": moves("hvc1", "av01"), "iso8": moves("hvc1", "av01"), "avis": moves("av01"), "hevc": moves("hvc1"), "hevx": moves("hvc1"),
}

func always(*closure) bool { return true }

// moves is an animation in one of the codings.
func moves(codings ...string) func(*closure) bool {
	return func(c *closure) bool {
		return c.sequence != nil && slices.Contains(codings, c.sequence.tracks[0].entry.typ)
	}
}

func has(typ string) func(*closure) bool {
	return func(c *closure) bool {
		return slices.ContainsFunc(c.items, func(k *kept) bool { return k.typ == typ })
	}
}

// sequences are the major brands of files that are animations first.
var sequences = map[string]bool{"msf1": true, "avis": true, "hevc": true, "hevx": true, "hevm": true, "hevs": true, "avcs": true, "vvis": true}

// fileType is the ftyp box of the clean file: those brands of the source that are
// true of it, the same one first where it is one of them.
func (c *closure) fileType() []byte {
	var out []string
	for _, b := range c.f.brands {
		if t := truths[b]; t != nil && t(c) && !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	major := c.f.brands[0]
	if !slices.Contains(out, major) {
		major = c.coding()
		if !slices.Contains(out, major) {
			out = append(out, major)
		}
	}
	b := append([]byte(major), 0, 0, 0, 0)
	// The major brand may stand anywhere among the others.
	for _, o := range c.f.brands[1:] {
		if i := slices.Index(out, o); i >= 0 {
			b = append(b, o...)
			out = slices.Delete(out, i, i+1)
		}
	}
	for _, o := range out {
		b = append(b, o...)
	}
	return box.Make("ftyp", b)
}

// coding is the brand for the coding of the animation or the picture.
func (c *closure) coding() string {
	if c.sequence != nil {
		return map[string]string{"av01": "avis", "hvc1": "hevc"}[c.sequence.tracks[0].entry.typ]
	}
	if has("av01")(c) {
		return "avif"
	}
	for _, k := range c.items {
		if p := k.property("hvcC"); p != nil && p.body[1]&31 != 1 && p.body[1]&31 != 3 {
			return "heix"
		}
	}
	return "heic"
}
