package verify

import (
	"errors"
	"fmt"
	"io"

	"tabir/scrub/internal/beside"
	"tabir/scrub/meta"
)

// ahead is by how many chunks writing may be ahead of looking: what is looked at
// should still be in the processor's cache.
const ahead = 8

// errStopped is for one side when the other has ended, whose error counts. Where
// that has none, the output is not what was planned.
var errStopped = fmt.Errorf("%w: the output ends too early", meta.ErrUnverified)

// follower writes, and says how far it has come.
type follower struct {
	dst     io.Writer
	written int64
	more    chan int64
	ended   chan struct{}
}

// follow has write write the output to dst, while check, in a goroutine of its own,
// looks through w at what is there so far. Of what fits into the cache it looks at
// all when it is written. The error of check comes first.
func (w *walk) follow(dst io.Writer, write func(io.Writer) error, check func() error) (found, err error) {
	if w.layout.Size <= ahead*chunk {
		if err := write(dst); err != nil {
			return nil, err
		}
		return check(), nil
	}
	f := &follower{dst: dst, more: make(chan int64, ahead), ended: make(chan struct{})}
	w.written, w.more = 0, f.more
	wait := beside.Run(func() error {
		defer close(f.ended)
		return check()
	})
	defer func() { <-f.ended }() // w is nobody's when follow returns, or panics
	func() {
		defer close(f.more) // whatever becomes of write
		err = write(f)
	}()
	if found = wait(); err != nil && errors.Is(found, errStopped) {
		found = nil
	}
	return found, err
}

// Write implements io.Writer.
func (f *follower) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = f.dst.Write(b[n:min(len(b), n+chunk)])
		n, f.written = n+k, f.written+int64(k)
		select {
		case f.more <- f.written:
		case <-f.ended:
			return n, errStopped
		}
	}
	return n, err
}
