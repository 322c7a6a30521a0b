package model

import (
	"context"
	"image"
)

// Latest makes a picture off the session's goroutine: the one that was asked for
// last, known by its key. What was asked for before is given up, and what comes
// of it is thrown away. All methods belong to the session's goroutine.
type Latest[K comparable] struct {
	post    func(func())
	changed func()

	key    K
	known  bool // image is what there is for key
	image  image.Image
	asked  bool // key was asked for
	cancel context.CancelFunc
	busy   bool
	next   func(context.Context) (image.Image, error)
}

// NewLatest returns one that calls changed when a picture has arrived.
func NewLatest[K comparable](post func(func()), changed func()) *Latest[K] {
	return &Latest[K]{post: post, changed: changed}
}

// Get returns the picture for a key, nil while it is being made and where it
// cannot be.
func (l *Latest[K]) Get(key K, make func(context.Context) (image.Image, error)) image.Image {
	if l.asked && l.key == key {
		return l.image
	}
	l.Forget()
	l.key, l.asked, l.next = key, true, make
	l.start()
	return nil
}

// Held is the picture that is there, with its key; ok is false where there is none.
func (l *Latest[K]) Held() (key K, m image.Image, ok bool) { return l.key, l.image, l.known }

// Forget gives up what is being made and lets go of what is held.
func (l *Latest[K]) Forget() {
	if l.cancel != nil {
		l.cancel()
	}
	l.known, l.image, l.asked, l.next = false, nil, false, nil
}

func (l *Latest[K]) start() {
	if l.busy || l.next == nil {
		return
	}
	make, key := l.next, l.key
	ctx, cancel := context.WithCancel(context.Background())
	l.busy, l.cancel, l.next = true, cancel, nil
	go func() {
		m, err := make(ctx)
		l.post(func() {
			stale := ctx.Err() != nil || !l.asked || l.key != key
			cancel()
			l.busy, l.cancel = false, nil
			if !stale && err == nil {
				l.image, l.known = m, true
			}
			l.start()
			if !stale {
				l.changed()
			}
		})
	}()
}
