package scrub

import (
	"context"
	"errors"

	"tabir/scrub/meta"
)

// The errors that callers tell apart with [errors.Is].
var (
	ErrUnknownFormat = meta.ErrUnknownFormat
	ErrUnsupported   = meta.ErrUnsupported
	ErrMalformed     = meta.ErrMalformed
	ErrTruncated     = meta.ErrTruncated
	ErrLimit         = meta.ErrLimit
	ErrUnverified    = meta.ErrUnverified
	ErrChanged       = meta.ErrChanged
	ErrExists        = meta.ErrExists
	ErrSameFile      = meta.ErrSameFile
	ErrNoArea        = meta.ErrNoArea // also of an area that is empty
	ErrNoCover       = meta.ErrNoCover
	ErrInternal      = meta.ErrInternal
	ErrNotFile       = errors.New("not a regular file")
	ErrNotDiscarded  = errors.New("the original could not be taken away")
	ErrRemakes       = errors.New("a new picture could be made from its pixels") // beside a refusal: Options.FromPixels may help
	ErrInPlace       = errors.New("a file of another format cannot take the place of the original")
)

// failure is the outcome that an error means: what a picture is, or the state
// that it is in, refuses it; all else fails.
func failure(err error) Outcome {
	if errors.Is(err, ErrUnverified) || errors.Is(err, context.Canceled) {
		return Failed
	}
	for _, e := range []error{ErrUnknownFormat, ErrUnsupported, ErrMalformed} {
		if errors.Is(err, e) {
			return Refused
		}
	}
	return Failed
}
