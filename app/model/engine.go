package model

import (
	"context"
	"image"
	"os"
	"sync"

	"tabir/scrub"
	"tabir/scrub/batch"
)

// Engine does the work on files. Its functions are called on goroutines of their own.
type Engine struct {
	Find    func(ctx context.Context, root, out string) (*batch.Work, error)
	Inspect batch.Task
	Clean   batch.Task
	Preview func(ctx context.Context, path string, side int) (image.Image, error)
	Exts    map[string]string // from format to file name extension
}

// Files is the engine that works on real files.
func Files() Engine {
	e := Engine{
		Find: func(ctx context.Context, root, out string) (*batch.Work, error) {
			return batch.Find(ctx, []string{root}, batch.Options{Out: out})
		},
		Inspect: batch.Inspect(batch.Options{}),
		Clean:   batch.Clean(batch.Options{}),
		Preview: preview,
		Exts:    map[string]string{},
	}
	for _, f := range scrub.Formats() {
		e.Exts[f.Name] = f.Exts[0]
	}
	return e
}

// decoding is held by the one decoder that is at work: a large photo takes
// more than a hundred megabytes while it is decoded.
var decoding sync.Mutex

func preview(ctx context.Context, path string, side int) (image.Image, error) {
	decoding.Lock()
	defer decoding.Unlock()
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, scrub.ErrNotFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return scrub.Preview(ctx, f, st.Size(), side)
}
