package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"tabir/app/text"
	"tabir/scrub"
)

// maxPipe bounds a photo that is held in memory.
const maxPipe = 256 << 20

// pipe cleans standard input to standard output. Nothing goes out before it is
// verified.
func pipe(ctx context.Context, e *env, o scrub.Options) error {
	if f, ok := e.out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintln(e.errs, "tabir-cli: a photo does not go onto a terminal\nhint: tabir-cli clean - < photo.jpg > copy.jpg")
		return exit(exitUsage)
	}
	src, err := io.ReadAll(io.LimitReader(e.in, maxPipe+1))
	if err == nil && len(src) > maxPipe {
		fmt.Fprintf(e.errs, "tabir-cli: more than %d MiB on standard input\nhint: name the file instead: tabir-cli clean FILE\n", maxPipe>>20)
		return exit(exitFailed)
	}
	var out scrub.Buffer
	var r *scrub.Report
	if err == nil {
		r, err = scrub.Clean(ctx, &out, bytes.NewReader(src), int64(len(src)), o)
	}
	if err == nil {
		_, err = e.out.Write(out.Bytes())
	}
	if err == nil {
		return nil
	}
	sentence, next := text.Explain(err)
	fmt.Fprintf(e.errs, "NOT CLEANED: standard input: %s (%s)\n  hint: %s\n", sentence, show(firstLine(err.Error())), next)
	if r.Outcome() == scrub.Refused {
		return exit(exitRefused)
	}
	return exit(exitFailed)
}
