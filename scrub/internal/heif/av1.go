package heif

import (
	"bytes"
	"fmt"

	"tabir/scrub/internal/hdr"
	"tabir/scrub/meta"
)

// OBU types and metadata types of AV1 (AV1 specification, 6.2.2 and 6.7.1).
const (
	obuSequence  = 1
	obuDelimiter = 2
	obuFrameHead = 3
	obuTiles     = 4
	obuMetadata  = 5
	obuFrame     = 6
	obuRedundant = 7

	metaLight   = 1
	metaDisplay = 2
	metaT35     = 4
)

// unit is the header of an OBU.
type unit struct {
	typ  byte
	head int   // bytes of the header, with the size
	n    int64 // bytes of the payload
	ext  []byte
}

// readUnit reads the OBU header in h, in something of which left bytes are left.
func readUnit(h []byte, left int64) (unit, error) {
	bad := func(what string) (unit, error) { return unit{}, fmt.Errorf("%s: %w", what, meta.ErrMalformed) }
	if len(h) == 0 || h[0]&0x81 != 0 {
		return bad("no OBU")
	}
	u := unit{typ: h[0] >> 3 & 15, head: 1, n: left}
	if h[0]&4 != 0 {
		if len(h) < 2 || h[1]&7 != 0 {
			return bad("no OBU")
		}
		u.ext, u.head = h[1:2], 2
	}
	if h[0]&2 != 0 {
		v, k := leb128(h[u.head:])
		if k == 0 {
			return bad("size of an OBU")
		}
		u.n, u.head = v, u.head+k
	} else {
		u.n -= int64(u.head)
	}
	if u.n < 0 || u.n > left-int64(u.head) {
		return unit{}, fmt.Errorf("OBU reaches beyond the picture: %w", meta.Truncated)
	}
	return u, nil
}

// leb128 reads a number and says how many bytes it has, 0 where there is none (4.10.5).
func leb128(b []byte) (v int64, n int) {
	for i := range min(len(b), 8) {
		v |= int64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

// keeps reports whether decoders read units of the type to make the picture.
func (u unit) keeps() bool {
	switch u.typ {
	case obuFrameHead, obuTiles, obuFrame, obuRedundant:
		return true
	case obuDelimiter:
		return u.n == 0
	}
	return false
}

// exactMetadata is a metadata OBU with the payload p that says how colours are
// meant, as a whole unit, nil where it says something else.
func exactMetadata(u unit, p []byte) []byte {
	var data []byte
	switch typ, k := leb128(p); {
	case k == 0:
		return nil
	case typ == metaLight && hdr.ContentLight(p[k:]):
		data = p[k : k+4]
	case typ == metaDisplay && hdr.MasteringAV1(p[k:]):
		data = p[k : k+24]
	case typ == metaT35:
		data = exactHDR10Plus(p[k:])
	}
	if data == nil {
		return nil
	}
	out := []byte{obuMetadata<<3 | 2}
	if u.ext != nil {
		out = []byte{obuMetadata<<3 | 4 | 2, u.ext[0]}
	}
	for n := len(data) + 2; ; n >>= 7 {
		if n < 0x80 {
			out = append(out, byte(n))
			break
		}
		out = append(out, byte(n)|0x80)
	}
	out = append(append(out, p[0]&0x7f), data...)
	return append(out, 0x80) // trailing bits (5.3.4)
}

// walkOBU goes through an item of OBUs and keeps what decoders need.
func walkOBU(s *stream) error {
	for pos := int64(0); pos < s.size; {
		h, err := s.peek(pos, 10)
		if err != nil {
			return err
		}
		u, err := readUnit(h, s.size-pos)
		if err != nil {
			return fmt.Errorf("at %d: %w", pos, err)
		}
		whole := int64(u.head) + u.n
		switch {
		case u.typ == obuSequence && u.n <= maxSEI:
			b, err := s.bytes(pos+int64(u.head), u.n)
			if err != nil {
				return err
			}
			if err := exactSequence(b); err != nil {
				return fmt.Errorf("at %d: %w", pos, err)
			}
			s.keep(pos, whole)
		case u.keeps():
			s.keep(pos, whole)
		case u.typ == obuMetadata && u.n <= maxSEI:
			b, err := s.bytes(pos, whole)
			if err != nil {
				return err
			}
			out := exactMetadata(u, b[u.head:])
			if out != nil {
				s.replace(pos, whole, out)
			}
			if !bytes.Equal(out, b) {
				s.told = true
			}
			if out == nil && len(s.needles) < maxOthers {
				s.needles = append(s.needles, meta.Texts(b)...)
			}
		case u.typ == obuMetadata:
			s.told = true
		}
		if err := s.full(); err != nil {
			return err
		}
		pos += whole
	}
	return nil
}

// exactAV1C is the configuration of AV1 pictures (AV1 in ISO base media files,
// 2.3) with the sequence header and what says how colours are meant.
func exactAV1C(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, meta.Truncated
	}
	if b[0] != 0x81 {
		return nil, fmt.Errorf("configuration of version %d: %w", b[0], meta.ErrUnsupported)
	}
	out := bytes.Clone(b[:4])
	out[3] &= 0x1f
	if out[3]&0x10 == 0 {
		out[3] = 0
	}
	for rest := b[4:]; len(rest) > 0; {
		u, err := readUnit(rest, int64(len(rest)))
		if err != nil {
			break // nothing that a decoder reads
		}
		whole := u.head + int(u.n)
		switch u.typ {
		case obuSequence:
			if err := exactSequence(rest[u.head:whole]); err != nil {
				return nil, err
			}
			out = append(out, rest[:whole]...)
		case obuMetadata:
			out = append(out, exactMetadata(u, rest[u.head:whole])...)
		}
		rest = rest[whole:]
	}
	return out, nil
}
