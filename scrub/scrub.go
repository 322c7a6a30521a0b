// Package scrub takes location, device and other identifying data out of
// pictures and films, and proves of each written file that it did. What they show
// stays as it is, except where areas are to be covered or a part cut out.
//
// A format is one function that parses a file into a plan (see
// ARCHITECTURE.md); Inspect shows what the plan would remove, Clean writes the
// planned file and verifies it, Verify asks whether a file is clean already.
package scrub

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"runtime/debug"

	"tabir/scrub/internal/filename"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/verify"
	"tabir/scrub/meta"
)

// Options say how strict to be. The zero value is the strictest useful one:
// everything that identifies goes.
type Options struct {
	Policy meta.Policy
	Name   string // the file's name, to describe what it tells and to compare with the content; may be empty
	Cover  Cover  // areas of the picture to paint over; the zero value covers nothing
	// Discard takes an original away, once its clean copy is verified and before
	// that takes its name. It is for CleanFile with InPlace; nil: the original is
	// replaced. If it fails, the original must be where it was.
	Discard func(path string) error
	// FromPixels makes a new JPEG or PNG from what is seen in the picture, and from
	// nothing else of the file: also of one that cannot be cleaned, if it can be
	// decoded. Of a raw photo that is the largest picture in it, of an animation the
	// first frame. Nothing is kept then, whatever Policy says.
	FromPixels bool
	// Crop is the part of the upright picture, in pixels, that the copy shows; it
	// is made larger where the format cannot be cut there without loss
	// (Report.Cropped). Nothing of what is cut off is in the copy, nor is it an
	// input to what covers areas. Empty: nothing is cut off.
	Crop image.Rectangle

	// skim goes past picture data of the source that is gone through when the copy is
	// checked. Whatever fails then is done again without.
	skim bool
}

// edits reports whether areas may have to be covered, or a part cut off.
func (o *Options) edits() bool { return o.Cover.wanted() || !o.Crop.Empty() }

// Output is where a clean file is written and read back for verification, what is
// there already by one goroutine while another writes more. Both *os.File and
// [Buffer] serve; it must be empty.
type Output interface {
	io.Writer
	io.ReaderAt
}

// Inspect says what the picture in the first size bytes of src would give away.
// Nothing is written. A picture that could not be cleaned is an error, with a
// report of what is known of it.
func Inspect(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, error) {
	var r *Report
	err := guard(func() (err error) {
		r, _, err = parse(ctx, src, size, o)
		return err
	})
	return r.end(Inspected, err)
}

// Clean writes a clean copy of the picture in the first size bytes of src to
// dst and verifies what it wrote by reading it back. Equal sources give equal
// outputs, to the byte, on every system. On an error dst holds nothing that may
// be used.
func Clean(ctx context.Context, dst Output, src io.ReaderAt, size int64, o Options) (*Report, error) {
	return clean(ctx, func(*Report) (Output, error) { return dst, nil }, src, size, o)
}

// clean asks for the output only when the source turned out to be cleanable.
func clean(ctx context.Context, open func(*Report) (Output, error), src io.ReaderAt, size int64, o Options) (*Report, error) {
	var r *Report
	outcome := Cleaned
	err := guard(func() error {
		rep, job, err := parse(ctx, src, size, o)
		r = rep
		if err != nil {
			return err
		}
		same, err := job.sealed.Identity(job.src)
		if err != nil {
			return err
		}
		if same && len(rep.Covered) == 0 && rep.Cropped.Empty() && !rep.NewPicture {
			outcome = AlreadyClean
		}
		dst, err := open(r)
		if err != nil {
			return err
		}
		r.OutSize = job.sealed.Size
		r.proof, err = job.check.Write(ctx, dst, job.src, job.sealed, r.Findings)
		return err
	})
	return r.end(outcome, err)
}

// Verify asks whether the first size bytes of src are clean: whether cleaning
// them would change nothing and no trace of metadata is left. The outcome is
// AlreadyClean if so. Else it is Inspected with what was found, and the error
// wraps ErrUnverified.
func Verify(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, error) {
	r := &Report{Size: size}
	outcome := AlreadyClean
	err := guard(func() error {
		f, err := sniff(src, size)
		if err != nil {
			return err
		}
		r.Format, r.WrongExt = f.Name, wrongExt(o.Name, f)
		job := verify.Job{Format: f, Policy: o.Policy, Limits: rd.Default}
		r.proof, r.Findings, err = job.Alone(ctx, src, size)
		r.name(o)
		return err
	})
	r, err = r.end(outcome, err)
	if errors.Is(err, ErrUnverified) {
		r.outcome = Inspected
	}
	return r, err
}

// job is a parsed source, ready to be written.
type job struct {
	src    io.ReaderAt // the source, or the picture with its areas painted over
	sealed *plan.Sealed
	check  verify.Job
}

func parse(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, job, error) {
	if !o.FromPixels {
		r, j, err := parseFile(ctx, src, size, o)
		return r, j, offer(ctx, src, size, err)
	}
	r := &Report{Size: size}
	r.name(o)
	j, err := o.remake(ctx, src, size, r)
	return r, j, err
}

func parseFile(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, job, error) {
	r := &Report{Size: size}
	r.name(o)
	f, err := sniff(src, size)
	if err != nil {
		return r, job{}, err
	}
	r.Format, r.WrongExt = f.Name, wrongExt(o.Name, f)
	if o.edits() {
		o.Policy.Keep &^= meta.KeepHDR | meta.KeepMotion // they show what is to go
	}
	w := rd.New(ctx, src, size, rd.Default)
	w.Skim = o.skim && f.Skims && !o.edits()
	r.skimmed = w.Skim
	p, err := f.Parse(w, o.Policy)
	if err != nil {
		if errors.Is(err, ErrUnknownFormat) {
			r.Format, r.WrongExt = "", "" // a raw photo that is built on a known format
		}
		return r, job{}, err
	}
	r.Findings = append(r.Findings, p.Findings...)
	if f, src, p, err = apply(ctx, f, src, size, p, o, r); err != nil {
		return r, job{}, err
	}
	for _, g := range r.Findings {
		if g.Fate == meta.Kept {
			r.Kept |= keepOf(g.Kind)
		}
	}
	s, err := p.Seal(rd.Default.Pieces)
	return r, job{src, s, verify.Job{Format: f, Policy: o.Policy, Limits: rd.Default}}, err
}

func keepOf(k meta.Kind) meta.Keep {
	switch k {
	case meta.Owner:
		return meta.KeepCredit
	case meta.Date:
		return meta.KeepDate
	case meta.Picture:
		return meta.KeepHDR
	case meta.Media:
		return meta.KeepMotion
	}
	return 0
}

// name adds what the file's name tells.
func (r *Report) name(o Options) {
	r.Findings = append(r.Findings, meta.With(meta.Outside, filename.Describe(o.Name))...)
}

// end gives the report its outcome. It is the only place that does.
func (r *Report) end(ok Outcome, err error) (*Report, error) {
	if r == nil {
		r = &Report{}
	}
	r.outcome = ok
	if err != nil {
		r.outcome, r.OutSize, r.proof = failure(err), 0, verify.Proof{}
	}
	return r, err
}

// guard is the one place that recovers a panic: a mistake of ours on a hostile
// file must fail that file and nothing else.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrInternal, p, debug.Stack())
		}
	}()
	return f()
}
