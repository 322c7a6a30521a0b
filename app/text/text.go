package text

import (
	"embed"
	"encoding/json"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The catalogues: one file a language, named by its tag. Keys are the English
// sentences themselves, so that a sentence without a translation is still read;
// {{.Name}} is a placeholder, and {{.N}} is the number that decides the plural.
//
//go:embed translations/*.json
var catalogues embed.FS

var bundle = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Languages() {
		_, err := b.LoadMessageFileFS(catalogues, l.file())
		must(err)
	}
	return b
})

func must(err error) {
	if err != nil {
		panic(err) // the catalogues are part of the program, and tested
	}
}

// Words are the words of one language.
type Words struct {
	Language
	l *i18n.Localizer
}

// For returns the words of the language that fits the wishes best, the most
// wanted first, written as systems do ("pt_BR.UTF-8", "zh-Hant-TW"). It falls
// back to English.
func For(wishes ...string) Words {
	l := match(wishes)
	return Words{l, i18n.NewLocalizer(bundle(), l.Tag)}
}

// T translates a sentence. Pairs of a placeholder's name and its value follow.
func (w Words) T(sentence string, pairs ...any) string {
	return w.say(&i18n.LocalizeConfig{MessageID: sentence, TemplateData: data(pairs)})
}

// N translates a sentence about n things.
func (w Words) N(sentence string, n int, pairs ...any) string {
	return w.say(&i18n.LocalizeConfig{MessageID: sentence, TemplateData: data(append(pairs, "N", n)), PluralCount: n})
}

func (w Words) say(c *i18n.LocalizeConfig) string {
	// A sentence that is missing in one language comes in English, with an error.
	if s, _ := w.l.Localize(c); s != "" {
		return s
	}
	return c.MessageID
}

func data(pairs []any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}
