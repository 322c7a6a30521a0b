package model

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"tabir/app/towns"
	"tabir/scrub/batch"
)

// Add puts files, and the photos in folders, on the list and looks at them. Web
// addresses, as browsers drop them, are counted and never fetched.
func (s *Session) Add(paths []string, web int) {
	s.notices = nil
	if web > 0 {
		s.notices = append(s.notices, NoticeWeb)
	}
	if roots := absolute(paths); len(roots) > 0 {
		s.queue = append(s.queue, roots)
		if s.run.going {
			s.notices = append(s.notices, NoticeQueued)
		}
	}
	s.startScan()
	s.changed()
}

// found is what a root turned out to be.
type found struct {
	root string
	work *batch.Work
	err  error
}

// startScan looks at what waits, if nothing else goes on.
func (s *Session) startScan() {
	if s.ctx != nil || len(s.queue) == 0 {
		return
	}
	roots := s.queue[0]
	s.queue = s.queue[1:]
	s.looked, s.toLook = 0, 0
	out := s.Target()
	ctx := s.begin()
	go func() {
		var all []found
		for _, r := range roots {
			w, err := s.c.Engine.Find(ctx, r, out)
			all = append(all, found{r, w, err})
		}
		s.post(ctx, func() {
			jobs := s.list(all)
			if s.toLook = len(jobs); len(jobs) == 0 || ctx.Err() != nil {
				s.endScan()
				return
			}
			s.changed()
			go s.look(ctx, jobs)
		})
	}()
}

// list puts what was found on the list and returns what is new.
func (s *Session) list(all []found) []batch.Job {
	var fresh []batch.Job
	twice, nothing := false, false
	var beside []string
	for _, f := range all {
		if f.err != nil { // the root cannot be read: it is listed with the reason
			if _, ok := s.known[f.root]; !ok {
				s.item(f.root, filepath.Dir(f.root)).Err = f.err
			}
			continue
		}
		nothing = nothing || len(f.work.Jobs) == 0
		for _, j := range f.work.Jobs {
			if _, ok := s.known[j.Src]; ok {
				twice = true
				continue
			}
			base := f.root
			if j.Src == f.root {
				base = filepath.Dir(f.root)
			}
			s.item(j.Src, base)
			j.Policy = s.c.Settings.Keeping()
			fresh = append(fresh, j)
		}
		for _, k := range f.work.Skips {
			if k.Why == batch.Companion {
				beside = append(beside, k.Path)
			}
		}
		s.skip(f.work.Skips)
	}
	if slices.ContainsFunc(beside, func(path string) bool { return s.known[path] == 0 }) {
		s.notices = append(s.notices, NoticeCompanion)
	}
	if twice {
		s.notices = append(s.notices, NoticeTwice)
	}
	if nothing {
		s.notices = append(s.notices, NoticeNothing)
	}
	return fresh
}

func (s *Session) skip(skips []batch.Skip) {
	for _, k := range skips {
		switch k.Why {
		case batch.Sidecar, batch.Companion, batch.OwnOutput, batch.Twice: // nothing that anybody would miss
		case batch.NotPicture:
			s.skipped[k.Detail]++
		default:
			s.skipped[k.Why.String()]++
		}
	}
}

// look inspects what was found.
func (s *Session) look(ctx context.Context, jobs []batch.Job) {
	go towns.Load() // some photo will tell where it was taken
	g := gatherer{s: s, ctx: ctx, last: time.Now(), take: func(e batch.Event) {
		s.looked++
		if id, ok := s.known[e.Job.Src]; ok && ctx.Err() == nil { // else it was taken off the list
			it := s.items[s.index[id]]
			it.Report, it.Err = e.Report, e.Err
		}
	}}
	batch.Run(ctx, jobs, s.c.Engine.Inspect, s.c.Workers, g.add)
	g.flush()
	s.post(ctx, s.endScan)
}

// endScan takes off the list what a cancel left unseen.
func (s *Session) endScan() {
	if s.ctx.Err() != nil {
		s.notices = []Notice{NoticeStopped}
		all := s.items
		s.items, s.index = nil, map[int]int{}
		for _, it := range all {
			if it.Status() == Waiting {
				delete(s.known, it.Path)
				continue
			}
			s.index[it.ID] = len(s.items)
			s.items = append(s.items, it)
		}
		if _, ok := s.index[s.selected]; !ok {
			s.selected = 0
			if len(s.items) > 0 {
				s.selected = s.items[0].ID
			}
		}
	}
	s.end()
}

// gatherer hands events to the session's goroutine in bundles, so that a
// thousand quick events make a few changes.
type gatherer struct {
	s      *Session
	ctx    context.Context
	take   func(batch.Event)
	events []batch.Event
	last   time.Time
}

// bundle is the time between two hand-overs: ten a second at most.
const bundle = 100 * time.Millisecond

func (g *gatherer) add(e batch.Event) {
	g.events = append(g.events, e)
	if now := time.Now(); now.Sub(g.last) >= bundle {
		g.last = now
		g.flush()
	}
}

func (g *gatherer) flush() {
	events := g.events
	g.events = nil
	g.s.post(g.ctx, func() {
		for _, e := range events {
			g.take(e)
		}
		g.s.changed()
	})
}
