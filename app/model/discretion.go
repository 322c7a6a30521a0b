package model

import "slices"

// Discretion is what is kept off the screen, of everything that could be seen on it.
type Discretion struct {
	// Trainer hides values, names of files and folders, and all pictures but the
	// samples: for those who show the app to others.
	Trainer bool
	// NoPictures hides all pictures, for people who must not see them, or cannot.
	NoPictures bool
}

// Discretion that is kept now.
func (s *Session) Discretion() Discretion { return s.discretion }

// SetDiscretion keeps it from now on, until it is changed: a new start does not.
func (s *Session) SetDiscretion(d Discretion) {
	if d != s.discretion {
		s.discretion = d
		s.changed()
	}
}

// Pictures reports whether the picture of an item may be seen.
func (d Discretion) Pictures(it *Item) bool {
	return !d.NoPictures && (!d.Trainer || it.Sample)
}

// Values reports whether what an item gives away may be read, and its names.
func (d Discretion) Values(it *Item) bool { return !d.Trainer || it.Sample }

// SetViewed says whether a person looked at an item: at all of it, not only at
// what a detector proposed.
func (s *Session) SetViewed(id int, viewed bool) {
	if it := s.byID(id); it != nil && it.Viewed != viewed {
		it.Viewed = viewed
		s.changed()
	}
}

// needsLook reports whether it was left to a detector what is covered in an item:
// it looked, and no person said that they looked too, or drew an area.
func (i *Item) needsLook() bool {
	return !i.Viewed && i.Look != NotLooked && !slices.ContainsFunc(i.Areas, func(a Area) bool { return a.Origin == Drawn })
}

// Unviewed counts the items that a copy will be made of and that need a look.
func (s *Session) Unviewed() int {
	n := 0
	for _, it := range s.items {
		if it.Status() == Ready && it.needsLook() {
			n++
		}
	}
	return n
}

// LookFirst shows what needs a look most: photos in which no face was found, then
// the others, and selects the first that nobody looked at.
func (s *Session) LookFirst() {
	s.listing.order, s.listing.filter, s.listing.fresh = ByFaces, All, false
	for _, it := range s.Shown() {
		if it.Status() == Ready && it.needsLook() {
			s.selected = it.ID
			break
		}
	}
	s.changed()
}

// Unseen counts the copies that nobody looked at, which are in a folder of their own.
func (s *Session) Unseen() int {
	n := 0
	for _, it := range s.items {
		if it.Status() == Made && it.unseen {
			n++
		}
	}
	return n
}
