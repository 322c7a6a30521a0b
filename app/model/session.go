// Package model is the state of the app and every decision about it. It knows
// nothing of widgets: it calls back when something changed, and is asked.
package model

import (
	"context"
	"path/filepath"
	"slices"
)

// State says what the window can do.
type State uint8

const (
	Empty    State = iota
	Scanning       // files are looked for and looked at
	Listed         // there are photos without a copy
	Working        // copies are being made
	Done           // every photo on the list has a copy
	Partial        // some photos have none and get none
)

// Config is what a session needs of its surroundings.
type Config struct {
	Engine   Engine
	Places   Places
	Settings Settings
	Workers  int          // files that are worked on at a time; 0: as many as there are processors
	Post     func(func()) // runs f on the session's goroutine, and no two at a time
	Changed  func()       // called on the session's goroutine after every change
}

// Session is the state of one window. All methods belong to one goroutine, the
// one that Post runs functions on.
type Session struct {
	c     Config
	items []*Item
	index map[int]int    // position by id
	known map[string]int // id by path
	next  int            // ids are never used twice, so that late results find nobody

	listing  listing
	selected int    // id, 0: none
	target   string // of the next run; empty: to be decided

	// A scan or a run that goes on. Its context is also its name: what a former
	// one hands in is not wanted.
	ctx    context.Context
	cancel context.CancelFunc

	looks  []int      // ids of the items in which faces are looked for, the first now
	queue  [][]string // roots that wait to be looked at
	looked int        // of the files of the scan that goes on
	toLook int
	run    Run

	skipped map[string]int
	notices []Notice
	closed  func()

	discretion Discretion
}

// New returns an empty session.
func New(c Config) *Session {
	c.Settings = c.Settings.sound()
	s := &Session{c: c}
	s.reset()
	return s
}

func (s *Session) reset() {
	s.items, s.index, s.known = nil, map[int]int{}, map[string]int{}
	s.listing, s.selected, s.target = listing{marked: map[int]bool{}}, 0, ""
	s.queue, s.looks, s.run = nil, nil, Run{}
	s.skipped, s.notices = map[string]int{}, nil
}

// Notice is something to tell beside the list.
type Notice uint8

const (
	NoticeWeb       Notice = iota // a web address is never fetched
	NoticeTwice                   // all of it is on the list already
	NoticeQueued                  // it waits until the copies are made
	NoticeNothing                 // a folder without any photo
	NoticeStopped                 // looking was stopped; what was not looked at is not on the list
	NoticeCompanion               // beside a photo lies what belongs to it: not cleaned, not copied
	NoticeModel                   // the better face finder is in use
	NoticeNoModel                 // the file that was chosen holds none
)

// Notices lists all notices, for the tests of words.
func Notices() []Notice {
	return []Notice{NoticeWeb, NoticeTwice, NoticeQueued, NoticeNothing, NoticeStopped, NoticeCompanion, NoticeModel, NoticeNoModel}
}

// Items on the list, in the order in which they were added.
func (s *Session) Items() []*Item { return s.items }

// Notices since something was last added.
func (s *Session) Notices() []Notice { return s.notices }

// Skipped counts what was met in folders and is not on the list, by what it is.
// An empty description stands for files that are no pictures.
func (s *Session) Skipped() map[string]int { return s.skipped }

// LeftOut counts what of that somebody may have taken for a photo.
func (s *Session) LeftOut() int {
	n := 0
	for what, k := range s.skipped {
		if what != "" {
			n += k
		}
	}
	return n
}

// State of the session.
func (s *Session) State() State {
	switch {
	case s.run.going:
		return Working
	case s.ctx != nil:
		return Scanning
	case len(s.items) == 0:
		return Empty
	}
	c := s.Count()
	switch {
	case c.Ready > 0 || !s.run.Started:
		return Listed
	case c.Unable+c.Not+s.LeftOut() > 0:
		return Partial
	}
	return Done
}

// Count says how many items are in which status.
type Count struct {
	Ready, Unable, Made, Not, Reveal int
	More                             int // copies that hold more than what is seen
}

