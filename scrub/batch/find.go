// Package batch cleans many files: it finds them, names their copies, and runs
// them through the engine with a bounded number of workers.
package batch

import (
	"context"
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tabir/scrub"
	"tabir/scrub/meta"
)

// Reason says why a path that was met is not worked on.
type Reason uint8

const (
	NotPicture Reason = iota // its content is of no format that can be cleaned
	Sidecar                  // a file that belongs to a photo and tells of it
	Symlink                  // symbolic links are not followed
	Special                  // neither a file nor a folder
	OwnOutput                // where this run writes, or an unfinished copy
	Twice                    // named, or reached, more than once
	Unreadable
	Companion // belongs to a photo that was named, and was not named itself
)

var reasonNames = [...]string{"not-a-picture", "sidecar", "symbolic-link", "special-file", "own-output", "twice", "unreadable", "companion"}

// String is the stable name of r that JSON output uses.
func (r Reason) String() string { return reasonNames[r] }

// Skip is a path that was met on the way and left alone.
type Skip struct {
	Path   string
	Why    Reason
	Detail string // what the file is, or what the system said
}

// Job is one file to work on.
type Job struct {
	Src, Dst string
	Size     int64
	Areas    []scrub.Region   // to cover in this one, beside what all are covered by
	Style    scrub.CoverStyle // of its cover; the zero value is the options'
	Crop     image.Rectangle  // what this one is cut to; empty: what all are cut to
	Policy   meta.Policy      // what it keeps, beside what all keep
	How      scrub.Publish    // what may stand at Dst, where this one differs from the others
	// FromPixels makes this copy a new picture of the pixels of its source.
	FromPixels bool
}

// Work is what a run is about to do.
type Work struct {
	Jobs  []Job
	Skips []Skip
	Bytes int64    // of all sources
	Outs  []string // the folders that copies go to
}

// Options say where copies go and how they are made.
type Options struct {
	Out       string // folder for all copies; empty: beside the originals
	InPlace   bool   // no copies: each verified result replaces its original
	Overwrite bool   // a copy may replace an existing file
	Number    bool   // neutral names instead of the originals' own
	Policy    meta.Policy
	Cover     scrub.Cover     // areas to paint over
	Crop      image.Rectangle // what is left of every picture; empty: all of it
	// FromPixels makes every copy a new picture of the pixels of its source.
	FromPixels bool
	Workers    int // 0: one per processor, at most 8
	// Discard takes originals away that are replaced; see [scrub.Options].
	Discard func(path string) error
}

// sidecars tell of photos beside them, or of the folder.
var sidecars = []string{".xmp", ".aae", ".thm", ".ds_store", "thumbs.db", "desktop.ini"}

// IsSidecar reports whether a file of that name accompanies photos.
func IsSidecar(name string) bool {
	low := strings.ToLower(name)
	return strings.HasPrefix(name, "._") || slices.ContainsFunc(sidecars, func(s string) bool { return strings.HasSuffix(low, s) })
}

// Find lists the files below roots and names their copies. A root that is a
// file is always a job: naming it asks for an answer about it. An error is about
// a root that is not there.
func Find(ctx context.Context, roots []string, o Options) (*Work, error) {
	f := finder{o: o, work: &Work{}, taken: map[string]bool{}, seen: map[string]bool{}}
	type root struct {
		path string
		info fs.FileInfo
	}
	var rs []root
	for _, r := range roots {
		abs, err := filepath.Abs(r)
		if err != nil {
			return nil, err
		}
		st, err := os.Stat(abs) // a link that somebody names is meant
		if err != nil {
			return nil, err
		}
		rs = append(rs, root{abs, st})
		if !o.InPlace {
			if out := f.outFor(abs, st.IsDir()); !slices.Contains(f.work.Outs, out) {
				f.work.Outs = append(f.work.Outs, out)
			}
		}
	}
	var named []string
	for _, r := range rs {
		if !r.info.IsDir() {
			named = append(named, r.path)
			f.add(r.path, filepath.Base(r.path), f.outFor(r.path, false), r.info)
			continue
		}
		if err := f.walk(ctx, r.path, f.outFor(r.path, true)); err != nil {
			return nil, err
		}
	}
	f.beside(named)
	f.name()
	return f.work, nil
}

type finder struct {
	o     Options
	work  *Work
	rel   []string        // the name of each job below its folder
	outs  []string        // that folder
	exts  []string        // the extension that fits the content of the copy, empty: the name's own
	alts  []string        // one that the copy may get instead, empty: none
	taken map[string]bool // targets, as file systems that ignore case see them
	seen  map[string]bool // sources
}

