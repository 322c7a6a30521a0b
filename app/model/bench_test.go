package model

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tabir/app/sample"
)

// bench is a session whose posted functions run when the test says so.
type bench struct {
	*Session
	t       *testing.T
	dir     string
	mu      sync.Mutex
	queue   []func()
	changes int
}

func newBench(t *testing.T, dir string, change func(*Config)) *bench {
	b := &bench{t: t, dir: dir}
	c := Config{
		Engine:  Files(),
		Places:  Places{Folder: "cleaned copies", Unseen: "not looked at", Pictures: filepath.Join(dir, "Pictures")},
		Post:    b.post,
		Changed: func() { b.changes++ },
	}
	if change != nil {
		change(&c)
	}
	b.Session = New(c)
	return b
}

func (b *bench) post(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = append(b.queue, f)
}

// pump runs what was posted so far, and reports whether there was anything.
func (b *bench) pump() bool {
	b.mu.Lock()
	q := b.queue
	b.queue = nil
	b.mu.Unlock()
	for _, f := range q {
		f()
	}
	return len(q) > 0
}

// settle runs everything to its end.
func (b *bench) settle() {
	for {
		synctest.Wait()
		if !b.pump() && b.ctx == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// photos writes the samples to a folder, and returns their paths.
func photos(t *testing.T, dir string) []string {
	require.NoError(t, os.MkdirAll(dir, 0o777))
	var out []string
	for _, p := range sample.Photos() {
		path := filepath.Join(dir, p.Name)
		require.NoError(t, os.WriteFile(path, p.Data, 0o666))
		out = append(out, path)
	}
	return out
}

func (b *bench) names() string {
	var s []string
	for _, it := range b.Items() {
		s = append(s, it.Name())
	}
	return strings.Join(s, " | ")
}

func TestMain(m *testing.M) {
	sample.Photos() // drawn once, outside of any test's time
	os.Exit(m.Run())
}
