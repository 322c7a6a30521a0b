package model

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTarget(t *testing.T) {
	root := t.TempDir()
	dir := func(parts ...string) string {
		p := filepath.Join(append([]string{root}, parts...)...)
		require.NoError(t, os.MkdirAll(p, 0o777))
		return p
	}
	pictures := filepath.Join(root, "Pictures")
	p := Places{Folder: "copies", Pictures: pictures, Temporary: []string{dir("tmp"), ""}}

	trip := dir("trip")
	assert.Equal(t, filepath.Join(trip, "copies"), p.Target(trip, ""), "beside the photos")
	assert.Equal(t, filepath.Join(pictures, "copies"), p.Target(dir("tmp", "mail"), ""), "not where files vanish")
	assert.Equal(t, filepath.Join(dir("tmpfiles"), "copies"), p.Target(dir("tmpfiles"), ""), "only the name begins alike")
	assert.Equal(t, filepath.Join(pictures, "copies"), p.Target(filepath.Join(root, "gone"), ""), "not where nothing can be written")

	dir("trip", "copies")
	assert.Equal(t, filepath.Join(trip, "copies"), p.Target(trip, ""), "an empty folder will do")
	require.NoError(t, os.WriteFile(filepath.Join(trip, "copies", "x"), nil, 0o666))
	assert.Equal(t, filepath.Join(trip, "copies 2"), p.Target(trip, ""), "never among files of somebody else")

	entries, err := os.ReadDir(trip)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "asking leaves nothing behind")

	require.ErrorIs(t, p.create(filepath.Join(trip, "copies")), errTaken)
	require.NoError(t, p.create(filepath.Join(pictures, "copies")))
}
