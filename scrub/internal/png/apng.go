package png

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// animation follows acTL, fcTL and fdAT (11.3.6, "Animation information") and
// says which of them belong to what viewers show.
type animation struct {
	frames  uint32 // of acTL; 0 where there is no animation
	control []byte // acTL in exact form
	seen    uint32 // fcTL chunks so far
	seq     uint32 // the next sequence number
	data    bool   // the current frame has picture data
	own     bool   // the picture of IDAT is the first frame, not only a stand-in
	past    bool   // frames beyond the number that acTL states have begun
}

// errAnimation is for an animation that does not fit together. Viewers show the
// picture of IDAT instead ("Error handling" of the APNG specification).
var errAnimation = fmt.Errorf("animation: %w", meta.ErrMalformed)

// start takes acTL, which counts only in front of the first IDAT.
func (a *animation) start(b []byte) error {
	if len(b) < 8 || binary.BigEndian.Uint32(b) == 0 || b[0] > 127 || b[4] > 127 {
		return fmt.Errorf("png: animation control with illegal values: %w", errAnimation)
	}
	if a.frames == 0 {
		a.frames, a.control = binary.BigEndian.Uint32(b), b[:8]
	}
	return nil
}

// frame takes fcTL and returns its data in exact form, nil for a frame beyond
// the number that acTL states.
func (a *animation) frame(h header, b []byte, beforeIDAT bool) ([]byte, error) {
	bad := func(what string) ([]byte, error) {
		return nil, fmt.Errorf("png: frame control %d: %s: %w", a.seen, what, errAnimation)
	}
	if a.seen >= a.frames {
		a.past = true
		return nil, nil
	}
	if len(b) < 26 {
		return bad("too short")
	}
	if binary.BigEndian.Uint32(b) != a.seq {
		return bad("out of sequence")
	}
	if a.seen > 0 && !a.data {
		return bad("the frame before it is empty")
	}
	be := binary.BigEndian
	w, hh, x, y := uint64(be.Uint32(b[4:])), uint64(be.Uint32(b[8:])), uint64(be.Uint32(b[12:])), uint64(be.Uint32(b[16:]))
	if w == 0 || hh == 0 || x+w > uint64(h.width) || y+hh > uint64(h.height) {
		return bad("outside the picture")
	}
	if beforeIDAT && (a.seen > 0 || x != 0 || y != 0 || w != uint64(h.width) || hh != uint64(h.height)) {
		return bad("not the whole picture")
	}
	if b[24] > 2 || b[25] > 1 {
		return bad("unknown way to dispose or blend")
	}
	a.own = a.own || beforeIDAT
	a.seen, a.seq, a.data = a.seen+1, a.seq+1, false
	return b[:26], nil
}

// part takes the sequence number of an fdAT chunk of n bytes and reports
// whether it belongs to a frame that is shown.
func (a *animation) part(seq uint32, n int64) (bool, error) {
	if a.seen == 0 || a.past {
		return false, nil
	}
	if n < 4 || seq != a.seq {
		return false, fmt.Errorf("png: frame data %d: out of sequence: %w", seq, errAnimation)
	}
	a.seq, a.data = a.seq+1, true
	return true, nil
}

// end checks that every frame that acTL promises is there.
func (a *animation) end() error {
	if a.frames > 0 && (a.seen < a.frames || !a.data) {
		return fmt.Errorf("png: %d of %d frames: %w", a.seen, a.frames, errAnimation)
	}
	return nil
}

// animation takes a chunk of an animation.
func (p *picture) animation(c chunk) error {
	b, err := p.w.Bytes(c.data(), min(c.n, 26))
	if err != nil {
		return err
	}
	var exact []byte
	switch {
	case !c.good || p.still:
	case c.typ == "acTL" && !p.idat && p.anim.frames == 0 && p.anim.seen == 0:
		if err := p.anim.start(b); err != nil {
			return err
		}
		if c.n > 8 {
			p.surplus(c, c.n-8)
		}
		p.out.Drop(c.off, c.end()-c.off) // written anew with the header
		return nil
	case c.typ == "fcTL":
		if exact, err = p.anim.frame(*p.header, b, !p.idat); err != nil {
			return err
		}
	case c.typ == "fdAT" && p.idat && len(b) >= 4:
		shown, err := p.anim.part(binary.BigEndian.Uint32(b), c.n)
		if err != nil {
			return err
		}
		if shown {
			p.out.Picture(c.off, c.end()-c.off)
			if k := len(p.frames) - 1; k == int(p.anim.seen)-1 {
				if p.parts++; p.parts <= maxParts+1 {
					p.frames[k].data = append(p.frames[k].data, plan.Span{Off: c.data() + 4, Len: c.n - 4})
				}
			}
			return nil
		}
	}
	if exact == nil {
		p.drop(c, nil)
		return nil
	}
	p.place()
	if p.parts <= maxParts && len(p.frames) < maxParts {
		p.frames = append(p.frames, frame{control: exact})
	}
	if c.n > 26 {
		p.surplus(c, c.n-26)
		p.out.Replace(c.off, c.end()-c.off, makeChunk("fcTL", exact))
	} else {
		p.out.Keep(c.off, c.end()-c.off)
	}
	return nil
}
