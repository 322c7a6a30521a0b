package model

import (
	"context"
	"image"
	"slices"

	"tabir/scrub"
)

// step is what the areas of a photo were before something was done to them.
type step struct {
	areas  []Area
	crop   image.Rectangle
	picked int
}

// maxSteps bounds what can be undone, for each photo.
const maxSteps = 200

// history of the areas of a photo.
type history struct{ past, future []step }

func (i *Item) now() step { return step{slices.Clone(i.Areas), i.Crop, i.picked} }

// remember what was, before a change.
func (i *Item) remember(was step) {
	i.past = append(i.past, was)
	if len(i.past) > maxSteps {
		i.past = slices.Delete(i.past, 0, 1)
	}
	i.future = nil
}

// edit changes the areas of an item, in a way that can be undone; do says whether
// it changed anything.
func (s *Session) edit(id int, do func(it *Item) bool) {
	it := s.byID(id)
	if !it.Editable() {
		return
	}
	was := it.now()
	if do(it) {
		it.remember(was)
		s.changed()
	}
}

// editArea is edit for area k, which becomes the picked one.
func (s *Session) editArea(id, k int, do func(a *Area) bool) {
	s.edit(id, func(it *Item) bool {
		if k < 0 || k >= len(it.Areas) || !do(&it.Areas[k]) {
			return false
		}
		it.picked = k + 1
		return true
	})
}

// AddArea covers one more area of an item, and picks it.
func (s *Session) AddArea(id int, r scrub.Region) {
	s.edit(id, func(it *Item) bool {
		if r.W < Least || r.H < Least {
			return false
		}
		it.Areas = append(it.Areas, Area{Region: r})
		it.picked = len(it.Areas)
		return true
	})
}

// SetArea moves area k of an item, or changes its size or shape. It is a person's then.
func (s *Session) SetArea(id, k int, r scrub.Region) {
	s.editArea(id, k, func(a *Area) bool {
		if r.W < Least || r.H < Least || r == a.Region {
			return false
		}
		a.Region, a.Origin = r, Drawn
		return true
	})
}

// LeaveArea says whether area k of an item stays visible.
func (s *Session) LeaveArea(id, k int, open bool) {
	s.editArea(id, k, func(a *Area) bool {
		changed := a.Open != open
		a.Open = open
		return changed
	})
}

// RemoveArea forgets area k of an item. The next one is picked.
func (s *Session) RemoveArea(id, k int) {
	s.edit(id, func(it *Item) bool {
		if k < 0 || k >= len(it.Areas) {
			return false
		}
		it.Areas = slices.Delete(it.Areas, k, k+1)
		it.picked = min(k+1, len(it.Areas))
		return true
	})
}

// Undo takes back the last change to the areas of an item.
func (s *Session) Undo(id int) {
	if it := s.byID(id); it.CanUndo() {
		s.travel(it, &it.past, &it.future)
	}
}

// Redo does again what was taken back last.
func (s *Session) Redo(id int) {
	if it := s.byID(id); it.CanRedo() {
		s.travel(it, &it.future, &it.past)
	}
}

func (s *Session) travel(it *Item, from, to *[]step) {
	last := len(*from) - 1
	t := (*from)[last]
	*from = (*from)[:last]
	*to = append(*to, it.now())
	it.Areas, it.Crop, it.picked = t.areas, t.crop, t.picked
	s.changed()
}

// CanUndo reports whether there is something to take back.
func (i *Item) CanUndo() bool { return i.Editable() && len(i.past) > 0 }

// CanRedo reports whether there is something to do again.
func (i *Item) CanRedo() bool { return i.Editable() && len(i.future) > 0 }

// Picked is the number of the area that is picked, -1 where none is.
func (i *Item) Picked() int { return min(i.picked, len(i.Areas)) - 1 }

// Pick area k of an item, or none where there is no area of that number.
func (s *Session) Pick(id, k int) {
	it := s.byID(id)
	if it == nil {
		return
	}
	if k < 0 || k >= len(it.Areas) {
		k = -1
	}
	if it.picked != k+1 {
		it.picked = k + 1
		s.changed()
	}
}

// Next is the number of the area behind the picked one, or before it; ok is false
// behind the last and before the first.
func (i *Item) Next(back bool) (k int, ok bool) {
	k = i.Picked() + 1
	if back {
		k = i.Picked() - 1
		if i.Picked() < 0 {
			k = len(i.Areas) - 1
		}
	}
	return k, k >= 0 && k < len(i.Areas)
}

// SetCrop cuts the copy of an item to a part of the upright picture, or to the
// smallest one around it that its kind of file can be cut to without loss; the
// empty rectangle cuts nothing off.
func (s *Session) SetCrop(id int, r image.Rectangle) {
	it := s.byID(id)
	if !it.Editable() || it.cutting {
		return
	}
	it.CropErr = nil
	if r.Empty() {
		s.edit(id, func(it *Item) bool { return it.crop(image.Rectangle{}) })
		return
	}
	it.cutting = true
	path := it.Path
	s.changed()
	go func() {
		fits, err := s.c.Engine.Crop(context.Background(), path, r)
		s.c.Post(func() {
			it := s.byID(id)
			if it == nil {
				return
			}
			it.cutting, it.CropErr = false, err
			if err == nil {
				s.edit(id, func(it *Item) bool { return it.crop(fits) })
			}
			s.changed()
		})
	}()
}

func (i *Item) crop(r image.Rectangle) bool {
	if r == (image.Rectangle{Max: i.Full}) {
		r = image.Rectangle{}
	}
	changed := r != i.Crop
	i.Crop = r
	return changed
}
