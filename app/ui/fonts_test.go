package ui

import (
	"io/fs"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/sfnt"

	"tabir/app/model"
	"tabir/app/text"
)

// TestGlyphs: on a machine without any font there is a glyph for every character
// of our own words, in each language and weight.
func TestGlyphs(t *testing.T) {
	parse := func(r fyne.Resource) *sfnt.Font {
		f, err := sfnt.Parse(r.Content())
		require.NoError(t, err, r.Name())
		return f
	}
	for _, l := range text.Languages() {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			ours := parse(ThemeFor(model.Default(), l.Tag).Font(style))
			fyne := parse(theme.DefaultTheme().Font(style))
			symbols := parse(theme.DefaultSymbolFont())
			var b sfnt.Buffer
			missing := ""
			for _, r := range append(text.Runes(l.Tag), text.Runes("names")...) {
				found := false
				for _, f := range []*sfnt.Font{ours, fyne, symbols} {
					i, err := f.GlyphIndex(&b, r)
					require.NoError(t, err)
					found = found || i != 0
				}
				if !found {
					missing += string(r)
				}
			}
			assert.Empty(t, missing, "%s, bold %v: run make fonts", l.Tag, style.Bold)
		}
	}
}

// TestFontsAreSmall: together under 3 MB.
func TestFontsAreSmall(t *testing.T) {
	var sum int64
	require.NoError(t, fs.WalkDir(os.DirFS("../../assets/fonts"), ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		sum += i.Size()
		return err
	}))
	assert.Less(t, sum, int64(3<<20))
}
