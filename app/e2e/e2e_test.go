//go:build e2e

// Package e2e drives the real program in a real window of an X server that the
// test is given (make e2e): as a file manager drops files on it, and as a person
// presses keys.
package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/sample"
	"tabir/scrub"
)

// start runs the program with a home of its own and returns its window's screen.
func start(t *testing.T, home string, args ...string) *screen {
	require.NoError(t, os.MkdirAll(filepath.Join(home, ".cache"), 0o777))
	x, err := connect()
	require.NoError(t, err, "an X server is needed: make e2e")
	app := exec.Command(os.Getenv("TABIR"), args...)
	app.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home+"/.config", "XDG_CACHE_HOME="+home+"/.cache", "XDG_DATA_HOME="+home+"/.local/share", "LC_ALL=en_US.UTF-8")
	app.Stderr = os.Stderr
	require.NoError(t, app.Start())
	t.Cleanup(func() {
		_ = app.Process.Kill()
		_ = app.Wait()
		x.c.Close()
	})
	return x
}

// TestDropAndClean: three photos from two folders dropped, one key, no dialog,
// one folder with three checked files.
func TestDropAndClean(t *testing.T) {
	home := t.TempDir()
	var paths []string
	for i, p := range []sample.Photo{sample.Photos()[0], sample.Photos()[3], sample.Photos()[4]} {
		path := filepath.Join(home, []string{"trip one", "trip one", "päivä #2"}[i], p.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, p.Data, 0o666))
		paths = append(paths, path)
	}
	began := time.Now()
	x := start(t, home)
	w, err := x.window("Tabir", 30*time.Second)
	require.NoError(t, err)
	t.Logf("the window was there after %s", time.Since(began).Round(time.Millisecond))
	time.Sleep(time.Second)
	require.NoError(t, x.drop(w, paths...))
	target := filepath.Join(home, "Pictures", "cleaned copies") // the folder of the test is a temporary one
	made := func() []string {
		names, _ := filepath.Glob(filepath.Join(target, "photo-*"))
		return names
	}
	// The copies wait for the photos to be looked at.
	for end := time.Now().Add(30 * time.Second); len(made()) < 3; time.Sleep(300 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "no copies in %s", target)
		require.NoError(t, x.press(w, keyControl, keyReturn))
	}
	time.Sleep(2 * time.Second) // until the result is drawn
	require.Len(t, made(), 3)
	for _, path := range made() {
		r, err := scrub.VerifyFile(context.Background(), path, scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.AlreadyClean, r.Outcome())
	}
	n, err := x.colours()
	require.NoError(t, err)
	assert.Greater(t, n, 200, "the window shows pictures and words")
	if name := os.Getenv("SCREENSHOT"); name != "" {
		require.NoError(t, exec.Command("import", "-window", "root", name).Run())
	}
	for i, p := range []int{0, 3, 4} {
		now, err := os.ReadFile(paths[i])
		require.NoError(t, err)
		assert.Equal(t, sample.Photos()[p].Data, now, "originals stay as they are")
	}
}
