package batch

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"tabir/scrub"
	"tabir/scrub/internal/safe"
	"tabir/scrub/meta"
)

// Event says how a job ended.
type Event struct {
	Index  int // of the job
	Job    Job
	Report *scrub.Report // never nil
	Err    error
}

// Task is what is done with one job.
type Task func(context.Context, Job) (*scrub.Report, error)

// Clean is the task that makes clean copies, or replaces originals, as o says.
func Clean(o Options) Task {
	how := scrub.New
	switch {
	case o.InPlace:
		how = scrub.InPlace
	case o.Overwrite:
		how = scrub.Overwrite
	}
	return func(ctx context.Context, j Job) (*scrub.Report, error) {
		cover := o.Cover
		cover.Regions = slices.Concat(cover.Regions, j.Areas)
		cover.Style = cmp.Or(j.Style, cover.Style)
		crop := j.Crop
		if crop.Empty() {
			crop = o.Crop
		}
		return scrub.CleanFile(ctx, j.Dst, j.Src, cmp.Or(j.How, how), scrub.Options{
			Policy: o.policy(j), Cover: cover, Crop: crop, FromPixels: o.FromPixels || j.FromPixels, Discard: o.Discard,
		})
	}
}

// policy is that of a job.
func (o Options) policy(j Job) meta.Policy {
	p := o.Policy
	p.Keep |= j.Policy.Keep
	p.NoSound = p.NoSound || j.Policy.NoSound
	return p
}

// Inspect is the task that only looks.
func Inspect(o Options) Task {
	return func(ctx context.Context, j Job) (*scrub.Report, error) {
		return scrub.InspectFile(ctx, j.Src, scrub.Options{Policy: o.policy(j), FromPixels: o.FromPixels})
	}
}

// Verify is the task that asks whether files are clean already.
func Verify(o Options) Task {
	return func(ctx context.Context, j Job) (*scrub.Report, error) {
		return scrub.VerifyFile(ctx, j.Src, scrub.Options{Policy: o.Policy})
	}
}

// Run does the task with every job, workers at a time, and calls emit with each
// end, one after the other and in the order of the jobs. One failure stops
// nothing. After a cancel the jobs that did not begin end with the context's
// error.
func Run(ctx context.Context, jobs []Job, do Task, workers int, emit func(Event)) {
	if workers <= 0 {
		workers = min(runtime.GOMAXPROCS(0), 8)
	}
	ends := make([]chan Event, len(jobs))
	for i := range ends {
		ends[i] = make(chan Event, 1)
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, len(jobs)) {
		wg.Go(func() {
			for i := range next {
				ends[i] <- one(ctx, i, jobs[i], do)
			}
		})
	}
	go func() {
		for i := range jobs {
			next <- i
		}
		close(next)
	}()
	for i := range jobs {
		emit(<-ends[i])
	}
	wg.Wait()
}

func one(ctx context.Context, i int, j Job, do Task) Event {
	e := Event{Index: i, Job: j}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
	} else {
		e.Report, e.Err = do(ctx, j)
	}
	if e.Report == nil {
		e.Report = &scrub.Report{}
	}
	if e.Report.Out != "" { // the format decided about the extension
		e.Job.Dst = e.Report.Out
	}
	return e
}

// Settle asks the system to put the entries of the folders of files that were
// written on the disk: once a run, not once a file.
func Settle(written []string) error {
	done := map[string]bool{}
	var errs []error
	for _, path := range written {
		if dir := filepath.Dir(path); !done[dir] {
			done[dir] = true
			errs = append(errs, safe.SyncDir(dir))
		}
	}
	return errors.Join(errs...)
}
