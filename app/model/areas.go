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
	Maybe bool // the detector is not sure
	Open  bool // a person left it visible

	face bool
}

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

// FindFaces looks for faces in an item. What was found before is replaced; areas
// that a person drew stay.
func (s *Session) FindFaces(id int) {
	it := s.byID(id)
	if !it.Editable() {
		return
	}
	it.Look = Looking
	path := it.Path
	s.changed()
	go func() {
		faces, err := s.c.Engine.Faces(context.Background(), path)
		s.c.Post(func() { s.found(id, faces, err) })
	}()
}

// LookingForFaces reports whether a look goes on. No copies are made meanwhile:
// they would be made without what it finds.
func (s *Session) LookingForFaces() bool {
	return slices.ContainsFunc(s.items, func(i *Item) bool { return i.Look == Looking })
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
	if err == nil && it.Editable() {
		it.Areas = slices.DeleteFunc(it.Areas, func(a Area) bool { return a.face })
		for i, r := range faces.Areas() {
			it.Areas = append(it.Areas, Area{Region: s.c.Settings.grow(r), Maybe: faces.Boxes[i].Level == scrub.FaceMaybe, face: true})
		}
	}
	s.changed()
}

// AddArea covers one more area of an item.
func (s *Session) AddArea(id int, r scrub.Region) {
	if it := s.byID(id); it.Editable() && r.W > 0 && r.H > 0 {
		it.Areas = append(it.Areas, Area{Region: r})
		s.changed()
	}
}

// SetArea moves area k of an item, or changes its size. It is a person's then.
func (s *Session) SetArea(id, k int, r scrub.Region) {
	if it := s.byID(id); it.Editable() && k < len(it.Areas) && r.W > 0 && r.H > 0 {
		a := &it.Areas[k]
		a.Region, a.face, a.Maybe = r, false, false
		s.changed()
	}
}

// LeaveArea says whether area k of an item stays visible.
func (s *Session) LeaveArea(id, k int, open bool) {
	if it := s.byID(id); it.Editable() && k < len(it.Areas) {
		it.Areas[k].Open = open
		s.changed()
	}
}

// RemoveArea forgets area k of an item.
func (s *Session) RemoveArea(id, k int) {
	if it := s.byID(id); it.Editable() && k < len(it.Areas) {
		it.Areas = slices.Delete(it.Areas, k, k+1)
		s.changed()
	}
}

func (s *Session) byID(id int) *Item {
	i, ok := s.index[id]
	if !ok {
		return nil
	}
	return s.items[i]
}
