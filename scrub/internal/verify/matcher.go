package verify

import "bytes"

// matcher finds any of many byte strings in one pass, by the block-shift method
// of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994): most
// positions of compressed data are skipped several bytes at a time.
type matcher struct {
	least  int                 // length of the shortest pattern
	shift  []uint8             // by two bytes: how far the search may move on
	bucket map[uint16][]sought // patterns by the two bytes at least-2
}

func newMatcher(patterns []sought) *matcher {
	m := &matcher{least: 255, shift: make([]uint8, 1<<16), bucket: map[uint16][]sought{}}
	for _, p := range patterns {
		m.least = min(m.least, len(p.bytes))
	}
	for i := range m.shift {
		m.shift[i] = uint8(m.least - 1)
	}
	for _, p := range patterns {
		for i := 0; i+2 <= m.least; i++ {
			h, d := pair(p.bytes, i), uint8(m.least-2-i)
			m.shift[h] = min(m.shift[h], d)
			if d == 0 {
				m.bucket[h] = append(m.bucket[h], p)
			}
		}
	}
	return m
}

func pair(b []byte, i int) uint16 { return uint16(b[i]) | uint16(b[i+1])<<8 }

// find names the first pattern that occurs in b.
func (m *matcher) find(b []byte) (string, bool) {
	for i := m.least - 2; i+2 <= len(b); {
		h := pair(b, i)
		if d := m.shift[h]; d > 0 {
			i += int(d)
			continue
		}
		for _, p := range m.bucket[h] {
			if bytes.HasPrefix(b[i-(m.least-2):], p.bytes) {
				return p.what, true
			}
		}
		i++
	}
	return "", false
}
