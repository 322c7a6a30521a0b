package tiff

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"slices"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// canvas is a file that is opened to be covered. Its samples are decoded when
// they are first asked for.
type canvas struct {
	w      *rd.Window
	pol    meta.Policy
	f      *file
	pages  []*page
	covers []*cover
}

// openCanvas opens a file to be covered. Kinds of pictures that cannot be, and
// pages of several sizes, are meta.ErrUnsupported.
func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) {
	f, pages, _, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		if err := p.coverable(); err != nil {
			return nil, err
		}
		if p.upright() != pages[0].upright() {
			return nil, fmt.Errorf("tiff: covering areas of pages of several sizes: %w: %w", meta.ErrNoCover, meta.ErrUnsupported)
		}
	}
	if total := pages[0].width * pages[0].height * int64(len(pages)); total > maxCovered/4 {
		return nil, fmt.Errorf("tiff: covering areas of %d pixels on %d pages: %w", total, len(pages), meta.ErrLimit)
	}
	return &canvas{w: w, pol: pol, f: f, pages: pages}, nil
}

// decode reads the samples, if that was not done yet.
func (c *canvas) decode() error {
	if c.covers != nil {
		return nil
	}
	var covers []*cover
	for _, p := range c.pages {
		r, err := p.raster()
		if err != nil {
			return err
		}
		covers = append(covers, &cover{p: p, r: r})
	}
	c.covers = covers
	return nil
}

// Cover implements plan.Canvas: the regions are painted over on every page.
// Samples outside of them stay as they are; they are written anew in strips,
// uncompressed if they were, else by Deflate.
func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	if err := c.decode(); err != nil {
		return nil, err
	}
	for _, p := range c.covers {
		p.before, p.brush = bytes.Clone(p.r.pix), paint.Brush{Style: style}
		if err := p.paint(regions); err != nil {
			return nil, err
		}
	}
	out, err := c.f.rewrite(c.covers)
	if err != nil {
		return nil, err
	}
	return out, c.check(out)
}

// upright is the size of the page as it is shown.
func (p *page) upright() image.Point {
	if p.orientation() >= 5 {
		return image.Pt(int(p.height), int(p.width))
	}
	return image.Pt(int(p.width), int(p.height))
}

// cover is a page that is being covered.
type cover struct {
	p      *page
	r      *raster
	before []byte
	hidden []bool // by pixel
	brush  paint.Brush
}

// margin is how far around an area the surroundings are looked at, in pixels.
const margin = 2

