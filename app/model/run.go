package model

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"time"

	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

// Run is the making of copies: the one that goes on, or the last one.
type Run struct {
	Started  bool
	Folder   string // that the copies are in
	Done     int    // of All
	All      int
	Stopped  bool // by the user, before its end
	Replaced bool // originals were to be replaced

	going       bool
	number      int             // of the last copy's name
	names       map[string]bool // of the copies in Folder, as claim compares them
	chosen      string          // the folder that the settings named
	began       time.Time
	read, bytes int64 // of the originals
}

// Run that goes on, or the last one.
func (s *Session) Run() Run { return s.run }

// Left estimates how long the run still takes, by the bytes that are done. It is
// 0 while that cannot be told.
func (r Run) Left() time.Duration {
	spent := time.Since(r.began)
	if !r.going || r.read == 0 || spent < 3*time.Second {
		return 0
	}
	return time.Duration(float64(spent) * float64(r.bytes-r.read) / float64(r.read))
}

// Start makes a copy of every photo that has none, in the target folder.
func (s *Session) Start() { s.start(false) }

// Replace puts a clean copy in the place of every photo that has none; the
// original goes to the trash. Photos with covered areas are not replaced: their
// copies go to the target folder.
func (s *Session) Replace() { s.start(true) }

func (s *Session) start(replace bool) {
	if s.ctx != nil || s.Count().Ready == 0 || s.LookingForFaces() {
		return
	}
	folder := s.Target()
	number, names := s.run.number, s.run.names
	var err error
	if folder != s.run.Folder {
		number, names = 0, map[string]bool{}
		if err = s.c.Places.create(folder); errors.Is(err, errTaken) { // by somebody, a moment ago
			s.target = ""
			folder = s.Target()
			err = s.c.Places.create(folder)
		}
	}
	s.run = Run{Started: true, Folder: folder, Replaced: replace, number: number, names: names, chosen: s.c.Settings.Folder, began: time.Now()}
	s.notices = nil
	var jobs []batch.Job
	var items []*Item
	for _, it := range s.items {
		if it.Status() != Ready {
			continue
		}
		j := batch.Job{
			Src: it.Path, Size: it.Report.Size, Areas: it.Covered(), Crop: it.Crop,
			Style: s.c.Settings.Cover(), Policy: s.c.Settings.Keeping(), FromPixels: it.Anew,
		}
		switch {
		case replace && len(j.Areas) == 0 && j.Crop.Empty() && !it.Anew && !it.Sample:
			j.Dst, j.How = it.Path, scrub.InPlace
		case err != nil && !it.Sample:
			it.tried, it.Err = true, err
			continue
		default:
			name := s.copyName(it)
			if it.unseen = it.needsLook(); it.unseen {
				name = filepath.Join(s.c.Places.Unseen, name)
			}
			if j.Dst = filepath.Join(folder, name); it.Sample {
				j.Dst = path.Join(sampleCopies, filepath.ToSlash(name))
			}
		}
		it.queued = true
		items = append(items, it)
		jobs = append(jobs, j)
		s.run.bytes += j.Size
	}
	if len(jobs) == 0 {
		s.changed()
		return
	}
	s.run.going, s.run.All = true, len(jobs)
	ctx := s.begin()
	s.changed()
	former := make([]made, len(items))
	for i, it := range items {
		former[i] = it.made
	}
	go s.work(ctx, folder, jobs, items, former)
}

// work does the jobs for the items. former are the copies that the items have.
func (s *Session) work(ctx context.Context, folder string, jobs []batch.Job, items []*Item, former []made) {
	for i, m := range former {
		if jobs[i].How == scrub.New && filepath.Dir(m.path) == filepath.Dir(jobs[i].Dst) && m.still() {
			jobs[i].Dst, jobs[i].How = m.path, scrub.Overwrite
		}
	}
	copies := make([]made, len(jobs))
	g := gatherer{s: s, ctx: ctx, last: time.Now(), take: func(e batch.Event) {
		s.run.Done++
		s.run.read += e.Job.Size
		items[e.Index].end(e, copies[e.Index])
	}}
	var written []string
	batch.Run(ctx, jobs, s.c.Engine.Clean, s.c.Workers, func(e batch.Event) {
		if e.Err == nil {
			written = append(written, e.Job.Dst)
			copies[e.Index] = remember(e.Job.Dst)
			former[e.Index].leave(e.Job.Dst)
		}
		g.add(e)
	})
	g.flush()
	s.c.Places.settle(folder, written)
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
func (it *Item) end(e batch.Event, m made) {
	it.queued = false
	if errors.Is(e.Err, context.Canceled) {
		return
	}
	it.tried, it.Err, it.Report = true, e.Err, e.Report
	if e.Err == nil && done(e.Report) {
		it.Copy, it.made = e.Job.Dst, m
	}
}

// Reopen makes an item that has a copy ready for another one, which takes the
// place of the first: no copy stays behind that covers less.
func (s *Session) Reopen(id int) {
	it := s.byID(id)
	if it == nil || s.ctx != nil || it.Status() != Made || it.Copy == it.Path {
		return
	}
	it.tried = false
	s.changed()
}

// Remake makes a new picture of what is seen in an item: of one that cannot be
// cleaned, or whose copy still holds more than that.
func (s *Session) Remake(id int) {
	it := s.byID(id)
	if it == nil || s.ctx != nil || !it.Remakes() {
		return
	}
	it.Anew, it.tried, it.Err = true, false, nil
	s.changed()
}

// Remakes reports whether a new picture may help where no copy could be made, or
// one that holds more than what is seen.
func (i *Item) Remakes() bool {
	switch i.Status() {
	case Unable, Not:
		return errors.Is(i.Err, scrub.ErrRemakes)
	case Made:
		return !i.Anew && i.Copy != i.Path && len(i.Report.Remains()) > 0 && !isVideo(i.Report)
	}
	return false
}

func isVideo(r *scrub.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f meta.Finding) bool { return f.Label == meta.LabelFacesVoices && f.Fate == meta.Stays })
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
