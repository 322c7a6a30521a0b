package model

import (
	"context"
	"image"
	"io"
	"os"
	"sync"

	"tabir/app/platform"
	"tabir/assets"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// Engine does the work on files. Its functions are called on goroutines of their own.
type Engine struct {
	Find    func(ctx context.Context, root, out string) (*batch.Work, error)
	Inspect batch.Task
	Clean   batch.Task
	// Preview is the upright picture, at most side pixels long; full is its real size.
	Preview func(ctx context.Context, path string, side int) (m image.Image, full image.Point, err error)
	// Faces are what a detector proposes.
	Faces func(ctx context.Context, path string) (*scrub.Faces, error)
	Basic bool              // the detector is the one that often misses turned faces
	Exts  map[string]string // from format to file name extension

	detect detector
	memory *memory // of the samples
}

// Files is the engine that works on real files, and on the samples.
func Files() Engine {
	clean := batch.Options{Discard: platform.Trash}
	d, basic := scrub.BasicFaceDetector(), true
	if b, err := assets.FindFaceModel(""); err == nil && b != nil {
		if net, err := scrub.LoadFaceDetector(b); err == nil {
			d, basic = net, false
			clean.Cover.Check = net
		}
	}
	e := Engine{
		Find: func(ctx context.Context, root, out string) (*batch.Work, error) {
			return batch.Find(ctx, []string{root}, batch.Options{Out: out})
		},
		Inspect: batch.Inspect(batch.Options{}),
		Clean:   batch.Clean(clean),
		Preview: preview,
		Basic:   basic,
		Exts:    map[string]string{},
		detect: func(ctx context.Context, src io.ReaderAt, size int64) (*scrub.Faces, error) {
			return scrub.DetectFaces(ctx, src, size, d, scrub.FacesDefault)
		},
	}
	for _, f := range scrub.Formats() {
		e.Exts[f.Name] = f.Exts[0]
	}
	e.Faces = func(ctx context.Context, path string) (faces *scrub.Faces, err error) {
		err = opened(path, func(f *os.File, size int64) error {
			faces, err = e.detect(ctx, f, size)
			return err
		})
		return faces, err
	}
	return e.withSamples(clean)
}

// decoding is held by the one decoder that is at work: a large photo takes
// more than a hundred megabytes while it is decoded.
var decoding sync.Mutex

func preview(ctx context.Context, path string, side int) (m image.Image, full image.Point, err error) {
	err = opened(path, func(f *os.File, size int64) error {
		m, full, err = scrub.Preview(ctx, f, size, side)
		return err
	})
	return m, full, err
}

// opened hands on a file while nothing else is decoded.
func opened(path string, use func(f *os.File, size int64) error) error {
	decoding.Lock()
	defer decoding.Unlock()
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return scrub.ErrNotFile
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return use(f, st.Size())
}
