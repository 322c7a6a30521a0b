package scrub

import (
	"context"
	"image"
	"io"
	"slices"

	"tabir/scrub/internal/face"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// FaceDetector finds faces. It may be used by several goroutines at once.
type FaceDetector = face.Detector

// LoadFaceDetector makes a detector of an official YuNet file. Any other file
// is refused by its hash with ErrUnsupported.
func LoadFaceDetector(onnx []byte) (d FaceDetector, err error) {
	err = guard(func() error {
		net, err := face.Load(onnx)
		if err == nil {
			d = net
		}
		return err
	})
	return d, err
}

// BasicFaceDetector is built in and needs no file. It misses most faces that are
// turned away: it must not stand in for YuNet unless a person said so.
func BasicFaceDetector() FaceDetector { return face.Basic{} }

// FaceMode says how hard a FaceDetector looks.
type FaceMode = face.Mode

// The modes.
const (
	FacesDefault  = face.Default  // two sizes, and turned by quarters (the basic detector: upright and tilted)
	FacesQuick    = face.Quick    // one look, for previews
	FacesThorough = face.Thorough // with YuNet one look more, at up to twice the size
)

// How sure a detector is of a face.
const (
	FaceMaybe = face.Maybe
	FaceFound = face.Found
)

// FaceBox is one face that a detector proposes.
type FaceBox = face.Box

// Faces are the faces that a detector proposes in a picture. Nobody finds all of
// them: somebody has to look.
type Faces struct {
	Width, Height int       // of the upright picture, in pixels
	Boxes         []FaceBox // in pixels of it, the surest first
}

// Areas are what covers the faces, in the order of the boxes.
func (f *Faces) Areas() []Region {
	out := make([]Region, len(f.Boxes))
	for i, b := range f.Boxes {
		out[i] = around(b)
	}
	return out
}

// faceSide is the longest side of the picture that a mode looks at.
func faceSide(m FaceMode) int {
	switch m {
	case FacesQuick:
		return 640
	case FacesThorough:
		return 2560
	}
	return 1600
}

// DetectFaces looks for faces in the picture in the first size bytes of src, as
// its orientation shows it.
func DetectFaces(ctx context.Context, src io.ReaderAt, size int64, d FaceDetector, mode FaceMode) (*Faces, error) {
	var out *Faces
	err := guard(func() (err error) {
		out, err = detect(ctx, openCanvas(ctx, src, size), src, size, d, mode)
		return err
	})
	return out, err
}

// openCanvas opens a picture that nothing is going to be covered in, nil where
// that cannot be done. Looking at it takes the same way as covering it, so that
// both find the same faces.
func openCanvas(ctx context.Context, src io.ReaderAt, size int64) plan.Canvas {
	return openBy(ctx, canvasOf, src, size)
}

// ownCanvas does the same where the format has a canvas of its own. Those of
// others cost a decoded picture to open, and show no more than that.
func ownCanvas(ctx context.Context, src io.ReaderAt, size int64) plan.Canvas {
	return openBy(ctx, func(f plan.Format) opener { return f.Canvas }, src, size)
}

func openBy(ctx context.Context, of func(plan.Format) opener, src io.ReaderAt, size int64) plan.Canvas {
	f, err := sniff(src, size)
	if err != nil || of(f) == nil {
		return nil
	}
	c, err := of(f)(rd.New(ctx, src, size, rd.Default), meta.Policy{})
	if err != nil {
		return nil
	}
	return c
}

func detect(ctx context.Context, c plan.Canvas, src io.ReaderAt, size int64, d FaceDetector, mode FaceMode) (*Faces, error) {
	m, full, err := see(ctx, c, src, size, faceSide(mode))
	if err != nil {
		return nil, err
	}
	boxes, err := d.Detect(ctx, pix.Opaque(m), mode)
	if err != nil {
		return nil, err
	}
	out := &Faces{Width: full.X, Height: full.Y, Boxes: scaleBoxes(boxes, m.Bounds().Size(), full)}
	if film, ok := c.(plan.Film); ok {
		if err := out.lookAt(ctx, film, d); err != nil {
			return nil, err
		}
	}
	// YuNet may see a face in what it pads the picture with.
	out.Boxes = slices.DeleteFunc(out.Boxes, func(b FaceBox) bool {
		return b.X >= float64(full.X) || b.Y >= float64(full.Y) || b.X+b.W <= 0 || b.Y+b.H <= 0
	})
	return out, nil
}

// see asks a canvas for the upright picture, and decodes src where it has none to show.
func see(ctx context.Context, c plan.Canvas, src io.ReaderAt, size int64, side int) (image.Image, image.Point, error) {
	if c != nil {
		if m, full, orientation := c.See(side); m != nil {
			m, full = pix.Upright(m, full, side, orientation)
			return m, full, nil
		}
	}
	return pix.Preview(ctx, src, size, side)
}

func scaleBoxes(boxes []face.Box, from, to image.Point) []face.Box {
	sx, sy := float64(to.X)/float64(from.X), float64(to.Y)/float64(from.Y)
	for i := range boxes {
		b := &boxes[i]
		b.X, b.Y, b.W, b.H = b.X*sx, b.Y*sy, b.W*sx, b.H*sy
	}
	return boxes
}
