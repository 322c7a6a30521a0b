package testkit

import (
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Shared is the files that stand beside the checkout, in ../shared: those that the
// patterns name, such as "corpus/png/*", by their paths. Where there is none of
// them the test is skipped.
func Shared(t testing.TB, patterns ...string) iter.Seq2[string, []byte] {
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
	var paths []string
	for _, p := range patterns {
		some, err := filepath.Glob(filepath.Join(root, "../shared", p))
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