// outFor is the folder that the copies of a root go to.
func (f *finder) outFor(root string, dir bool) string {
	switch {
	case f.o.Out != "":
		abs, err := filepath.Abs(f.o.Out)
		if err != nil {
			return f.o.Out
		}
		return abs
	case dir && filepath.Dir(root) == root:
		return filepath.Join(root, "clean") // the root of a disk has no name to build on
	case dir:
		return root + "-clean"
	}
	return filepath.Join(filepath.Dir(root), "clean")
}

func (f *finder) skip(path string, why Reason, detail string) {
	f.work.Skips = append(f.work.Skips, Skip{path, why, detail})
}

func (f *finder) walk(ctx context.Context, root, out string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			f.skip(path, Unreadable, err.Error())
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case d.IsDir():
			if !f.o.InPlace && f.isOutput(path) {
				f.skip(path, OwnOutput, "")
				return fs.SkipDir
			}
		case d.Type()&fs.ModeSymlink != 0:
			f.skip(path, Symlink, "")
		case !d.Type().IsRegular():
			f.skip(path, Special, "")
		case scrub.IsTemporary(d.Name()):
			f.skip(path, OwnOutput, "")
		case IsSidecar(d.Name()):
			f.skip(path, Sidecar, "")
		default:
			f.met(path, root, out, d)
		}
		return nil
	})
}

// isOutput reports whether a folder is one that this run writes to.
func (f *finder) isOutput(path string) bool {
	for _, out := range f.work.Outs {
		if path == out {
			return true
		}
		a, errA := os.Stat(path)
		b, errB := os.Stat(out)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return true
		}
	}
	return false
}

// met takes a file found in a folder.
func (f *finder) met(path, root, out string, d fs.DirEntry) {
	st, err := d.Info()
	if err != nil {
		f.skip(path, Unreadable, err.Error())
		return
	}
	// What cannot be decoded to make it anew is a job: it is refused by name.
	_, err = f.recognise(path)
	undecodable := errors.Is(err, scrub.ErrUnsupported) || errors.Is(err, scrub.ErrMalformed) || errors.Is(err, scrub.ErrLimit)
	switch {
	case err == nil || undecodable:
	case errors.Is(err, scrub.ErrUnknownFormat):
		f.skip(path, NotPicture, strings.TrimSuffix(strings.TrimSuffix(err.Error(), scrub.ErrUnknownFormat.Error()), ": "))
		return
	default:
		f.skip(path, Unreadable, err.Error())
		return
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		rel = d.Name()
	}
	f.add(path, rel, out, st)
}

// recognise says what a file is, or what the new picture of it will be.
func (f *finder) recognise(path string) (info scrub.FormatInfo, err error) {
	if f.o.FromPixels {
		return remakes(path)
	}
	err = opened(path, func(file *os.File, size int64) error {
		info, err = scrub.Recognise(file, size)
		return err
	})
	return info, err
}

func remakes(path string) (info scrub.FormatInfo, err error) {
	err = opened(path, func(file *os.File, size int64) error {
		info, err = scrub.Remakes(context.Background(), file, size)
		return err
	})
	return info, err
}

func opened(path string, use func(file *os.File, size int64) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return err
	}
	return use(file, st.Size())
}

func (f *finder) add(path, rel, out string, st fs.FileInfo) {
	if f.seen[path] {
		f.skip(path, Twice, "")
		return
	}
	f.seen[path] = true
	f.work.Jobs = append(f.work.Jobs, Job{Src: path, Size: st.Size()})
	f.work.Bytes += st.Size()
	ext, alt := f.extensions(path)
	f.rel, f.outs = append(f.rel, rel), append(f.outs, out)
	f.exts, f.alts = append(f.exts, ext), append(f.alts, alt)
}

// extensions of a copy: the one that it has for sure, empty where it keeps its own,
// and one that it may get where covering codes the picture anew.
func (f *finder) extensions(path string) (ext, alt string) {
	covers := len(f.o.Cover.Regions) > 0 || f.o.Cover.Faces != nil
	if !f.o.Number && !f.o.FromPixels && !covers {
		return "", ""
	}
	info, err := f.recognise(path)
	if err != nil && f.o.Number {
		return filepath.Ext(path), ""
	}
	if err != nil {
		return "", ""
	}
	if f.o.Number || f.o.FromPixels && !slices.Contains(info.Exts, strings.ToLower(filepath.Ext(path))) {
		ext = info.Exts[0]
	}
	if covers && info.Anew {
		if other, err := remakes(path); err == nil {
			alt = other.Exts[0]
		}
	}
	return ext, alt
}
