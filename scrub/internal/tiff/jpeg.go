package tiff

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// A strip or tile of compression 7 is a JPEG datastream of its own, often
// without its tables, which stand in tag 347 for all of them (TIFF Technical
// Note 2). Of either only what decoding needs is kept, in exact form.

// Markers (ITU-T T.81, table B.1).
const (
	mDHT  = 0xc4
	mDAC  = 0xcc
	mRST0 = 0xd0
	mSOI  = 0xd8
	mEOI  = 0xd9
	mSOS  = 0xda
	mDQT  = 0xdb
	mDRI  = 0xdd
	mAPP0 = 0xe0
	mCOM  = 0xfe
)

// frames are the codings of a frame that are copied: sequential, progressive and
// lossless, with Huffman or arithmetic codes.
var frames = []byte{0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb}

// maxSegments bounds the segments of one datastream.
const maxSegments = 1 << 12

// edit replaces n bytes at off by lit.
type edit struct {
	off, n int64
	lit    []byte
}

// table is a quantisation or Huffman table. Its key is 0, 1 or 2 for the class
// (quantisation, DC, AC), times 16, and its identifier.
type table struct {
	key  byte
	b    []byte
	used bool
}

// segment is a marker segment of a datastream.
type segment struct {
	marker byte
	off, n int64 // with marker and length
	body   []byte
	tables []*table
}

// stream is a parsed datastream.
type stream struct {
	f      *file
	pos    int64
	end    int64 // of the strip; then of the datastream
	segs   []segment
	fill   []edit // bytes between segments
	open   bool   // there is no EOI
	frame  *segment
	tables map[byte]*table // in force
	needs  map[byte]bool   // tables that it does not define itself
	sent   map[[2]byte]byte
	scans  []plan.Span
}

// parseJPEG walks the n bytes at off.
func (f *file) parseJPEG(off, n int64) (*stream, error) {
	if f.budget -= n; f.budget < 0 {
		return nil, fmt.Errorf("tiff: JPEG data that overlaps: %w", meta.ErrLimit)
	}
	s := &stream{f: f, pos: off, end: off + n, tables: map[byte]*table{}, needs: map[byte]bool{}, sent: map[[2]byte]byte{}}
	if ok, err := f.w.Equal(off, []byte{0xff, mSOI}); err != nil {
		return nil, err
	} else if !ok || n < 2 {
		return nil, fmt.Errorf("tiff: JPEG data at %d: no start of image: %w", off, meta.ErrMalformed)
	}
	s.pos += 2
	for {
		done, err := s.next()
		if err != nil {
			return nil, fmt.Errorf("tiff: JPEG data at %d: %w", off, err)
		}
		if done {
			return s, nil
		}
		if len(s.segs) > maxSegments {
			return nil, fmt.Errorf("tiff: JPEG data at %d: more than %d segments: %w", off, maxSegments, meta.ErrLimit)
		}
	}
}

// next takes the next segment, and says whether it was the last.
func (s *stream) next() (bool, error) {
	start := s.pos
	var m byte
	for m = 0xff; m == 0xff; s.pos++ { // fill bytes
		if s.pos+2 > s.end {
			s.open, s.end = true, start
			return true, nil
		}
		b, err := s.f.w.Peek(s.pos, 2)
		if err != nil {
			return false, err
		}
		if b[0] != 0xff {
			return false, fmt.Errorf("no marker at %d: %w", s.pos, meta.ErrMalformed)
		}
		m = b[1]
	}
	at := s.pos - 1
	if at > start {
		s.fill = append(s.fill, edit{off: start, n: at - start})
	}
	if s.pos = at + 2; m == mEOI {
		s.end = s.pos
		return true, nil
	}
	if m < 0xc0 || m >= mRST0 && m <= mSOI {
		return false, fmt.Errorf("marker %02X at %d: %w", m, at, meta.ErrMalformed)
	}
	if at+4 > s.end {
		return false, fmt.Errorf("segment at %d: %w", at, meta.Truncated)
	}
	n, err := s.f.w.Uint16(at+2, binary.BigEndian)
	if err != nil {
		return false, err
	}
	if n < 2 || at+2+int64(n) > s.end {
		return false, fmt.Errorf("segment %02X at %d: %w", m, at, meta.Truncated)
	}
	body, err := s.f.w.Bytes(at+4, int64(n)-2)
	if err != nil {
		return false, err
	}
	s.pos = at + 2 + int64(n)
	g := segment{marker: m, off: at, n: 2 + int64(n), body: body}
	if err := s.take(&g); err != nil {
		return false, fmt.Errorf("segment %02X at %d: %w", m, at, err)
	}
	s.segs = append(s.segs, g)
	return false, nil
}

