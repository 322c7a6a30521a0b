package beside

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRun: a fault in the other goroutine is one that the caller can recover from.
func TestRun(t *testing.T) {
	wait := Run(func() error { panic("fault") })
	assert.PanicsWithValue(t, "fault", func() { _ = wait() })
	assert.ErrorIs(t, Run(func() error { return io.ErrNoProgress })(), io.ErrNoProgress)
	assert.NoError(t, Run(func() error { return nil })())
}
