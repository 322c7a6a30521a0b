package model

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"tabir/app/sample"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// The samples are files that are never on a disk: their paths begin with a name
// that no folder has, and their copies stay in memory unless they are saved.
const (
	sampleFolder = "sample:"
	sampleCopies = sampleFolder + "/copies"
)

// InMemory reports whether a path is that of a sample, or of the folder of their copies.
func InMemory(path string) bool { return strings.HasPrefix(path, sampleFolder) }

// AddSamples puts the built-in samples on the list.
func (s *Session) AddSamples() {
	s.notices = nil
	s.queue = append(s.queue, []string{sampleFolder})
	s.startScan()
	s.changed()
}

// SaveCopies writes the copies of samples into a folder. Files that are there stay.
func (s *Session) SaveCopies(dir string) error {
	var errs []error
	for _, it := range s.items {
		if b := s.c.Engine.memory.get(it.Copy); it.Status() == Made && b != nil {
			errs = append(errs, writeNew(filepath.Join(dir, path.Base(it.Copy)), b))
		}
	}
	return errors.Join(errs...)
}

func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// memory holds files by their paths.
type memory struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (m *memory) get(path string) []byte {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.files[path]
}

func (m *memory) put(path string, b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[path] = b
}

// find puts the samples where the engine finds them, or looks for real files.
func (m *memory) find(ctx context.Context, root, out string) (*batch.Work, error) {
	if root != sampleFolder {
		return batch.Find(ctx, []string{root}, batch.Options{Out: out})
	}
	w := &batch.Work{}
	for _, p := range sample.Tour() {
		at := path.Join(sampleFolder, p.Name)
		m.put(at, p.Data)
		w.Jobs = append(w.Jobs, batch.Job{Src: at, Size: int64(len(p.Data))})
	}
	return w, nil
}

func (m *memory) inspect(ctx context.Context, j batch.Job) (*scrub.Report, error) {
	if b := m.get(j.Src); b != nil {
		return scrub.Inspect(ctx, bytesAt(b), int64(len(b)), scrub.Options{Name: path.Base(j.Src)})
	}
	return batch.Inspect(batch.Options{})(ctx, j)
}

// clean is the task that makes copies as o says: of samples in memory.
func (m *memory) clean(o batch.Options) batch.Task {
	files := batch.Clean(o)
	return func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
		b := m.get(j.Src)
		if b == nil {
			return files(ctx, j)
		}
		cover := o.Cover
		cover.Regions, cover.Style = j.Areas, j.Style
		var out scrub.Buffer
		r, err := scrub.Clean(ctx, &out, bytesAt(b), int64(len(b)), scrub.Options{Policy: j.Policy, Name: path.Base(j.Src), Cover: cover, Crop: j.Crop, FromPixels: j.FromPixels})
		if err == nil {
			m.put(j.Dst, out.Bytes())
		}
		return r, err
	}
}

func bytesAt(b []byte) *bytes.Reader { return bytes.NewReader(b) }
