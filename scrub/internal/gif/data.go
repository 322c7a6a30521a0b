package gif

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"tabir/scrub/internal/lzw"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// blocks goes through the data sub-blocks of an image (15).
type blocks struct {
	w     *rd.Window
	pos   int64 // of the length of the next one
	at    int64 // how much of the data lies before it, in bytes
	ended bool  // pos is behind the terminator
	cut   bool  // pos is where the file ends, without a terminator
	open  bool  // and that is in a sub-block
}

// runLen is how many bytes of the data are looked at in one go, at most.
const runLen = 16 << 10

// next returns the data of the next sub-block, which is valid until the next
// call, nil at the end.
func (s *blocks) next() ([]byte, error) {
	b, err := s.w.Page(s.pos)
	if errors.Is(err, io.EOF) {
		s.cut = true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := int64(b[0])
	if n == 0 {
		s.pos, s.ended = s.pos+1, true
		return nil, nil
	}
	if left := s.w.Size() - s.pos - 1; n > left {
		n, s.cut, s.open = left, true, true
	}
	if int64(len(b)) < 1+n {
		if b, err = s.w.Peek(s.pos, int(1+n)); err != nil {
			return nil, err
		}
	}
	s.pos, s.at = s.pos+1+n, s.at+n
	return b[1 : 1+n], nil
}

// run appends the data of the next sub-blocks to b, runLen bytes at most.
func (s *blocks) run(b []byte) ([]byte, error) {
	for end := len(b) + runLen - 255; len(b) <= end && !s.ended && !s.cut; {
		more, err := s.next()
		if err != nil {
			return nil, err
		}
		b = append(b, more...)
	}
	return b, nil
}

// blockReader is an io.Reader of the data.
type blockReader struct {
	blocks
	rest []byte // of the sub-block that is being read
}

func (r *blockReader) Read(b []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.ended || r.cut {
			return 0, io.EOF
		}
		var err error
		if r.rest, err = r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// part is a sub-block.
type part struct {
	off   int64 // of its length
	at    int64 // what of the data lies before it, in bytes
	bytes int64
}

// parts lists the sub-blocks up to those that lie behind end.
func (s blocks) parts(end int64) (out []part, err error) {
	for s.pos < end {
		q := part{off: s.pos, at: s.at}
		b, err := s.next()
		if err != nil || len(b) == 0 {
			return out, err
		}
		q.bytes = int64(len(b))
		out = append(out, q)
	}
	return out, nil
}

// data goes through the data of an image and returns where its sub-blocks end. It
// is exact where its last code is the end code and nothing but zero bits, one byte
// of them at most, and the terminator follow; else its end is written anew.
func (p *picture) data(f frame) (end int64, err error) {
	if p.w.Skim {
		if ok, end, err := p.skim(f); ok || err != nil {
			return end, err
		}
	}
	z := p.codes
	z.Start(f.minCode, int64(f.rect.Dx())*int64(f.rect.Dy()))
	s := blocks{w: p.w, pos: f.data}
	before, from, to := s, s, s // the last run that was fed goes from there to there, the one before it begins before
	for !s.ended && !s.cut {
		next := s
		if p.run, err = s.run(p.run[:0]); err != nil {
			return 0, err
		}
		if z.Done() {
			continue
		}
		before, from, to = from, next, s
		if err := z.Feed(p.run); err != nil {
			return 0, fmt.Errorf("gif: image data at %d: %w", from.pos, err)
		}
	}
	z.Finish()
	if s.cut && !z.Done() {
		return 0, fmt.Errorf("gif: image data ends at %d: %w", p.w.Size(), meta.Truncated)
	}
	p.whole = z.Whole()
	if !z.Done() { // fewer pixels than promised, and no end code: decoders show what is there
		p.keepData(f, s.pos-1, s.pos)
		return s.pos, nil
	}
	last, err := before.parts(to.pos)
	if err != nil {
		return 0, err
	}
	start, tail, err := p.tail(z, last, s.open)
	if err != nil {
		return 0, err
	}
	if start < 0 {
		start = s.pos - 1 // behind the last sub-block, where the terminator is
		if last := last[len(last)-1]; last.off+1+last.bytes == s.pos {
			start = s.pos // or where it should be
		}
	}
	p.out.Picture(f.data, start-f.data)
	if surplus := s.pos - start - int64(len(tail)); surplus > 0 {
		p.surplus += surplus
	}
	return s.pos, p.exact(start, s.pos-start, tail)
}

// skim goes past the data of an image and keeps it as it is, if it looks as if the
// end code ended it.
func (p *picture) skim(f frame) (ok bool, end int64, err error) {
	s := blocks{w: p.w, pos: f.data}
	last, v := f.data, uint32(0) // where the last sub-block is, and its last four bytes
	for {
		off := s.pos
		b, err := s.next()
		if err != nil || s.cut {
			return false, 0, err
		}
		if s.ended {
			break
		}
		if last, v = off, 0; len(b) >= 4 {
			v = binary.LittleEndian.Uint32(b[len(b)-4:])
		}
	}
	if !endsWithCode(v, int(f.minCode)) {
		return false, 0, nil
	}
	p.whole = false // it is not known; only a file without a trailer asks
	p.keepData(f, last, s.pos)
	return true, s.pos, nil
}

// keepData keeps the sub-blocks of an image; those from last on, up to end, have
// no picture data or also something else.
func (p *picture) keepData(f frame, last, end int64) {
	p.out.Picture(f.data, last-f.data)
	p.out.Keep(last, end-last)
	p.done = end
}

// endsWithCode reports whether v, the last four bytes of the data of an image, may
// end with the end code, with no more behind it than tail leaves there. How many
// bits the code has, up to 12, v does not tell.
func endsWithCode(v uint32, minCode int) bool {
	at := bits.Len32(v) - 1 - minCode // but for the lowest and this one the bits of the code are 0
	least := at + minCode + 1
	return 16 < least && least <= 32 && v>>at == 1<<minCode|1
}

// tail returns the end of the data in exact form, from the sub-block in which
// the end code begins, and where that one is; -1 where it begins behind the last.
func (p *picture) tail(z *lzw.Codes, last []part, open bool) (start int64, b []byte, err error) {
	end, width := z.End()
	a := part{off: -1, at: end / 8}
	for _, l := range last {
		if end >= 8*l.at && (end < 8*(l.at+l.bytes) || open && l == last[len(last)-1]) {
			a = l
		}
	}
	var data []byte
	bits := end - 8*a.at
	if n := (bits + 7) / 8; n > 0 {
		if data, err = p.w.Bytes(a.off+1, n); err != nil {
			return 0, nil, err
		}
	}
	data = appendCode(data, bits, z.EndCode(), width)
	if n := int64(len(data)); a == last[len(last)-1] && !open && n == a.bytes-1 {
		if c, err := p.w.Byte(a.off + a.bytes); err != nil {
			return 0, nil, err
		} else if c == 0 {
			data = append(data, 0) // as many coders do; it says nothing
		}
	}
	room := a.bytes
	if a.off < 0 || a == last[len(last)-1] {
		room = 255
	}
	first := data[:min(int64(len(data)), room)]
	b = append([]byte{byte(len(first))}, first...)
	if rest := data[len(first):]; len(rest) > 0 {
		b = append(append(b, byte(len(rest))), rest...)
	}
	return a.off, append(b, 0), nil
}

// appendCode puts a code behind the first n bits of b and zeros behind it.
func appendCode(b []byte, n int64, code uint32, width int64) []byte {
	out := append([]byte(nil), b[:(n+7)/8]...)
	if k := n % 8; k > 0 {
		out[len(out)-1] &= 1<<k - 1
	}
	for i := range width {
		if (n+i)%8 == 0 {
			out = append(out, 0)
		}
		out[(n+i)/8] |= byte(code>>i&1) << ((n + i) % 8)
	}
	return out
}
