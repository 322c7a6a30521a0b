package jxl

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/meta"
)

// iccHead is the length of the header of a profile.
const iccHead = 128

// Commands of a predicted profile (E.4.4, E.4.5).
const (
	tagOther, tagCurves, tagColours, tagNamed       = 1, 2, 3, 4
	hasOffset, hasSize                              = 64, 128
	putBytes, putPairs, putFours, putNear, putPoint = 1, 2, 3, 4, 10
	putType                                         = 16
)

var (
	tagNames  = [17]string{"cprt", "wtpt", "bkpt", "rXYZ", "gXYZ", "bXYZ", "kXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "chad", "desc", "chrm", "dmnd", "dmdd", "lumi"}
	typeNames = [8]string{"XYZ ", "desc", "text", "mluc", "para", "curv", "sf32", "gbd "}
	points    = map[string]bool{"rXYZ": true, "gXYZ": true, "bXYZ": true, "kXYZ": true, "wtpt": true, "bkpt": true, "lumi": true} // tags of 20 bytes
)

// foretell is what byte i of the header of a profile of size bytes is expected to
// be, when those before it are known (E.4.3).
func foretell(p []byte, size, i int) byte {
	var h [iccHead]byte
	binary.BigEndian.PutUint32(h[:], uint32(size))
	h[8] = 4
	copy(h[12:], "mntrRGB XYZ ")
	copy(h[36:], "acsp")
	copy(h[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	switch {
	case i >= 80 && i < 84: // the maker of the profile is its creator
		return p[i-76]
	case i >= 41 && i < 44 && p[40] == 'A':
		copy(h[41:], "PPL")
	case i >= 41 && i < 44 && p[40] == 'M':
		copy(h[41:], "SFT")
	case i >= 42 && i < 44 && p[40] == 'S' && p[41] == 'G':
		copy(h[42:], "I ")
	case i >= 42 && i < 44 && p[40] == 'S' && p[41] == 'U':
		copy(h[42:], "NW")
	}
	return h[i]
}

// predict is the plainest coded form of a profile: the header as it differs from
// what is expected, and all else as one run of bytes.
func predict(p []byte) []byte {
	head := min(len(p), iccHead)
	var commands []byte
	if len(p) > iccHead {
		commands = append(commands, 0, putBytes) // no list of tags
		commands = binary.AppendUvarint(commands, uint64(len(p)-iccHead))
	}
	out := binary.AppendUvarint(nil, uint64(len(p)))
	out = binary.AppendUvarint(out, uint64(len(commands)))
	out = append(out, commands...)
	for i := range head {
		out = append(out, p[i]-foretell(p, len(p), i))
	}
	return append(out, p[head:]...)
}

// forms is a predicted profile that is being read: commands, and the bytes that
// they speak of.
type forms struct {
	commands, data []byte
	out            []byte
	size           int
	bad            bool
}

func (f *forms) number() int {
	v, n := binary.Uvarint(f.commands)
	if n <= 0 || v > 1<<30 {
		f.bad = true
		return 0
	}
	f.commands = f.commands[n:]
	return int(v)
}

func (f *forms) command() byte {
	c := f.commands[0]
	f.commands = f.commands[1:]
	return c
}

// take returns the next n bytes of data.
func (f *forms) take(n int) []byte {
	if n > len(f.data) || n > f.size-len(f.out) {
		f.bad = true
		return nil
	}
	b := f.data[:n]
	f.data = f.data[n:]
	return b
}

func (f *forms) uint32(v int) { f.out = binary.BigEndian.AppendUint32(f.out, uint32(v)) }

// unpredict makes the profile of its coded form. It has at most most bytes.
func unpredict(b []byte, most int) ([]byte, error) {
	f := &forms{commands: b}
	var commands int
	if f.size, commands = f.number(), f.number(); f.bad || commands > len(f.commands) || f.size > most {
		return nil, fmt.Errorf("lengths: %w", meta.ErrMalformed)
	}
	f.commands, f.data = f.commands[:commands], f.commands[commands:]
	for i := 0; i < min(iccHead, f.size) && !f.bad; i++ {
		if d := f.take(1); d != nil {
			f.out = append(f.out, d[0]+foretell(f.out, f.size, i))
		}
	}
	if f.size > iccHead && !f.bad {
		f.tags()
		for len(f.commands) > 0 && !f.bad && len(f.out) <= f.size {
			f.content(f.command())
		}
	}
	if f.bad || len(f.commands) > 0 || len(f.data) > 0 || len(f.out) != f.size {
		return nil, fmt.Errorf("prediction: %w", meta.ErrMalformed)
	}
	return f.out, nil
}

// tags makes the list of tags (E.4.4).
func (f *forms) tags() {
	n := f.number()
	if n == 0 || f.bad {
		return
	}
	n--
	f.uint32(n)
	start, size := iccHead+12*n, 0
	entry := func(name string, at int) {
		f.out = append(f.out, name...)
		f.uint32(at)
		f.uint32(size)
	}
	for len(f.commands) > 0 && !f.bad && len(f.out) <= f.size {
		c := f.command()
		code := int(c & 63)
		name := ""
		switch {
		case code == 0:
			return
		case code == tagOther:
			name = string(f.take(4))
		case code == tagCurves:
			name = "rTRC"
		case code == tagColours:
			name = "rXYZ"
		case code-tagNamed < len(tagNames):
			name = tagNames[code-tagNamed]
		default:
			f.bad = true
		}
		start += size
		if points[name] {
			size = 20
		}
		if c&hasOffset != 0 {
			start = f.number()
		}
		if c&hasSize != 0 {
			size = f.number()
		}
		entry(name, start)
		switch code {
		case tagCurves:
			entry("gTRC", start)
			entry("bTRC", start)
		case tagColours:
			entry("gXYZ", start+size)
			entry("bXYZ", start+2*size)
		}
	}
}

// content makes a part of what follows the list of tags (E.4.5).
func (f *forms) content(c byte) {
	switch {
	case c == putBytes:
		f.out = append(f.out, f.take(f.number())...)
	case c == putPairs:
		f.out = append(f.out, shuffle(f.take(f.number()), 2)...)
	case c == putFours:
		f.out = append(f.out, shuffle(f.take(f.number()), 4)...)
	case c == putNear && len(f.commands) > 0:
		f.near(f.command())
	case c == putPoint:
		f.out = append(append(f.out, "XYZ \x00\x00\x00\x00"...), f.take(12)...)
	case c >= putType && int(c-putType) < len(typeNames):
		f.out = append(append(f.out, typeNames[c-putType]...), 0, 0, 0, 0)
	default:
		f.bad = true
	}
}

// near makes numbers of width bytes, each of which is expected to go on as those
// before it did.
func (f *forms) near(flags byte) {
	width, order := int(flags&3)+1, flags>>2&3
	stride := width
	if flags&16 != 0 {
		stride = f.number()
	}
	n := f.number()
	if width == 3 || order == 3 || stride < width || 4*stride >= len(f.out) {
		f.bad = true
		return
	}
	start := len(f.out)
	for i, d := range shuffle(f.take(n), width) {
		at := start + i - i%width
		var v [3]uint32 // the numbers before it
		for k := range v {
			for _, b := range f.out[at-(k+1)*stride:][:width] {
				v[k] = v[k]<<8 | uint32(b)
			}
		}
		expected := v[0]
		switch order {
		case 1:
			expected = 2*v[0] - v[1]
		case 2:
			expected = 3*v[0] - 3*v[1] + v[2]
		}
		f.out = append(f.out, d+byte(expected>>(8*(width-1-i%width))))
	}
}

// shuffle takes bytes that lie apart by their place in a number of width bytes
// together again.
func shuffle(b []byte, width int) []byte {
	out := make([]byte, len(b))
	step := (len(b) + width - 1) / width
	from, first := 0, 0
	for i := range out {
		out[i] = b[from]
		if from += step; from >= len(b) {
			first++
			from = first
		}
	}
	return out
}
