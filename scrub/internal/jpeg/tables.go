package jpeg

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// table is one table of a DQT, DHT or DAC segment, or the number of a DRI: its
// bytes in the file and whether a scan reads it.
type table struct {
	off, n int64
	used   bool

	huff *coef.Huffman // of a DHT
}

// tableSet are the tables in force while the segments are walked. A table that
// no scan reads, or that is defined anew before one does, is not kept.
type tableSet struct {
	segs    map[int][]*table // by the index of the segment
	quant   [4]*table
	huff    [2][4]*table // DC and AC
	cond    [2][16]*table
	restart *table
	every   int            // MCUs between restart markers
	latched map[int]*table // the quantisation table of a component: the one in force at its first scan
}

func newTableSet() *tableSet {
	return &tableSet{segs: map[int][]*table{}, latched: map[int]*table{}}
}

// define reads the tables of segment i. Bytes behind the last whole table are
// not part of any; damage within a table is refused.
func (t *tableSet) define(w *rd.Window, i int, s segment) error {
	b, err := w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return err
	}
	bad := func(at int64, what string) error {
		return fmt.Errorf("jpeg: table at %d: %s: %w", s.data+at, what, meta.ErrMalformed)
	}
	switch s.marker {
	case mDRI: // T.81, B.2.4.4
		if len(b) < 2 {
			return bad(0, "restart interval too short")
		}
		t.restart, t.every = &table{off: s.data, n: 2}, int(binary.BigEndian.Uint16(b))
		t.segs[i] = []*table{t.restart}
		return nil
	case mDAC: // B.2.4.3
		for k := 0; k+2 <= len(b); k += 2 {
			class, id := b[k]>>4, b[k]&15
			if class > 1 || class == 0 && b[k+1]&15 > b[k+1]>>4 || class == 1 && (b[k+1] < 1 || b[k+1] > 63) {
				return bad(int64(k), "arithmetic conditioning")
			}
			t.cond[class][id] = t.add(i, s, k, 2)
		}
		return nil
	}
	for k := 0; k < len(b); {
		n := 0
		switch s.marker {
		case mDQT: // B.2.4.1
			if n = 65 + 64*int(b[k]>>4); b[k]>>4 > 1 || b[k]&15 > 3 {
				return bad(int64(k), "quantisation table")
			}
		case mDHT: // B.2.4.2
			if k+17 > len(b) {
				return leftover(t.segs[i], bad(int64(k), "huffman table"))
			}
			n = 17
			for _, c := range b[k+1 : k+17] {
				n += int(c)
			}
			if b[k]>>4 > 1 || b[k]&15 > 3 || n == 17 || n > 17+256 {
				return leftover(t.segs[i], bad(int64(k), "huffman table"))
			}
		}
		if k+n > len(b) {
			return leftover(t.segs[i], bad(int64(k), "too short"))
		}
		q := t.add(i, s, k, n)
		if s.marker == mDQT {
			t.quant[b[k]&15] = q
		} else if err := t.huffman(q, b[k:k+n]); err != nil {
			return err
		}
		k += n
	}
	return nil
}

// leftover forgives bytes behind at least one whole table: they are surplus.
func leftover(ts []*table, err error) error {
	if len(ts) > 0 {
		return nil
	}
	return err
}

func (t *tableSet) add(i int, s segment, k, n int) *table {
	q := &table{off: s.data + int64(k), n: int64(n)}
	t.segs[i] = append(t.segs[i], q)
	return q
}

func (t *tableSet) huffman(q *table, b []byte) error {
	h, err := coef.NewHuffman([16]byte(b[1:17]), b[17:])
	if err != nil {
		return fmt.Errorf("jpeg: table at %d: %w", q.off, err)
	}
	q.huff = h
	t.huff[b[0]>>4][b[0]&15] = q
	return nil
}

// read marks the tables that a scan reads and returns the scan as package coef wants it.
func (t *tableSet) read(f *frame, s *scan) coef.Scan {
	use := func(q *table) *coef.Huffman {
		if q == nil {
			return nil
		}
		q.used = true
		return q.huff
	}
	out := coef.Scan{Ss: uint(s.ss), Se: uint(s.se), Ah: uint(s.ah), Al: uint(s.al)}
	for _, c := range s.comps {
		if _, ok := t.latched[c.comp]; !ok && !f.lossless() {
			t.latched[c.comp] = t.quant[f.comps[c.comp].tq]
			use(t.latched[c.comp])
		}
		p := coef.Part{Comp: c.comp}
		if s.usesDC(f) {
			if f.arithmetic() {
				use(t.cond[0][c.td])
			} else {
				p.DC = use(t.huff[0][c.td])
			}
		}
		if s.usesAC(f) {
			if f.arithmetic() {
				use(t.cond[1][c.ta])
			} else {
				p.AC = use(t.huff[1][c.ta])
			}
		}
		out.Parts = append(out.Parts, p)
	}
	if t.restart != nil {
		t.restart.used = true
	}
	s.restart = t.every
	out.Restart = t.every
	return out
}
