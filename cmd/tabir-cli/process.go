package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"tabir/app/text"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// reporter tells people or programs what happens.
type reporter interface {
	skipped(batch.Skip)
	done(batch.Event)
	end(tally)
}

// tally counts the ends of a run.
type tally struct {
	cleaned, already, inspected, refused, failed, skipped int
	found                                                 int // photos in which something identifying was found
	problems                                              []batch.Event
	looked                                                int      // pictures in which faces were looked for
	remains                                               int      // copies that still hold something beside the picture
	faceless                                              []string // those of them without any
}

func (t *tally) add(e batch.Event) {
	switch e.Report.Outcome() {
	case scrub.Cleaned:
		t.cleaned++
	case scrub.AlreadyClean:
		t.already++
	case scrub.Inspected:
		t.inspected++
	case scrub.Refused:
		t.refused++
		t.problems = append(t.problems, e)
	default:
		t.failed++
		t.problems = append(t.problems, e)
	}
	if len(e.Report.Remains()) > 0 && e.Err == nil {
		t.remains++
	}
	if e.Report.Looked && e.Err == nil {
		t.looked++
		if e.Report.Faces == 0 {
			t.faceless = append(t.faceless, e.Job.Dst)
		}
	}
	switch o := e.Report.Outcome(); { // what is clean holds at most what was asked for
	case o == scrub.AlreadyClean:
	case len(e.Report.Identifying()) > 0, o == scrub.Inspected && e.Err != nil:
		t.found++
	}
}

// code is the exit code of cleaning.
func (t tally) code() exit {
	switch {
	case t.failed > 0:
		return exitFailed
	case t.refused > 0:
		return exitRefused
	}
	return 0
}

// job is what process does with the work.
type job struct {
	task    batch.Task
	workers int
	bar     bool
	writes  bool
	check   bool // finding something identifying is an exit code of its own
}

// process runs the work and returns its exit code as an error.
func process(ctx context.Context, e *env, work *batch.Work, j job, r reporter) error {
	bar := newProgress(e, j.bar, work)
	var t tally
	var written []string
	for _, s := range work.Skips {
		t.skipped++
		r.skipped(s)
	}
	batch.Run(ctx, work.Jobs, j.task, j.workers, func(ev batch.Event) {
		t.add(ev)
		if ev.Err == nil && j.writes {
			written = append(written, ev.Job.Dst)
		}
		r.done(ev)
		bar.step(ev.Job.Size)
	})
	bar.finish()
	if err := batch.Settle(written); err != nil {
		fmt.Fprintln(e.errs, "tabir-cli: the copies may not be on the disk yet:", show(err.Error()))
	}
	if ctx.Err() != nil {
		fmt.Fprintf(e.errs, "Cancelled. %s done, the others are as they were.\n", count(t.cleaned+t.already, "photo is", "photos are"))
		return exit(exitCancelled)
	}
	r.end(t)
	code := t.code()
	if code == 0 && j.check && t.found > 0 {
		code = exitFound
	}
	if code != 0 {
		return code
	}
	return nil
}

// find lists the work, with the patterns that the shell of Windows leaves alone.
func find(ctx context.Context, args []string, o batch.Options) (*batch.Work, error) {
	var roots []string
	for _, a := range args {
		if m, err := filepath.Glob(a); runtime.GOOS == "windows" && err == nil && len(m) > 0 {
			roots = append(roots, m...)
		} else {
			roots = append(roots, a)
		}
	}
	return batch.Find(ctx, roots, o)
}

// tell says why nothing could begin.
func tell(e *env, err error) error {
	sentence, next := text.Explain(err)
	fmt.Fprintf(e.errs, "tabir-cli: %s\n%s\nhint: %s\n", show(err.Error()), sentence, next)
	return exit(exitFailed)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
