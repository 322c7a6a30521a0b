package app

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"fyne.io/fyne/v2/lang"
	"github.com/stretchr/testify/require"

	"tabir/app/text"
)

// TestID: packages and the program must name the same app, or settings are lost.
func TestID(t *testing.T) {
	b, err := os.ReadFile("../FyneApp.toml")
	require.NoError(t, err)
	require.True(t, strings.Contains(string(b), `ID = "`+ID+`"`))
	require.True(t, strings.Contains(string(b), "fyneDo = true"))
}

// TestSpeak: the toolkit's own dialogs speak the chosen language, whatever the system's is.
func TestSpeak(t *testing.T) {
	for tag, cancel := range map[string]string{"id": "Batal", "zh-Hans": "取消", "es": "Cancelar", "en": "Cancel"} {
		w := text.For(tag)
		require.Equal(t, tag, w.Tag)
		speak(w)
		require.Equal(t, cancel, lang.L("Cancel"))
		require.NotEqual(t, "file.parent", lang.X("file.parent", "file.parent"))
	}
}

// TestLayers: what decides knows nothing of windows.
func TestLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the go command for the import graph")
	}
	cmd := exec.Command("go", "list", "-deps", "tabir/app/model", "tabir/app/text", "tabir/app/sample", "tabir/app/platform")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	require.NoError(t, err)
	require.NotContains(t, string(out), "fyne.io/")
}
