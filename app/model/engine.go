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
	// Tile is a part of the upright picture, at most side pixels long.
	Tile func(ctx context.Context, path string, part image.Rectangle, side int) (image.Image, error)
	// Covered shows what areas will look like in m, which is a part of a picture.
	Covered func(m image.Image, part image.Rectangle, areas []scrub.Region, style scrub.CoverStyle) image.Image
	// Crop says what a picture is really cut to when it is to be cut to r.
	Crop func(ctx context.Context, path string, r image.Rectangle) (image.Rectangle, error)
	// Better is the engine with the face finder that is in a file; any other file is
	// an error. nil: there is no other.
	Better func(path string) (Engine, error)
	Basic  bool              // the detector is the one that often misses turned faces
	Exts   map[string]string // from format to file name extension
	Become map[string]string // the same, of copies with covered areas

	memory *memory // of the samples
}

// Files is the engine that works on real files, and on the samples.
func Files() Engine {
	files := &memory{files: map[string][]byte{}}
	e := Engine{
		Find:    files.find,
		Inspect: files.inspect,
		Preview: func(ctx context.Context, path string, side int) (m image.Image, full image.Point, err error) {
			err = files.decoding(path, func(src io.ReaderAt, size int64) error {
				m, full, err = scrub.Preview(ctx, src, size, side)
				return err
			})
			return m, full, err
		},
		Tile: func(ctx context.Context, path string, part image.Rectangle, side int) (m image.Image, err error) {
			err = files.decoding(path, func(src io.ReaderAt, size int64) error {
				m, err = scrub.Tile(ctx, src, size, part, side)
				return err
			})
			return m, err
		},
		Covered: scrub.PreviewCover,
		Crop: func(ctx context.Context, path string, part image.Rectangle) (fits image.Rectangle, err error) {
			err = files.reading(path, func(src io.ReaderAt, size int64) error {
				fits, err = scrub.CropFits(ctx, src, size, part)
				return err
			})
			return fits, err
		},
		Basic:  true,
		Exts:   map[string]string{},
		Become: map[string]string{},
		memory: files,
	}
	for _, f := range scrub.Formats() {
		e.Exts[f.Name] = f.Exts[0]
	}
	for _, f := range scrub.Formats() {
		e.Become[f.Name] = e.Exts[f.Covered]
	}
	e.look(scrub.BasicFaceDetector(), nil)
	if b, err := assets.FindFaceModel(""); err == nil && b != nil {
		if net, err := scrub.LoadFaceDetector(b); err == nil {
			e.better(net)
		}
	}
	e.Better = func(path string) (Engine, error) {
		b, err := read(path)
		if err != nil {
			return e, err
		}
		net, err := scrub.LoadFaceDetector(b)
		if err != nil {
			return e, err
		}
		with := e
		with.better(net)
		return with, nil
	}
	return e
}

// maxModel is larger than any official file of the detector, in bytes.
const maxModel = 16 << 20

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxModel))
}

// better looks for faces with YuNet, and looks at the copies with it too.
func (e *Engine) better(net scrub.FaceDetector) {
	e.Basic = false
	e.look(net, net)
}

// look for faces with a detector, and at copies with another one, if there is one.
func (e *Engine) look(d, copies scrub.FaceDetector) {
	e.Clean = e.memory.clean(batch.Options{Cover: scrub.Cover{Check: copies}, Discard: platform.Trash})
	e.Faces = func(ctx context.Context, path string) (faces *scrub.Faces, err error) {
		err = e.memory.decoding(path, func(src io.ReaderAt, size int64) error {
			faces, err = scrub.DetectFaces(ctx, src, size, d, scrub.FacesDefault)
			return err
		})
		return faces, err
	}
}

// oneDecoder is held by the decoder that is at work: a large photo takes more than
// a hundred megabytes while it is decoded.
var oneDecoder sync.Mutex

// decoding hands on a file while nothing else is decoded.
func (m *memory) decoding(path string, use func(src io.ReaderAt, size int64) error) error {
	oneDecoder.Lock()
	defer oneDecoder.Unlock()
	return m.reading(path, use)
}

// reading hands on a file, or what is in memory under its name.
func (m *memory) reading(path string, use func(src io.ReaderAt, size int64) error) error {
	if b := m.get(path); b != nil {
		return use(bytesAt(b), int64(len(b)))
	}
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
