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
			j.Dst = f.free(filepath.Join(f.outs[i], fmt.Sprintf("photo-%0*d%s", digits, i+1, f.exts[i])))
		default:
			j.Dst = f.free(filepath.Join(f.outs[i], f.rel[i]))
		}
	}
}

// free is path, or path with a number if another job has it already. Names that
// differ only in case or in the way accents are written are the same file on
// many systems.
func (f *finder) free(path string) string {
	ext := filepath.Ext(path)
	stem := strings.TrimSuffix(path, ext)
	for n := 2; ; n++ {
		key := strings.ToLower(norm.NFC.String(path))
		if !f.taken[key] {
			f.taken[key] = true
			return path
		}
		path = fmt.Sprintf("%s (%d)%s", stem, n, ext)
	}
}
