package text

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

func TestSystemLanguage(t *testing.T) {
	offered := map[string]bool{}
	for _, l := range Languages() {
		offered[l.Tag] = true
	}
	for wish, want := range map[string]string{
		"": "en", "C": "en", "POSIX": "en", "tlh": "en", "en_AU.UTF-8": "en", "sr_RS": "en",
		"zh": "zh-Hans", "zh_CN.UTF-8": "zh-Hans", "zh-SG": "zh-Hans", "zh-Hans-HK": "zh-Hans",
		"zh_TW.UTF-8": "zh-Hant", "zh-HK": "zh-Hant", "zh_MO": "zh-Hant", "zh-Hant": "zh-Hant", "zh-Hant-SG": "zh-Hant", "yue-HK": "zh-Hant", "yue": "zh-Hant", "yue-CN": "zh-Hans",
		"pt": "pt-BR", "pt_PT.UTF-8@euro": "pt-BR", "pt-BR": "pt-BR", "es_MX": "es", "es-ES": "es", "es-419": "es",
		"in_ID": "id", "id_ID": "id", "ja_JP.eucJP": "ja", "ko-KR": "ko", "vi_VN": "vi", "fr_CA": "fr",
	} {
		if offered[want] {
			assert.Equal(t, want, For(wish).Tag, wish)
		}
	}
	if offered["es"] {
		assert.Equal(t, "es", For("tlh", "es_PE", "en").Tag, "the first wish that can be met")
	}
}

func TestDirection(t *testing.T) {
	for _, l := range known {
		assert.Equal(t, LeftToRight, l.Direction(), l.Tag)
	}
	for _, tag := range []string{"ar", "fa", "he", "ur-PK", "ckb"} {
		assert.Equal(t, RightToLeft, Language{Tag: tag}.Direction(), tag)
	}
}

// TestMissing: what has no translation is read in English, with its plural.
func TestMissing(t *testing.T) {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	_, err := b.LoadMessageFileFS(catalogues, "translations/en.json")
	require.NoError(t, err)
	require.NoError(t, b.AddMessages(language.French, &i18n.Message{ID: "Stop", Other: "Arrêter"}))
	w := Words{Language{Tag: "fr"}, i18n.NewLocalizer(b, "fr")}
	assert.Equal(t, "Arrêter", w.T("Stop"))
	assert.Equal(t, "Try again", w.T("Try again"))
	assert.Equal(t, "Make 1 cleaned copy", w.N("Make {{.N}} cleaned copies", 1))
	assert.Equal(t, "Make 2 cleaned copies", w.N("Make {{.N}} cleaned copies", 2))
}

// TestCatalogues: every catalogue is whole, with the same placeholders and the
// plural forms of its language.
func TestCatalogues(t *testing.T) {
	files, err := filepath.Glob("translations/*.json")
	require.NoError(t, err)
	assert.Len(t, Languages(), len(files), "each file is of a known language")
	plain, plural := used(t)
	for _, l := range Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			hasPlain, hasPlural := catalogue(t, l.file())
			for k := range plain {
				v := hasPlain[k]
				if assert.NotEmpty(t, v, "missing: %s", k) {
					assert.ElementsMatch(t, placeholders(k), placeholders(v), k)
					assert.Equal(t, strings.TrimSpace(v), v)
				}
			}
			for k := range hasPlain {
				assert.True(t, plain[k], "used no more: %s", k)
			}
			want := categories(t, l.Tag)
			for k := range plural {
				f := hasPlural[k]
				for _, c := range want {
					if !assert.NotEmpty(t, f[c], "missing: %s: %s", c, k) {
						continue
					}
					if c == "other" || c == "many" {
						assert.ElementsMatch(t, placeholders(k), placeholders(f[c]), k)
					} else {
						assert.Subset(t, placeholders(k), placeholders(f[c]), k)
					}
				}
				assert.Len(t, f, len(want), "forms that the language has not: %s", k)
			}
			for k := range hasPlural {
				assert.True(t, plural[k], "used no more: %s", k)
			}
		})
	}
}