// take learns what a segment says, and refuses one that is not as long as its
// fields need.
func (s *stream) take(g *segment) error {
	exact := func(n int) error {
		if len(g.body) != n {
			return fmt.Errorf("%d bytes: %w", len(g.body), meta.ErrMalformed)
		}
		return nil
	}
	switch {
	case g.marker == mDQT || g.marker == mDHT:
		return s.define(g)
	case g.marker == mDRI:
		return exact(2)
	case g.marker == mDAC:
		return exact(len(g.body) &^ 1)
	case g.marker == mSOS:
		if s.frame == nil || len(g.body) < 1 || g.body[0] > 4 {
			return meta.ErrMalformed
		}
		if err := exact(4 + 2*int(g.body[0])); err != nil {
			return err
		}
		if err := s.again(g.body); err != nil {
			return err
		}
		s.use(g)
		end, err := coef.EndOfScan(s.f.w, s.pos, s.end)
		if err != nil {
			return err
		}
		s.scans = append(s.scans, plan.Span{Off: s.pos, Len: end - s.pos})
		s.pos = end
		return nil
	case slices.Contains(frames, g.marker):
		if s.frame != nil || len(g.body) < 6 {
			return meta.ErrMalformed
		}
		s.frame = g
		return exact(6 + 3*int(g.body[5]))
	case g.marker >= mAPP0 && g.marker < mAPP0+16, g.marker == mCOM:
		return nil
	}
	return meta.ErrUnsupported
}

// define reads the tables of a segment (T.81, B.2.4).
func (s *stream) define(g *segment) error {
	for b := g.body; len(b) > 0; {
		t := &table{key: b[0] & 15}
		n := 1 + 64<<min(b[0]>>4, 1)
		if b[0]>>4 > 1 || t.key > 3 {
			return meta.ErrMalformed
		}
		if g.marker == mDHT {
			if len(b) < 17 {
				return meta.ErrMalformed
			}
			t.key |= 16 + b[0]&0xf0
			n = 17
			for _, k := range b[1:17] {
				n += int(k)
			}
		}
		if n > len(b) {
			return meta.ErrMalformed
		}
		t.b, b = b[:n], b[n:]
		g.tables = append(g.tables, t)
		s.tables[t.key] = t
	}
	return nil
}

// use marks the tables that a scan is decoded with.
func (s *stream) use(g *segment) {
	need := func(key byte) {
		if t := s.tables[key]; t != nil {
			t.used = true
		} else {
			s.needs[key] = true
		}
	}
	b := g.body
	first, last := b[len(b)-3], b[len(b)-2]
	progressive, lossless := s.frame.marker == 0xc2 || s.frame.marker == 0xca, s.frame.marker&3 == 3
	for i := 1; i+1 < len(b)-3; i += 2 {
		for c := 6; c+2 < len(s.frame.body); c += 3 {
			if s.frame.body[c] == b[i] {
				need(s.frame.body[c+2] & 15)
			}
		}
		if first == 0 || !progressive { // others need not say the band that they code
			need(16 | b[i+1]>>4)
		}
		if !lossless && (last > 0 || !progressive) {
			need(32 | b[i+1]&15)
		}
	}
}

// again refuses a scan that brings what an earlier one brought: decoders stop
// before it or let it paint over the picture, and it may hold anything. sent has
// one more than the lowest bit of a component's coefficient that came.
func (s *stream) again(b []byte) error {
	progressive := s.frame.marker&3 == 2
	tail := b[len(b)-3:]
	first, last, low := tail[0], min(tail[1], 63), 1+tail[2]&15
	if !progressive {
		first, last = 0, 0
	}
	for i := 1; i+1 < len(b)-3; i += 2 {
		for k := first; k <= last; k++ {
			at := [2]byte{b[i], k}
			if had := s.sent[at]; had > 0 && (!progressive || tail[2]>>4 == 0 || low >= had) {
				return fmt.Errorf("a component is coded twice: %w", meta.ErrMalformed)
			}
			s.sent[at] = low
		}
	}
	return nil
}

