// Package gif plans the cleaning of GIF pictures and animations (GIF89a
// specification, 31 July 1990) at the level of blocks: the screen, its palette,
// the images with their controls and the number of repetitions stay in exact
// form, all else is dropped. Picture data is copied as it is; its codes are
// counted, not decoded, to know where it ends.
package gif

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"tabir/scrub/internal/lzw"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// Format is GIF with its animations.
var Format = plan.Format{
	Name:   "gif",
	Exts:   []string{".gif"},
	Sniff:  sniff,
	Parse:  parse,
	Skims:  true,
	Canvas: openCanvas,
}

func sniff(h []byte) bool {
	return strings.HasPrefix(string(h), "GIF87a") || strings.HasPrefix(string(h), "GIF89a")
}

// What begins a block (appendix A).
const (
	introExtension = 0x21
	introImage     = 0x2c
	introTrailer   = 0x3b
)

func parse(w *rd.Window, _ meta.Policy) (*plan.Plan, error) {
	p, err := read(w, nil)
	if err != nil {
		return nil, err
	}
	return p.out, nil
}

// picture is the state of a walk.
type picture struct {
	w    *rd.Window
	out  *plan.Plan
	each func(frame) error // is told of every image; may be nil
	done int64             // what lies before it is in the plan

	screen  screen
	head    int      // the piece of out that holds the screen descriptor
	repeat  int      // the piece of out that holds the loop block
	loop    []byte   // the loop block in exact form
	control *control // waits for its image
	codes   *lzw.Codes
	run     []byte // data that is being looked at
	frames  int
	whole   bool // the last image has all its pixels

	background bool  // some decoder may show the background
	outside    bool  // an image reaches beyond the screen
	spare      int64 // fields that mean nothing and were not zero
	surplus    int64 // bytes between and behind the parts
}

// screen is the logical screen descriptor (18) with its palette.
type screen struct {
	width, height      int
	flags              byte
	background, aspect byte
	palette            plan.Span
}

// read walks all blocks and plans their cleaning.
func read(w *rd.Window, each func(frame) error) (*picture, error) {
	b, err := w.Bytes(0, 13)
	if err != nil {
		return nil, fmt.Errorf("gif: header: %w", err)
	}
	if !sniff(b) {
		return nil, fmt.Errorf("gif: no signature: %w", meta.ErrMalformed)
	}
	le := binary.LittleEndian
	p := &picture{w: w, out: plan.New(w.Size()), each: each, codes: lzw.NewGIF()}
	p.screen = screen{int(le.Uint16(b[6:])), int(le.Uint16(b[8:])), b[10], b[11], b[12], plan.Span{Off: 13, Len: tableLen(b[10])}}
	if p.screen.palette.End() > w.Size() {
		return nil, fmt.Errorf("gif: palette: %w", meta.Truncated)
	}
	p.out.Keep(0, 6)
	p.head = len(p.out.Pieces)
	p.out.Replace(6, 7, bytes.Clone(b[6:13]))
	p.out.Keep(13, p.screen.palette.Len)
	p.repeat = len(p.out.Pieces)
	p.out.Insert(nil)
	p.done = p.screen.palette.End()
	end, err := p.blocks()
	if err != nil {
		return nil, err
	}
	p.finish()
	if tail := w.Size() - end; tail > 0 {
		p.out.Found(meta.Removed, trailer.Describe(w, end, tail)...)
		p.out.Drop(end, tail)
	}
	return p, nil
}

// tableLen is the number of bytes of a palette, by the flags of its descriptor.
func tableLen(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 * 2 << (flags & 7)
}

