package coef

import "math"

// basis[u][x] is C(u)/2·cos((2x+1)uπ/16) in 1/16384: integers, so that every
// processor computes the same.
var basis = func() (t [8][8]int64) {
	for u := range t {
		c := 0.5
		if u == 0 {
			c = math.Sqrt(0.125)
		}
		for x := range t[u] {
			t[u][x] = int64(math.Round(16384 * c * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16)))
		}
	}
	return t
}()

const basisBits = 14

func rounded(v int64, bits uint) int64 { return (v + 1<<(bits-1)) >> bits }

// Samples are the 64 samples of a block, less 128 (T.81, A.3.1, A.3.3).
type Samples [64]int32

// Inverse turns coefficients into samples by the table q, in natural order.
func (b *Block) Inverse(q *[64]uint16) (s Samples) {
	var half [64]int64
	for v := range 8 {
		for x := range 8 {
			var sum int64
			for u := range 8 {
				sum += int64(b[8*v+u]) * int64(q[8*v+u]) * basis[u][x]
			}
			half[8*v+x] = rounded(sum, 4) // keeps ten bits
		}
	}
	for y := range 8 {
		for x := range 8 {
			var sum int64
			for v := range 8 {
				sum += half[8*v+x] * basis[v][y]
			}
			s[8*y+x] = int32(rounded(sum, 2*basisBits-4))
		}
	}
	return s
}

// project is how much of each wave there is in s. Waves are even or odd about the
// middle, which saves half of the work.
func project(s *[8]int64) (out [8]int64) {
	var even, odd [4]int64
	for x := range even {
		even[x], odd[x] = s[x]+s[7-x], s[x]-s[7-x]
	}
	for u := 0; u < 8; u += 2 {
		e, o := &basis[u], &basis[u+1]
		out[u] = even[0]*e[0] + even[1]*e[1] + even[2]*e[2] + even[3]*e[3]
		out[u+1] = odd[0]*o[0] + odd[1]*o[1] + odd[2]*o[2] + odd[3]*o[3]
	}
	return out
}

// Forward turns samples into coefficients by the table q. Coefficients are kept
// to what a baseline scan can hold.
func (s *Samples) Forward(q *[64]uint16) (b Block) {
	var half [64]int64 // turned: its row is a column of samples
	for y := range 8 {
		var row [8]int64
		for x := range 8 {
			row[x] = int64(s[8*y+x])
		}
		for u, sum := range project(&row) {
			half[8*u+y] = sum
		}
	}
	for u := range 8 {
		for v, sum := range project((*[8]int64)(half[8*u:])) {
			d := int64(max(q[8*v+u], 1)) << (2 * basisBits)
			c := (2*abs(sum) + d) / (2 * d)
			if sum < 0 {
				c = -c
			}
			b[8*v+u] = int16(min(max(c, -1023), 1023))
		}
	}
	return b
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// Natural puts 64 numbers from the order of coding into natural order.
func Natural(z [64]uint16) (q [64]uint16) {
	for k, v := range z {
		q[zigzag[k]] = v
	}
	return q
}
