package scrub_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// deps lists what a package is built from, on a system without cgo.
func deps(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-tags", "nodynamic", pkg)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

// TestLayers holds the import graph to ARCHITECTURE.md.
func TestLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the go command for the import graph")
	}
	never := []string{"net/http", "crypto/tls", "os/exec", "fyne.io/fyne/v2", "runtime/cgo", "tabir/scrub/internal/testkit"}
	for _, pkg := range []string{"tabir/scrub", "tabir/scrub/batch", "tabir/cmd/tabir-cli"} {
		for _, d := range deps(t, pkg) {
			for _, n := range never {
				require.False(t, d == n || strings.HasPrefix(d, n+"/"), "%s is built from %s", pkg, d)
			}
		}
	}

	// Who may import whom, below scrub.
	formats := []string{
		"jpeg",
		"jxl",
		"png",
		"webp",
		"gif",
		"bmp",
		"tiff",
		"heif",
		"mp4",
	}
	describers := []string{"exif", "xmp", "iptc", "c2pa", "icc", "hdr", "trailer", "filename"}
	allowed := map[string][]string{
		"tabir/scrub/meta":            nil,
		"tabir/scrub/internal/beside": nil,
		"tabir/scrub/internal/rd":     {"meta"},
		"tabir/scrub/internal/plan":   {"meta", "rd", "paint"},
		"tabir/scrub/internal/paint":  nil,
		"tabir/scrub/internal/box":    {"meta", "rd"},
		"tabir/scrub/internal/coef":   {"meta", "rd"},
		"tabir/scrub/internal/lzw":    {"meta"},
		"tabir/scrub/internal/face":   {"meta", "beside"},
		"tabir/scrub/internal/codec":  {"meta"},
		"tabir/scrub/internal/pix":    {"meta", "rd", "box", "exif", "icc", "codec"},
		"tabir/scrub/internal/recode": {"meta", "rd", "plan", "paint", "pix", "box", "exif", "icc", "codec"},
		"tabir/scrub/internal/safe":   {"meta"},
		"tabir/scrub/internal/verify": {"meta", "rd", "plan", "paint", "beside"},
	}
	for _, d := range describers {
		allowed["tabir/scrub/internal/"+d] = []string{"meta"}
	}
	for _, f := range formats {
		allowed["tabir/scrub/internal/"+f] = append([]string{"meta", "rd", "plan", "box", "coef", "lzw", "paint"}, describers...)
	}
	for _, f := range []string{"jpeg", "heif"} {
		allowed["tabir/scrub/internal/"+f] = append(allowed["tabir/scrub/internal/"+f], "mp4") // the film of a motion photo
	}
	for _, p := range []string{"pix", "recode"} {
		jxl := append([]string{"jxl"}, allowed["tabir/scrub/internal/jxl"]...) // the headers of a codestream
		allowed["tabir/scrub/internal/"+p] = append(allowed["tabir/scrub/internal/"+p], jxl...)
	}
	for pkg, may := range allowed {
		for _, d := range deps(t, pkg) {
			if !strings.HasPrefix(d, "tabir/") || d == pkg {
				continue
			}
			name := d[strings.LastIndexByte(d, '/')+1:]
			require.Contains(t, may, name, "%s imports %s", pkg, d)
		}
	}

	// Only these touch the file system.
	files := map[string]bool{"tabir/scrub": true, "tabir/scrub/internal/safe": true, "tabir/scrub/batch": true, "tabir/scrub/internal/testkit": true}
	cmd := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "tabir/scrub/...")
	out, err := cmd.Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, imported := range words[1:] {
			require.False(t, imported == "os" && !files[words[0]], "%s imports os", words[0])
		}
	}
}
