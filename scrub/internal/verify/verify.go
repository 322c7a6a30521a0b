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

// Written checks out, of s.Size bytes, against the source that it was made
// from. found is what the source held. An error wraps meta.ErrUnverified unless
// reading failed.
func (j Job) Written(ctx context.Context, src io.ReaderAt, s *plan.Sealed, found []meta.Finding, out io.ReaderAt) (Proof, error) {
	w := newWalk(s, out, src, newSweep(found))
	again, _, err := j.fixedPoint(ctx, w, s.Size)
	if err != nil && w.err != nil {
		return Proof{}, w.err
	}
	if err != nil {
		return Proof{}, fmt.Errorf("%w: %w", meta.ErrUnverified, err)
	}
	if a, b := total(s.Body()), total(again.Body()); a != b {
		return Proof{}, fmt.Errorf("%d bytes of picture data became %d: %w", a, b, meta.ErrUnverified)
	}
	if n, _ := out.ReadAt(make([]byte, 1), s.Size); n != 0 {
		return Proof{}, fmt.Errorf("more bytes than were written: %w", meta.ErrUnverified)
	}
	if err := w.finish(ctx); err != nil {
		return Proof{}, err
	}
	return Proof{holds: true}, nil
}

// Alone checks a file of size bytes without a source: it is clean if its plan is
// the identity, removes nothing, and the sweep finds no signature. found is what
// the file holds, clean or not; the error says why there is no proof.
func (j Job) Alone(ctx context.Context, file io.ReaderAt, size int64) (p Proof, found []meta.Finding, err error) {
	s, found, err := j.fixedPoint(ctx, file, size)
	if err != nil {
		return Proof{}, found, err
	}
	if err := newWalk(s, file, nil, newSweep(nil)).finish(ctx); err != nil {
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
