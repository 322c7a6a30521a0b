package model

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tabir/scrub"
	"tabir/scrub/batch"
)

// Run is the making of copies: the one that goes on, or the last one.
type Run struct {
	Started bool
	Folder  string // that the copies are in
	Done    int    // of All
	All     int
	Stopped bool // by the user, before its end

	going  bool
	number int // of the last copy's name
}

// Run that goes on, or the last one.
func (s *Session) Run() Run { return s.run }

// Start makes a copy of every photo that has none, in the target folder.
func (s *Session) Start() {
	if s.ctx != nil || s.Count().Ready == 0 || s.LookingForFaces() {
		return
	}
	folder := s.Target()
	number := s.run.number
	var err error
	if folder != s.run.Folder {
		number = 0
		if err = s.c.Places.create(folder); errors.Is(err, errTaken) { // by somebody, a moment ago
			s.target = ""
			folder = s.Target()
			err = s.c.Places.create(folder)
		}
	}
	s.run = Run{Started: true, Folder: folder, number: number}
	s.notices = nil
	var jobs []batch.Job
	var items []*Item
	for _, it := range s.items {
		if it.Status() != Ready {
			continue
		}
		if err != nil {
			it.tried, it.Err = true, err
			continue
		}
		s.run.number++
		it.queued = true
		items = append(items, it)
		name := fmt.Sprintf("photo-%03d%s", s.run.number, s.c.Engine.Exts[it.Report.Format])
		jobs = append(jobs, batch.Job{Src: it.Path, Dst: filepath.Join(folder, name), Size: it.Report.Size, Areas: it.Covered()})
	}
	if err != nil {
		s.changed()
		return
	}
	s.run.going, s.run.All = true, len(jobs)
	ctx := s.begin()
	s.changed()
	go s.work(ctx, jobs, items)
}

func (s *Session) work(ctx context.Context, jobs []batch.Job, items []*Item) {
	g := gatherer{s: s, ctx: ctx, last: time.Now(), take: func(e batch.Event) {
		s.run.Done++
		items[e.Index].end(e)
	}}
	var written []string
	batch.Run(ctx, jobs, s.c.Engine.Clean, 0, func(e batch.Event) {
		if e.Err == nil {
			written = append(written, e.Job.Dst)
		}
		g.add(e)
	})
	g.flush()
	s.c.Places.settle(filepath.Dir(jobs[0].Dst), written)
	s.post(ctx, func() {
		s.run.going = false
		s.run.Stopped = ctx.Err() != nil
		s.selectProblem()
		s.end()
	})
}

// selectProblem shows the first photo that has no copy and gets none.
func (s *Session) selectProblem() {
	for _, it := range s.items {
		if st := it.Status(); st == Not || st == Unable {
			s.selected = it.ID
			return
		}
	}
}

// end records how the run ended for the item. After a cancel it is as before.
func (it *Item) end(e batch.Event) {
	it.queued = false
	if errors.Is(e.Err, context.Canceled) {
		return
	}
	it.tried, it.Err, it.Report = true, e.Err, e.Report
	if e.Err == nil && done(e.Report) {
		it.Copy = e.Job.Dst
	}
}

// Retriable counts the photos that another try may help: what failed, but was
// not refused for what the photo itself is.
func (s *Session) Retriable() int {
	n := 0
	for _, it := range s.items {
		if it.retriable() {
			n++
		}
	}
	return n
}

func (it *Item) retriable() bool {
	return it.Status() == Not && it.Report.Outcome() == scrub.Failed && !errors.Is(it.Err, scrub.ErrUnverified)
}

// Again tries the photos that another try may help.
func (s *Session) Again() {
	if s.ctx != nil {
		return
	}
	for _, it := range s.items {
		if it.retriable() {
			it.tried, it.Err = false, nil
		}
	}
	s.target = ""
	s.Start()
}
