package model

import (
	"context"
	"image"
	"slices"
)

// Pictures decodes pictures of files off the session's goroutine, one at a time
// so that memory stays bounded, the last one asked for first. A picture is
// known by its item's id, which is never used twice: it cannot turn up for
// another file. All methods belong to the session's goroutine.
type Pictures struct {
	load    func(ctx context.Context, path string, side int) (image.Image, image.Point, error)
	post    func(func())
	changed func(id int) // a picture has arrived, or it turned out that there is none
	side    int
	keep    int // pictures held

	held  map[int]held // without an image: there is none
	order []int        // of held, the oldest first
	wants []want
	loads int // the id whose picture is being loaded, 0: none
}

// held is a picture and the size of the one that it was made from.
type held struct {
	image.Image
	full image.Point
}

type want struct {
	id   int
	path string
}

// NewPictures returns an empty store of at most keep pictures of at most side pixels.
func NewPictures(e Engine, post func(func()), side, keep int, changed func(id int)) *Pictures {
	return &Pictures{load: e.Preview, post: post, changed: changed, side: side, keep: keep, held: map[int]held{}}
}

// Get returns the picture of an item if it is there. If not, known says whether
// there never will be one; else it is loaded, and changed is called.
func (p *Pictures) Get(it *Item) (m image.Image, known bool) {
	if h, known := p.held[it.ID]; known {
		it.Full = h.full
		return h.Image, true
	}
	if p.loads == it.ID {
		return nil, false
	}
	p.wants = slices.DeleteFunc(p.wants, func(w want) bool { return w.id == it.ID })
	p.wants = append(p.wants, want{it.ID, it.Path})
	if len(p.wants) > p.keep { // what was asked for long ago has scrolled out of sight
		p.wants = p.wants[1:]
	}
	p.next()
	return nil, false
}

// Forget lets go of all pictures, and of those that are still wanted.
func (p *Pictures) Forget() {
	clear(p.held)
	p.order, p.wants = nil, nil
}

func (p *Pictures) next() {
	if p.loads != 0 || len(p.wants) == 0 {
		return
	}
	w := p.wants[len(p.wants)-1]
	p.wants = p.wants[:len(p.wants)-1]
	p.loads = w.id
	go func() {
		m, full, err := p.load(context.Background(), w.path, p.side)
		if err != nil {
			m = nil
		}
		p.post(func() {
			p.loads = 0
			p.hold(w.id, held{m, full})
			p.next()
			p.changed(w.id)
		})
	}()
}

func (p *Pictures) hold(id int, m held) {
	p.held[id] = m
	if p.order = append(p.order, id); len(p.order) > p.keep {
		delete(p.held, p.order[0])
		p.order = p.order[1:]
	}
}
