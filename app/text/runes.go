package text

import "maps"

// Runes are the characters that a font has to hold for a language's catalogue and
// the toolkit's words in it; for "names", those of the names of all languages.
func Runes(tag string) []rune {
	seen := map[rune]bool{}
	add := func(s string) {
		for _, r := range s {
			if r >= ' ' {
				seen[r] = true
			}
		}
	}
	if tag == "names" {
		for _, l := range known {
			for _, r := range l.Name {
				if r >= firstEast {
					seen[r] = true
				}
			}
		}
	} else {
		if b, err := catalogues.ReadFile((Language{Tag: tag}).file()); err == nil {
			add(string(b))
		}
		add(string(Words{Language: Language{Tag: tag}}.Toolkit()))
	}
	var out []rune
	for r := range maps.Keys(seen) {
		out = append(out, r)
	}
	return out
}

// firstEast is where the Chinese, Japanese and Korean characters begin.
const firstEast = 0x1100
