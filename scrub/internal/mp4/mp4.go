// Package mp4 plans the cleaning of MP4, 3GP and QuickTime films (ISO/IEC
// 14496-12 and -14, QuickTime File Format) at the level of boxes. Of the movie
// header what playing needs is written anew in exact form; of the media data
// exactly the samples of the tracks that stay are copied, as they are.
package mp4

import (
	"fmt"
	"slices"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// MP4 is MPEG-4 and 3GPP video.
var MP4 = plan.Format{
	Name:  "mp4",
	Exts:  []string{".mp4", ".m4v", ".3gp", ".3g2", ".lrv", ".insv"},
	Sniff: func(h []byte) bool { return sniff(h) == isMP4 },
	Parse: parse,
}

// MOV is QuickTime video.
var MOV = plan.Format{
	Name:  "mov",
	Exts:  []string{".mov", ".qt"},
	Sniff: func(h []byte) bool { return sniff(h) == isMOV },
	Parse: parse,
}

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	f := &film{w: w, pol: pol, out: plan.New(w.Size()), defaults: map[uint32]*defaults{}}
	f.seen, f.room = map[string]bool{}, 4*w.Limits().Block
	for _, step := range []func() error{f.survey, f.choose, f.locate, f.write} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("mp4: %w", err)
		}
	}
	f.out.Findings = f.report()
	return f.out, nil
}

// film is a file on its way: looked at first, then written.
type film struct {
	w   *rd.Window
	pol meta.Policy
	out *plan.Plan
	findings

	moov      box.Box
	scale     int64 // units of the movie header a second
	fragments bool  // there are movie fragments
	end       int64 // of the boxes; what follows is a trailer
	tracks    []*track
	defaults  map[uint32]*defaults // of the fragments, by track
	media     []plan.Span          // the samples that stay, in the order of the file
	unused    int64                // bytes of samples that go with their tracks

	pos      int64 // what lies before it is in the plan
	hollow   bool  // an empty box of media data is in the plan
	sequence uint32
	said     int // findings so far when the box in hand began
}

// survey finds the movie header and where the boxes end.
func (f *film) survey() error {
	f.end = f.w.Size()
	err := f.top(f.end, func(b box.Box) error {
		switch b.Type {
		case "moov":
			if f.moov.Size > 0 {
				return fmt.Errorf("second movie header at %d: %w", b.Off, meta.ErrMalformed)
			}
			f.moov = b
			return f.readMovie(b)
		case "moof":
			f.fragments = true
		}
		return nil
	})
	if err == nil && f.moov.Size == 0 {
		return fmt.Errorf("no movie header: %w", meta.ErrMalformed)
	}
	return err
}

// top walks the boxes of the file up to end. Behind the movie header something
// that is no box ends them: makers put trailers there.
func (f *film) top(end int64, each func(box.Box) error) error {
	for off, n := int64(0), 0; off < end; n++ {
		if n >= f.w.Limits().Items {
			return fmt.Errorf("box at %d: more than %d: %w", off, n, meta.ErrLimit)
		}
		b, err := box.At(f.w, off, f.w.Size())
		if (err != nil || !isName(b.Type)) && f.moov.Size > 0 && off > f.moov.Off && !f.known(off) {
			f.end = off
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(b); err != nil {
			return err
		}
		off = b.End()
	}
	return nil
}

// known reports whether a box that playing may need seems to begin at off.
func (f *film) known(off int64) bool {
	h, err := f.w.Peek(off, 8)
	return err == nil && slices.Contains([]string{"mdat", "moof", "moov", "ftyp"}, string(h[4:]))
}

// isName reports whether t can be the type of a box.
func isName(t string) bool {
	for _, c := range []byte(t) {
		if (c < ' ' || c > '~') && c != 0xA9 {
			return false
		}
	}
	return true
}

// locate collects where the samples of the tracks that stay lie.
func (f *film) locate() error {
	n := 0
	for _, t := range f.tracks {
		if t.keep {
			n += int(t.parts[t.offsets].Len() / int64(t.width()))
		}
	}
	if n > f.w.Limits().Items {
		return fmt.Errorf("%d chunks: %w", n, meta.ErrLimit)
	}
	f.media = make([]plan.Span, 0, n)
	for _, t := range f.tracks {
		if err := f.chunks(t); err != nil {
			return fmt.Errorf("track %d: %w", t.id, err)
		}
	}
	if f.fragments {
		f.fragments = false // until there is one that stays
		if err := f.top(f.end, f.readFragment); err != nil {
			return err
		}
	}
	slices.SortFunc(f.media, func(a, b plan.Span) int {
		if a.Off < b.Off {
			return -1
		}
		if a.Off > b.Off {
			return 1
		}
		return 0
	})
	merged := f.media[:0]
	for _, s := range f.media {
		if k := len(merged) - 1; k >= 0 && s.Off <= merged[k].End() {
			merged[k].Len = max(merged[k].End(), s.End()) - merged[k].Off
		} else {
			merged = append(merged, s)
		}
	}
	f.media = merged
	return nil
}

// sample adds a run of samples that stay.
func (f *film) sample(off, n int64) error {
	if n > f.w.Size() || off > f.w.Size()-n {
		return fmt.Errorf("samples at %d: %w", off, meta.Truncated)
	}
	if k := len(f.media) - 1; k >= 0 && f.media[k].End() == off {
		f.media[k].Len += n
		return nil
	}
	if len(f.media) >= f.w.Limits().Items {
		return fmt.Errorf("more than %d runs of samples: %w", len(f.media), meta.ErrLimit)
	}
	f.media = append(f.media, plan.Span{Off: off, Len: n})
	return nil
}

// write goes through the file again and fills the plan.
func (f *film) write() error {
	first := true
	left, gaps := f.media, int64(0)
	err := f.top(f.end, func(b box.Box) error {
		f.said = f.removed
		if len(left) > 0 && b.Type != "mdat" && left[0].Off < b.End() {
			return fmt.Errorf("samples at %d lie in a box %q: %w", left[0].Off, meta.Show(b.Type), meta.ErrMalformed)
		}
		switch {
		case b.Type == "ftyp" && first:
			first = false
			return f.brands(b)
		case b.Type == "moov":
			return f.writeMovie(b)
		case b.Type == "moof":
			return f.writeFragment(b, left)
		case b.Type == "mdat":
			n := 0
			for n < len(left) && left[n].Off < b.End() {
				n++
			}
			gap, err := f.writeMedia(b, left[:n])
			left, gaps = left[n:], gaps+gap
			return err
		}
		return f.drop(b, "file")
	})
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("samples at %d lie in no box: %w", left[0].Off, meta.ErrMalformed)
	}
	if gaps -= f.unused; gaps > 0 {
		f.gone(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "mdat box", Size: gaps})
	}
	if n := f.w.Size() - f.end; n > 0 {
		f.gone(trailer.Describe(f.w, f.end, n)...)
	}
	f.skip(f.w.Size())
	return nil
}

