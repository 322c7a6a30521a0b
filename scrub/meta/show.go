package meta

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxShown is the number of runes of a value that is ever shown.
const MaxShown = 200

// Show makes a value from a file fit for a screen: valid UTF-8, control,
// bidirectional and invisible characters escaped, at most [MaxShown] runes. A
// file must not be able to reorder, hide or forge what Tabir says of it.
func Show(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0 })
	var b strings.Builder
	n := 0 // runes of s
	for i := 0; i < len(s) && n <= MaxShown; n++ {
		r, w := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && w == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zs, r) && r != ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += w
	}
	if out := []rune(b.String()); len(out) > MaxShown {
		return string(out[:MaxShown-1]) + "…"
	}
	return b.String()
}

// Texts are the runs of plain text in a block of unknown making: at most eight,
// each of 8 to 64 bytes, up to the first JPEG picture in it. They are what such a
// block can be recognised by; its other bytes, and the tables of a picture, may
// stand in any picture.
func Texts(b []byte) (out [][]byte) {
	b, _, _ = bytes.Cut(b, []byte("\xff\xd8\xff"))
	start := 0
	for i := 0; i <= len(b) && len(out) < 8; i++ {
		if i < len(b) && b[i] >= ' ' && b[i] <= '~' {
			continue
		}
		if n := i - start; n >= 8 {
			out = append(out, append([]byte(nil), b[start:start+min(n, 64)]...))
		}
		start = i + 1
	}
	return out
}
