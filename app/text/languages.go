package text

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Direction says where lines of a language begin.
type Direction uint8

const (
	LeftToRight Direction = iota
	RightToLeft
)

// Language is one that the window speaks.
type Language struct {
	Tag  string // BCP 47, as short as it is unambiguous
	Name string // its own
}

// known are the languages that catalogues may be written in, in the order in
// which they are offered. Arabic waits until Fyne shows mixed text right.
var known = []Language{
	{"en", "English"},
	{"id", "Bahasa Indonesia"},
	{"zh-Hans", "简体中文"},
	{"zh-Hant", "繁體中文"},
	{"ko", "한국어"},
	{"ja", "日本語"},
	{"vi", "Tiếng Việt"},
	{"es", "Español"},
	{"pt-BR", "Português (Brasil)"},
	{"fr", "Français"},
}

// Languages lists those that are offered: those with a catalogue. English is the first.
func Languages() []Language {
	return slices.DeleteFunc(slices.Clone(known), func(l Language) bool {
		f, err := catalogues.Open(l.file())
		if err == nil {
			f.Close()
		}
		return err != nil
	})
}

func (l Language) file() string { return "translations/" + l.Tag + ".json" }

// rightToLeft are the scripts whose lines begin on the right.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"}

// Direction of its script.
func (l Language) Direction() Direction {
	script, _ := language.Make(l.Tag).Script()
	if slices.Contains(rightToLeft, script.String()) {
		return RightToLeft
	}
	return LeftToRight
}

// match finds the offered language that fits the wishes best. A region stands for
// the script that is written there: Taiwan, Hong Kong and Macau have the
// traditional one, mainland China and Singapore the simplified one.
func match(wishes []string) Language {
	all := Languages()
	var tags []language.Tag // the first is what the matcher falls back to
	for _, l := range all {
		tags = append(tags, language.Make(l.Tag))
	}
	var want []language.Tag
	for _, w := range wishes {
		w, _, _ = strings.Cut(w, "@")
		w, _, _ = strings.Cut(w, ".")
		t, err := language.Parse(strings.ReplaceAll(w, "_", "-"))
		if err != nil || t == language.Und {
			continue
		}
		if base, _ := t.Base(); base.String() == "yue" { // who speaks Cantonese reads Chinese, which the matcher does not know
			script, _ := t.Script()
			t, _ = language.Compose(language.Chinese, script)
		}
		want = append(want, t)
	}
	_, i, confidence := language.NewMatcher(tags).Match(want...)
	if confidence == language.No {
		i = 0
	}
	return all[i]
}
