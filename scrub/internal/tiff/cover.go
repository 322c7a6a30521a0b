package tiff

import (
	"bytes"
	"cmp"
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
	no     error // why it cannot be covered, but shown
}

// openCanvas opens a file to be covered. Kinds of pictures that cannot be, nor be
// shown, and pages of several sizes, are meta.ErrUnsupported.
func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) {
	f, pages, _, err := read(w, pol)
	if err != nil {
		return nil, err
	}
	c := &canvas{w: w, pol: pol, f: f, pages: pages}
	for i, p := range pages {
		if err := p.coverable(); err != nil {
			if i == 0 && !p.shows() || i > 0 && c.no == nil {
				return nil, err
			}
			c.no = cmp.Or(c.no, err)
			continue
		}
		if c.no == nil && p.upright() != pages[0].upright() {
			return nil, fmt.Errorf("tiff: covering areas of pages of several sizes: %w: %w", meta.ErrNoCover, meta.ErrUnsupported)
		}
	}
	if total := pages[0].width * pages[0].height * int64(len(pages)); total > maxCovered/4 {
		return nil, fmt.Errorf("tiff: covering areas of %d pixels on %d pages: %w", total, len(pages), meta.ErrLimit)
	}
	return c, nil
}

// decode reads the samples, if that was not done yet.
func (c *canvas) decode() error {
	if c.covers != nil {
		return nil
	}
	var covers []*cover
	pages := c.pages
	if c.no != nil {
		pages = pages[:1] // the one that is shown
	}
	for _, p := range pages {
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
	if c.no != nil {
		return nil, c.no
	}
	if err := c.decode(); err != nil {
		return nil, err
	}
	for _, p := range c.covers {
		if err := p.paint(regions, style); err != nil {
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
	p     *page
	r     *paint.Raster
	cover *paint.Cover
}

// paint covers the regions on the page. One that covers no pixel is meta.ErrNoArea.
func (c *cover) paint(regions []paint.Region, style paint.Style) error {
	stored := make([]paint.Region, len(regions))
	for i, g := range regions {
		stored[i] = g.Stored(c.p.orientation(), c.r.W, c.r.H)
	}
	var missed int
	if c.cover, missed = paint.NewCover(stored, style, c.r.W, c.r.H); missed >= 0 {
		g := regions[missed]
		return fmt.Errorf("tiff: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, c.r.W, c.r.H, meta.ErrNoArea)
	}
	before := c.r.Clone()
	if c.p.photometric == photoPalette {
		c.indexed()
	} else {
		c.samples()
	}
	if !c.cover.SameOutside(before, c.r) {
		return fmt.Errorf("tiff: covering changed what is outside: %w", meta.ErrInternal)
	}
	return nil
}

// samples covers a page whose samples are tones.
func (c *cover) samples() {
	r := c.r
	most := int(1)<<min(c.p.bits, 8) - 1
	// In print colours, and where white is zero, more is darker.
	flip := byte(0)
	if c.p.photometric == 0 || c.p.photometric == photoCMYK {
		flip = 255
	}
	tones := r // that are 0 where it is dark and 255 where it is bright
	if flip != 0 || most != 255 {
		tones = paint.NewRaster(r.W, r.H, r.Channels, 1, -1)
		for i := range tones.Pix {
			tones.Pix[i] = flip ^ byte(int(r.Pix[i*r.Bytes])*255/most)
		}
	}
	c.cover.Paint(tones)
	alpha := make([]bool, r.Channels) // there may be several, and they are never flipped
	for ch := range alpha {
		alpha[ch] = c.p.alpha(ch) != 0
	}
	for i, covered := range c.cover.Pixels {
		if !covered {
			continue
		}
		for ch := range r.Channels {
			v := flip ^ tones.Pix[(i*r.Channels+ch)*tones.Bytes]
			if alpha[ch] {
				v = 255 // a hole tells a shape
			}
			for k := range r.Bytes {
				r.Pix[(i*r.Channels+ch)*r.Bytes+k] = byte((int(v)*most + 127) / 255)
			}
		}
	}
}

// What extra samples are (TIFF 6.0, section 18).
const (
	premultiplied = 1 // associated alpha
	straight      = 2 // unassociated
)

// alpha says how a channel holds how opaque a pixel is: 0 where it does not.
func (p *page) alpha(ch int) uint64 {
	for _, e := range p.fields {
		if e.tag == tagExtra {
			if i := ch - int(p.samples) + len(e.vals); i >= 0 {
				return e.vals[i]
			}
		}
	}
	return 0
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

// indexed covers a page with a palette. Its colours have 16 bits and stay where
// they are, for those outside are not to change; a cover takes the nearest of them.
func (c *cover) indexed() {
	colours := c.onlyOutside()
	tones := paint.NewRaster(c.r.W, c.r.H, 3, 1, -1)
	for i, v := range c.r.Pix {
		copy(tones.Pix[3*i:], colours[v][:])
	}
	c.cover.Paint(tones)
	for i, covered := range c.cover.Pixels {
		if covered {
			c.r.Pix[i] = colours.nearest([3]byte(tones.Pix[3*i:]))
		}
	}
}

// nearest is the first of the colours that are nearest to v.
func (p palette) nearest(v [3]byte) byte {
	best, least := 0, 1<<30
	for i, k := range p {
		d := 0
		for ch := range k {
			e := int(v[ch]) - int(k[ch])
			d += e * e
		}
		if d < least {
			best, least = i, d
		}
	}
	return byte(best)
}

// onlyOutside makes the colours black that no pixel outside the areas has: they
// would tell what is under them. They are not painted with.
func (c *cover) onlyOutside() palette {
	used := make([]bool, 1<<c.p.bits)
	for i, covered := range c.cover.Pixels {
		if !covered {
			used[c.r.Pix[i]] = true
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

// rewrite is a file of the covered pages, in strips.
func (f *file) rewrite(covers []*cover) ([]byte, error) {
	g := &file{w: f.w, o: f.o, big: f.big}
	var data [][]byte
	var fresh []*page
	for _, c := range covers {
		p, r := c.p, c.r
		stride := (r.W*r.Channels*int(p.bits) + 7) / 8
		rows := min(max((1<<18)/stride, 1), r.H)
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
		for y := 0; y < r.H; y += rows {
			b := f.pack(r, int(p.bits), y, min(rows, r.H-y))
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
func (f *file) pack(r *paint.Raster, bits, y, rows int) []byte {
	per := r.W * r.Channels
	stride := (per*bits + 7) / 8
	out := make([]byte, rows*stride)
	for v := range rows {
		src, dst := r.Pix[r.At(0, y+v):r.At(0, y+v+1)], out[v*stride:][:stride]
		for i := range per {
			switch bits {
			case 16:
				f.o.PutUint16(dst[2*i:], uint16(src[2*i])<<8|uint16(src[2*i+1]))
			case 8:
				dst[i] = src[i]
			default:
				dst[i*bits/8] |= src[i] << (8 - bits - i*bits%8)
			}
		}
	}
	return out
}

// check reads the new file and compares it with what was painted.
func (c *canvas) check(out []byte) error {
	_, pages, _, err := read(rd.New(c.w.Context(), rd.Held(out), int64(len(out)), c.w.Limits()), c.pol)
	if err != nil {
		return fmt.Errorf("tiff: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	if len(pages) != len(c.covers) {
		return fmt.Errorf("tiff: %d pages became %d: %w", len(c.covers), len(pages), meta.ErrUnverified)
	}
	for i, c := range c.covers {
		again, err := pages[i].raster()
		if err != nil {
			return fmt.Errorf("tiff: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
		}
		if !bytes.Equal(again.Pix, c.r.Pix) {
			return fmt.Errorf("tiff: the covered picture is not what was painted: %w", meta.ErrUnverified)
		}
	}
	return nil
}
