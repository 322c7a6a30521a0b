package assets

import "embed"

//go:embed fonts
var fonts embed.FS

// Fonts returns the fonts that hold the glyphs of Tabir's own words in a language
// which Fyne's font lacks: Chinese, Japanese and Korean characters. Languages in
// other scripts have the characters of the languages' own names only.
func Fonts(tag string) (regular, bold []byte) {
	read := func(weight string) []byte {
		b, err := fonts.ReadFile("fonts/" + tag + "-" + weight + ".otf")
		if err != nil {
			b, err = fonts.ReadFile("fonts/names-" + weight + ".otf")
		}
		if err != nil {
			panic(err) // the fonts are part of the program, and tested
		}
		return b
	}
	return read("regular"), read("bold")
}
