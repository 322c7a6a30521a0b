package tiff

import (
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/lzw"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// cleaned is what became of a strip: its range in the source without what lies
// behind its end, and the JPEG tables that it takes from elsewhere.
type cleaned struct {
	part
	needs []byte
	edits []edit
	scans []plan.Span // the entropy-coded data of a JPEG datastream
}

// clean is how long a part is in the clean file.
func (f *file) clean(q part) int64 {
	n := q.n
	if c := f.streams[q]; c != nil {
		for _, e := range c.edits {
			n += int64(len(e.lit)) - e.n
		}
	}
	return n
}

// strips cuts what lies behind the end of the data in its strips or tiles, where
// the coding says where that is without decoding, and looks into those that hold
// whole files. Zstandard, LZMA, LERC and fax data is taken as it is.
func (p *page) strips(d *describer) error {
	if p.compression == compJPEG {
		return p.jpegs(d)
	}
	for i, q := range p.parts {
		if q.n == 0 {
			continue
		}
		if old, ok := p.f.streams[q]; ok && p.compression != compPackBits {
			p.parts[i] = old.part
			continue
		}
		n := q.n
		var err error
		switch p.compression {
		case compPackBits, compLZW, compWebP, compJXL:
			if p.f.budget -= n; p.f.budget < 0 {
				return fmt.Errorf("tiff: strips that overlap: %w", meta.ErrLimit)
			}
		}
		switch p.compression {
		case compPackBits:
			if !p.f.w.Skim {
				n, err = p.f.packBits(q, p.bytes(int64(i)))
			}
		case compLZW:
			if !p.f.w.Skim {
				n, err = p.f.lzw(q)
			}
		case compDeflate, compDeflate2:
			if !p.f.w.Skim {
				n, err = p.f.deflate(q, p.bytes(int64(i)))
			}
		case compWebP:
			err = p.f.webP(q)
		case compJXL:
			if ok, e := p.f.w.Equal(q.off, []byte{0xff, 0x0a}); e != nil || !ok {
				err = fmt.Errorf("tiff: strip at %d: JPEG XL in a container: %w", q.off, meta.ErrUnsupported)
			}
		}
		if err != nil {
			return err
		}
		p.parts[i].n = n
		if p.compression == compLZW {
			p.f.streams[q] = &cleaned{part: p.parts[i]}
		}
	}
	return nil
}

// packBits is how many bytes of q make want bytes of samples (TIFF 6.0, section 9).
func (f *file) packBits(q part, want int64) (int64, error) {
	pos := q.off
	for out := int64(0); out < want; {
		if pos >= q.off+q.n {
			return q.n, nil
		}
		b, err := f.w.Byte(pos)
		if err != nil {
			return 0, err
		}
		switch {
		case b < 128:
			out, pos = out+int64(b)+1, pos+int64(b)+2
		case b > 128:
			out, pos = out+257-int64(b), pos+2
		default:
			pos++
		}
	}
	return min(pos-q.off, q.n), nil
}

// lzw is how many bytes of q there are up to its end-of-information code (TIFF
// 6.0, section 13). Data that has no such code, or that of old writers, is taken
// as it is.
func (f *file) lzw(q part) (int64, error) {
	z := lzw.NewTIFF()
	z.Start(8, 0)
	for pos := q.off; pos < q.off+q.n; {
		b, err := f.w.Page(pos)
		if err != nil {
			return 0, err
		}
		b = b[:min(int64(len(b)), q.off+q.n-pos)]
		if pos == q.off && len(b) > 1 && b[0] == 0 && b[1]&1 == 1 {
			return q.n, nil
		}
		if z.Feed(b) != nil {
			return q.n, nil
		}
		if z.Done() {
			at, width := z.End()
			return (at + width + 7) / 8, nil
		}
		pos += int64(len(b))
	}
	return q.n, nil
}

// maxUnwound bounds what a strip is decompressed to, in bytes.
const maxUnwound = 256 << 20

// deflate is how many bytes of q there are up to the end of its zlib stream, which
// makes want bytes of samples. That only decompressing tells, which is done where q
// ends in what reads like text: decoders pass over it.
func (f *file) deflate(q part, want int64) (int64, error) {
	tail := min(q.n, trailer.TailLen)
	b, err := f.w.Bytes(q.off+q.n-tail, tail)
	if err != nil || !trailer.ReadsLikeText(b) {
		return q.n, err
	}
	if f.budget -= q.n; f.budget < 0 {
		return 0, fmt.Errorf("tiff: strips that overlap: %w", meta.ErrLimit)
	}
	r := plan.NewReader(f.w, plan.Span{Off: q.off, Len: q.n})
	z, err := zlib.NewReader(r)
	if err == nil {
		_, err = io.CopyN(io.Discard, z, min(want, maxUnwound)+1)
	}
	if errors.Is(err, io.EOF) {
		return q.n - r.Left(), nil
	}
	return q.n, f.w.Err() // what does not decompress is shown as far as it goes
}

// webP refuses a picture with chunks that hold no samples.
func (f *file) webP(q part) error {
	no := fmt.Errorf("tiff: strip at %d: WebP with more than a picture: %w", q.off, meta.ErrUnsupported)
	if q.n < 12 {
		return no
	}
	h, err := f.w.Bytes(q.off, 12)
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	if string(h[:4]) != "RIFF" || string(h[8:]) != "WEBP" || int64(le.Uint32(h[4:]))+8 != q.n {
		return no
	}
	for pos := q.off + 12; pos < q.off+q.n; {
		c, err := f.w.Bytes(pos, min(18, q.off+q.n-pos))
		if err != nil {
			return err
		}
		if len(c) < 8 {
			return no
		}
		n := int64(le.Uint32(c[4:]))
		switch string(c[:4]) {
		case "VP8 ", "VP8L", "ALPH":
		case "VP8X":
			if n != 10 || len(c) < 18 || c[8]&^0x10 != 0 || c[9]|c[10]|c[11] != 0 {
				return no
			}
		default:
			return no
		}
		if pos += 8 + n; n&1 == 1 && pos < q.off+q.n {
			if b, err := f.w.Byte(pos); err != nil || b != 0 {
				return no
			}
			pos++
		}
		if pos > q.off+q.n {
			return no
		}
	}
	return nil
}