// blocks walks to the trailer, or to where decoders take it for granted, and
// returns the end of the file's content.
func (p *picture) blocks() (end int64, err error) {
	for off, n := p.done, 0; ; n++ {
		if n > p.w.Limits().Items {
			return 0, fmt.Errorf("gif: more than %d blocks: %w", p.w.Limits().Items, meta.ErrLimit)
		}
		if off == p.w.Size() {
			return off, p.close(off, false)
		}
		c, err := p.w.Byte(off)
		if err != nil {
			return 0, err
		}
		switch c {
		case introTrailer:
			return off + 1, p.close(off, true)
		case introImage:
			off, err = p.image(off)
		case introExtension:
			off, err = p.extension(off)
		default:
			var last bool
			if off, last, err = p.stray(off); err == nil && last {
				return off, p.close(off, false)
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// stray looks at what begins no block. Zeros before a block are skipped, as most
// decoders do. At anything else browsers stop, and so do we; but other decoders look
// on for an image, which begins with a comma: where there may be one the file is
// refused.
func (p *picture) stray(off int64) (next int64, last bool, err error) {
	end, err := p.zeros(off)
	if err != nil || end == p.w.Size() {
		return off, true, err
	}
	c, err := p.w.Byte(end)
	if err != nil || end > off && (c == introTrailer || c == introImage || c == introExtension) {
		p.surplus += end - off
		return end, false, err
	}
	image, err := p.w.Index(off, introImage)
	if err == nil && image >= 0 {
		err = fmt.Errorf("gif: no block begins at %d, and decoders go on differently: %w", off, meta.ErrMalformed)
	}
	return off, true, err
}

// zeros returns where the zeros at off end.
func (p *picture) zeros(off int64) (int64, error) {
	for {
		b, err := p.w.Page(off)
		if errors.Is(err, io.EOF) {
			return off, nil
		}
		if err != nil {
			return 0, err
		}
		rest := bytes.TrimLeft(b, "\x00")
		if off += int64(len(b) - len(rest)); len(rest) > 0 {
			return off, nil
		}
	}
}

// close ends the plan at off with the trailer, which is there or not.
func (p *picture) close(off int64, there bool) error {
	if p.frames == 0 {
		return fmt.Errorf("gif: no picture: %w", meta.Truncated)
	}
	if !there && !p.whole {
		return fmt.Errorf("gif: file ends at %d in its last picture: %w", off, meta.Truncated)
	}
	p.forget()
	p.upto(off)
	if there {
		p.out.Keep(off, 1)
	} else {
		p.out.Insert([]byte{introTrailer})
	}
	return nil
}

// upto drops what lies between the last kept block and off. Each part of it has
// a finding already.
func (p *picture) upto(off int64) {
	p.out.Drop(p.done, off-p.done)
	p.done = off
}

// exact keeps the bytes at off if they are b, and writes b in their place if not.
func (p *picture) exact(off, n int64, b []byte) error {
	same, err := p.w.Equal(off, b)
	if err != nil {
		return err
	}
	if same && n == int64(len(b)) {
		p.out.Keep(off, n)
	} else {
		p.out.Replace(off, n, b)
	}
	p.done = off + n
	return nil
}

// clear is a field that must be zero: it is counted where it was not.
func (p *picture) clear(v *byte, mask byte) {
	if *v&mask != 0 {
		p.spare++
		*v &^= mask
	}
}

// finish writes what is known only at the end and reports what was found all over.
func (p *picture) finish() {
	lit := p.out.Pieces[p.head].Lit
	if p.screen.palette.Len == 0 {
		p.clear(&lit[4], 0x0f)
	}
	p.clear(&lit[4], 0x08) // whether the palette is sorted
	if entries := p.screen.palette.Len / 3; !p.background || int64(lit[5]) >= entries {
		p.clear(&lit[5], 0xff)
	}
	if lit[6] == 49 { // (49 + 15) / 64: the pixels are square
		lit[6] = 0
	}
	p.out.Pieces[p.repeat].Lit = p.loop
	if p.surplus > 0 {
		p.out.Found(meta.Removed, meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "between the blocks", Size: p.surplus})
	}
	if p.spare > 0 {
		p.out.Found(meta.Removed, meta.Finding{Kind: meta.Settings, Label: meta.LabelSurplus, Where: "unused fields", Size: p.spare})
	}
	if p.outside {
		p.out.Found(meta.Stays, meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: "beyond the edge of the screen"})
	}
}
