package model

import (
	"crypto/sha256"
	"io"
	"os"
)

// made is a copy that this session wrote. It is known by its content: what
// somebody else put in its place since is not touched.
type made struct {
	path string // empty: none
	sum  [sha256.Size]byte
}

// remember returns a copy as it is now, or none if it cannot be read.
func remember(path string) made {
	f, err := os.Open(path)
	if err != nil {
		return made{}
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return made{}
	}
	return made{path, [sha256.Size]byte(h.Sum(nil))}
}

// still reports whether the copy is there as it was written.
func (m made) still() bool { return m.path != "" && remember(m.path) == m }

// leave takes a copy away that another one has taken the place of, at another path.
func (m made) leave(other string) {
	if m.path != other && m.still() {
		os.Remove(m.path) // if that fails it is as if somebody had made it their own
	}
}
