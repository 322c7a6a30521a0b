package meta

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestShow(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		" plain\x00\x00 ":                 "plain",
		"two\nlines\tand tab":             "two lines and tab",
		"esc\x1b[31m":                     `esc\u001b[31m`,
		"bidi \u202egpj.exe":              `bidi \u202egpj.exe`,
		"zero\u200bwidth":                 `zero\u200bwidth`,
		"bad \xff byte":                   `bad \xff byte`,
		"Zürich, 東京, Đà Nẵng":             "Zürich, 東京, Đà Nẵng",
		strings.Repeat("é", 300):          strings.Repeat("é", 199) + "…",
		"x" + strings.Repeat("\x01", 300): "x" + strings.Repeat(`\u0001`, 33) + "…",
	} {
		got := Show(in)
		assert.Equal(t, want, got)
		assert.Equal(t, got, Show(got), "showing what is shown changes nothing")
		assert.LessOrEqual(t, utf8.RuneCountInString(got), MaxShown)
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		assert.False(t, seen[k.String()], k.String())
		seen[k.String()] = true
	}
	assert.Len(t, seen, int(kinds), "every kind has a place in the order and a name of its own")
	assert.Equal(t, "unknown", Kind(200).String())
	assert.Equal(t, "stays", Fate(200).String())
	assert.Equal(t, []string{"credit", "date"}, (KeepCredit | KeepDate).Names())
	assert.False(t, Keep(0).Has(0))
	assert.Equal(t, Stays, Finding{}.Fate, "what nobody decided about is said to stay")
}

func TestLabels(t *testing.T) {
	seen := map[Label]bool{}
	for _, l := range Labels() {
		assert.False(t, seen[l], l)
		assert.NotEmpty(t, l)
		seen[l] = true
	}
}

func TestTexts(t *testing.T) {
	assert.Equal(t, [][]byte{[]byte("a serial 12345"), []byte("and more text")}, Texts([]byte("\x00a serial 12345\xffshort\x01and more text")))
	assert.Len(t, Texts([]byte("before the picture\xff\xd8\xffinside the picture")), 1)
	assert.Empty(t, Texts([]byte("\x01\x02\x03 short")))
	assert.Len(t, Texts([]byte(strings.Repeat(strings.Repeat("x", 100)+"\x00", 20))), 8)
}
