package text

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
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

var bundle = sync.OnceValues(func() (*i18n.Bundle, []language.Tag) {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	tags := []language.Tag{language.English} // the first is the matcher's fallback
	files, err := fs.Glob(catalogues, "translations/*.json")
	must(err)
	for _, f := range files {
		_, err := b.LoadMessageFileFS(catalogues, f)
		must(err)
		if tag := language.Make(strings.TrimSuffix(path.Base(f), ".json")); tag != language.English {
			tags = append(tags, tag)
		}
	}
	return b, tags
})

func must(err error) {
	if err != nil {
		panic(err) // the catalogues are part of the program, and tested
	}
}

// Words are the words of one language.
type Words struct{ l *i18n.Localizer }

// For returns the words of the language that fits the wishes best, the most
// wanted first, written as the system does ("pt_BR", "zh-Hant-TW"). It falls
// back to English.
func For(wishes ...string) Words {
	b, tags := bundle()
	var want []language.Tag
	for _, w := range wishes {
		if t, err := language.Parse(strings.ReplaceAll(w, "_", "-")); err == nil {
			want = append(want, t)
		}
	}
	_, i, _ := language.NewMatcher(tags).Match(want...)
	return Words{i18n.NewLocalizer(b, tags[i].String())}
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
	if s, err := w.l.Localize(c); err == nil {
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
