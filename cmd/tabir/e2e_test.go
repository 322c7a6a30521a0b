//go:build e2e && linux

// The real program under Xvfb: `make e2e`.
package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/sample"
)

// rig is a home of its own, a screen of its own, and the program.
type rig struct {
	t       testing.TB
	dir     string
	program string
	display string
	env     []string
}

func newRig(t testing.TB, screen ...string) *rig {
	r := &rig{t: t, dir: t.TempDir()}
	for _, d := range []string{"home/Pictures", "home/.config", "home/.cache", "home/.local/share", "tmp", "run", "bin"} {
		require.NoError(t, os.MkdirAll(filepath.Join(r.dir, d), 0o700))
	}
	built, err := filepath.Abs(cmp.Or(os.Getenv("TABIR"), "../../bin/tabir"))
	require.NoError(t, err)
	b, err := os.ReadFile(built)
	require.NoError(t, err, "make build")
	r.program = filepath.Join(r.dir, "bin", "tabir")
	require.NoError(t, os.WriteFile(r.program, b, 0o755))
	home := filepath.Join(r.dir, "home")
	r.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + filepath.Join(r.dir, "tmp"), "LANG=en_US.UTF-8",
		"XDG_RUNTIME_DIR=" + filepath.Join(r.dir, "run"), "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"),
		"XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "XDG_DATA_HOME=" + filepath.Join(home, ".local", "share")}
	if len(screen) > 0 {
		r.screen(screen...)
	}
	return r
}

// screen starts Xvfb on a display that is free.
func (r *rig) screen(args ...string) {
	read, write, err := os.Pipe()
	require.NoError(r.t, err)
	x := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-noreset", "-nolisten", "tcp"}, args...)...)
	x.ExtraFiles = []*os.File{write}
	require.NoError(r.t, x.Start())
	write.Close()
	r.t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	var n int
	_, err = fmt.Fscan(read, &n)
	require.NoError(r.t, err)
	r.display = fmt.Sprint(":", n)
	r.env = append(r.env, "DISPLAY="+r.display)
}

// files lists everything in the home, the temporary folder, beside the program.
func (r *rig) files() map[string]string {
	out := map[string]string{}
	require.NoError(r.t, filepath.WalkDir(r.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(r.dir, p)
		out[rel] = "folder"
		if d.Type().IsRegular() {
			b, err := os.ReadFile(p)
			out[rel] = fmt.Sprintf("%d %x", len(b), b[:min(len(b), 64)])
			return err
		}
		return nil
	}))
	return out
}

// settle waits for the toolkit's own folder, which goes a moment after the program.
func (r *rig) settle() {
	require.Eventually(r.t, func() bool {
		left, _ := filepath.Glob(filepath.Join(r.dir, "tmp", ".tmp-*"))
		return len(left) == 0
	}, 5*time.Second, 50*time.Millisecond)
}

// news are the paths that are in b and not in a, or differ.
func news(a, b map[string]string) []string {
	var out []string
	for p, v := range b {
		if a[p] != v {
			out = append(out, p)
		}
	}
	for p := range a {
		if _, ok := b[p]; !ok {
			out = append(out, "gone: "+p)
		}
	}
	slices.Sort(out)
	return out
}

func (r *rig) xdotool(args ...string) string {
	c := exec.Command("xdotool", args...)
	c.Env = r.env
	b, _ := c.Output()
	return strings.TrimSpace(string(b))
}

