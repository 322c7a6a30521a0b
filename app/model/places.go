package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tabir/scrub/batch"
)

// Places says where copies may go.
type Places struct {
	Folder    string   // the name of the folder for copies, in the user's language
	Unseen    string   // the name of the one in it for copies that nobody looked at
	Pictures  string   // the user's folder for pictures
	Temporary []string // folders whose content vanishes
}

// maxFolders bounds the search for a name that is free.
const maxFolders = 1000

// Target returns a folder for copies that does not exist yet, or is empty: in
// chosen, if that is a folder that can be written to; else in base, where the
// photos are, or in Pictures where base cannot be written to or is temporary.
func (p Places) Target(base, chosen string) string {
	if chosen != "" && p.writable(chosen) {
		base = chosen
	} else if p.temporary(base) || !p.writable(base) {
		base = p.Pictures
	}
	path := filepath.Join(base, p.Folder)
	for n := 2; n < maxFolders && !free(path); n++ {
		path = filepath.Join(base, fmt.Sprintf("%s %d", p.Folder, n))
	}
	return path
}

func free(path string) bool {
	entries, err := os.ReadDir(path)
	return errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0
}

func (p Places) temporary(dir string) bool {
	for _, t := range p.Temporary {
		if t == "" {
			continue
		}
		if rel, err := filepath.Rel(t, dir); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// writable tries: permissions alone do not tell of disks that are read-only or
// full, nor of other systems' rules.
func (p Places) writable(dir string) bool {
	probe, err := os.MkdirTemp(dir, ".tmp-*")
	if err != nil {
		return false
	}
	return os.Remove(probe) == nil
}

// errTaken means that the folder for copies holds files of somebody else.
var errTaken = errors.New("the folder for the copies is not empty any more")

// create makes the folder for copies. One that is there must be empty, or of this session.
func (p Places) create(path string) error {
	if InMemory(path) {
		return nil
	}
	if !free(path) {
		return errTaken
	}
	return os.MkdirAll(path, 0o777)
}

// settle asks the disk to keep what was written, and leaves no empty folder behind.
func (p Places) settle(dir string, written []string) {
	written = slices.DeleteFunc(written, InMemory)
	os.Remove(dir) // fails unless it is empty
	// Each copy is whole and checked already; what a failure here costs is only
	// that a power cut in the next seconds may lose it.
	_ = batch.Settle(written)
}
