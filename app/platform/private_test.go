package platform

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPortable(t *testing.T) {
	dir := t.TempDir()
	_, ok := portable(dir)
	assert.False(t, ok)
	require.NoError(t, os.WriteFile(filepath.Join(dir, portableFile), nil, 0o666))
	p, ok := portable(dir)
	require.True(t, ok)
	assert.Equal(t, Place{true, filepath.Join(dir, "tabir-data", "settings.json"), filepath.Join(dir, "tabir-data", "cache")}, p)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "asking leaves nothing behind")
	if os.Geteuid() != 0 {
		require.NoError(t, os.Chmod(dir, 0o555))
		p, ok = portable(dir)
		assert.True(t, ok)
		assert.Equal(t, Place{Portable: true}, p, "read-only: nothing is kept")
	}
}

func TestToolkit(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "/mine")
	t.Setenv("XDG_CONFIG_HOME", "")
	os.Unsetenv("XDG_CONFIG_HOME")
	k := NewToolkit(Place{})
	if len(k.values()) == 0 || k.values()["XDG_CACHE_HOME"] == "" {
		t.Skip("no such variables on this system")
	}
	k.Divert()
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	assert.DirExists(t, cache)
	require.NoError(t, os.WriteFile(filepath.Join(cache, "index"), nil, 0o666))
	k.Restore()
	assert.Equal(t, "/mine", os.Getenv("XDG_CACHE_HOME"))
	_, set := os.LookupEnv("XDG_CONFIG_HOME")
	assert.False(t, set)
	k.Divert()
	k.Restore()
	assert.Equal(t, "/mine", os.Getenv("XDG_CACHE_HOME"), "what was there first")
	k.Remove()
	require.Eventually(t, func() bool {
		_, err := os.Stat(cache)
		return errors.Is(err, os.ErrNotExist)
	}, 5*time.Second, 20*time.Millisecond)

	beside := t.TempDir()
	NewToolkit(Place{Toolkit: beside}).Remove()
	assert.DirExists(t, beside, "what lies beside the program stays")
}
