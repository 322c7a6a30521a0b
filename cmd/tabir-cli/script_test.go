package main

import (
	"context"
	_ "embed"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tabir/app/sample"
	"tabir/scrub"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tabir-cli": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScripts runs the scripts of testdata/script. "photo NAME SAMPLE" writes a
// sample, "photo NAME SAMPLE N" the first N bytes of it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"photo": photo,
			"film":  film,
		},
		// [decoders]: the program was built with decoders for HEIC and its like.
		Condition: func(string) (bool, error) {
			_, err := scrub.CleanFile(context.Background(), filepath.Join(t.TempDir(), "copy"), "../../scrub/internal/codec/testdata/corners.heic", scrub.New, scrub.Options{FromPixels: true})
			return err == nil, nil
		},
		Setup: func(e *testscript.Env) error {
			heic, err := filepath.Abs("../../scrub/internal/codec/testdata/corners.heic")
			e.Setenv("HEIC", heic)
			return err
		},
		RequireUniqueNames: true,
	})
}

func photo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: photo FILE SAMPLE")
	}
	for _, p := range sample.Photos() {
		if p.Name == args[1] {
			ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o777))
			ts.Check(os.WriteFile(ts.MkAbs(args[0]), p.Data, 0o666))
			return
		}
	}
	ts.Fatalf("no sample %q", args[1])
}

// film writes the video that testdata/film.txt holds in hexadecimal, behind a
// line of comment.
func film(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: film FILE")
	}
	_, digits, _ := strings.Cut(filmText, "\n")
	b, err := hex.DecodeString(strings.ReplaceAll(digits, "\n", ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o666))
}

//go:embed testdata/film.txt
var filmText string

func TestShow(t *testing.T) {
	for in, want := range map[string]string{
		"plain ünïcode 東京.jpg": "plain ünïcode 東京.jpg",
		"a\ncleaned: b.jpg":    `a\u000acleaned: b.jpg`,
		"x\x1b[2Jy":            `x\u001b[2Jy`,
		"photo\u202egpj.exe":   `photo\u202egpj.exe`,
	} {
		if got := show(in); got != want {
			t.Errorf("show(%q) = %q", in, got)
		}
	}
}

// TestInterrupt stops a run in its middle: the exit code says so and no partial
// file is left.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	for i := range 40 {
		name := filepath.Join(dir, "in", string(rune('a'+i%26))+string(rune('a'+i/26))+".jpg")
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, sample.Photos()[0].Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := &stopper{cancel: cancel}
	if code := run(ctx, []string{"clean", "-j", "2", filepath.Join(dir, "in")}, nil, stop, stop); code != exitCancelled {
		t.Errorf("exit code %d", code)
	}
	made, _ := os.ReadDir(filepath.Join(dir, "in-clean"))
	if len(made) == 0 || len(made) == 40 {
		t.Errorf("%d of 40 copies", len(made))
	}
	for _, m := range made {
		if filepath.Ext(m.Name()) != ".jpg" {
			t.Errorf("left behind: %s", m.Name())
		}
	}
}

// stopper cancels at the first line that it is given.
type stopper struct{ cancel func() }

func (s *stopper) Write(b []byte) (int, error) {
	s.cancel()
	return len(b), nil
}
