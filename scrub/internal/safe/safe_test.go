package safe

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}

func temp(t *testing.T, dir, content string) *Temp {
	t.Helper()
	f, err := Create(dir, 0o644)
	require.NoError(t, err)
	_, err = f.WriteString(content)
	require.NoError(t, err)
	return f
}

func TestPublish(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "a.jpg")
	require.NoError(t, temp(t, dir, "first").Publish(target, false))
	assert.Equal(t, []string{"a.jpg"}, names(t, dir))

	assert.ErrorIs(t, temp(t, dir, "second").Publish(target, false), meta.ErrExists)
	assert.Equal(t, []string{"a.jpg"}, names(t, dir), "nothing is left of the one that lost")
	b, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "first", string(b))

	require.NoError(t, temp(t, dir, "third").Publish(target, true))
	b, err = os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "third", string(b))
	assert.Equal(t, []string{"a.jpg"}, names(t, dir))
}

func TestPublishOverADirectory(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(target, 0o755))
	assert.Error(t, temp(t, dir, "x").Publish(target, true))
	assert.ErrorIs(t, temp(t, dir, "x").Publish(target, false), meta.ErrExists)
	assert.Equal(t, []string{"folder"}, names(t, dir))
}

func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	f := temp(t, dir, "x")
	f.Discard()
	f.Discard()
	(*Temp)(nil).Discard()
	assert.Empty(t, names(t, dir))
}

func TestIsTemp(t *testing.T) {
	f := temp(t, t.TempDir(), "x")
	defer f.Discard()
	assert.True(t, IsTemp(filepath.Base(f.Name())))
	for _, name := range []string{"", ".part-", ".part-0123456789", ".part-0123456789ag", "a.part-0123456789ab", "IMG_1.jpg"} {
		assert.False(t, IsTemp(name), name)
	}
}

// TestFolder: a folder that is missing is made when there is a whole file for it.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "a", "b")
	temp(t, in, "x").Discard()
	assert.Empty(t, names(t, dir))
	require.NoError(t, temp(t, in, "x").Publish(filepath.Join(in, "c.jpg"), false))
	assert.Equal(t, []string{"a"}, names(t, dir))
	assert.Equal(t, []string{"c.jpg"}, names(t, in))

	file := filepath.Join(in, "c.jpg")
	_, err := Create(filepath.Join(file, "d"), 0o644)
	assert.Error(t, err, "a file is no folder")
}

func TestSyncDir(t *testing.T) {
	assert.NoError(t, SyncDir(t.TempDir()))
	assert.ErrorIs(t, SyncDir(filepath.Join(t.TempDir(), "none")), os.ErrNotExist)
}
