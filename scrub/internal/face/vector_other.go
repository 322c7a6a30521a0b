//go:build !amd64

package face

// useVector is a variable for the tests' sake alone.
var useVector = false

func pointVector([]float32, []float32, int, *layer) int { return 0 }

func depthVector(_, _, _, _ []float32, _ int, _ *layer) bool { return false }
