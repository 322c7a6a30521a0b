package verify

import (
	"bytes"
	"encoding/binary"
)

// matcher finds any of many byte strings of at least minBody bytes in one pass.
// It looks at four bytes in every stride: a pattern that occurs has four bytes
// at one of those places, wherever it begins. A bitmap that stays in the
// processor's first cache answers nearly all of them.
type matcher struct {
	stride  int
	maybe   [1 << (hashBits - 6)]uint64
	anchors map[uint32][]anchor
}

// anchor is a pattern that has certain four bytes at an offset.
type anchor struct {
	sought
	at int
}

const (
	gram     = 4
	hashBits = 17
)

func hash(v uint32) uint32 { return v * 2654435761 >> (32 - hashBits) }

func newMatcher(patterns []sought) *matcher {
	m := &matcher{stride: minBody - gram + 1, anchors: map[uint32][]anchor{}}
	for _, p := range patterns {
		for at := range m.stride {
			g := binary.LittleEndian.Uint32(p.bytes[at:])
			h := hash(g)
			m.maybe[h/64] |= 1 << (h % 64)
			m.anchors[g] = append(m.anchors[g], anchor{p, at})
		}
	}
	return m
}

// find names a pattern that occurs in b.
func (m *matcher) find(b []byte) (string, bool) {
	for i := 0; i+gram <= len(b); i += m.stride {
		g := binary.LittleEndian.Uint32(b[i:])
		h := hash(g)
		if m.maybe[h/64]>>(h%64)&1 == 0 {
			continue
		}
		for _, a := range m.anchors[g] {
			if i >= a.at && bytes.HasPrefix(b[i-a.at:], a.bytes) {
				return a.what, true
			}
		}
	}
	return "", false
}
