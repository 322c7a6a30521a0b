package model

import (
	"fmt"
	"path/filepath"
	"strings"
)

// suffix tells a copy that has its original's name from the original.
const suffix = "-cleaned"

// copyName is the name of an item's copy, that no other copy of the run has: a
// neutral one, or, where the settings say so, the original's with a suffix. Its
// extension is the one that fits the content.
func (s *Session) copyName(it *Item) string {
	ext := s.c.Engine.Exts[it.Report.Format]
	switch {
	case it.Anew:
		ext = ".jpg" // or another, which its making decides
	case len(it.Covered()) > 0 || !it.Crop.Empty():
		ext = s.c.Engine.Become[it.Report.Format]
	}
	if !s.c.Settings.KeepNames {
		for {
			s.run.number++
			if name := fmt.Sprintf("photo-%03d%s", s.run.number, ext); s.claim(name) {
				return name
			}
		}
	}
	base := filepath.Base(it.Path)
	stem := strings.TrimSuffix(base, filepath.Ext(base)) + suffix
	for n := 1; ; n++ {
		name := stem + ext
		if n > 1 {
			name = fmt.Sprintf("%s-%d%s", stem, n, ext)
		}
		if s.claim(name) {
			return name
		}
	}
}

// claim takes a name if it is free; systems differ in whether case counts.
func (s *Session) claim(name string) bool {
	key := strings.ToLower(name)
	if s.run.names[key] {
		return false
	}
	s.run.names[key] = true
	return true
}