// paint covers the regions. What is under an area is rebuilt in every channel;
// alpha becomes opaque there, for a hole tells a shape. A region that covers no
// pixel is meta.ErrNoArea.
func (c *cover) paint(regions []paint.Region) error {
	c.hidden = make([]bool, c.r.w*c.r.h)
	var frames []image.Rectangle
	for _, g := range regions {
		g = g.Stored(c.p.orientation(), c.r.w, c.r.h)
		touched := false
		for y := max(g.Y, 0); y < min(g.Y+g.H, c.r.h); y++ {
			for x := max(g.X, 0); x < min(g.X+g.W, c.r.w); x++ {
				if g.Touches(x, y, 1, 1) {
					c.hidden[y*c.r.w+x], touched = true, true
				}
			}
		}
		if !touched {
			return fmt.Errorf("tiff: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, c.r.w, c.r.h, meta.ErrNoArea)
		}
		c.brush.Regions = append(c.brush.Regions, g)
		frames = join(frames, image.Rect(g.X-margin, g.Y-margin, g.X+g.W+margin, g.Y+g.H+margin).Intersect(image.Rect(0, 0, c.r.w, c.r.h)))
	}
	var colours palette
	if c.p.photometric == photoPalette {
		colours = c.onlyOutside()
	}
	for _, f := range frames {
		if colours != nil {
			c.indexed(f, colours)
			continue
		}
		for ch := range c.r.channels {
			c.channel(f, ch)
		}
	}
	return nil
}

// join adds a frame to others; those that meet become one, for an area must not
// be rebuilt from another one that is still to be covered.
func join(frames []image.Rectangle, f image.Rectangle) []image.Rectangle {
	for i := 0; i < len(frames); i++ {
		if f.Overlaps(frames[i]) {
			f = f.Union(frames[i])
			frames = slices.Delete(frames, i, i+1)
			i = -1
		}
	}
	return append(frames, f)
}

// patch is the frame in which what is hidden is painted from what is not; known
// gives the tone of a pixel, from 0 to 255.
func (c *cover) patch(f image.Rectangle, known func(x, y int) int32) *paint.Patch {
	patch := paint.NewPatch(f.Dx(), f.Dy())
	for y := range f.Dy() {
		for x := range f.Dx() {
			if !c.hidden[(f.Min.Y+y)*c.r.w+f.Min.X+x] {
				patch.Set(x, y, known(f.Min.X+x, f.Min.Y+y))
			}
		}
	}
	c.brush.Paint(patch, f.Min.X, f.Min.Y, 1, 1)
	return patch
}

// each calls set for the hidden pixels of a frame.
func (c *cover) each(f image.Rectangle, set func(x, y int)) {
	for y := f.Min.Y; y < f.Max.Y; y++ {
		for x := f.Min.X; x < f.Max.X; x++ {
			if c.hidden[y*c.r.w+x] {
				set(x, y)
			}
		}
	}
}

// channel paints one channel. The high byte of a sample is enough to paint with,
// and stands twice in one of 16 bits: 0xabab is 0xab of 0xff.
func (c *cover) channel(f image.Rectangle, ch int) {
	most := int32(1)<<min(c.r.bits, 8) - 1
	// In print colours, and where white is zero, more is darker.
	flip := int32(0)
	if c.p.photometric == 0 || c.p.photometric == photoCMYK {
		flip = 255
	}
	patch := c.patch(f, func(x, y int) int32 {
		return abs(flip - int32(c.r.pix[c.r.at(x, y, ch)])*255/most)
	})
	alpha := c.p.alpha(ch)
	c.each(f, func(x, y int) {
		v := abs(flip - patch.At(x-f.Min.X, y-f.Min.Y))
		if alpha {
			v = 255
		}
		at := c.r.at(x, y, ch)
		for k := range c.r.bytes {
			c.r.pix[at+k] = byte((v*most + 127) / 255)
		}
	})
}

func abs(v int32) int32 { return max(v, -v) }

// alpha reports whether a channel says how opaque a pixel is.
func (p *page) alpha(ch int) bool {
	for _, e := range p.fields {
		if e.tag == tagExtra {
			i := ch - int(p.samples) + len(e.vals)
			return i >= 0 && e.vals[i] != 0
		}
	}
	return false
}

// palette is the colours of a page: three bytes each.
type palette [][3]byte

// palette returns the colours of a page that has one.
func (p *page) palette() palette {
	out := make(palette, 1<<p.bits)
	for _, e := range p.fields {
		for i := 0; e.tag == tagColorMap && i < len(e.vals); i++ {
			out[i%len(out)][i/len(out)] = byte(e.vals[i] >> 8)
		}
	}
	return out
}

// onlyOutside makes the colours black that no pixel outside the areas has: they
// would tell what is under them. They are not painted with.
func (c *cover) onlyOutside() palette {
	used := make([]bool, 1<<c.p.bits)
	for i, hidden := range c.hidden {
		if !hidden {
			used[c.r.pix[i]] = true
		}
	}
	for k := range c.p.fields {
		e := &c.p.fields[k]
		if e.tag != tagColorMap {
			continue
		}
		e.vals = slices.Clone(e.vals)
		for i := range e.vals {
			if !used[i%len(used)] {
				e.vals[i] = 0
			}
		}
	}
	out := c.p.palette()
	for i := range out {
		if !used[i] && i > 0 {
			out[i] = out[0] // the first of equal colours is taken
		}
	}
	return out
}

// indexed paints a frame of a page with a palette, in the nearest of its colours.
func (c *cover) indexed(f image.Rectangle, colours palette) {
	var planes [3]*paint.Patch
	for ch := range planes {
		planes[ch] = c.patch(f, func(x, y int) int32 { return int32(colours[c.r.pix[c.r.at(x, y, 0)]][ch]) })
	}
	c.each(f, func(x, y int) {
		best, least := 0, int32(1<<30)
		for i, k := range colours {
			d := int32(0)
			for ch := range planes {
				e := planes[ch].At(x-f.Min.X, y-f.Min.Y) - int32(k[ch])
				d += e * e
			}
			if d < least {
				best, least = i, d
			}
		}
		c.r.pix[c.r.at(x, y, 0)] = byte(best)
	})
}

// rewrite is a file of the covered pages, in strips.
func (f *file) rewrite(covers []*cover) ([]byte, error) {
	g := &file{w: f.w, o: f.o, big: f.big}
	var data [][]byte
	var fresh []*page
	for _, c := range covers {
		p, r := c.p, c.r
		stride := (r.w*r.channels*r.bits + 7) / 8
		rows := min(max((1<<18)/stride, 1), r.h)
		q := &page{f: g, credit: p.credit, profile: p.profile}
		for _, e := range p.fields {
			switch e.tag {
			case tagPlanar, tagTileWidth, tagTileHeight, tagRows, tagFillOrder, tagPredictor, tagCompression:
			default:
				q.fields = append(q.fields, e)
			}
		}
		compression := uint64(compNone)
		if p.compression != compNone {
			compression = compDeflate
		}
		q.fields = append(q.fields, entry{tag: tagRows, typ: typeLong, vals: []uint64{uint64(rows)}}, entry{tag: tagCompression, typ: typeShort, vals: []uint64{compression}})
		for y := 0; y < r.h; y += rows {
			b := f.pack(r, y, min(rows, r.h-y), stride)
			if compression == compDeflate {
				var z bytes.Buffer
				zw := zlib.NewWriter(&z)
				if _, err := zw.Write(b); err != nil {
					return nil, err
				}
				if err := zw.Close(); err != nil {
					return nil, err
				}
				b = z.Bytes()
			}
			data = append(data, b)
			q.parts = append(q.parts, part{1, int64(len(b))})
		}
		fresh = append(fresh, q)
	}
	lit, _, err := g.front(fresh)
	if err != nil {
		return nil, err
	}
	at := int64(len(lit)) // which does not depend on where the strips are
	for _, q := range fresh {
		for i := range q.parts {
			q.parts[i].off = at
			at += q.parts[i].n
		}
	}
	if lit, _, err = g.front(fresh); err != nil {
		return nil, err
	}
	return slices.Concat(append([][]byte{lit}, data...)...), nil
}

// pack is rows of samples from y on, as they lie without compression.
func (f *file) pack(r *raster, y, rows, stride int) []byte {
	out := make([]byte, rows*stride)
	per := r.w * r.channels
	for v := range rows {
		src, dst := r.pix[(y+v)*per*r.bytes:][:per*r.bytes], out[v*stride:][:stride]
		for i := range per {
			switch r.bits {
			case 16:
				f.o.PutUint16(dst[2*i:], uint16(src[2*i])<<8|uint16(src[2*i+1]))
			case 8:
				dst[i] = src[i]
			default:
				dst[i*r.bits/8] |= src[i] << (8 - r.bits - i*r.bits%8)
			}
		}
	}
	return out
}

// check reads the new file and compares it with what was painted, and its
// outside with the source.
func (c *canvas) check(out []byte) error {
	_, pages, _, err := read(rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits()), c.pol)
	if err != nil {
		return fmt.Errorf("%w: %w", meta.ErrUnverified, err)
	}
	if len(pages) != len(c.covers) {
		return fmt.Errorf("%w: %d pages became %d", meta.ErrUnverified, len(c.covers), len(pages))
	}
	for i, c := range c.covers {
		again, err := pages[i].raster()
		if err != nil {
			return fmt.Errorf("%w: %w", meta.ErrUnverified, err)
		}
		if !bytes.Equal(again.pix, c.r.pix) {
			return fmt.Errorf("%w: the covered picture is not what was painted", meta.ErrUnverified)
		}
		n := c.r.channels * c.r.bytes
		for k, hidden := range c.hidden {
			if !hidden && !bytes.Equal(c.before[k*n:(k+1)*n], again.pix[k*n:(k+1)*n]) {
				return fmt.Errorf("tiff: covering changed what is outside: %w", meta.ErrInternal)
			}
		}
	}
	return nil
}
