package model

import (
	"context"
	"slices"

	"tabir/scrub"
)

// Area is a part of a photo, in pixels of the upright picture: one that a person
// drew, or around a face that a detector proposed.
type Area struct {
	scrub.Region
	Open   bool // a person left it visible
	Origin Origin
}

// Origin says who proposed an area.
type Origin uint8

const (
	Drawn     Origin = iota // by a person, or changed by one
	FaceFound               // by a detector
	FaceMaybe               // by a detector that is not sure
)

// Look says how far the looking for faces in a photo is.
type Look uint8

const (
	NotLooked Look = iota
	Looking
	Looked
	LookFailed
)

// Covered are the areas that a copy will be made without.
func (i *Item) Covered() []scrub.Region {
	var out []scrub.Region
	for _, a := range i.Areas {
		if !a.Open {
			out = append(out, a.Region)
		}
	}
	return out
}

// Editable reports whether areas of the item can be changed now.
func (i *Item) Editable() bool { return i != nil && i.Status() == Ready && i.Look != Looking }

// Basic reports whether faces are looked for by the detector that often misses
// turned ones.
func (s *Session) Basic() bool { return s.c.Engine.Basic }

// UseModel looks for faces with the detector that is in a file from now on. Where
// it is not one that is known, that is told in a notice.
func (s *Session) UseModel(path string) {
	better := s.c.Engine.Better
	if better == nil {
		return
	}
	go func() {
		e, err := better(path)
		s.c.Post(func() {
			s.notices = []Notice{NoticeNoModel}
			if err == nil {
				s.c.Engine.Faces, s.c.Engine.Clean, s.c.Engine.Basic = e.Faces, e.Clean, false
				s.notices = []Notice{NoticeModel}
			}
			s.changed()
		})
	}()
}

// FindFaces looks for faces in items, one after the other. What was found before is
// replaced; areas that a person drew stay.
func (s *Session) FindFaces(items ...*Item) {
	idle := len(s.looks) == 0
	for _, it := range items {
		if it.Editable() {
			it.Look = Looking
			s.looks = append(s.looks, it.ID)
		}
	}
	if idle {
		s.nextLook()
	}
	s.changed()
}

// Findable are the items on the list without a copy, as it shows them, in which
// faces can be looked for: not what cannot be cleaned, nor a video.
func (s *Session) Findable() []*Item {
	var out []*Item
	for _, it := range s.Shown() {
		if it.Status() == Ready && s.c.Engine.Become[it.Report.Format] != "" {
			out = append(out, it)
		}
	}
	return out
}

// nextLook looks for faces in the next item that waits for it and is still there.
func (s *Session) nextLook() {
	for len(s.looks) > 0 {
		id := s.looks[0]
		it := s.byID(id)
		if it == nil || it.Look != Looking {
			s.looks = s.looks[1:]
			continue
		}
		path, faces := it.Path, s.c.Engine.Faces
		go func() {
			found, err := faces(context.Background(), path)
			s.c.Post(func() {
				if len(s.looks) > 0 && s.looks[0] == id {
					s.looks = s.looks[1:]
					s.found(id, found, err)
					s.nextLook()
				}
			})
		}()
		return
	}
}

// LooksLeft counts the items in which faces are still looked for.
func (s *Session) LooksLeft() int { return len(s.looks) }

// stopLooks gives up the looks that did not begin.
func (s *Session) stopLooks() {
	if len(s.looks) < 2 {
		return
	}
	for _, id := range s.looks[1:] {
		if it := s.byID(id); it != nil {
			it.Look = NotLooked
		}
	}
	s.looks = s.looks[:1]
	s.changed()
}

// LookingForFaces reports whether a look goes on, or a crop is being worked out. No
// copies are made meanwhile: they would be made without what comes out of it.
func (s *Session) LookingForFaces() bool {
	return slices.ContainsFunc(s.items, func(i *Item) bool { return i.Look == Looking || i.cutting })
}

// found takes what a detector proposed, unless the item is gone or its copy is
// being made already.
func (s *Session) found(id int, faces *scrub.Faces, err error) {
	it := s.byID(id)
	if it == nil {
		return
	}
	it.Look = LookFailed
	if err == nil {
		it.Look = Looked
	}
	if err == nil {
		s.edit(id, func(it *Item) bool {
			before := len(it.Areas)
			it.Areas = slices.DeleteFunc(it.Areas, func(a Area) bool { return a.Origin != Drawn })
			for i, r := range faces.Areas() {
				a := Area{Region: s.c.Settings.grow(r), Origin: FaceFound}
				if faces.Boxes[i].Level == scrub.FaceMaybe {
					a.Origin = FaceMaybe
				}
				it.Areas = append(it.Areas, a)
			}
			it.picked = 0
			return before+len(faces.Boxes) > 0
		})
	}
	s.changed()
}

func (s *Session) byID(id int) *Item {
	i, ok := s.index[id]
	if !ok {
		return nil
	}
	return s.items[i]
}
