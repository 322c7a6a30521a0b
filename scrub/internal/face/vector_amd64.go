package face

import (
	"math"

	"golang.org/x/sys/cpu"
)

// useVector says that the processor has what kernels_amd64.s needs. The scalar
// kernels are the reference and serve everywhere else.
var useVector = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// The least a result may be: zero behind a rectifier.
var rectified, unbounded = float32(0), float32(math.Inf(-1))

func (l *layer) floor() *float32 {
	if l.relu {
		return &rectified
	}
	return &unbounded
}

// pointVector computes as many pixels as come in fours and says how many.
func pointVector(dst, src []float32, n int, l *layer) int {
	n &^= 3
	if !useVector || l.wide == nil || n == 0 || len(dst) < n*l.co || len(src) < n*l.ci {
		return 0
	}
	for o := 0; o < l.co; o += 16 {
		point16(&dst[o], &src[0], n, l.ci, 4*l.co, 4*l.ci, &l.wide[o*l.ci], &l.bias[o], l.floor())
	}
	return n
}

// depthVector computes a row if its channels come in eights.
func depthVector(dst, above, here, below []float32, c int, l *layer) bool {
	n := len(dst) / c
	if !useVector || c%8 != 0 || n == 0 || min(len(above), len(here), len(below)) < (n+2)*c || len(l.weights) < 9*c {
		return false
	}
	for k := 0; k < c; k += 8 {
		depth8(&dst[k], &above[k], &here[k], &below[k], n, 4*c, &l.weights[k], &l.bias[k], l.floor())
	}
	return true
}
