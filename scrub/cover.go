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

// wanted reports whether there is something to cover or to look for.
func (c *Cover) wanted() bool { return len(c.Regions) > 0 || c.Faces != nil }

// apply turns a parsed source into the covered picture and its plan. Where there
// is nothing to cover both stay as they are.
func (c *Cover) apply(ctx context.Context, f plan.Format, src io.ReaderAt, size int64, p *plan.Plan, pol meta.Policy, r *Report) (io.ReaderAt, *plan.Plan, error) {
	if !c.wanted() {
		return src, p, nil
	}
	if f.Canvas == nil {
		return nil, nil, fmt.Errorf("%s: covering areas: %w: %w", f.Name, ErrNoCover, ErrUnsupported)
	}
	canvas, err := f.Canvas(rd.New(ctx, src, size, rd.Default), pol)
	if err != nil {
		return nil, nil, err
	}
	regions := append([]Region(nil), c.Regions...)
	if c.Faces != nil {
		faces, err := detect(ctx, canvas, src, size, c.Faces, c.Mode)
		if err != nil {
			return nil, nil, fmt.Errorf("looking for faces: %w", err)
		}
		r.Looked, r.Faces = true, len(faces.Boxes)
		regions = append(regions, faces.Areas()...)
	}
	for _, g := range regions {
		if g.W <= 0 || g.H <= 0 {
			return nil, nil, fmt.Errorf("%d,%d,%d,%d: %w", g.X, g.Y, g.W, g.H, ErrNoArea)
		}
	}
	if len(regions) == 0 {
		return src, p, nil
	}
	out, err := canvas.Cover(regions, c.Style)
	if err != nil {
		return nil, nil, err
	}
	r.Covered = regions
	if err := c.look(ctx, canvas, out, r); err != nil {
		return nil, nil, err
	}
	q, err := f.Parse(rd.New(ctx, rd.Held(out), int64(len(out)), rd.Default), pol)
	return rd.Held(out), q, err
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
