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
	stride   = minBody - gram + 1
	hashBits = 17
)

func hash(v uint32) uint32 { return v * 2654435761 >> (32 - hashBits) }

func newMatcher(patterns []sought) *matcher {
	m := &matcher{anchors: map[uint32][]anchor{}}
	for _, p := range patterns {
		for at := range stride {
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
	const four = 4 * stride
	i := 0
	for ; i+four+gram <= len(b); i += four {
		// Four places at once keep the processor busy while it waits for the bitmap.
		w := b[i : i+four+gram]
		h0, h1 := hash(binary.LittleEndian.Uint32(w)), hash(binary.LittleEndian.Uint32(w[stride:]))
		h2, h3 := hash(binary.LittleEndian.Uint32(w[2*stride:])), hash(binary.LittleEndian.Uint32(w[3*stride:]))
		if !m.has(h0) && !m.has(h1) && !m.has(h2) && !m.has(h3) {
			continue
		}
		for k := i; k < i+four; k += stride {
			if what, ok := m.at(b, k); ok {
				return what, true
			}
		}
	}
	for ; i+gram <= len(b); i += stride {
		if what, ok := m.at(b, i); ok {
			return what, true
		}
	}
	return "", false
}

// has reports whether four bytes of a hash may be those of a pattern.
func (m *matcher) has(h uint32) bool { return m.maybe[h/64]&(1<<(h%64)) != 0 }

// at names a pattern that has the four bytes at i.
func (m *matcher) at(b []byte, i int) (string, bool) {
	g := binary.LittleEndian.Uint32(b[i:])
	if !m.has(hash(g)) {
		return "", false
	}
	for _, a := range m.anchors[g] {
		if i >= a.at && bytes.HasPrefix(b[i-a.at:], a.bytes) {
			return a.what, true
		}
	}
	return "", false
}
