package gif

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Cover paints over regions of every composed frame and returns a new file that
// is clean. What is shown outside the regions stays as it is. Frames, palettes
// and codes are made anew from what is then shown; how many frames there are and
// how long each is shown stays.
func Cover(w *rd.Window, _ meta.Policy, regions []paint.Region, style paint.Style) ([]byte, error) {
	f, err := open(w)
	if err != nil {
		return nil, err
	}
	cover, missed := paint.NewCover(regions, style, f.size.Dx(), f.size.Dy())
	if missed >= 0 {
		g := regions[missed]
		return nil, fmt.Errorf("gif: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, f.size.Dx(), f.size.Dy(), meta.ErrNoArea)
	}
	c := &coverer{film: f, cover: cover, seed: maphash.MakeSeed()}
	if err := f.play(c.look); err != nil {
		return nil, err
	}
	if err := f.play(c.frame); err != nil {
		return nil, err
	}
	out := append(c.out, introTrailer)
	return out, c.check(out)
}

// coverer writes a film anew with its areas covered.
type coverer struct {
	*film
	cover  *paint.Cover
	last   *paint.Raster // what was shown before
	clears bool          // something that was shown is taken away again
	global []byte        // the palette of the first frame
	out    []byte
	seed   maphash.Seed
	sums   []uint64 // of what is shown
}

// look finds out, from what is outside the areas, whether pixels become
// transparent that were not. Only a frame that is cleared away can do that.
func (c *coverer) look(_ int, m *paint.Raster) error {
	if c.last == nil {
		c.last = m.Clone()
		return nil
	}
	for i, covered := range c.cover.Pixels {
		if !covered && m.Pix[4*i+3] == 0 && c.last.Pix[4*i+3] != 0 {
			c.clears = true
			break
		}
	}
	copy(c.last.Pix, m.Pix)
	return nil
}

// frame covers a composed frame and writes it: what changed of it, or all of it
// where frames are cleared away.
func (c *coverer) frame(i int, m *paint.Raster) error {
	now := m.Clone()
	c.cover.Paint(now)
	if !c.cover.SameOutside(m, now) {
		return fmt.Errorf("gif: covering changed what is outside: %w", meta.ErrInternal)
	}
	if i == 0 {
		c.last = nil
	}
	changed := c.changed(now)
	rect := c.bounds(changed)
	s := still{rect: rect, delay: c.frames[i].control.delay(), dispose: 1}
	if c.clears {
		s.dispose = disposeBackground
	}
	if len(c.frames) == 1 {
		s.dispose = 0
	}
	outside, inside := c.colours(now, rect, changed)
	if s.palette = paint.NewPalette(outside, inside, 256); s.palette == nil {
		return fmt.Errorf("gif: covering areas of an animation with more than 256 colours in frame %d: %w: %w", i, meta.ErrNoCover, meta.ErrUnsupported)
	}
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		for x := rect.Min.X; x < rect.Max.X; x++ {
			if k := y*now.W + x; !changed[k] {
				s.pix = append(s.pix, 0) // the transparent one
			} else {
				index := s.palette.Index(paint.Colour(now.Pix[4*k : 4*k+4]))
				s.pix = append(s.pix, byte(index))
				copy(now.Pix[4*k:], s.palette.Colours[index][:])
			}
		}
	}
	if i == 0 {
		c.global = s.table()
		c.head()
	}
	var err error
	c.out, err = s.appendTo(c.out, c.global)
	c.last = now
	c.sums = append(c.sums, maphash.Bytes(c.seed, now.Pix))
	return err
}

// closeBy is how far a colour of a cover may be from the one before, in each
// channel, without being drawn anew: full palettes would make covers flicker.
const closeBy = 10

// changed says which pixels are to be drawn.
func (c *coverer) changed(now *paint.Raster) []bool {
	out := make([]bool, now.W*now.H)
	for k := range out {
		p := now.Pix[4*k : 4*k+4]
		if c.last == nil || c.clears {
			out[k] = p[3] != 0
			continue
		}
		before := c.last.Pix[4*k : 4*k+4]
		if c.cover.Pixels[k] && near(p, before) {
			copy(p, before)
		}
		out[k] = string(p) != string(before)
	}
	return out
}

func near(a, b []byte) bool {
	for i := range a {
		if d := int(a[i]) - int(b[i]); d > closeBy || d < -closeBy {
			return false
		}
	}
	return true
}

// bounds is the rectangle that is drawn, one pixel at least.
func (c *coverer) bounds(changed []bool) image.Rectangle {
	if c.last == nil || c.clears {
		return c.size
	}
	r := image.Rectangle{}
	for k, is := range changed {
		if is {
			x, y := k%c.size.Dx(), k/c.size.Dx()
			r = r.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// colours are those that are drawn, outside the areas and inside.
func (c *coverer) colours(now *paint.Raster, rect image.Rectangle, changed []bool) (outside map[paint.Colour]bool, inside map[paint.Colour]int) {
	outside, inside = map[paint.Colour]bool{}, map[paint.Colour]int{}
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		for x := rect.Min.X; x < rect.Max.X; x++ {
			k := y*now.W + x
			v := paint.Colour(now.Pix[4*k : 4*k+4])
			switch {
			case !changed[k]:
				outside[paint.Colour{}] = true
			case c.cover.Pixels[k]:
				inside[v]++
			default:
				outside[v] = true
			}
		}
	}
	return outside, inside
}

// head writes the screen.
func (c *coverer) head() {
	le := binary.LittleEndian
	c.out = le.AppendUint16([]byte("GIF89a"), uint16(c.size.Dx()))
	c.out = le.AppendUint16(c.out, uint16(c.size.Dy()))
	aspect := c.p.out.Pieces[c.p.head].Lit[6]
	c.out = append(c.out, 0x70|sizeBits(c.global), 0, aspect)
	c.out = append(append(c.out, c.global...), c.p.loop...)
}

// check plays the new file and compares it with what was painted.
func (c *coverer) check(out []byte) error {
	f, err := open(rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits()))
	if err != nil {
		return fmt.Errorf("gif: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	if len(f.frames) != len(c.frames) || f.size != c.size {
		return fmt.Errorf("gif: %d frames became %d: %w", len(c.frames), len(f.frames), meta.ErrUnverified)
	}
	err = f.play(func(i int, m *paint.Raster) error {
		if maphash.Bytes(c.seed, m.Pix) != c.sums[i] {
			return fmt.Errorf("frame %d is not what was painted", i)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("gif: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	return nil
}
