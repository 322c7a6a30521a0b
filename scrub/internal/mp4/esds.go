package mp4

import (
	"bytes"
	"fmt"

	"tabir/scrub/meta"
)

// Tags of descriptors (ISO 14496-1, 7.2.2.1).
const (
	tagES      = 3
	tagDecoder = 4
	tagInfo    = 5
	tagSync    = 6
)

// descriptor cuts the first descriptor off b.
func descriptor(b []byte) (tag byte, data, rest []byte, err error) {
	if len(b) < 2 {
		return 0, nil, nil, errShort
	}
	n, at := 0, 1
	for ; at <= 4 && at < len(b); at++ {
		n = n<<7 | int(b[at]&0x7F)
		if b[at]&0x80 == 0 {
			at++
			break
		}
	}
	if n > len(b)-at {
		return 0, nil, nil, errShort
	}
	return b[0], b[at : at+n], b[at+n:], nil
}

// describe is a descriptor of ours: its length always takes four bytes, as old
// players expect.
func describe(tag byte, parts ...[]byte) []byte {
	data := bytes.Join(parts, nil)
	n := len(data)
	return append([]byte{tag, 0x80 | byte(n>>21), 0x80 | byte(n>>14), 0x80 | byte(n>>7), byte(n) & 0x7F}, data...)
}

// elementary is the content of esds (ISO 14496-14, 5.6): how to set up a decoder,
// without the number of the stream, its address and what else a descriptor may hold.
func elementary(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, errShort
	}
	tag, es, _, err := descriptor(b[4:])
	if err == nil && (tag != tagES || len(es) < 3) {
		err = fmt.Errorf("descriptor %d: %w", tag, meta.ErrMalformed)
	}
	if err != nil {
		return nil, err
	}
	skip := 3
	if es[2]&0x80 != 0 {
		skip += 2
	}
	if es[2]&0x40 != 0 {
		return nil, fmt.Errorf("stream at an address: %w", meta.ErrUnsupported)
	}
	if es[2]&0x20 != 0 {
		skip += 2
	}
	if skip > len(es) {
		return nil, errShort
	}
	tag, dec, _, err := descriptor(es[skip:])
	if err == nil && (tag != tagDecoder || len(dec) < 13) {
		err = fmt.Errorf("descriptor %d: %w", tag, meta.ErrMalformed)
	}
	if err != nil {
		return nil, err
	}
	head := bytes.Clone(dec[:13])
	head[1] = head[1]&0xFC | 1 // type of the stream, and a bit that is set
	var info []byte
	for rest := dec[13:]; len(rest) > 1; {
		var data []byte
		if tag, data, rest, err = descriptor(rest); err != nil {
			return nil, err
		}
		if tag == tagInfo && info == nil {
			if data, err = decoderInfo(head[0], data); err != nil {
				return nil, err
			}
			if len(data) > 0 {
				info = describe(tagInfo, data)
			}
		}
	}
	return append(make([]byte, 4), describe(tagES, []byte{0, 0, 0}, describe(tagDecoder, head, info), describe(tagSync, []byte{2}))...), nil
}

// decoderInfo is what a decoder of an object type (ISO 14496-1, table 5) needs
// to begin.
func decoderInfo(object byte, b []byte) ([]byte, error) {
	switch object {
	case 0x40, 0x66, 0x67, 0x68:
		return audioConfig(b)
	case 0x20, 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x6A:
		return withoutUserData(b), nil
	case 0x69, 0x6B, 0x6C, 0x6D, 0xA5, 0xA6:
		return nil, nil
	}
	return nil, fmt.Errorf("object type %#x: %w", object, meta.ErrUnsupported)
}

// withoutUserData is the headers of MPEG video (ISO 14496-2, 6.2.1; 13818-2,
// 6.2.2) without user data, in which encoders sign.
func withoutUserData(b []byte) (out []byte) {
	mark := []byte{0, 0, 1}
	at := bytes.Index(b, mark)
	for at >= 0 && at+4 <= len(b) {
		end := len(b)
		if n := bytes.Index(b[at+3:], mark); n >= 0 {
			end = at + 3 + n
		}
		if b[at+3] != 0xB2 {
			out = append(out, b[at:end]...)
		}
		if at = end; at == len(b) {
			break
		}
	}
	return out
}

