//go:build e2e && linux

package main

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

// TestDropAndClean: three photos from two folders dropped as a file manager drops
// them, one key, no dialog, one folder with three checked files.
func TestDropAndClean(t *testing.T) {
	r := newRig(t, "-screen", "0", "1140x760x24")
	pictures := filepath.Join(r.dir, "home", "Pictures")
	var paths []string
	chosen := []sample.Photo{sample.Photos()[0], sample.Photos()[3], sample.Photos()[4]}
	for i, p := range chosen {
		path := filepath.Join(pictures, []string{"trip one", "trip one", "päivä #2"}[i], p.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, p.Data, 0o600))
		paths = append(paths, path)
	}
	app := exec.Command(r.program)
	app.Env = r.env
	began := time.Now()
	require.NoError(t, app.Start())
	t.Cleanup(func() { app.Process.Kill(); app.Wait() })
	x, err := connect(r.display)
	require.NoError(t, err)
	defer x.c.Close()
	w, err := x.window("Tabir", 30*time.Second)
	require.NoError(t, err)
	t.Logf("the window was there after %s", time.Since(began).Round(time.Millisecond))
	drawn := func(colour int) {
		t.Helper()
		require.Eventually(t, func() bool {
			s, err := x.still()
			return err == nil && colours(s) > colour
		}, 30*time.Second, time.Millisecond)
	}
	drawn(20)
	require.NoError(t, x.drop(w, paths...))

	target := filepath.Join(pictures, "cleaned copies") // the photos' own folders are temporary ones
	made := func() []string {
		names, _ := filepath.Glob(filepath.Join(target, "photo-*"))
		return names
	}
	for end := time.Now().Add(30 * time.Second); len(made()) < 3; time.Sleep(300 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "no copies in %s", target)
		require.NoError(t, x.press(w, keyControl, keyReturn)) // in vain until the photos are looked at
	}
	drawn(200) // pictures and words
	require.Len(t, made(), 3)
	for _, path := range made() {
		r, err := scrub.VerifyFile(context.Background(), path, scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.AlreadyClean, r.Outcome())
	}
	if name := os.Getenv("SCREENSHOT"); name != "" {
		c := exec.Command("import", "-window", "root", name)
		c.Env = r.env
		require.NoError(t, c.Run())
	}
	for i, p := range chosen {
		now, err := os.ReadFile(paths[i])
		require.NoError(t, err)
		assert.Equal(t, p.Data, now, "originals stay as they are")
	}
}