// exact is the segment as it is written, nil where it goes.
func (g *segment) exact() []byte {
	body := g.body
	switch {
	case g.marker == mDQT || g.marker == mDHT:
		body = nil
		for _, t := range g.tables {
			if t.used {
				body = append(body, t.b...)
			}
		}
		if body == nil {
			return nil
		}
	case g.marker == mAPP0+14 && len(body) >= 12 && string(body[:5]) == "Adobe":
		body = []byte{'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, min(body[11], 2)} // some readers ask it for the colours
	case g.marker >= mAPP0 && g.marker < mAPP0+16, g.marker == mCOM:
		return nil
	}
	return append([]byte{0xff, g.marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// edits are the differences between the datastream and its clean form.
func (s *stream) edits() []edit {
	out := s.fill
	for i := range s.segs {
		g := &s.segs[i]
		lit := g.exact()
		if int64(len(lit)) == g.n && bytes.Equal(lit[4:], g.body) {
			continue
		}
		out = append(out, edit{g.off, g.n, lit})
	}
	if s.open {
		out = append(out, edit{off: s.end, lit: []byte{0xff, mEOI}})
	}
	slices.SortStableFunc(out, func(a, b edit) int { return int(min(max(a.off-b.off, -1), 1)) })
	return out
}

// jpegs cleans the datastreams of a page and the tables that they share.
func (p *page) jpegs(d *describer) error {
	needs := map[byte]bool{}
	for i, q := range p.parts {
		if q.n == 0 {
			continue
		}
		if old, ok := p.f.streams[q]; ok {
			p.parts[i] = old.part
			for _, k := range old.needs {
				needs[k] = true
			}
			continue
		}
		s, err := p.f.parseJPEG(q.off, q.n)
		if err != nil {
			return err
		}
		if len(s.scans) == 0 {
			return fmt.Errorf("tiff: JPEG data at %d: no picture: %w", q.off, meta.ErrMalformed)
		}
		w, h := int64(binary.BigEndian.Uint16(s.frame.body[3:])), int64(binary.BigEndian.Uint16(s.frame.body[1:]))
		if w > p.partW || h > p.rows(int64(i)) {
			p.hidden += max(w*h-p.partW*p.rows(int64(i)), 1)
		}
		for k := range s.segs {
			d.jpeg(&s.segs[k])
		}
		for _, x := range s.fill {
			p.surplus += x.n
		}
		c := &cleaned{part: part{q.off, s.end - q.off}, edits: s.edits(), scans: s.scans}
		for k := range s.needs {
			c.needs = append(c.needs, k)
			needs[k] = true
		}
		p.parts[i] = c.part
		p.f.streams[q], p.f.streams[c.part] = c, c
	}
	return p.jpegTables(needs, d)
}

// jpegTables rewrites tag 347: the tables that a datastream needs and does not
// define, one segment for each that the source has.
func (p *page) jpegTables(needs map[byte]bool, d *describer) error {
	v, ok := p.d.fields[tagJPEGTables]
	if !ok {
		return nil
	}
	p.used[tagJPEGTables] = true
	if v.n < 0 {
		return fmt.Errorf("tiff: JPEG tables: %w", meta.Truncated)
	}
	s, err := p.f.parseJPEG(v.at, v.n)
	if err != nil {
		return err
	}
	if s.frame != nil {
		return fmt.Errorf("tiff: JPEG tables at %d hold a picture: %w", v.at, meta.ErrMalformed)
	}
	p.surplus += v.at + v.n - s.end
	for k, t := range s.tables {
		t.used = needs[k]
	}
	out := []byte{0xff, mSOI}
	for i := range s.segs {
		g := &s.segs[i]
		d.jpeg(g)
		if g.marker == mDQT || g.marker == mDHT {
			out = append(out, g.exact()...)
		}
	}
	if len(out) > 2 {
		p.tables = append(out, 0xff, mEOI)
	}
	return nil
}
