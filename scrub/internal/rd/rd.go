// Package rd is the only place where Tabir reads a picture. Every read is
// bounded by the file and by [Limits], so that a length in a hostile file never
// reaches make, and every read notices a cancelled context.
package rd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"tabir/scrub/meta"
)

// Limits bound what a file may make Tabir do. They are far above what cameras
// write and far below what hurts an old laptop.
type Limits struct {
	Block  int64 // bytes of the largest structure held in memory at once
	Pieces int   // separate kept or replaced ranges in one file
	Items  int   // segments, chunks, boxes or items in one file
}

// Default are the limits in force unless a caller sets others.
var Default = Limits{Block: 20 << 20, Pieces: 1 << 16, Items: 1 << 20}

// Held is a source that is in memory. Reading it copies nothing.
type Held []byte

// ReadAt implements io.ReaderAt.
func (h Held) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(h)) {
		return 0, io.EOF
	}
	n := copy(b, h[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// pageSize is what one read of a scan takes in: large enough that system calls
// vanish, small enough to stay in a processor's second-level cache. A read that
// does not go on where the last page ended takes in glance bytes: it is after a header.
const (
	pageSize = 256 << 10
	glance   = 16 << 10
)

// Window reads a range of a source. It is not safe for concurrent use.
type Window struct {
	ctx  context.Context
	src  io.ReaderAt
	base int64 // where the window begins in src
	size int64
	lim  Limits

	// Skim allows a parser to go past picture data as if it were sound and ended with
	// its last byte, because what is made of the source will be parsed without it.
	Skim bool

	page   []byte // bytes of the window from pageAt on
	pageAt int64
	pageTo int64 // where the page ends that was read last
	buf    []byte
}

// New returns a window over the first size bytes of src.
func New(ctx context.Context, src io.ReaderAt, size int64, l Limits) *Window {
	return &Window{ctx: ctx, src: src, size: size, lim: l}
}

// Sub returns a window of its own over n bytes at off, for a picture inside a picture.
func (w *Window) Sub(off, n int64) (*Window, error) {
	if err := w.check(off, n); err != nil {
		return nil, err
	}
	return &Window{ctx: w.ctx, src: w.src, base: w.base + off, size: n, lim: w.lim}, nil
}

// Size is the length of the window in bytes.
func (w *Window) Size() int64 { return w.size }

// Limits are the bounds that the window was made with.
func (w *Window) Limits() Limits { return w.lim }

// Context is the context that the window was made with.
func (w *Window) Context() context.Context { return w.ctx }

// Err is the context's error, for loops that read nothing.
func (w *Window) Err() error { return context.Cause(w.ctx) }

func (w *Window) check(off, n int64) error {
	if off < 0 || n < 0 || off > w.size || n > w.size-off {
		return fmt.Errorf("%d bytes at %d of %d: %w", n, off, w.size, meta.Truncated)
	}
	return nil
}

// Bytes returns a copy of the n bytes at off. It fails with meta.Truncated
// where they are not all there and with meta.ErrLimit where n exceeds Limits.Block.
func (w *Window) Bytes(off, n int64) ([]byte, error) {
	if err := w.check(off, n); err != nil {
		return nil, err
	}
	if n > w.lim.Block {
		return nil, fmt.Errorf("%d bytes at %d in one block: %w", n, off, meta.ErrLimit)
	}
	b := make([]byte, n)
	if in := off - w.pageAt; in >= 0 && in+n <= int64(len(w.page)) {
		copy(b, w.page[in:])
		return b, nil
	}
	return b, w.readAt(b, off)
}

// Peek returns the n bytes at off without copying. They are valid until the
// next call; n is at most 4096.
func (w *Window) Peek(off int64, n int) ([]byte, error) {
	if err := w.check(off, int64(n)); err != nil {
		return nil, err
	}
	if n > 4096 {
		return nil, fmt.Errorf("peek of %d bytes: %w", n, meta.ErrInternal)
	}
	if in := off - w.pageAt; in >= 0 && in+int64(n) <= int64(len(w.page)) {
		return w.page[in : in+int64(n)], nil
	}
	if err := w.fill(off); err != nil {
		return nil, err
	}
	return w.page[:n], nil
}

// Page returns the bytes from off to the end of the page that holds it, at
// least one, without copying. They are valid until the next call. At the end of
// the window the error is io.EOF. It is the way to walk picture data.
func (w *Window) Page(off int64) ([]byte, error) {
	if off < 0 || off >= w.size {
		return nil, io.EOF
	}
	if in := off - w.pageAt; in >= 0 && in < int64(len(w.page)) {
		return w.page[in:], nil
	}
	if err := w.fill(off); err != nil {
		return nil, err
	}
	return w.page, nil
}

// Byte returns the byte at off.
func (w *Window) Byte(off int64) (byte, error) {
	b, err := w.Peek(off, 1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// Uint16 and Uint32 read a number at off in the given order.
func (w *Window) Uint16(off int64, o binary.ByteOrder) (uint16, error) {
	b, err := w.Peek(off, 2)
	if err != nil {
		return 0, err
	}
	return o.Uint16(b), nil
}

// Uint32 reads four bytes at off in the given order.
func (w *Window) Uint32(off int64, o binary.ByteOrder) (uint32, error) {
	b, err := w.Peek(off, 4)
	if err != nil {
		return 0, err
	}
	return o.Uint32(b), nil
}

// Index returns the position of the first byte c at or after off, or -1.
func (w *Window) Index(off int64, c byte) (int64, error) {
	for {
		p, err := w.Page(off)
		if errors.Is(err, io.EOF) {
			return -1, nil
		}
		if err != nil {
			return -1, err
		}
		if i := bytes.IndexByte(p, c); i >= 0 {
			return off + int64(i), nil
		}
		off += int64(len(p))
	}
}

// Equal reports whether the bytes at off are those of lit.
func (w *Window) Equal(off int64, lit []byte) (bool, error) {
	if w.check(off, int64(len(lit))) != nil {
		return false, nil
	}
	for len(lit) > 0 {
		p, err := w.Page(off)
		if err != nil {
			return false, err
		}
		p = p[:min(len(p), len(lit))]
		if !bytes.Equal(p, lit[:len(p)]) {
			return false, nil
		}
		lit, off = lit[len(p):], off+int64(len(p))
	}
	return true, nil
}

// fill makes the page begin at off.
func (w *Window) fill(off int64) error {
	if h, ok := w.src.(Held); ok && w.base+w.size <= int64(len(h)) {
		w.page, w.pageAt = h[w.base:w.base+w.size], 0
		if off > 0 {
			w.page, w.pageAt = w.page[off:], off
		}
		return context.Cause(w.ctx)
	}
	n := min(pageSize, w.size-off)
	if gap := off - w.pageTo; gap < 0 || gap >= glance || off == 0 {
		n = min(glance, n)
	}
	if int64(len(w.buf)) < n {
		w.buf = make([]byte, n)
	}
	w.page, w.pageAt = nil, 0
	if err := w.readAt(w.buf[:n], off); err != nil {
		return err
	}
	w.page, w.pageAt, w.pageTo = w.buf[:n], off, off+n
	return nil
}

func (w *Window) readAt(b []byte, off int64) error {
	if err := context.Cause(w.ctx); err != nil {
		return err
	}
	n, err := w.src.ReadAt(b, w.base+off)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) || err == nil {
		return fmt.Errorf("file ends at %d: %w", w.base+off+int64(n), meta.ErrChanged)
	}
	return err
}