// Count the items.
func (s *Session) Count() Count {
	var c Count
	for _, it := range s.items {
		switch it.Status() {
		case Ready, Queued:
			c.Ready++
		case Unable:
			c.Unable++
		case Made:
			c.Made++
			if len(it.Report.Remains()) > 0 {
				c.More++
			}
		case Not:
			c.Not++
		}
		if it.Reveals() {
			c.Reveal++
		}
	}
	return c
}

// Progress of the scan or the run that goes on.
func (s *Session) Progress() (done, all int) {
	if s.run.going {
		return s.run.Done, s.run.All
	}
	return s.looked, s.toLook
}

// Cancel stops the scan or the run that goes on. What was done stays.
func (s *Session) Cancel() {
	s.stopLooks()
	if s.cancel != nil {
		s.cancel()
		s.queue = nil
	}
}

// Close stops what goes on and calls then, at once or as soon as nothing is
// being written any more: no half-written file stays behind.
func (s *Session) Close(then func()) {
	s.Cancel()
	if !s.run.going {
		then()
		return
	}
	s.closed = then
}

// Clear empties the list. Copies that are being made have to be stopped first.
func (s *Session) Clear() {
	if s.run.going {
		return
	}
	s.Cancel()
	s.ctx, s.cancel = nil, nil
	s.reset()
	s.changed()
}

// Remove takes items off the list. The files stay where they are. Another item
// is selected where the selected one was.
func (s *Session) Remove(items ...*Item) {
	if s.run.going || len(items) == 0 {
		return
	}
	at := s.position(s.selected)
	gone := map[int]bool{}
	for _, it := range items {
		gone[it.ID] = true
		delete(s.known, it.Path)
		delete(s.listing.marked, it.ID)
	}
	s.items = slices.DeleteFunc(s.items, func(it *Item) bool { return gone[it.ID] })
	clear(s.index)
	for k, it := range s.items {
		s.index[it.ID] = k
	}
	s.listing.fresh = false
	if gone[s.selected] {
		s.selected = 0
		if shown := s.Shown(); len(shown) > 0 {
			s.selected = shown[min(max(at, 0), len(shown)-1)].ID
		}
	}
	s.target = ""
	s.changed()
}

// Select the item at position i of the list.
func (s *Session) Select(i int) {
	if shown := s.Shown(); i >= 0 && i < len(shown) && shown[i].ID != s.selected {
		s.selected, s.listing.anchor = shown[i].ID, 0
		s.changed()
	}
}

// Selected returns the selected item and its position in the list, -1 where the
// list does not show it; or nil and -1.
func (s *Session) Selected() (*Item, int) {
	return s.byID(s.selected), s.position(s.selected)
}

func (s *Session) item(path, base string) *Item {
	s.next++
	it := &Item{ID: s.next, Path: path, Base: base, Sample: InMemory(path)}
	s.index[it.ID], s.known[path] = len(s.items), it.ID
	s.items = append(s.items, it)
	if s.selected == 0 {
		s.selected = it.ID
	}
	return it
}

// Target is the one folder that copies go to, decided before they are made:
// that of the run before, else one beside the first photo that has none. Copies
// of samples stay in memory; where there are no others, so says the target.
func (s *Session) Target() string {
	if s.target == "" && s.run.Folder != "" && s.run.chosen == s.c.Settings.Folder && s.c.Places.writable(s.run.Folder) {
		s.target = s.run.Folder
	}
	if s.target == "" {
		for _, it := range s.items {
			if it.Status() != Ready {
				continue
			}
			if s.target = sampleCopies; !it.Sample {
				s.target = s.c.Places.Target(it.Base, s.c.Settings.Folder)
				break
			}
		}
	}
	return s.target
}

// begin gives a scan or a run its context.
func (s *Session) begin() context.Context {
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s.ctx
}

// end ends it, and looks at what was added meanwhile.
func (s *Session) end() {
	s.cancel()
	s.ctx, s.cancel = nil, nil
	s.target = ""
	if s.closed != nil {
		s.closed()
		return
	}
	s.startScan()
	s.changed()
}

// post runs f on the session's goroutine, unless the work named ctx is no longer wanted.
func (s *Session) post(ctx context.Context, f func()) {
	s.c.Post(func() {
		if s.ctx == ctx {
			f()
		}
	})
}

func absolute(paths []string) []string {
	var out []string
	for _, p := range paths {
		if abs, err := filepath.Abs(p); err == nil {
			out = append(out, abs)
		}
	}
	return out
}
