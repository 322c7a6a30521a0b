// Package safe writes files so that nobody ever sees half of one: into a
// temporary file beside the target, published under its name only when it is
// whole and verified.
package safe

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tabir/scrub/meta"
)

// Temp is an unpublished file. It is an io.Writer and io.ReaderAt.
type Temp struct {
	*os.File
	done bool
}

// Create makes an empty temporary file in dir, which must be the folder of the
// later target, so that publishing is a rename within one file system; where there
// is no such folder yet, in the next one above it. Its name tells nothing.
func Create(dir string, perm fs.FileMode) (*Temp, error) {
	t, err := create(dir, perm)
	for above := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && above != dir; above = filepath.Dir(dir) {
		dir = above
		t, err = create(dir, perm)
	}
	return t, err
}

// prefix begins the names of temporary files.
const prefix = ".part-"

// IsTemp reports whether a file of that name is one that [Create] made: somebody is
// at work on it, or could not clear it away.
func IsTemp(name string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	b, err := hex.DecodeString(rest)
	return ok && err == nil && len(b) == 6
}

func create(dir string, perm fs.FileMode) (*Temp, error) {
	for range 100 {
		var r [6]byte
		if _, err := rand.Read(r[:]); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(filepath.Join(dir, prefix+hex.EncodeToString(r[:])), os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return &Temp{File: f}, nil
	}
	return nil, fmt.Errorf("no free temporary name in %s: %w", dir, meta.ErrInternal)
}

// Publish closes the file and gives it the name target, in a folder that is made
// where it is missing. Without replace it fails with meta.ErrExists where there is
// such a file. On an error no file is left behind.
func (t *Temp) Publish(target string, replace bool) error {
	defer t.Discard()
	name := t.Name()
	if err := errors.Join(t.Close(), os.MkdirAll(filepath.Dir(target), 0o777)); err != nil {
		return err
	}
	if replace {
		if err := os.Rename(name, target); err != nil {
			return err
		}
		t.done = true
		return nil
	}
	switch err := os.Link(name, target); {
	case err == nil:
		t.done = true
		return os.Remove(name)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s: %w", target, meta.ErrExists)
	}
	// File systems without hard links, as on most memory cards: an empty file
	// holds the name until the rename takes its place.
	hold, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: %w", target, meta.ErrExists)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(hold.Close(), os.Rename(name, target)); err != nil {
		os.Remove(target)
		return err
	}
	t.done = true
	return nil
}

// Discard removes the file unless it was published. It may be called twice.
func (t *Temp) Discard() {
	if t == nil || t.done {
		return
	}
	t.done = true
	t.Close()
	os.Remove(t.Name())
}

// SyncDir asks the system to put the entries of dir on the disk. Systems that
// cannot do this for a folder are left alone.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
