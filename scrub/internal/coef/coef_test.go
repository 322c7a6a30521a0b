package coef

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

func window(b []byte) *rd.Window {
	return rd.New(context.Background(), bytes.NewReader(b), int64(len(b)), rd.Default)
}

// frames are the samplings that cameras use.
func frames() []*Frame {
	var out []*Frame
	for _, s := range [][][2]int{{{1, 1}}, {{2, 2}}, {{1, 1}, {1, 1}, {1, 1}}, {{2, 1}, {1, 1}, {1, 1}}, {{2, 2}, {1, 1}, {1, 1}}, {{1, 2}, {1, 1}, {1, 1}}} {
		var c []Component
		for i, hv := range s {
			c = append(c, Component{ID: byte(i + 1), H: hv[0], V: hv[1]})
		}
		out = append(out, NewFrame(false, 37, 21, c))
	}
	return out
}

func fill(p *Planes, r *rand.Rand, zeros int) {
	for _, blocks := range p.blocks {
		for i := range blocks {
			for k := range blocks[i] {
				if r.IntN(100) >= zeros {
					blocks[i][k] = int16(r.IntN(2047) - 1023)
				}
			}
		}
	}
}

func scanOf(f *Frame, dc, ac []Code) (s Scan, err error) {
	s.Se = 63
	for i := range f.Components {
		t := min(i, 1)
		p := Part{Comp: i}
		if p.DC, err = NewHuffman(dc[t].Counts, dc[t].Values); err != nil {
			return s, err
		}
		if p.AC, err = NewHuffman(ac[t].Counts, ac[t].Values); err != nil {
			return s, err
		}
		s.Parts = append(s.Parts, p)
	}
	return s, nil
}

// TestEncodeIsDecoded writes coefficients and reads them back.
func TestEncodeIsDecoded(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for _, f := range frames() {
		for _, zeros := range []int{0, 50, 95, 100} {
			p := NewPlanes(f)
			fill(p, r, zeros)
			dc, ac, data, err := p.Encode()
			require.NoError(t, err)
			s, err := scanOf(f, dc, ac)
			require.NoError(t, err)
			q := NewPlanes(f)
			end, err := f.Decode(window(append(data, 0xff, 0xd9)), 0, s, q)
			require.NoError(t, err)
			assert.EqualValues(t, len(data), end)
			wide, high, h, v := f.MCUs()
			beyond := func(c, x, y int) bool { return x >= wide*h[c] || y >= high*v[c] } // blocks that a lone component does not code
			assert.True(t, p.Equal(q, beyond))
			_, err = f.Decode(window(data[:len(data)-1]), 0, s, NewPlanes(f))
			if zeros < 100 {
				assert.ErrorIs(t, err, meta.ErrTruncated)
			}
		}
	}
}

func TestOutOfRange(t *testing.T) {
	p := NewPlanes(frames()[0])
	p.blocks[0][0][9] = 1024
	_, _, _, err := p.Encode()
	assert.ErrorIs(t, err, meta.ErrMalformed)
}

// TestCodes are prefix codes of at most 16 bits, even for counts that ask for more.
func TestCodes(t *testing.T) {
	var fib [256]int64
	a, b := int64(1), int64(1)
	for i := range 60 {
		fib[i*4], a, b = a, b, a+b
	}
	var one, all [256]int64
	one[7] = 5
	for i := range all {
		all[i] = 1
	}
	for _, count := range []*[256]int64{&fib, &one, &all} {
		c := newCode(count)
		sum, n := 0.0, 0
		for l, k := range c.Counts {
			sum += float64(k) * math.Pow(2, -float64(l+1))
			n += int(k)
		}
		assert.Less(t, sum, 1.0, "a code stays unused")
		assert.Len(t, c.Values, n)
		_, err := NewHuffman(c.Counts, c.Values)
		assert.NoError(t, err)
		for v, k := range count {
			assert.Equal(t, k > 0, c.length[v] > 0)
		}
	}
}

// TestDCT compares with the definition, and turns samples there and back.
func TestDCT(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	ones := [64]uint16{}
	for i := range ones {
		ones[i] = 1
	}
	for range 50 {
		var s Samples
		for i := range s {
			s[i] = int32(r.IntN(256) - 128)
		}
		b := s.Forward(&ones)
		for v := range 8 {
			for u := range 8 {
				sum, c := 0.0, 0.25
				if u == 0 {
					c *= math.Sqrt2 / 2
				}
				if v == 0 {
					c *= math.Sqrt2 / 2
				}
				for i, x := range s {
					sum += float64(x) * math.Cos(float64(2*(i%8)+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*(i/8)+1)*float64(v)*math.Pi/16)
				}
				require.InDelta(t, c*sum, float64(b[8*v+u]), 0.6)
			}
		}
		back := b.Inverse(&ones)
		for i := range s {
			require.InDelta(t, s[i], back[i], 2)
		}
	}
}

func FuzzDecode(f *testing.F) {
	p := NewPlanes(frames()[4])
	fill(p, rand.New(rand.NewPCG(1, 1)), 90)
	_, _, data, err := p.Encode()
	require.NoError(f, err)
	f.Add(data[:64], uint8(4))
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		fs := frames()
		fr := fs[int(which)%len(fs)]
		p := NewPlanes(fr)
		fill(p, rand.New(rand.NewPCG(1, 1)), 90)
		dc, ac, _, err := p.Encode()
		require.NoError(t, err)
		s, err := scanOf(fr, dc, ac)
		require.NoError(t, err)
		full, shadow := NewPlanes(fr), NewShadow(fr)
		end, err := fr.Decode(window(data), 0, s, full)
		end2, err2 := fr.Decode(window(data), 0, s, shadow)
		require.Equal(t, err == nil, err2 == nil, "both stores agree")
		require.Equal(t, end, end2)
		if err == nil {
			require.LessOrEqual(t, end, int64(len(data)))
		}
	})
}
