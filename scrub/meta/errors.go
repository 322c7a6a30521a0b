package meta

import "errors"

// The errors that callers tell apart. Every error of the engine wraps one of
// them and says what and where: "jpeg: scan at 51234: truncated".
var (
	ErrUnknownFormat = errors.New("not a format that can be cleaned")
	ErrUnsupported   = errors.New("not supported")
	ErrMalformed     = errors.New("damaged")
	ErrTruncated     = errors.New("truncated") // also an ErrMalformed, by way of [Truncated]
	ErrLimit         = errors.New("over a safety limit")
	ErrUnverified    = errors.New("the written file did not pass the check")
	ErrChanged       = errors.New("the source changed while it was read")
	ErrExists        = errors.New("a file of that name exists")
	ErrSameFile      = errors.New("source and target are the same file")
	ErrNoArea        = errors.New("the area lies outside the picture")
	ErrNoCover       = errors.New("areas of this kind of picture cannot be covered")
	ErrInternal      = errors.New("internal error")
)

type truncated struct{ error }

func (t truncated) Unwrap() []error { return []error{t.error, ErrMalformed} }
func (t truncated) Error() string   { return t.error.Error() }

// Truncated is ErrTruncated that also matches ErrMalformed with [errors.Is].
var Truncated error = truncated{ErrTruncated}