// session opens the window with photos, makes the copies by a key, presses more
// keys, and ends.
func (r *rig) session(copies string, n int, keys ...string) {
	dir := filepath.Join(r.dir, "home", "Pictures")
	var paths []string
	for _, p := range sample.Photos()[:n] {
		path := filepath.Join(dir, p.Name)
		require.NoError(r.t, os.WriteFile(path, p.Data, 0o600))
		paths = append(paths, path)
	}
	before := r.files()
	c := exec.Command(r.program, paths...)
	c.Env = r.env
	var out bytes.Buffer
	c.Stderr = &out
	require.NoError(r.t, c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	r.t.Cleanup(func() { c.Process.Kill() })
	var window string
	require.Eventually(r.t, func() bool { window = r.xdotool("search", "--name", "^Tabir$"); return window != "" }, 30*time.Second, 50*time.Millisecond, out.String())
	r.xdotool("windowfocus", strings.Fields(window)[0])
	target := filepath.Join(dir, copies)
	require.Eventually(r.t, func() bool {
		r.xdotool("key", "ctrl+Return")
		found, _ := filepath.Glob(filepath.Join(target, "photo-*"))
		return len(found) == n
	}, 30*time.Second, 300*time.Millisecond)
	x, err := connect(r.display)
	require.NoError(r.t, err)
	defer x.c.Close()
	for _, k := range keys { // each of which shows something
		before, err := x.still()
		require.NoError(r.t, err)
		r.xdotool("key", k)
		require.NoError(r.t, x.changed(before, 20*time.Second), k)
	}
	require.NoError(r.t, c.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-ended:
		require.NoError(r.t, err, out.String())
	case <-time.After(20 * time.Second):
		r.t.Fatal("it does not end")
	}
	r.settle()
	for _, p := range news(before, r.files()) {
		in, err := filepath.Rel(target, filepath.Join(r.dir, p))
		assert.True(r.t, err == nil && !strings.HasPrefix(in, "..") || strings.HasPrefix(p, "bin/tabir-data"), "it left %s", p)
	}
}

// TestLeavesNothing: where nothing is to be remembered, only the copies are new.
func TestLeavesNothing(t *testing.T) {
	r := newRig(t, "-screen", "0", "1140x760x24")
	r.session("cleaned copies", 3, "ctrl+comma", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "space", "Escape", "F1", "Escape")
	assert.NoDirExists(t, filepath.Join(r.dir, "bin", "tabir-data"))
}

// TestPortable: what is kept lies beside the program.
func TestPortable(t *testing.T) {
	r := newRig(t, "-screen", "0", "1140x760x24")
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, "bin", "tabir-portable.txt"), nil, 0o600))
	r.session("cleaned copies", 2, "ctrl+comma", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "space", "Escape")
	assert.FileExists(t, filepath.Join(r.dir, "bin", "tabir-data", "settings.json"))
}

// TestCannotStart: without a display, and without OpenGL, it says so.
func TestCannotStart(t *testing.T) {
	for name, screen := range map[string][]string{"no display": nil, "no OpenGL": {"-screen", "0", "800x600x24", "-extension", "GLX"}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, screen...)
			before := r.files()
			run := func(env ...string) (string, int) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				c := exec.CommandContext(ctx, r.program)
				c.Env = append(slices.Clone(r.env), env...)
				b, _ := c.CombinedOutput()
				return string(b), c.ProcessState.ExitCode()
			}
			out, code := run()
			assert.NotZero(t, code)
			assert.Contains(t, out, "Tabir cannot open its window on this computer: it needs OpenGL 2.1")
			out, _ = run("LANG=id_ID.UTF-8")
			assert.Contains(t, out, "Tabir tidak dapat membuka jendelanya", "in the user's language")
			r.settle()
			assert.Empty(t, news(before, r.files()))

			// With dialogs the job is done by them.
			photo := sample.Photos()[0]
			path := filepath.Join(r.dir, "home", "Pictures", photo.Name)
			require.NoError(t, os.WriteFile(path, photo.Data, 0o600))
			script := "#!/bin/sh\nprintf '%s\\n' \"$*\" >>" + filepath.Join(r.dir, "run", "asked") + "\ncase \"$*\" in *file-selection*) printf '%s' '" + path + "';; esac\n"
			require.NoError(t, os.WriteFile(filepath.Join(r.dir, "bin", "zenity"), []byte(script), 0o755))
			_, code = run("PATH=" + filepath.Join(r.dir, "bin") + ":" + os.Getenv("PATH"))
			assert.Zero(t, code)
			asked, err := os.ReadFile(filepath.Join(r.dir, "run", "asked"))
			require.NoError(t, err)
			for _, want := range []string{"--question", "OpenGL 2.1", "--file-selection", "1 cleaned copy was made and checked."} {
				assert.Contains(t, string(asked), want)
			}
			assert.FileExists(t, filepath.Join(r.dir, "home", "Pictures", "cleaned copies", "photo-001.jpg"))
		})
	}
}
