package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/platform"
	"tabir/app/sample"
	"tabir/app/text"
)

// fake are dialogs whose answers are known.
type fake struct {
	none   bool
	yes    bool
	chosen []string
	said   []string
	bad    bool
}

func (f *fake) Tell(s string, bad bool) { f.said, f.bad = append(f.said, s), bad }
func (f *fake) Ask(s, yes, _ string) (bool, error) {
	f.said = append(f.said, s+"|"+yes)
	if f.none {
		return false, platform.ErrNone
	}
	return f.yes, nil
}
func (f *fake) Choose(string) ([]string, error) { return f.chosen, nil }

func TestWithoutWindow(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, p := range sample.Photos() {
		path := filepath.Join(dir, p.Name)
		require.NoError(t, os.WriteFile(path, p.Data, 0o666))
		paths = append(paths, path)
	}
	why := errors.New("no pixel format")
	run := func(f *fake, paths ...string) int {
		c := model.Config{Engine: model.Files(), Places: model.Places{Folder: "cleaned copies", Pictures: dir}}
		return withoutWindow(text.For("en"), c, f, why, paths)
	}

	f := &fake{none: true}
	assert.NotZero(t, run(f))
	assert.Contains(t, strings.Join(f.said, "\n"), "no pixel format", "never a silent end")
	assert.Contains(t, strings.Join(f.said, "\n"), "tabir-cli")

	assert.NotZero(t, run(&fake{}), "closed")
	assert.NotZero(t, run(&fake{yes: true}), "nothing chosen")
	assert.NoDirExists(t, filepath.Join(dir, "cleaned copies"))

	f = &fake{yes: true, chosen: paths[:2]}
	assert.Zero(t, run(f))
	assert.False(t, f.bad)
	assert.Contains(t, f.said[1], "2 cleaned copies were made and checked.")
	assert.Contains(t, f.said[1], "Faces: not looked for.")
	assert.FileExists(t, filepath.Join(dir, "cleaned copies", "photo-002.jpg"))

	f = &fake{yes: true}
	assert.NotZero(t, run(f, paths...), "one of them cannot be cleaned")
	assert.True(t, f.bad)
	assert.Contains(t, f.said[0], "|Make 7 cleaned copies")
	assert.True(t, strings.HasPrefix(f.said[1], "1 photo was NOT cleaned: do not share it."), f.said[1])
	assert.Contains(t, f.said[1], "from a friend.jpg\nThe file is incomplete")

	f = &fake{yes: true}
	assert.NotZero(t, run(f, filepath.Join(dir, "gone.jpg")))
	assert.Contains(t, f.said[1], "The file is not there.")
}
