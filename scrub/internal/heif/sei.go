package heif

import (
	"bytes"

	"tabir/scrub/internal/hdr"
	"tabir/scrub/meta"
)

// maxSEI bounds the SEI units that are read.
const maxSEI = 1 << 16

// messages are the SEI messages that say how the colours of a picture are meant
// (ITU-T H.265, annex D), in exact form.
var messages = map[int]func([]byte) []byte{
	137: light(24, hdr.Mastering),
	144: light(4, hdr.ContentLight),
	147: light(1, func(b []byte) bool { return len(b) > 0 && b[0] <= 18 }), // alternative transfer characteristics
	148: light(8, ambient),
}

// userData is the registered user data that may be HDR10+.
const userData = 4

// message is an SEI message.
type message struct {
	typ  int
	data []byte
}

// readSEI lists the messages of an SEI unit (7.3.5); whole says whether there is
// nothing but them.
func readSEI(unit []byte) (ms []message, whole bool) {
	b := unescape(unit[2:])
	number := func() (n int, ok bool) {
		for len(b) > 0 {
			c := b[0]
			b = b[1:]
			n += int(c)
			if c != 0xff {
				return n, true
			}
		}
		return 0, false
	}
	for len(b) > 0 && !bytes.Equal(b, []byte{0x80}) {
		typ, ok1 := number()
		n, ok2 := number()
		if !ok1 || !ok2 || n > len(b) {
			return ms, false
		}
		ms = append(ms, message{typ, b[:n]})
		b = b[n:]
	}
	return ms, len(b) == 1
}

// exactSEI is the SEI unit with the messages that say how colours are meant, nil
// where there are none.
func exactSEI(unit []byte) []byte {
	ms, _ := readSEI(unit)
	var out []byte
	for _, m := range ms {
		exact := messages[m.typ]
		if m.typ == userData {
			exact = exactHDR10Plus
		}
		if exact == nil {
			continue
		}
		data := exact(m.data)
		if data == nil {
			continue
		}
		out = append(out, byte(m.typ))
		n := len(data)
		for ; n >= 255; n -= 255 {
			out = append(out, 255)
		}
		out = append(append(out, byte(n)), data...)
	}
	if out == nil {
		return nil
	}
	return append(append([]byte(nil), unit[:2]...), escape(append(out, 0x80))...)
}

// sameSEI reports whether nothing of the unit goes.
func sameSEI(unit []byte) bool { return bytes.Equal(exactSEI(unit), unit) }

// unescape takes the emulation prevention bytes out (7.3.1.1).
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		out = append(out, c)
		zeros++
		if c != 0 {
			zeros = 0
		}
	}
	return out
}

// escape puts emulation prevention bytes in.
func escape(b []byte) []byte {
	out := make([]byte, 0, len(b)+4)
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c <= 3 {
			out, zeros = append(out, 3), 0
		}
		out = append(out, c)
		zeros++
		if c != 0 {
			zeros = 0
		}
	}
	return out
}

// exactHDR10Plus is the dynamic metadata of HDR10+ (ITU-T T.35 with the country
// code; SMPTE ST 2094-40), as long as its own fields need, nil where b is
// something else.
func exactHDR10Plus(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte{0xb5, 0, 0x3c, 0, 1, 4}) {
		return nil
	}
	r := &bitReader{b: b[6:]}
	r.skip(8) // application version
	windows := r.read(2)
	if windows == 0 || windows > 3 {
		return nil
	}
	r.skip(int(windows-1) * (4*16 + 2*16 + 8 + 16 + 16 + 16 + 1))
	r.skip(27) // luminance of the target display
	peaks := func() {
		if r.read(1) == 1 {
			rows, columns := r.read(5), r.read(5)
			r.skip(int(rows*columns) * 4)
		}
	}
	peaks()
	for range windows {
		r.skip(3*17 + 17)
		r.skip(int(r.read(4)) * (7 + 17))
		r.skip(10)
	}
	peaks()
	for range windows {
		if r.read(1) == 1 {
			r.skip(12 + 12)
			r.skip(int(r.read(4)) * 10)
		}
		if r.read(1) == 1 {
			r.skip(6)
		}
	}
	n := 6 + (r.pos+7)/8
	if n > len(b) {
		return nil
	}
	out := bytes.Clone(b[:n])
	if rest := r.pos % 8; rest > 0 {
		out[n-1] &= 0xff << (8 - rest)
	}
	return out
}

// userData takes the texts of user data as something to look for afterwards.
func (s *stream) userData(unit []byte) {
	ms, _ := readSEI(unit)
	for _, m := range ms {
		if (m.typ == userData && exactHDR10Plus(m.data) == nil || m.typ == 5) && len(s.needles) < maxOthers {
			s.needles = append(s.needles, meta.Texts(m.data)...)
		}
	}
}