// categories are the plural forms of a language that whole numbers ask for.
func categories(t *testing.T, tag string) []string {
	b := i18n.NewBundle(language.Make(tag))
	require.NoError(t, b.AddMessages(language.Make(tag), &i18n.Message{ID: "x", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}))
	l := i18n.NewLocalizer(b, tag)
	var out []string
	for n := range 2000 {
		for _, n := range []int{n, n * 1000} {
			s, err := l.Localize(&i18n.LocalizeConfig{MessageID: "x", PluralCount: n})
			require.NoError(t, err)
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// table reads a file of tab-separated columns, the first line naming them.
func table(t *testing.T, name string) []map[string]string {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	lines, err := r.ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = l[i]
		}
		out = append(out, row)
	}
	return out
}

// said hands every English sentence and its translation to f.
func said(t *testing.T, l Language, f func(english, s string)) {
	plain, plural := catalogue(t, l.file())
	for k, v := range plain {
		f(k, v)
	}
	for k, forms := range plural {
		for _, v := range forms {
			f(k, v)
		}
	}
}

// TestGlossary: a term is said with the word that was chosen for it.
func TestGlossary(t *testing.T) {
	terms := table(t, "glossary.tsv")
	assert.GreaterOrEqual(t, len(terms), 20)
	for _, l := range known {
		for _, row := range terms {
			assert.NotEmpty(t, row[l.Tag], "%s: %s", l.Tag, row["en"])
		}
	}
	for _, l := range Languages()[1:] {
		for _, row := range terms {
			term := regexp.MustCompile(`(?i)\b(` + row["en"] + `)\b`)
			said(t, l, func(english, s string) {
				if term.MatchString(placeholder.ReplaceAllString(english, "")) {
					assert.True(t, slices.ContainsFunc(strings.Split(row[l.Tag], "|"), func(w string) bool {
						return strings.Contains(strings.ToLower(s), strings.ToLower(w))
					}), "%s: %q is to be said with %s: %q", l.Tag, english, row[l.Tag], s)
				}
			})
		}
	}
}

// TestForbiddenWords: words that promise too much, or frighten, or are of
// another country.
func TestForbiddenWords(t *testing.T) {
	never := map[string][]string{}
	for _, row := range table(t, "forbidden.tsv") {
		never[row["language"]] = append(never[row["language"]], row["never"])
	}
	for _, l := range known {
		assert.NotEmpty(t, never[l.Tag], l.Tag)
	}
	for _, l := range Languages() {
		said(t, l, func(_, s string) {
			s = strings.ReplaceAll(s, "somewhere safe", "somewhere") // where an original is kept: no promise of ours
			for _, w := range never[l.Tag] {
				assert.False(t, begins(strings.ToLower(s), w), "%s: %q is never said: %q", l.Tag, w, s)
			}
			assert.NotContains(t, s, "!")
		})
	}
	said(t, known[0], func(_, s string) {
		assert.NotEqual(t, "clean", strings.ToLower(s), "read as \"delete\" in many languages")
	})
}

// begins reports whether a word in s begins with w. Scripts without spaces have
// words everywhere.
func begins(s, w string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(s[:from+i])
		if from+i == 0 || !unicode.IsLetter(before) || !unicode.Is(unicode.Latin, before) {
			return true
		}
		from += i + len(w)
	}
}

// TestToolkit: the toolkit's own dialogs speak all languages.
func TestToolkit(t *testing.T) {
	keys := func(l Language) []string {
		var m map[string]any
		require.NoError(t, json.Unmarshal(Words{Language: l}.Toolkit(), &m), l.Tag)
		var out []string
		for k := range m {
			out = append(out, k)
		}
		return out
	}
	want := keys(known[0])
	assert.Contains(t, want, "file.parent")
	for _, l := range known {
		assert.ElementsMatch(t, want, keys(l), l.Tag)
	}
}
