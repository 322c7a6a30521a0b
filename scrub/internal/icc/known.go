package icc

import (
	"encoding/binary"
	"math"
	"sync"
)

// space is a well-known colour space: our copy is made from these numbers.
type space struct {
	name  string
	gray  bool
	xyz   [3][3]int32 // colorants of red, green and blue, adapted to D50, in 1/65536
	gamma int32       // exponent in 1/256; 0 where the curve is a table
	curve func(x float64) float64

	once   sync.Once
	values [steps + 1]float64 // of the curve, from 0 to 1
}

// spaces are compared in this order. The colorants are those of the published
// profiles (IEC 61966-2-1 as distributed by HP and the ICC, Apple's Display P3,
// Adobe RGB (1998), ROMM RGB, and BT.2020 adapted by Bradford).
var spaces = []*space{
	{name: "sRGB", curve: srgb, xyz: [3][3]int32{{0x6fa2, 0x38f5, 0x0390}, {0x6299, 0xb785, 0x18da}, {0x24a0, 0x0f84, 0xb6cf}}},
	{name: "Display P3", curve: srgb, xyz: [3][3]int32{{0x83df, 0x3dbf, -0x45}, {0x4abf, 0xb137, 0x0ab9}, {0x2838, 0x110b, 0xc8b9}}},
	{name: "Adobe RGB", gamma: 0x0233, xyz: [3][3]int32{{0x9c18, 0x4fa5, 0x04fc}, {0x348d, 0xa02c, 0x0f95}, {0x2631, 0x102f, 0xbe9c}}},
	{name: "ProPhoto RGB", gamma: 0x01cd, xyz: [3][3]int32{{0xcc34, 0x49bd, 0}, {0x229c, 0xb63e, 0}, {0x0806, 0x0006, 0xd32d}}},
	{name: "Rec. 2020", curve: bt709, xyz: [3][3]int32{{0xac69, 0x476f, -0x7e}, {0x2a69, 0xace4, 0x07ad}, {0x2003, 0x0bad, 0xcbff}}},
	{name: "Rec. 709", curve: bt709, xyz: [3][3]int32{{0x6fa2, 0x38f5, 0x0390}, {0x6299, 0xb785, 0x18da}, {0x24a0, 0x0f84, 0xb6cf}}},
	{name: "grey, sRGB curve", gray: true, curve: srgb},
	{name: "grey, gamma 2.2", gray: true, gamma: 0x0233},
}

// How near a profile must be to a space to be it: far below what an eye or
// eight bits tell apart.
const (
	nearXYZ   = 40.0 / 65536
	nearCurve = 1.0 / 1000
	steps     = 512 // in which curves are compared
)

func srgb(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func bt709(x float64) float64 {
	if x < 0.081 {
		return x / 4.5
	}
	return math.Pow((x+0.099)/1.099, 1/0.45)
}

// at evaluates the curve of s.
func (s *space) at(x float64) float64 {
	if s.curve != nil {
		return s.curve(x)
	}
	return math.Pow(x, float64(s.gamma)/256)
}

// sampled is the curve of s, at all steps.
func (s *space) sampled() *[steps + 1]float64 {
	s.once.Do(func() {
		for i := range s.values {
			s.values[i] = s.at(float64(i) / steps)
		}
	})
	return &s.values
}

// profile is our copy of the space, version 2, which every program reads. A
// curve that is no power is a table of 256 entries: exact for 8-bit samples.
func (s *space) profile() []byte {
	be := binary.BigEndian
	curve := append([]byte("curv\x00\x00\x00\x00"), 0, 0, 0, 1, byte(s.gamma>>8), byte(s.gamma))
	if s.curve != nil {
		curve = append([]byte("curv\x00\x00\x00\x00"), 0, 0, 1, 0)
		for i := range 256 {
			curve = be.AppendUint16(curve, uint16(math.Round(65535*s.curve(float64(i)/255))))
		}
	}
	xyz := func(v [3]int32) []byte {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, n := range v {
			b = be.AppendUint32(b, uint32(n))
		}
		return b
	}
	white := tag{"wtpt", append([]byte("XYZ \x00\x00\x00\x00"), d50...)}
	if s.gray {
		return build(2, "mntr", "GRAY", "XYZ ", 0, s.name, []tag{{"kTRC", curve}, white})
	}
	return build(2, "mntr", "RGB ", "XYZ ", 0, s.name, []tag{
		{"rXYZ", xyz(s.xyz[0])}, {"gXYZ", xyz(s.xyz[1])}, {"bXYZ", xyz(s.xyz[2])},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve}, white,
	})
}

