package png

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// maxUnwound bounds the bytes that are decompressed to find the end.
const maxUnwound = 256 << 20

// excess refuses text behind the end of the compressed picture data, in its
// chunks. Where that end is only decompressing tells, which is done where the data
// ends in what reads like text; decoders pass over it.
func (p *picture) excess() error {
	if p.parts > maxParts {
		return nil
	}
	r := &parts{w: p.w, spans: p.data}
	total := r.left()
	tail := parts{w: p.w, spans: p.data}
	tail.skip(max(total-trailer.TailLen, 0))
	b, err := io.ReadAll(&tail)
	if err != nil {
		return err
	}
	if !trailer.ReadsLikeText(b) {
		return nil
	}
	z, err := zlib.NewReader(r)
	if err == nil {
		_, err = io.CopyN(io.Discard, z, maxUnwound)
	}
	if n := r.left(); errors.Is(err, io.EOF) && n > 0 {
		return fmt.Errorf("png: %d bytes behind the end of the picture data: %w", n, meta.ErrMalformed)
	}
	return p.w.Err() // what does not decompress is shown as far as it goes
}

// parts reads ranges of a file one after the other. Being an io.ByteReader it is
// not read beyond what a decompressor needs.
type parts struct {
	w     *rd.Window
	spans []plan.Span
	pos   int64  // in the first of them
	page  []byte // of the file, from there on
}

func (r *parts) left() (n int64) {
	for _, s := range r.spans {
		n += s.Len
	}
	return n - r.pos
}

// skip passes over n bytes.
func (r *parts) skip(n int64) {
	for len(r.spans) > 0 && n >= r.spans[0].Len-r.pos {
		n -= r.spans[0].Len - r.pos
		r.spans, r.pos = r.spans[1:], 0
	}
	r.pos, r.page = r.pos+n, nil
}

// fill makes sure that there is a page.
func (r *parts) fill() error {
	if len(r.page) > 0 {
		return nil
	}
	if r.skip(0); len(r.spans) == 0 {
		return io.EOF
	}
	p, err := r.w.Page(r.spans[0].Off + r.pos)
	r.page = p[:min(int64(len(p)), r.spans[0].Len-r.pos)]
	return err
}

// ReadByte implements io.ByteReader.
func (r *parts) ReadByte() (byte, error) {
	var b [1]byte
	_, err := r.Read(b[:])
	return b[0], err
}

// Read implements io.Reader.
func (r *parts) Read(b []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(b, r.page)
	r.page, r.pos = r.page[n:], r.pos+int64(n)
	return n, nil
}
