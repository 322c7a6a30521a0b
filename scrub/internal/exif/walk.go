package exif

import (
	"cmp"
	"slices"
)

// Bounds on what is walked for the report. Cameras write three or four IFDs
// with fewer than a hundred fields each.
const (
	maxIFDs   = 16
	maxFields = 2048
)

// dir is a kind of IFD.
type dir uint8

const (
	dirMain    dir = iota // IFD0
	dirThumb              // IFD1 and what is chained behind it
	dirExif               // tag 8769
	dirGPS                // tag 8825
	dirInterop            // tag A005
	dirSub                // tag 014A
)

var dirNames = [...]string{"Exif IFD0", "Exif IFD1", "Exif IFD", "Exif GPS IFD", "Exif Interop IFD", "Exif sub-IFD"}

// value is a field and the IFD that holds it.
type value struct {
	ifd int // number of the IFD, in the order of the walk
	dir dir
	field
}

// survey is what our own walk found in a block.
type survey struct {
	ifds   int
	values []value
	broken int   // fields and IFDs that do not lie in the block, or are more than are walked
	plain  bool  // the structure is one that go-exif reads in bounded time, with every tag once
	gaps   int64 // bytes other than zero that nothing refers to

	used []span
}

type span struct{ off, end int64 }

// walk visits each IFD once, and all fields of it.
func (t tiff) walk(ifd0 uint32) *survey {
	s := &survey{plain: true}
	type todo struct {
		dir dir
		off uint32
	}
	queue := []todo{{dirMain, ifd0}}
	visited := map[uint32]bool{}
	var total uint64
	s.use(0, 8)
	for len(queue) > 0 {
		d := queue[0]
		queue = queue[1:]
		if visited[d.off] || len(visited) == maxIFDs {
			s.broken, s.plain = s.broken+1, false
			continue
		}
		visited[d.off] = true
		s.ifds++
		tags := map[uint16]bool{}
		n := 0
		next, whole := t.each(d.off, func(f field) {
			n++
			if len(s.values) == maxFields {
				s.broken, s.plain = s.broken+1, false
				return
			}
			if tags[f.tag] {
				s.plain = false
			}
			tags[f.tag] = true
			s.values = append(s.values, value{s.ifds - 1, d.dir, f})
			if f.value == nil {
				s.broken++
			} else if len(f.value) > 4 {
				s.use(int64(f.at), int64(len(f.value)))
				total += uint64(len(f.value))
			}
			if sub, ok := subDir(d.dir, f.tag); ok {
				if sub != dirSub {
					queue = append(queue, todo{sub, f.at})
				} else if f.typ == typeLong || f.typ == typeIFD {
					for i := 0; i+4 <= len(f.value) && i < 4*maxIFDs; i += 4 {
						queue = append(queue, todo{sub, t.o.Uint32(f.value[i:])})
					}
				}
			}
		})
		s.use(int64(d.off), int64(2+12*n+4))
		if !whole {
			s.broken, s.plain = s.broken+1, false
		}
		if next == 0 {
			continue
		}
		if d.dir == dirMain || d.dir == dirThumb {
			queue = append(queue, todo{dirThumb, next})
		}
		if d.dir != dirMain {
			s.plain = false // of other IFDs cameras leave anything at all in the link
		}
	}
	if total > 4*uint64(len(t.b)) {
		s.plain = false // values that overlap would be copied over and over
	}
	return s
}

// subDir says which IFD a tag points to.
func subDir(d dir, tag uint16) (dir, bool) {
	switch {
	case d == dirMain && tag == tagExifIFD:
		return dirExif, true
	case d == dirMain && tag == tagGPSIFD:
		return dirGPS, true
	case d == dirExif && tag == tagInteropIFD:
		return dirInterop, true
	case (d == dirMain || d == dirThumb) && tag == tagSubIFDs:
		return dirSub, true
	}
	return 0, false
}

// use notes that something refers to n bytes at off.
func (s *survey) use(off, n int64) { s.used = append(s.used, span{off, off + n}) }

// countGaps counts the bytes of b, other than zeros, that nothing refers to.
func (s *survey) countGaps(b []byte) {
	slices.SortFunc(s.used, func(x, y span) int { return cmp.Compare(x.off, y.off) })
	at := int64(0)
	for _, u := range append(s.used, span{int64(len(b)), int64(len(b))}) {
		for ; at < min(u.off, int64(len(b))); at++ {
			if b[at] != 0 {
				s.gaps++
			}
		}
		at = max(at, u.end)
	}
}
