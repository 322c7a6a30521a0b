package plan

import (
	"io"

	"tabir/scrub/internal/rd"
)

// Reader reads ranges of a file one after the other. Being an io.ByteReader it is
// not read beyond what a decompressor needs.
type Reader struct {
	w     *rd.Window
	spans []Span
	pos   int64  // in the first of them
	page  []byte // of the file, from there on
}

// NewReader reads the given ranges of w.
func NewReader(w *rd.Window, spans ...Span) *Reader { return &Reader{w: w, spans: spans} }

// Left is how many bytes were not read yet.
func (r *Reader) Left() (n int64) {
	for _, s := range r.spans {
		n += s.Len
	}
	return n - r.pos
}

// Skip passes over n bytes.
func (r *Reader) Skip(n int64) {
	for len(r.spans) > 0 && n >= r.spans[0].Len-r.pos {
		n -= r.spans[0].Len - r.pos
		r.spans, r.pos = r.spans[1:], 0
	}
	r.pos, r.page = r.pos+n, nil
}

// fill makes sure that there is a page.
func (r *Reader) fill() error {
	if len(r.page) > 0 {
		return nil
	}
	if r.Skip(0); len(r.spans) == 0 {
		return io.EOF
	}
	p, err := r.w.Page(r.spans[0].Off + r.pos)
	r.page = p[:min(int64(len(p)), r.spans[0].Len-r.pos)]
	return err
}

// ReadByte implements io.ByteReader.
func (r *Reader) ReadByte() (byte, error) {
	var b [1]byte
	_, err := r.Read(b[:])
	return b[0], err
}

// Read implements io.Reader.
func (r *Reader) Read(b []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(b, r.page)
	r.page, r.pos = r.page[n:], r.pos+int64(n)
	return n, nil
}
