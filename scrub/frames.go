package scrub

import (
	"context"
	"image"
	"math"

	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/plan"
)

// lookAt adds the faces of all frames of an animation but the first. They are
// looked for quickly: there may be hundreds of frames. An area covers its place
// in all of them.
func (f *Faces) lookAt(ctx context.Context, film plan.Film, d FaceDetector) error {
	return film.Frames(func(m image.Image, orientation int) error {
		m, full := pix.Upright(m, m.Bounds().Size(), faceSide(FacesQuick), orientation)
		boxes, err := d.Detect(ctx, m, FacesQuick)
		if err != nil {
			return err
		}
		for _, b := range scaleBoxes(boxes, m.Bounds().Size(), full) {
			f.add(b)
		}
		return nil
	})
}

// add adds a face of a further frame. One that hardly moved is the same: its box
// grows.
func (f *Faces) add(b FaceBox) {
	for i := range f.Boxes {
		o := &f.Boxes[i]
		x, y := b.X+b.W/2-o.X-o.W/2, b.Y+b.H/2-o.Y-o.H/2
		if math.Abs(x) > o.W/4 || math.Abs(y) > o.H/4 || b.W > 1.5*o.W || o.W > 1.5*b.W {
			continue
		}
		x1, y1 := max(o.X+o.W, b.X+b.W), max(o.Y+o.H, b.Y+b.H)
		o.X, o.Y = min(o.X, b.X), min(o.Y, b.Y)
		o.W, o.H = x1-o.X, y1-o.Y
		o.Score, o.Level = max(o.Score, b.Score), max(o.Level, b.Level)
		return
	}
	f.Boxes = append(f.Boxes, b)
}
