// Package verify decides whether a written file may be called clean. It is the
// only maker of a [Proof].
//
// Five checks stand behind a proof: the plan covers every byte (made by Seal),
// pointers are alive (Seal), the written file's own plan is the identity, its
// kept bytes are those of the source, and an independent sweep finds neither the
// signature of a metadata block nor a value that was found in the source.
package verify

import (
	"context"
	"fmt"
	"io"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Proof says that a file passed all checks. The zero value proves nothing.
type Proof struct{ holds bool }

// Holds reports whether p is a proof.
func (p Proof) Holds() bool { return p.holds }

// Job says by which rules a file is checked.
type Job struct {
	Format plan.Format
	Policy meta.Policy
	Limits rd.Limits
}

// Output is what is written and, at the same time, read back.
type Output interface {
	io.Writer
	io.ReaderAt
}

// Write writes the output of s, which is made from src, to dst and checks what is
// there then. held is what the source held. An error wraps meta.ErrUnverified
// unless reading or writing failed.
func (j Job) Write(ctx context.Context, dst Output, src io.ReaderAt, s *plan.Sealed, held []meta.Finding) (Proof, error) {
	w := newWalk(ctx, s, dst, src, newSweep(held))
	defer w.end()
	found, err := w.follow(dst, func(to io.Writer) error { return s.Write(ctx, to, src) }, func() error { return j.check(w) })
	if found != nil {
		return Proof{}, found
	}
	if err != nil {
		return Proof{}, fmt.Errorf("writing: %w", err)
	}
	if n, _ := dst.ReadAt(make([]byte, 1), s.Size); n != 0 {
		return Proof{}, fmt.Errorf("more bytes than were written: %w", meta.ErrUnverified)
	}
	return Proof{holds: true}, nil
}

// check looks at the whole output through w.
func (j Job) check(w *walk) error {
	again, _, err := j.fixedPoint(w.ctx, w, w.layout.Size)
	if err != nil && w.err != nil {
		return w.err
	}
	if err != nil {
		return fmt.Errorf("%w: %w", meta.ErrUnverified, err)
	}
	if a, b := total(w.layout.Body()), total(again.Body()); a != b {
		return fmt.Errorf("%d bytes of picture data became %d: %w", a, b, meta.ErrUnverified)
	}
	return w.upto(w.layout.Size)
}

// Alone checks a file of size bytes without a source: it is clean if its plan is
// the identity, removes nothing, and the sweep finds no signature. found is what
// the file holds, clean or not; the error says why there is no proof.
func (j Job) Alone(ctx context.Context, file io.ReaderAt, size int64) (p Proof, found []meta.Finding, err error) {
	s, found, err := j.fixedPoint(ctx, file, size)
	if err != nil {
		return Proof{}, found, err
	}
	w := newWalk(ctx, s, file, nil, newSweep(nil))
	defer w.end()
	if err := w.upto(size); err != nil {
		return Proof{}, found, err
	}
	return Proof{holds: true}, found, nil
}

// fixedPoint parses a file that should be clean and asks for its plan to be the identity.
func (j Job) fixedPoint(ctx context.Context, r io.ReaderAt, size int64) (*plan.Sealed, []meta.Finding, error) {
	p, err := j.Format.Parse(rd.New(ctx, r, size, j.Limits), j.Policy)
	if err != nil {
		return nil, nil, err
	}
	s, err := p.Seal(j.Limits.Pieces)
	if err != nil {
		return nil, p.Findings, err
	}
	for _, f := range p.Findings {
		if f.Fate == meta.Removed {
			return nil, p.Findings, fmt.Errorf("holds %s (%s): %w", f.Label, f.Where, meta.ErrUnverified)
		}
	}
	same, err := s.Identity(r)
	if err != nil {
		return nil, p.Findings, err
	}
	if !same {
		return nil, p.Findings, fmt.Errorf("not in the form of a clean file: %w", meta.ErrUnverified)
	}
	return s, p.Findings, nil
}

func total(spans []plan.Span) (n int64) {
	for _, s := range spans {
		n += s.Len
	}
	return n
}
