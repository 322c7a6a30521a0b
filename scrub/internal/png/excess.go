package png

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/plan"
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
	r, tail := plan.NewReader(p.w, p.data...), plan.NewReader(p.w, p.data...)
	tail.Skip(max(tail.Left()-trailer.TailLen, 0))
	b, err := io.ReadAll(tail)
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
	if n := r.Left(); errors.Is(err, io.EOF) && n > 0 {
		return fmt.Errorf("png: %d bytes behind the end of the picture data: %w", n, meta.ErrMalformed)
	}
	return p.w.Err() // what does not decompress is shown as far as it goes
}
