package model

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Order says how the list is sorted. Items that are equal stand as they were added.
type Order uint8

const (
	ByAdded   Order = iota
	ByName          // numbers in names by their value
	ByTelling       // what gives away most first
	ByFaces         // where faces were looked for and none was found first: those need a look most
	orders
)

// Orders lists all orders.
func Orders() []Order { return all[Order](orders) }

// Filter says which items the list shows.
type Filter uint8

const (
	All          Filter = iota
	WithLocation        // a place was found
	NotCleaned          // cannot be cleaned, or was not
	filters
)

// Filters lists all filters.
func Filters() []Filter { return all[Filter](filters) }

func all[T ~uint8](n T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = T(i)
	}
	return out
}

func (f Filter) shows(it *Item) bool {
	switch f {
	case WithLocation:
		return slices.Contains(it.Badges(), BadgePlace)
	case NotCleaned:
		return it.Status() == Unable || it.Status() == Not
	}
	return true
}

// listing is what the list shows. It is made anew after a change, when it is asked for.
type listing struct {
	order  Order
	filter Filter
	shown  []*Item
	place  map[int]int // position among shown by id
	fresh  bool
	marked map[int]bool // by id
	anchor int          // the id from which MarkTo marks
}

// changed tells the window, and makes the listing be made anew.
func (s *Session) changed() {
	s.listing.fresh = false
	s.c.Changed()
}

// SortBy sets the order of the list.
func (s *Session) SortBy(o Order) {
	s.listing.order = o
	s.changed()
}

// Show sets the filter of the list. The selection moves to an item that is shown.
func (s *Session) Show(f Filter) {
	s.listing.filter, s.listing.fresh = f, false
	s.unmark()
	if shown := s.Shown(); len(shown) > 0 && s.position(s.selected) < 0 {
		s.selected = shown[0].ID
	}
	s.changed()
}

// Sorting is how the list is sorted and what it shows.
func (s *Session) Sorting() (Order, Filter) { return s.listing.order, s.listing.filter }

// Shown are the items that the list shows, in its order.
func (s *Session) Shown() []*Item {
	l := &s.listing
	if l.fresh {
		return l.shown
	}
	l.shown = l.shown[:0]
	for _, it := range s.items {
		if l.filter.shows(it) {
			l.shown = append(l.shown, it)
		}
	}
	switch l.order {
	case ByName:
		l.keys()
		slices.SortStableFunc(l.shown, func(a, b *Item) int { return bytes.Compare(a.key, b.key) })
	case ByTelling:
		slices.SortStableFunc(l.shown, func(a, b *Item) int { return cmp.Compare(a.telling(), b.telling()) })
	case ByFaces:
		slices.SortStableFunc(l.shown, func(a, b *Item) int { return cmp.Compare(a.facesRank(), b.facesRank()) })
	}
	l.place = make(map[int]int, len(l.shown))
	for i, it := range l.shown {
		l.place[it.ID] = i
	}
	l.fresh = true
	return l.shown
}

// position of an item in what is shown, or -1.
func (s *Session) position(id int) int {
	s.Shown()
	if i, ok := s.listing.place[id]; ok {
		return i
	}
	return -1
}

// keys gives the shown items what their names are sorted by.
func (l *listing) keys() {
	c := collate.New(language.Und, collate.Numeric, collate.IgnoreCase)
	var b collate.Buffer
	for _, it := range l.shown {
		if it.key == nil {
			it.key = slices.Clone(c.KeyFromString(&b, it.Name()))
			b.Reset()
		}
	}
}

// telling ranks an item by the first of its badges, what cannot be cleaned before all.
func (i *Item) telling() int {
	b := i.Badges()
	switch {
	case len(b) == 0:
		return math.MaxInt
	case b[0] == BadgeUnable || i.Status() == Not:
		return math.MinInt
	}
	return int(b[0])*int(badges) - len(b)
}

func (i *Item) facesRank() int {
	switch {
	case i.Look == Looked && !slices.ContainsFunc(i.Areas, func(a Area) bool { return a.Origin != Drawn }):
		return 0
	case i.Look == LookFailed:
		return 1
	case i.Look == NotLooked:
		return 2
	}
	return 3
}

// Mark puts the item at position i of the list into what several things are done
// with, or takes it out again.
func (s *Session) Mark(i int) {
	if i < 0 || i >= len(s.Shown()) {
		return
	}
	id := s.Shown()[i].ID
	if s.listing.marked[id] {
		delete(s.listing.marked, id)
	} else {
		s.listing.marked[id] = true
	}
	s.listing.anchor = id
	s.changed()
}

// MarkTo marks all from the one that was marked or selected last to position i.
func (s *Session) MarkTo(i int) {
	from := s.position(cmp.Or(s.listing.anchor, s.selected))
	if i < 0 || i >= len(s.Shown()) {
		return
	}
	if from < 0 {
		from = i
	}
	for _, it := range s.Shown()[min(from, i) : max(from, i)+1] {
		s.listing.marked[it.ID] = true
	}
	s.changed()
}

// MarkAll marks everything that the list shows, or nothing if that is so already.
func (s *Session) MarkAll() {
	if len(s.listing.marked) == len(s.Shown()) {
		s.unmark()
		s.changed()
		return
	}
	for _, it := range s.Shown() {
		s.listing.marked[it.ID] = true
	}
	s.changed()
}

func (s *Session) unmark() { s.listing.marked, s.listing.anchor = map[int]bool{}, 0 }

// IsMarked reports whether an item is marked.
func (s *Session) IsMarked(id int) bool { return s.listing.marked[id] }

// Chosen are the marked items in the order of the list, or the selected one if
// none is marked.
func (s *Session) Chosen() []*Item {
	var out []*Item
	for _, it := range s.Shown() {
		if s.listing.marked[it.ID] {
			out = append(out, it)
		}
	}
	if it, _ := s.Selected(); len(out) == 0 && it != nil {
		out = append(out, it)
	}
	return out
}