// bitReader reads numbers of some bits; beyond the end they are zero.
type bitReader struct {
	b  []byte
	at int
}

func (r *bitReader) read(n int) (v int) {
	for range n {
		v <<= 1
		if r.at>>3 < len(r.b) {
			v |= int(r.b[r.at>>3]>>(7-r.at&7)) & 1
		}
		r.at++
	}
	return v
}

// left is the number of bits that are left.
func (r *bitReader) left() int { return 8*len(r.b) - r.at }

func (r *bitReader) object() int {
	if v := r.read(5); v != 31 {
		return v
	}
	return 32 + r.read(6)
}

func (r *bitReader) rate() {
	if r.read(4) == 15 {
		r.read(24)
	}
}

// maxOther is the length of an audio configuration whose fields are not read.
const maxOther = 64

// audioConfig is AudioSpecificConfig (ISO 14496-3, 1.6.2.1), exactly as long as
// its fields are.
func audioConfig(b []byte) ([]byte, error) {
	r := &bitReader{b: b}
	object := r.object()
	r.rate()
	channels := r.read(4)
	extended := object == 5 || object == 29
	if extended {
		r.rate()
		if object = r.object(); object == 22 {
			r.read(4)
		}
	}
	switch {
	case object >= 1 && object <= 4, object == 6, object == 7, object == 17, object >= 19 && object <= 23:
		if err := r.general(object, channels); err != nil {
			return nil, err
		}
	default:
		if len(b) > maxOther {
			return nil, fmt.Errorf("audio configuration of %d bytes: %w", len(b), meta.ErrUnsupported)
		}
		return b, nil
	}
	if !extended && r.left() >= 16 {
		r.extension()
	}
	if r.left() < 0 {
		return nil, errShort
	}
	out := bytes.Clone(b[:(r.at+7)/8])
	if n := r.at % 8; n > 0 {
		out[len(out)-1] &= 0xFF << (8 - n)
	}
	return out, nil
}

// general reads GASpecificConfig (4.4.1).
func (r *bitReader) general(object, channels int) error {
	r.read(1)
	if r.read(1) == 1 {
		r.read(14)
	}
	more := r.read(1)
	if channels == 0 {
		if err := r.program(); err != nil {
			return err
		}
	}
	if object == 6 || object == 20 {
		r.read(3)
	}
	if more == 1 {
		switch object {
		case 22:
			r.read(16)
		case 17, 19, 20, 23:
			r.read(3)
		}
		r.read(1)
	}
	if object >= 17 {
		r.read(2)
	}
	return nil
}

// program reads program_config_element (4.5.1.2), which ends with a comment.
func (r *bitReader) program() error {
	r.read(4 + 2 + 4)
	front, side, back, lfe, data, coupled := r.read(4), r.read(4), r.read(4), r.read(2), r.read(3), r.read(4)
	for range 2 {
		if r.read(1) == 1 {
			r.read(4)
		}
	}
	if r.read(1) == 1 {
		r.read(3)
	}
	r.read(5*(front+side+back) + 4*(lfe+data) + 5*coupled)
	r.at = (r.at + 7) &^ 7
	if r.read(8) > 0 {
		return fmt.Errorf("comment in an audio configuration: %w", meta.ErrUnsupported)
	}
	return nil
}

// extension reads what tells newer decoders of spectral band replication.
func (r *bitReader) extension() {
	start := r.at
	if r.read(11) != 0x2B7 || r.read(5) != 5 {
		r.at = start
		return
	}
	if r.read(1) == 0 {
		return
	}
	r.rate()
	if start = r.at; r.left() < 12 || r.read(11) != 0x548 {
		r.at = start
		return
	}
	r.read(1)
}