// known finds the space that f is, by its colorants and curves. A profile with
// lookup tables is none: programs prefer those to the matrix.
func (f *profile) known() *space {
	if f.pcs != "XYZ " || f.class == "prtr" || f.tags["A2B0"] != nil || f.tags["A2B1"] != nil || f.tags["cicp"] != nil {
		return nil
	}
	for _, s := range spaces {
		if f.is(s) {
			return s
		}
	}
	return nil
}

func (f *profile) is(s *space) bool {
	if s.gray {
		return f.space == "GRAY" && f.near("kTRC", s)
	}
	if f.space != "RGB " {
		return false
	}
	for i, c := range []string{"r", "g", "b"} {
		v := f.tags[c+"XYZ"]
		if len(v) < 20 || string(v[:4]) != "XYZ " {
			return false
		}
		for k, want := range s.xyz[i] {
			got := int32(binary.BigEndian.Uint32(v[8+4*k:]))
			if math.Abs(float64(got)-float64(want)) > nearXYZ*65536 {
				return false
			}
		}
	}
	return f.near("rTRC", s) && f.near("gTRC", s) && f.near("bTRC", s)
}

// near compares a tone curve of f with that of s.
func (f *profile) near(sig string, s *space) bool {
	c := curveOf(f.tags[sig])
	if c == nil {
		return false
	}
	for i, want := range s.sampled() {
		if d := c(float64(i)/steps) - want; !(math.Abs(d) <= nearCurve) {
			return false
		}
	}
	return true
}

// curveOf evaluates a curv (10.6) or para (10.18) element, nil if it is neither.
func curveOf(b []byte) func(float64) float64 {
	be := binary.BigEndian
	size := curveSize(b)
	if size < 0 {
		return nil
	}
	if string(b[:4]) == "para" {
		var p [7]float64
		for i := range (size - 12) / 4 {
			p[i] = float64(int32(be.Uint32(b[12+4*i:]))) / 65536
		}
		return parametric(int(be.Uint16(b[8:])), p)
	}
	switch n := int(be.Uint32(b[8:])); n {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		g := float64(be.Uint16(b[12:])) / 256
		return func(x float64) float64 { return math.Pow(x, g) }
	default:
		return func(x float64) float64 {
			pos := x * float64(n-1)
			i := min(int(pos), n-2)
			lo, hi := float64(be.Uint16(b[12+2*i:])), float64(be.Uint16(b[14+2*i:]))
			return (lo + (hi-lo)*(pos-float64(i))) / 65535
		}
	}
}

// parametric is a curve of function type t with parameters g a b c d e f (table 65).
func parametric(t int, p [7]float64) func(float64) float64 {
	g, a, b, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	power := func(x float64) float64 { return math.Pow(math.Max(a*x+b, 0), g) }
	switch t {
	case 0:
		return func(x float64) float64 { return math.Pow(x, g) }
	case 1, 2:
		return func(x float64) float64 {
			if a*x+b < 0 {
				return c
			}
			return power(x) + c
		}
	case 3:
		e, f = 0, 0
	}
	return func(x float64) float64 {
		if x < d {
			return c*x + f
		}
		return power(x) + e
	}
}

// Named is our copy of a well-known space ("sRGB", "Display P3", "Adobe RGB",
// "ProPhoto RGB", "Rec. 2020", "Rec. 709"), nil of any other.
func Named(name string) []byte {
	for _, s := range spaces {
		if s.name == name {
			return s.profile()
		}
	}
	return nil
}
