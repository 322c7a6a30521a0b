// Package recode opens pictures whose coded data cannot be edited in parts: they
// are decoded, painted over and coded anew. What the encoder sees is the painted
// pixels alone, so nothing of what is under a covered area reaches the new file.
package recode

import (
	"context"
	"errors"
	"fmt"
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// formats are those that are covered in this way, and what becomes of them.
var formats = map[string]string{"webp": "webp", "avif": "avif", "jxl": "jxl", "heic": "jpeg", "heif": "jpeg"}

// Covered is the name of the format that a picture of a format has after areas of it
// were covered; empty where this package covers none. Where the encoder cannot
// state the colours of a picture, it becomes a JPEG or a PNG all the same.
func Covered(format string) string { return formats[format] }

// block is how many pixels wide and high the blocks are that are covered as a
// whole in pictures that were coded with loss: chroma and transforms spread what
// is in an area over its neighbours.
const block = 8

// Canvas is a decoded picture. It implements plan.Canvas and plan.Cropper.
type Canvas struct {
	ctx  context.Context
	pic  *pix.Picture
	new  bool            // a JPEG or PNG, not a file of the same format
	part image.Rectangle // what it is cut to; empty: nothing is cut off
}

// Open decodes a picture whose areas are to be covered. The new file has the
// format of the old one, as far as [Covered] says so. An animation is
// meta.ErrNoCover.
func Open(w *rd.Window, _ meta.Policy) (plan.Canvas, error) {
	c, err := open(w)
	if errors.Is(err, meta.ErrUnsupported) { // for decoding; cleaning may go well
		return nil, fmt.Errorf("covering areas: %w: %w", meta.ErrNoCover, err)
	}
	if err != nil {
		return nil, err
	}
	if c.pic.Animated {
		return nil, fmt.Errorf("%s: covering areas of an animation: %w: %w", c.pic.Format, meta.ErrNoCover, meta.ErrUnsupported)
	}
	return c, nil
}

// Anew decodes a picture to make a new JPEG or PNG of it.
func Anew(w *rd.Window) (*Canvas, error) {
	c, err := open(w)
	if err == nil {
		c.new = true
	}
	return c, err
}

// Shower is a canvas that shows a picture of a kind that the decoders here do not know.
type Shower interface {
	plan.Canvas
	// Whole is the picture at its own size, as it is stored, and transparent where it
	// is; its ICC profile, if it has one, its Exif orientation, and how many there are
	// of which it is the first.
	Whole() (m *image.NRGBA, profile []byte, orientation, frames int, err error)
	// Lossless says that the samples were coded as they are.
	Lossless() bool
}

// AnewFrom takes what a canvas shows, to make a new picture of it.
func AnewFrom(ctx context.Context, s Shower, format string) (*Canvas, error) {
	m, profile, orientation, frames, err := s.Whole()
	if err != nil {
		return nil, err
	}
	p := pix.Seen(m, format, profile, orientation, frames > 1)
	p.Lossless = s.Lossless()
	return &Canvas{ctx: ctx, pic: p, new: true}, nil
}

func open(w *rd.Window) (*Canvas, error) {
	pic, err := pix.Decode(w.Context(), source{w}, w.Size())
	if err != nil {
		return nil, err
	}
	return &Canvas{ctx: w.Context(), pic: pic}, nil
}

// source reads a window as decoders do.
type source struct{ w *rd.Window }

// ReadAt implements io.ReaderAt.
func (s source) ReadAt(b []byte, off int64) (int, error) {
	for n := 0; n < len(b); {
		p, err := s.w.Page(off + int64(n))
		if err != nil {
			return n, err
		}
		n += copy(b[n:], p)
	}
	return len(b), nil
}

// turns bounds how many pictures are decoded as a whole at the same time, whatever
// the number of workers: each takes up to thirty bytes a pixel.
var turns = make(chan struct{}, 2)

// Turn waits until there is memory for one more picture. done gives it back.
func Turn(ctx context.Context) (done func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Format is the name of the format that the picture was in.
func (c *Canvas) Format() string { return c.pic.Format }

// Animated says that the picture is the first of several frames.
func (c *Canvas) Animated() bool { return c.pic.Animated }

// See implements plan.Canvas. The picture is upright already.
func (c *Canvas) See(int) (image.Image, image.Point, int) {
	return c.pic.NRGBA, c.pic.Rect.Size(), 1
}

// Crop implements plan.Cropper: a picture that is coded anew is cut exactly.
func (c *Canvas) Crop(part image.Rectangle) (image.Rectangle, error) {
	if c.part = part.Intersect(c.pic.Rect); c.part.Empty() {
		size := c.pic.Rect.Size()
		return part, fmt.Errorf("%s: part at %d,%d of a picture of %d by %d: %w", c.pic.Format, part.Min.X, part.Min.Y, size.X, size.Y, meta.ErrNoArea)
	}
	return c.part, nil
}

// Cover implements plan.Canvas. Without regions it is the new file with nothing covered.
func (c *Canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	side := block
	if c.pic.Lossless {
		side = 1
	}
	size := c.pic.Rect.Size()
	cover, missed := paint.NewBlockCover(regions, style, size.X, size.Y, side)
	if missed >= 0 {
		g := regions[missed]
		return nil, fmt.Errorf("%s: area at %d,%d of a picture of %d by %d: %w", c.pic.Format, g.X, g.Y, size.X, size.Y, meta.ErrNoArea)
	}
	r := &paint.Raster{W: size.X, H: size.Y, Channels: 4, Bytes: 1, Alpha: 3, Pix: c.pic.Pix}
	if !c.part.Empty() { // before anything is painted: what is cut off is an input to nothing
		cover, r = cover.Cut(c.part), r.Cut(c.part)
		c.pic.NRGBA = &image.NRGBA{Pix: r.Pix, Stride: 4 * r.W, Rect: image.Rect(0, 0, r.W, r.H)}
	}
	cover.Paint(r)
	out, err := c.encode()
	if err == nil {
		err = c.check(out)
	}
	if errors.Is(err, errLoss) { // colours that change from pixel to pixel
		c.pic.Lossless = true
		if out, err = c.encode(); err == nil {
			err = c.check(out)
		}
	}
	return out, err
}

func (c *Canvas) encode() ([]byte, error) {
	if c.new {
		return c.pic.New()
	}
	return c.pic.Same(c.ctx)
}

// Bounds of what coding with loss may change, as means over all samples.
const maxLoss = 6

// errLoss is for a new file that is not near enough to what was painted.
var errLoss = fmt.Errorf("the new picture is not what was painted: %w", meta.ErrUnverified)

// check decodes the new file and compares it with what was painted. From then on
// it is what See shows.
func (c *Canvas) check(out []byte) error {
	again, err := pix.Decode(c.ctx, rd.Held(out), int64(len(out)))
	if err != nil {
		return fmt.Errorf("%s: reading the new picture again: %w: %w", c.pic.Format, meta.ErrUnverified, err)
	}
	if again.Rect != c.pic.Rect {
		return fmt.Errorf("%s: the new picture has %v pixels instead of %v: %w", c.pic.Format, again.Rect.Max, c.pic.Rect.Max, meta.ErrUnverified)
	}
	sum, most := 0, 0
	for i, v := range c.pic.Pix {
		if c.pic.Pix[i|3] == 255 || i&3 == 3 {
			d := int(v) - int(again.Pix[i])
			sum, most = sum+max(d, -d), max(most, d, -d)
		}
	}
	if again.Lossless && c.pic.Lossless && most > 0 || sum > maxLoss*len(c.pic.Pix) {
		return fmt.Errorf("%s: %w", c.pic.Format, errLoss)
	}
	c.pic = again
	return nil
}
