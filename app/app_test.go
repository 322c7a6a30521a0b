package app

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestID: packages and the program must name the same app, or settings are lost.
func TestID(t *testing.T) {
	b, err := os.ReadFile("../FyneApp.toml")
	require.NoError(t, err)
	require.True(t, strings.Contains(string(b), `ID = "`+ID+`"`))
	require.True(t, strings.Contains(string(b), "fyneDo = true"))
}
