package text

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

var update = flag.Bool("update", false, "add missing sentences to the English catalogue, take unused ones out")

// used finds the sentences that the app says: literals given to T, or to N for plurals.
func used(t *testing.T) (plain, plural map[string]bool) {
	plain, plural = map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	more, err := filepath.Glob("../*/*.go")
	require.NoError(t, err)
	fset := token.NewFileSet()
	for _, path := range append(files, more...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			lit, isLit := call.Args[0].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			switch sel.Sel.Name {
			case "T":
				plain[s] = true
			case "N":
				plural[s] = true
			}
			return true
		})
	}
	for _, l := range meta.Labels() {
		plain[string(l)] = true
	}
	for _, e := range explanations {
		plain[e.sentence], plain[e.next] = true, true
	}
	s, next := Explain(assert.AnError)
	plain[s], plain[next], plain[remake] = true, true, true
	delete(plain, "")
	return plain, plural
}

// forms of a sentence about n things, by plural category (CLDR).
type forms map[string]string

func catalogue(t *testing.T, name string) (plain map[string]string, plural map[string]forms) {
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(b, &raw))
	plain, plural = map[string]string{}, map[string]forms{}
	for k, v := range raw {
		var s string
		var f forms
		if json.Unmarshal(v, &s) == nil {
			plain[k] = s
		} else {
			require.NoError(t, json.Unmarshal(v, &f), k)
			plural[k] = f
		}
	}
	return plain, plural
}

const english = "translations/en.json"

func TestEnglishIsComplete(t *testing.T) {
	plain, plural := used(t)
	hasPlain, hasPlural := catalogue(t, english)
	if *update {
		write(t, plain, plural, hasPlural)
		hasPlain, hasPlural = catalogue(t, english)
	}
	assert.Equal(t, slices.Sorted(maps.Keys(plain)), slices.Sorted(maps.Keys(hasPlain)), "go test ./app/text -run English -update")
	assert.Equal(t, slices.Sorted(maps.Keys(plural)), slices.Sorted(maps.Keys(hasPlural)))
	for k, v := range hasPlain {
		assert.Equal(t, k, v, "the key is the English sentence")
	}
	for k, f := range hasPlural {
		assert.Equal(t, k, f["other"])
		assert.NotEqual(t, k, f["one"], "the sentence for one thing is still to be written")
		assert.Subset(t, placeholders(k), placeholders(f["one"]))
	}
}

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func placeholders(s string) []string { return placeholder.FindAllString(s, -1) }

func write(t *testing.T, plain, plural map[string]bool, had map[string]forms) {
	all := map[string]any{}
	for k := range plain {
		all[k] = k
	}
	for k := range plural {
		if all[k] = (forms{"one": k, "other": k}); had[k] != nil {
			all[k] = had[k]
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	require.NoError(t, e.Encode(all))
	require.NoError(t, os.WriteFile(english, b.Bytes(), 0o644))
}

func TestWordsOf(t *testing.T) {
	w := For("tlh", "en_GB.UTF-8", "xx")
	assert.Equal(t, "Copy: photo-001.jpg", w.T("Copy: {{.Name}}", "Name", "photo-001.jpg"))
	assert.Equal(t, "Make 1 cleaned copy", w.N("Make {{.N}} cleaned copies", 1))
	assert.Equal(t, "Make 3 cleaned copies", w.N("Make {{.N}} cleaned copies", 3))
	assert.Equal(t, "{{.Name}} <b>", For().T("Copy: {{.Name}}", "Name", "{{.Name}} <b>")[len("Copy: "):], "values are not templates")
	assert.Equal(t, "no such sentence", For().T("no such sentence"))
}
