package scrub

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/recode"
	"tabir/scrub/internal/verify"
	"tabir/scrub/meta"
)

// Remakes says what a new picture that is made of the pixels of a file of size
// bytes will be: its name and the extensions that fit. What cannot be decoded is
// ErrUnknownFormat or ErrUnsupported, by name.
func Remakes(ctx context.Context, src io.ReaderAt, size int64) (info FormatInfo, err error) {
	err = guard(func() error {
		name, err := remakes(ctx, src, size)
		if err != nil {
			return named(err, src, size)
		}
		for _, f := range formats {
			if f.Name == name {
				info = infoOf(f)
			}
		}
		return nil
	})
	return info, err
}

// remakes is the name of the format of a new picture, by the header of the old one.
func remakes(ctx context.Context, src io.ReaderAt, size int64) (string, error) {
	i, err := pix.Look(ctx, src, size)
	if errors.Is(err, ErrUnsupported) || errors.Is(err, ErrUnknownFormat) {
		if s := shower(ctx, src, size); s != nil && !s.Lossless() {
			return "jpeg", nil
		} else if s != nil {
			return "png", nil
		}
	}
	return i.New, err
}

// shower is the canvas of a picture that shows it as a whole, also where decoders do
// not know it or take it for damaged; nil where there is none.
func shower(ctx context.Context, src io.ReaderAt, size int64) recode.Shower {
	s, _ := ownCanvas(ctx, src, size).(recode.Shower)
	return s
}

// offer adds to a refusal that a new picture could be made of the file, where its
// header says so.
func offer(ctx context.Context, src io.ReaderAt, size int64, err error) error {
	if err == nil || failure(err) != Refused || errors.Is(err, ErrTruncated) {
		return err
	}
	if _, no := remakes(ctx, src, size); no != nil {
		return err
	}
	return joined{err, ErrRemakes}
}

// named is the error for a file that cannot be decoded, with the name of what it
// is, where that is known.
func named(err error, src io.ReaderAt, size int64) error {
	_, unknown := sniff(src, size)
	switch {
	case unknown == nil:
		return err
	case errors.Is(err, ErrUnknownFormat):
		return unknown
	}
	return fmt.Errorf("%w: %w", unknown, err)
}

// joined is two errors, of which the first one speaks.
type joined struct {
	error
	also error
}

// Unwrap makes both known to errors.Is.
func (j joined) Unwrap() []error { return []error{j.error, j.also} }

// remake makes a new picture of the pixels of the source: decoded, turned upright,
// cut and its areas covered, coded by the standard library. From there on it is a picture
// like any other, and goes through the same plan, writing and verification, with
// what the source held as what the sweep looks for.
func (o *Options) remake(ctx context.Context, src io.ReaderAt, size int64, r *Report) (job, error) {
	done, err := recode.Turn(ctx)
	if err != nil {
		return job{}, err
	}
	defer done()
	canvas, err := recode.Anew(rd.New(ctx, src, size, rd.Default))
	if undecoded(err) {
		if s := shower(ctx, src, size); s != nil {
			f, _ := sniff(src, size) // which the canvas is of
			if c, no := recode.AnewFrom(ctx, s, f.Name); no == nil {
				canvas, err = c, nil
			}
		}
	}
	if err != nil {
		return job{}, named(err, src, size)
	}
	r.Format, r.NewPicture, r.FirstFrame = canvas.Format(), true, canvas.Animated()
	r.Findings = append(r.Findings, held(ctx, src, size)...)
	regions, err := o.Cover.regions(ctx, canvas, src, size, r)
	if err != nil {
		return job{}, err
	}
	out, err := o.edit(ctx, canvas.Format(), canvas, regions, r)
	if err != nil {
		return job{}, err
	}
	f, err := sniff(out, int64(len(out)))
	if err != nil {
		return job{}, err
	}
	r.OutFormat = f.Name
	p, err := f.Parse(rd.New(ctx, out, int64(len(out)), rd.Default), meta.Policy{})
	if err != nil {
		return job{}, err
	}
	s, err := p.Seal(rd.Default.Pieces)
	return job{out, s, verify.Job{Format: f, Limits: rd.Default}}, err
}

// maxRawHead is how much of a file that no format knows is searched for an Exif block.
const maxRawHead = 1 << 20

// held is what a file held beside its pixels, all of it gone. Of a file that cannot
// be cleaned it is what can be said; that there was something is always said.
func held(ctx context.Context, src io.ReaderAt, size int64) []meta.Finding {
	if f, err := sniff(src, size); err == nil {
		if p, err := f.Parse(rd.New(ctx, src, size, rd.Default), meta.Policy{}); err == nil {
			for i := range p.Findings {
				if g := &p.Findings[i]; g.Kind != meta.Colour {
					g.Fate = meta.Removed
				}
			}
			return p.Findings
		}
	}
	head := make([]byte, min(size, maxRawHead))
	n, _ := src.ReadAt(head, 0) // what cannot be read could not be decoded either
	var fs []meta.Finding
	if n > 4 && (string(head[:2]) == "II" || string(head[:2]) == "MM") {
		fs = exif.Describe(head[:n]) // most raw formats are TIFF, as Exif is
	}
	rest := meta.Finding{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: "all but the pixels", Size: size}
	return meta.With(meta.Removed, append(fs, rest))
}
