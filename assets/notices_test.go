package assets

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write NOTICES.txt anew")

const noticesFile = "NOTICES.txt"

// TestNotices makes the notices from the modules that are linked into the
// programs on any system, and compares them with the file in the repository.
func TestNotices(t *testing.T) {
	want := notices(t)
	if *update {
		require.NoError(t, os.WriteFile(noticesFile, []byte(want), 0o644))
	}
	got, err := os.ReadFile(noticesFile)
	require.NoError(t, err)
	require.True(t, want == string(got), "the linked modules have changed: run make notices")
}

func notices(t *testing.T) string {
	modules := map[string]module{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		linked(t, system, modules)
	}
	var out strings.Builder
	out.WriteString("Tabir is made with the work of others. These are the notices of every module that is part of its programs.\n")
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		m := modules[path]
		texts := licences(t, m.Dir)
		require.NotEmpty(t, texts, "%s has no licence file", path)
		fmt.Fprintf(&out, "\n%s\n%s %s\n", strings.Repeat("=", 80), m.Path, m.Version)
		for _, l := range texts {
			fmt.Fprintf(&out, "\n%s\n", l)
		}
	}
	for _, part := range embedded {
		b, err := os.ReadFile(part.licence)
		require.NoError(t, err)
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), part.what, strings.TrimSpace(string(b)))
	}
	return out.String()
}

// embedded are the works of others that are part of the programs as data.
var embedded = []struct{ what, licence string }{
	{"Noto Sans CJK, of which assets/fonts holds a few characters (made by .ci/fonts)", "fonts/LICENSE"},
	{"facefinder, a cascade of github.com/esimov/pigo v1.4.6", "../scrub/internal/face/cascade/LICENSE"},
	{"Decoders of pictures, run as WebAssembly", "../scrub/internal/codec/LICENCES.txt"},
	{"towns.tsv.gz, names and positions of towns by GeoNames, https://www.geonames.org, as of 2013", "../app/towns/LICENSE"},
}

type module struct {
	Path, Version, Dir string
	Main               bool
}

// linked adds the modules that the programs are made of on one system.
func linked(t *testing.T, system string, into map[string]module) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "-tags", "nodynamic,no_emoji,migrated_fynedo,accessibility", "tabir/cmd/...")
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1", "GOFLAGS=-mod=readonly")
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	require.NoError(t, err)
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		var p struct{ Module *module }
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		if p.Module != nil && !p.Module.Main {
			into[p.Module.Path] = *p.Module
		}
	}
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense)([-_.].*)?$`)

// licences are the texts of a module's own licence files, and of those in its folders.
func licences(t *testing.T, dir string) []string {
	var paths []string
	require.NoError(t, filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !d.IsDir() && licenceName.MatchString(d.Name()) && filepath.Ext(d.Name()) != ".go" {
			paths = append(paths, p)
		}
		return nil
	}))
	sort.Slice(paths, func(i, j int) bool {
		a, b := strings.Count(paths[i], string(filepath.Separator)), strings.Count(paths[j], string(filepath.Separator))
		return a < b || a == b && paths[i] < paths[j]
	})
	var out []string
	for _, p := range paths {
		b, err := os.ReadFile(p)
		require.NoError(t, err)
		text := strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n"))
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
