package scrub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"tabir/scrub/internal/face"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/recode"
	"tabir/scrub/meta"
)

// Region is an area in pixels of the upright picture, as its orientation shows it.
type Region = paint.Region

// CoverStyle says what a covered area looks like. No style shows anything of
// what is under it.
type CoverStyle = paint.Style

// The styles.
const (
	CoverSoft   = paint.Soft   // like a soft blur of the surroundings, with a faint oval
	CoverSolid  = paint.Solid  // one dark colour
	CoverMosaic = paint.Mosaic // tiles, cut from the soft cover and not from the picture
)

// Cover says what is painted over. The result is a new picture: it is made of
// nothing inside the areas, and outside of them nothing changes but for the
// rest of the blocks that an area touches.
type Cover struct {
	Regions []Region     // taken as they are
	Faces   FaceDetector // its found and maybe faces are covered as well; nil: faces are not looked for
	Mode    FaceMode
	Style   CoverStyle
	// Check looks quickly at the written picture for faces outside the areas;
	// nil: Faces does, if it is there.
	Check FaceDetector
}

// wanted says that there may be something to cover.
func (c *Cover) wanted() bool { return len(c.Regions) > 0 || c.Faces != nil }

// apply turns a parsed source into the covered and cut picture and its plan, in the
// format that it then has. Where there is nothing to cover or to cut all stay as
// they are.
func apply(ctx context.Context, f plan.Format, src io.ReaderAt, size int64, p *plan.Plan, o Options, r *Report) (plan.Format, io.ReaderAt, *plan.Plan, error) {
	fail := func(err error) (plan.Format, io.ReaderAt, *plan.Plan, error) { return f, nil, nil, err }
	if !o.edits() {
		return f, src, p, nil
	}
	if f.Canvas == nil {
		done, err := recode.Turn(ctx)
		if err != nil {
			return fail(err)
		}
		defer done()
	}
	canvas, err := openTo(ctx, f, src, size, o.Policy)
	if err != nil {
		return fail(err)
	}
	regions, err := o.Cover.regions(ctx, canvas, src, size, r)
	if err != nil {
		return fail(err)
	}
	if len(regions) == 0 && o.Crop.Empty() {
		return f, src, p, nil
	}
	out, err := o.edit(ctx, f.Name, canvas, regions, r)
	if err != nil {
		return fail(err)
	}
	if f.Canvas == nil { // coded anew, and maybe not as it was
		if f, err = sniff(out, int64(len(out))); err != nil {
			return fail(err)
		}
		r.NewPicture, r.OutFormat = true, f.Name
	}
	q, err := f.Parse(rd.New(ctx, out, int64(len(out)), rd.Default), o.Policy)
	if err == nil {
		r.settle(q.Findings)
	}
	return f, out, q, err
}

// settle asks of what was to stay or to be kept whether the edited picture, which
// holds now, has it still.
func (r *Report) settle(now []meta.Finding) {
	for i := range r.Findings {
		g := &r.Findings[i]
		is := func(n meta.Finding) bool { return n.Fate == g.Fate && n.Label == g.Label }
		if (g.Fate == meta.Stays || g.Fate == meta.Kept) && g.Kind != meta.Colour && !slices.ContainsFunc(now, is) {
			g.Fate = meta.Removed
		}
	}
}

// opener opens a picture to be covered.
type opener = func(*rd.Window, meta.Policy) (plan.Canvas, error)

// canvasOf is how a picture of a format is opened to be covered, nil where it cannot be.
func canvasOf(f plan.Format) opener {
	if f.Canvas == nil && recode.Covered(f.Name) != "" {
		return recode.Open
	}
	return f.Canvas
}

// regions are the areas to cover: those that were asked for, and those of faces.
func (c *Cover) regions(ctx context.Context, canvas plan.Canvas, src io.ReaderAt, size int64, r *Report) ([]Region, error) {
	regions := slices.Clone(c.Regions)
	if c.Faces != nil {
		faces, err := detect(ctx, canvas, src, size, c.Faces, c.Mode)
		if err != nil {
			return nil, fmt.Errorf("looking for faces: %w", err)
		}
		r.Looked, r.Faces = true, len(faces.Boxes)
		regions = append(regions, faces.Areas()...)
	}
	for _, g := range regions {
		if g.W <= 0 || g.H <= 0 {
			return nil, fmt.Errorf("%d,%d,%d,%d: %w", g.X, g.Y, g.W, g.H, ErrNoArea)
		}
	}
	return regions, nil
}

// edit cuts a picture, if it is to be cut, covers the regions in it, and looks at
// the new file.
func (o *Options) edit(ctx context.Context, format string, canvas plan.Canvas, regions []Region, r *Report) (rd.Held, error) {
	if !o.Crop.Empty() {
		var err error
		if r.Cropped, err = crop(format, canvas, o.Crop); err != nil {
			return nil, err
		}
	}
	out, err := canvas.Cover(regions, o.Cover.Style)
	if err != nil {
		return nil, err
	}
	if r.Covered = left(regions, r.Cropped); len(r.Covered) == 0 {
		return out, nil
	}
	return out, o.Cover.look(ctx, canvas, out, r)
}

// openTo opens a picture to be covered or cut.
func openTo(ctx context.Context, f plan.Format, src io.ReaderAt, size int64, pol meta.Policy) (plan.Canvas, error) {
	open := canvasOf(f)
	if open == nil {
		return nil, fmt.Errorf("%s: covering or cutting: %w: %w", f.Name, ErrNoCover, ErrUnsupported)
	}
	return open(rd.New(ctx, src, size, rd.Default), pol)
}

// look tells the report which faces are left outside the covered areas of the
// new file, which verification compares with the written one byte by byte. A
// covered head still has the shape of one: what is seen in an area is no news.
func (c *Cover) look(ctx context.Context, canvas plan.Canvas, out []byte, r *Report) error {
	d := cmp.Or(c.Check, c.Faces)
	if d == nil {
		return nil
	}
	faces, err := detect(ctx, canvas, rd.Held(out), int64(len(out)), d, FacesQuick)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ErrLimit) || errors.Is(err, ErrUnsupported):
		return nil // too large to look at; Checked says so
	case err != nil:
		return fmt.Errorf("looking at the copy: %w: %w", ErrUnverified, err)
	}
	r.Checked = true
	for _, b := range faces.Boxes {
		x, y := int(b.X+b.W/2), int(b.Y+b.H/2)
		if !slices.ContainsFunc(r.Covered, func(g Region) bool { return g.Touches(x, y, 1, 1) }) {
			r.Outside = append(r.Outside, b)
		}
	}
	return nil
}

// around is the area of a face: larger than the detector's frame, which ends at
// the hairline and the cheeks, upwards most.
func around(b face.Box) Region {
	x0, x1 := math.Floor(b.X-b.W*0.22), math.Ceil(b.X+b.W*1.22)
	y0, y1 := math.Floor(b.Y-b.H*0.32), math.Ceil(b.Y+b.H*1.15)
	return Region{X: int(x0), Y: int(y0), W: int(x1 - x0), H: int(y1 - y0), Ellipse: true}
}
