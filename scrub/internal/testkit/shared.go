package testkit

import (
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// beside is the folder ../shared that may stand beside the checkout.
func beside(t testing.TB) string {
	t.Helper()
	root, err := filepath.Abs(".")
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		require.NotEqual(t, root, filepath.Dir(root), "tests run below go.mod")
		root = filepath.Dir(root)
	}
	return filepath.Join(root, "../shared")
}

// SharedFile is one file from beside the checkout. Where it is not there the test
// is skipped.
func SharedFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(beside(t), name))
	if os.IsNotExist(err) {
		t.Skipf("no %s in ../shared beside the checkout", name)
	}
	require.NoError(t, err)
	return b
}

// Shared is the files from beside the checkout that the patterns name, such as
// "corpus/png/*", by their paths. Where there is none of them the test is skipped.
func Shared(t testing.TB, patterns ...string) iter.Seq2[string, []byte] {
	t.Helper()
	var paths []string
	for _, p := range patterns {
		some, err := filepath.Glob(filepath.Join(beside(t), p))
		require.NoError(t, err)
		paths = append(paths, some...)
	}
	if len(paths) == 0 {
		t.Skipf("no %v in ../shared beside the checkout", patterns)
	}
	return func(yield func(string, []byte) bool) {
		for _, p := range paths {
			b, err := os.ReadFile(p)
			require.NoError(t, err)
			if !yield(p, b) {
				return
			}
		}
	}
}

// Known is a file of the corpus of which another tool tells what it holds.
type Known struct {
	Name   string // within the corpus
	Format string
	Tells  []string
	Data   []byte
}

// KnownShared is the files of the corpus that hold what has about in its name, by
// the list that stands there.
func KnownShared(t testing.TB, about string) iter.Seq[Known] {
	t.Helper()
	list := string(SharedFile(t, "corpus/MANIFEST.tsv"))
	return func(yield func(Known) bool) {
		for line := range strings.Lines(list) {
			col := strings.Split(line, "\t")
			if len(col) < 4 || !strings.Contains(col[3], about) {
				continue
			}
			b, err := os.ReadFile(filepath.Join(beside(t), "corpus", col[0]))
			require.NoError(t, err)
			if !yield(Known{col[0], col[1], strings.Fields(col[3]), b}) {
				return
			}
		}
	}
}

// CleanShared cleans the files that the patterns name as Clean does, and asks same
// whether what is shown stayed, unless that is nil. It returns why others were refused, by name.
func CleanShared(t testing.TB, f plan.Format, same func(t testing.TB, before, after []byte), patterns ...string) map[string]error {
	t.Helper()
	refused := map[string]error{}
	for p, src := range Shared(t, patterns...) {
		out, _, err := Clean(t, f, src, meta.Policy{})
		if err != nil {
			t.Logf("%s: %v", filepath.Base(p), err)
			refused[filepath.Base(p)] = err
			continue
		}
		if same != nil {
			same(t, src, out)
		}
	}
	return refused
}
