package scrub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/safe"
)

// Publish says what may stand at the target of CleanFile.
type Publish uint8

const (
	New       Publish = iota // the target must not exist
	Overwrite                // a file at the target is replaced, once the new one is verified
	InPlace                  // the target is the source itself
)

// InspectFile is [Inspect] for a file.
func InspectFile(ctx context.Context, path string, o Options) (*Report, error) {
	return withFile(path, o, func(f *os.File, st fs.FileInfo, o Options) (*Report, error) {
		return Inspect(ctx, f, st.Size(), o)
	})
}

// VerifyFile is [Verify] for a file.
func VerifyFile(ctx context.Context, path string, o Options) (*Report, error) {
	return withFile(path, o, func(f *os.File, st fs.FileInfo, o Options) (*Report, error) {
		return Verify(ctx, f, st.Size(), o)
	})
}

// CleanFile writes a clean, verified copy of src to dst. The copy is made under
// a temporary name, and takes its own, and its folder is made, only when it is
// whole and verified; whatever goes wrong, src is untouched and no new file is
// left. It carries nothing of src but the picture: no times, no extended
// attributes, no permissions, but for InPlace, which keeps permissions.
func CleanFile(ctx context.Context, dst, src string, how Publish, o Options) (*Report, error) {
	return withFile(src, o, func(f *os.File, st fs.FileInfo, o Options) (*Report, error) {
		if err := checkTarget(dst, st, how); err != nil {
			return (&Report{Size: st.Size()}).end(Failed, err)
		}
		source, release, err := hold(f, st.Size())
		if err != nil {
			return (&Report{Size: st.Size()}).end(Failed, err)
		}
		defer release()
		var temp *safe.Temp
		defer func() { temp.Discard() }()
		create := func(r *Report) (_ Output, err error) {
			if r.OutFormat != "" && r.OutFormat != r.Format && how == InPlace {
				return nil, fmt.Errorf("it would become %s in the place of %s: %w", r.OutFormat, r.Format, ErrInPlace)
			}
			if fit := fitting(dst, r.OutFormat); fit != dst {
				if dst = fit; how != InPlace {
					if err := checkTarget(dst, st, how); err != nil {
						return nil, err
					}
				}
			}
			temp, err = safe.Create(filepath.Dir(dst), permissions(st, how))
			return temp, err
		}
		o.skim = true
		r, err := clean(ctx, create, source, st.Size(), o)
		if err != nil && r.skimmed && ctx.Err() == nil {
			temp.Discard()
			o.skim = false
			r, err = clean(ctx, create, source, st.Size(), o)
		}
		if err != nil {
			return r, err
		}
		if err := unchanged(f, st); err != nil {
			return r.end(Failed, err)
		}
		if how == InPlace {
			if err := errors.Join(temp.Chmod(st.Mode().Perm()), temp.Sync()); err != nil {
				return r.end(Failed, err)
			}
		}
		f.Close() // Windows renames nothing over an open file
		if how == InPlace && o.Discard != nil {
			if err := o.Discard(dst); err != nil {
				return r.end(Failed, fmt.Errorf("%w: %w", ErrNotDiscarded, err))
			}
		}
		if err := temp.Publish(dst, how != New); err != nil {
			return r.end(Failed, err)
		}
		r.Out = dst
		if how == InPlace {
			err = safe.SyncDir(filepath.Dir(dst))
		}
		return r.end(r.outcome, err)
	})
}

// IsTemporary reports whether a file of that name is one of CleanFile's before it
// gets its own name. One that is left over, as by a power cut, is nobody's.
func IsTemporary(name string) bool { return safe.IsTemp(name) }

// fitting is the target for a file of a format: with the format's own extension
// where the name has the one of another. An empty format fits every name.
func fitting(dst, format string) string {
	for _, f := range formats {
		if f.Name == format {
			if ext := wrongExt(dst, f); ext != "" {
				return strings.TrimSuffix(dst, filepath.Ext(dst)) + ext
			}
		}
	}
	return dst
}

// Photos of the usual size are read once and held while they are worked on;
// larger ones are read as they are needed. The number of buffers bounds memory
// whatever the number of workers.
const heldSize = 8 << 20

var buffers = func() chan []byte {
	c := make(chan []byte, 2)
	for range cap(c) {
		c <- nil // made when first used
	}
	return c
}()

// hold returns f, or all that is in it. What it returns is valid until release.
func hold(f *os.File, size int64) (src io.ReaderAt, release func(), err error) {
	if size > heldSize {
		return f, func() {}, nil
	}
	select {
	case b := <-buffers:
		if int64(cap(b)) < size {
			b = make([]byte, heldSize)
		}
		release = func() { buffers <- b[:cap(b)] }
		if n, err := f.ReadAt(b[:size], 0); int64(n) < size {
			release()
			return nil, nil, fmt.Errorf("%s: %w: %w", f.Name(), ErrChanged, err)
		}
		return rd.Held(b[:size]), release, nil
	default:
		return f, func() {}, nil
	}
}

func withFile(path string, o Options, do func(*os.File, fs.FileInfo, Options) (*Report, error)) (*Report, error) {
	if o.Name == "" {
		o.Name = filepath.Base(path)
	}
	st, err := os.Stat(path) // before opening: opening a pipe would wait for its writer
	if err != nil {
		return (&Report{}).end(Failed, err)
	}
	if !st.Mode().IsRegular() {
		return (&Report{}).end(Failed, fmt.Errorf("%s: %w", path, ErrNotFile))
	}
	f, err := os.Open(path)
	if err != nil {
		return (&Report{}).end(Failed, err)
	}
	defer f.Close()
	if st, err = f.Stat(); err != nil {
		return (&Report{}).end(Failed, err)
	}
	return do(f, st, o)
}

// checkTarget fails early where publishing would fail late.
func checkTarget(dst string, src fs.FileInfo, how Publish) error {
	st, err := os.Stat(dst)
	if errors.Is(err, fs.ErrNotExist) && how != InPlace {
		return nil
	}
	if err != nil {
		return err
	}
	switch same := os.SameFile(st, src); {
	case how == InPlace && !same:
		return fmt.Errorf("%s: not the source: %w", dst, ErrExists)
	case how == InPlace:
		return nil
	case same:
		return fmt.Errorf("%s: %w", dst, ErrSameFile)
	case how == New:
		return fmt.Errorf("%s: %w", dst, ErrExists)
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s: %w", dst, ErrNotFile)
	}
	return nil
}

func permissions(src fs.FileInfo, how Publish) fs.FileMode {
	if how == InPlace {
		return src.Mode().Perm()
	}
	return 0o666 // less what the user's umask takes
}

// unchanged makes sure that the source was not rewritten while it was read.
func unchanged(f *os.File, before fs.FileInfo) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if st.Size() != before.Size() || !st.ModTime().Equal(before.ModTime()) {
		return fmt.Errorf("%s: %w", f.Name(), ErrChanged)
	}
	return nil
}
