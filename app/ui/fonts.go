package ui

import (
	"fyne.io/fyne/v2"

	"tabir/assets"
)

// fonts are those that hold glyphs which Fyne's own font lacks.
type fonts struct{ regular, bold fyne.Resource }

// fontsFor returns the fonts for the words of a language, in the shapes that its
// readers know: one code stands for differently drawn characters in Chinese,
// Japanese and Korean. Whatever they do not hold comes from Fyne's font, or else
// from the system's.
func fontsFor(tag string) fonts {
	regular, bold := assets.Fonts(tag)
	return fonts{fyne.NewStaticResource("regular-"+tag, regular), fyne.NewStaticResource("bold-"+tag, bold)}
}

func (t ours) Font(s fyne.TextStyle) fyne.Resource {
	if s.Monospace || s.Symbol || s.Italic {
		return t.Theme.Font(s)
	}
	if s.Bold {
		return t.fonts.bold
	}
	return t.fonts.regular
}