// writeMedia writes the runs of samples in a box of media data and returns how
// many of its bytes go.
func (f *film) writeMedia(b box.Box, runs []plan.Span) (int64, error) {
	n := int64(0)
	for _, r := range runs {
		if r.Off < b.Data() || r.End() > b.End() {
			return 0, fmt.Errorf("samples at %d reach out of their box: %w", r.Off, meta.ErrMalformed)
		}
		n += r.Len
	}
	f.skip(b.Off)
	if n == 0 && (len(f.media) > 0 || f.fragments || f.hollow) {
		return b.Len(), nil
	}
	f.hollow = n == 0 // a film without a sample keeps one empty box: to readers one without is cut off
	head := be32(nil, 8+n)
	if 8+n > 1<<32-1 {
		head = be64(append(be32(nil, 1), "mdat"...), 16+n)
	} else {
		head = append(head, "mdat"...)
	}
	f.emit(b.Off, b.Head, head)
	for _, r := range runs {
		f.skip(r.Off)
		f.out.Picture(r.Off, r.Len)
		f.pos = r.End()
	}
	return b.Len() - n, nil
}

// skip leaves out what lies between the plan and off.
func (f *film) skip(off int64) {
	f.out.Drop(f.pos, off-f.pos)
	f.pos = off
}

// emit writes lit in place of n bytes at off, as they are where they are the same.
func (f *film) emit(off, n int64, lit []byte, refs ...plan.Ref) {
	f.skip(off)
	same := false
	if n == int64(len(lit)) {
		same, _ = f.w.Equal(off, lit) // what cannot be read is not the same
	}
	if same && len(refs) == 0 {
		f.out.Keep(off, n)
	} else {
		f.out.Replace(off, n, lit, refs...)
	}
	f.pos = off + n
	f.changed = f.changed || !same && len(refs) == 0
}

// put writes lit in place of a box. A change that nothing was said about yet is
// surplus.
func (f *film) put(b box.Box, lit []byte) {
	f.emit(b.Off, b.Size, lit)
	if same, _ := f.w.Equal(b.Off, lit); (!same || b.Size != int64(len(lit))) && f.removed == f.said {
		f.gone(meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: b.Type + " box", Size: max(b.Size-int64(len(lit)), 0)})
	}
}

// container writes the head of a box, what each does with its boxes, and the
// size that comes of it.
func (f *film) container(b box.Box, each func(box.Box) error) error {
	f.skip(b.Off)
	head := append(make([]byte, 4), b.Type...)
	size := plan.Ref{Width: 4, Order: order, From: b.Off, To: b.End(), Edge: true}
	f.out.Replace(b.Off, b.Head, head, size)
	f.changed = f.changed || b.Open
	f.pos = b.Data()
	err := f.children(b, func(c box.Box) error {
		f.said = f.removed
		return each(c)
	})
	f.skip(b.End())
	return err
}

// children walks the boxes in b. QuickTime ends some lists with four zeros.
func (f *film) children(b box.Box, each func(box.Box) error) error {
	end := b.End()
	if b.Len() >= 4 {
		h, err := f.w.Peek(end-4, 4)
		if err != nil {
			return err
		}
		if order.Uint32(h) == 0 && !f.ends(b) {
			end -= 4
		}
	}
	return box.Walk(f.w, b.Data(), end, each)
}

// ends reports whether boxes end exactly where b does.
func (f *film) ends(b box.Box) bool {
	return box.Walk(f.w, b.Data(), b.End(), func(box.Box) error { return nil }) == nil
}
