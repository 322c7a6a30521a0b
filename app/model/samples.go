package model

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
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

// Sample reports whether the item is one of the built-in samples.
func (i *Item) Sample() bool { return InMemory(i.Path) }

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

// withSamples makes an engine work on the samples too. o is how it cleans.
func (e Engine) withSamples(o batch.Options) Engine {
	m := &memory{files: map[string][]byte{}}
	find, inspect, clean, preview, faces := e.Find, e.Inspect, e.Clean, e.Preview, e.Faces
	e.memory = m
	e.Find = func(ctx context.Context, root, out string) (*batch.Work, error) {
		if root != sampleFolder {
			return find(ctx, root, out)
		}
		w := &batch.Work{}
		for _, p := range sample.Tour() {
			at := path.Join(sampleFolder, p.Name)
			m.put(at, p.Data)
			w.Jobs = append(w.Jobs, batch.Job{Src: at, Size: int64(len(p.Data))})
		}
		return w, nil
	}
	e.Inspect = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
		b := m.get(j.Src)
		if b == nil {
			return inspect(ctx, j)
		}
		return scrub.Inspect(ctx, bytes.NewReader(b), int64(len(b)), scrub.Options{Name: path.Base(j.Src)})
	}
	e.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
		b := m.get(j.Src)
		if b == nil {
			return clean(ctx, j)
		}
		cover := o.Cover
		cover.Regions, cover.Style = j.Areas, j.Style
		var out scrub.Buffer
		r, err := scrub.Clean(ctx, &out, bytes.NewReader(b), int64(len(b)), scrub.Options{Policy: j.Policy, Name: path.Base(j.Src), Cover: cover})
		if err == nil {
			m.put(j.Dst, out.Bytes())
		}
		return r, err
	}
	e.Preview = func(ctx context.Context, path string, side int) (image.Image, image.Point, error) {
		if b := m.get(path); b != nil {
			return scrub.Preview(ctx, bytes.NewReader(b), int64(len(b)), side)
		}
		return preview(ctx, path, side)
	}
	e.Faces = func(ctx context.Context, path string) (*scrub.Faces, error) {
		if b := m.get(path); b != nil {
			return e.detect(ctx, bytes.NewReader(b), int64(len(b)))
		}
		return faces(ctx, path)
	}
	return e
}

// detector looks for faces in a picture.
type detector func(ctx context.Context, src io.ReaderAt, size int64) (*scrub.Faces, error)
