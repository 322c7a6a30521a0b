package batch

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// name gives every job its target. Two sources never get the same one.
func (f *finder) name() {
	digits := max(3, len(fmt.Sprint(len(f.work.Jobs))))
	for i := range f.work.Jobs {
		j := &f.work.Jobs[i]
		switch {
		case f.o.InPlace:
			j.Dst = j.Src
		case f.o.Number:
			// All in one folder: the names of folders tell as much as those of files.
			j.Dst = f.free(filepath.Join(f.outs[i], fmt.Sprintf("photo-%0*d%s", digits, i+1, f.exts[i])), f.alts[i])
		default:
			rel := f.rel[i]
			if f.exts[i] != "" {
				rel = strings.TrimSuffix(rel, filepath.Ext(rel)) + f.exts[i]
			}
			j.Dst = f.free(filepath.Join(f.outs[i], rel), f.alts[i])
		}
	}
}

// free is path, or path with a number if another job has it already, with its own
// extension or with alt, if there is one. Names that differ only in case or in the
// way accents are written are the same file on many systems.
func (f *finder) free(path, alt string) string {
	ext := filepath.Ext(path)
	stem := strings.TrimSuffix(path, ext)
	key := func(stem, ext string) string { return strings.ToLower(norm.NFC.String(stem + ext)) }
	for n, now := 2, stem; ; n++ {
		if !f.taken[key(now, ext)] && (alt == "" || !f.taken[key(now, alt)]) {
			f.taken[key(now, ext)] = true
			if alt != "" {
				f.taken[key(now, alt)] = true
			}
			return now + ext
		}
		now = fmt.Sprintf("%s (%d)", stem, n)
	}
}
