package main

import (
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"tabir/scrub/batch"
)

// progress is a bar on a terminal: files, bytes and the time left. Elsewhere it
// is nothing.
type progress struct {
	container *mpb.Progress
	bytes     *mpb.Bar
	files     int64
	before    io.Writer
	env       *env
}

// newProgress starts a bar on standard error and, where standard output is the
// same terminal, sends its lines above the bar.
func newProgress(e *env, wanted bool, work *batch.Work) *progress {
	errs, ok := e.errs.(*os.File)
	if !wanted || !ok || !term.IsTerminal(int(errs.Fd())) || len(work.Jobs) < 2 || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{container: mpb.New(mpb.WithOutput(errs), mpb.WithWidth(40), mpb.WithRefreshRate(120*time.Millisecond)), before: e.out, env: e}
	p.bytes = p.container.AddBar(max(work.Bytes, 1),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return count(int(p.files), "photo", "photos") }), decor.CountersKibiByte("  % .1f of % .1f", decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO, decor.WC{W: 6})),
		mpb.BarRemoveOnComplete())
	if out, ok := e.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		e.out = p.container
	}
	return p
}

func (p *progress) step(n int64) {
	if p == nil {
		return
	}
	p.files++
	p.bytes.IncrInt64(n)
}

func (p *progress) finish() {
	if p == nil {
		return
	}
	p.bytes.SetTotal(-1, true)
	p.container.Wait()
	p.env.out = p.before
}
