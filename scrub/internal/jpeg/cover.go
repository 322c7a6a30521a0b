package jpeg

import (
	"encoding/binary"
	"fmt"
	"image"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// maxCovered bounds the pictures whose coefficients are held in memory, in blocks.
const maxCovered = 120e6 / 64 * 3

// canvas is a picture that is opened to be covered. It works on the
// coefficients, which are decoded once, when they are first asked for.
type canvas struct {
	p     *picture
	frame *coef.Frame

	planes  *coef.Planes
	quant   [][64]uint16    // by component, in natural order
	raw     [][]byte        // the tables as DQT holds them, by component
	regions []paint.Region  // in stored pixels
	part    image.Rectangle // in MCUs: what it is to be cut to; empty: nothing is cut

	wide, high int   // in MCUs
	h, v       []int // blocks of an MCU, by component
	covered    []bool
}

// openCanvas opens a picture to be covered. Kinds of JPEG other than
// Huffman-coded, 8-bit, with one or three components in the usual samplings are
// meta.ErrUnsupported.
func openCanvas(w *rd.Window, pol meta.Policy) (plan.Canvas, error) {
	p, _, _, err := open(w, pol)
	if err != nil {
		return nil, err
	}
	if err := p.coverable(); err != nil {
		return nil, err
	}
	c, err := newCanvas(p)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func newCanvas(p *picture) (*canvas, error) {
	f := p.frame.geometry()
	if f.Blocks() > maxCovered {
		return nil, fmt.Errorf("jpeg: covering areas of %d blocks: %w", f.Blocks(), meta.ErrLimit)
	}
	c := &canvas{p: p, frame: f}
	c.wide, c.high, c.h, c.v = f.MCUs()
	c.covered = make([]bool, c.wide*c.high)
	for i := range f.Components {
		t := p.tables.latched[i]
		b, err := p.w.Bytes(t.off, t.n)
		if err != nil {
			return nil, err
		}
		var z [64]uint16
		for k := range z {
			if b[0]>>4 == 0 {
				z[k] = uint16(b[1+k])
			} else {
				z[k] = binary.BigEndian.Uint16(b[1+2*k:])
			}
		}
		c.quant, c.raw = append(c.quant, coef.Natural(z)), append(c.raw, b)
	}
	return c, nil
}

// decode reads the coefficients, if that was not done yet.
func (c *canvas) decode() error {
	if c.planes != nil {
		return nil
	}
	planes := coef.NewPlanes(c.frame)
	if err := c.scan(planes); err != nil {
		return err
	}
	c.planes = planes
	return nil
}

// scan decodes all scans of the source into a store.
func (c *canvas) scan(st coef.Store) error {
	for _, s := range c.p.scans {
		at := c.p.segs[s.seg].end()
		if _, err := c.frame.Decode(c.p.w, at, s.coded, st); err != nil {
			return fmt.Errorf("jpeg: scan at %d: %w", at, err)
		}
	}
	return nil
}

// Cover implements plan.Canvas. The coefficients of all MCUs that no region
// touches stay as they are. No sample of one that a region touches is an input to
// anything, and how the source was coded leaves no trace: the result is one
// sequential scan with tables made for it.
func (c *canvas) Cover(regions []paint.Region, style paint.Style) ([]byte, error) {
	if err := c.decode(); err != nil {
		return nil, err
	}
	if err := c.mark(regions, c.p.header.looks.Orientation); err != nil {
		return nil, err
	}
	c.cut()
	before := c.planes.Clone()
	for _, g := range c.groups() {
		c.paint(g, style)
	}
	if !before.Equal(c.planes, c.isCovered) {
		return nil, fmt.Errorf("jpeg: covering changed what is outside: %w", meta.ErrInternal)
	}
	out, err := c.write()
	if err != nil {
		return nil, err
	}
	return out, c.check(out)
}

// coverable refuses what the coefficients of cannot be edited.
func (p *picture) coverable() error {
	f := p.frame
	no := func(what string) error {
		return fmt.Errorf("jpeg: covering areas of a picture with %s: %w: %w", what, meta.ErrNoCover, meta.ErrUnsupported)
	}
	switch {
	case f.arithmetic() || f.lossless():
		return no(frameKinds[f.marker].name + " coding")
	case f.precision != 8:
		return no(fmt.Sprintf("%d bits a sample", f.precision))
	case f.height == 0:
		return no("its height behind the first scan")
	case len(f.comps) != 1 && len(f.comps) != 3:
		return no(fmt.Sprintf("%d components", len(f.comps)))
	}
	for i, c := range f.comps {
		if i == 0 && (c.h > 2 || c.v > 2) || i > 0 && (c.h != 1 || c.v != 1) {
			return no("an unusual sampling")
		}
		if p.tables.latched[i] == nil {
			return fmt.Errorf("jpeg: component %d has no quantisation table: %w", i, meta.ErrMalformed)
		}
	}
	return nil
}

// isRGB follows libjpeg in what three components mean.
func (p *picture) isRGB() bool {
	if len(p.frame.comps) != 3 || p.header.jfif != nil {
		return false
	}
	if p.header.adobe != nil {
		return p.header.adobe[11] == 0
	}
	return p.frame.comps[0].id == 'R' && p.frame.comps[1].id == 'G' && p.frame.comps[2].id == 'B'
}

// mcuSize is the size of an MCU in pixels.
func (c *canvas) mcuSize() (w, h int) { return 8 * c.h[0], 8 * c.v[0] }

// mark turns regions into stored pixels and marks the MCUs that they touch. One
// that touches none is meta.ErrNoArea: nobody must be told that it was covered.
func (c *canvas) mark(regions []paint.Region, orientation int) error {
	mw, mh := c.mcuSize()
	for _, g := range regions {
		r := g.Stored(orientation, c.frame.Width, c.frame.Height)
		c.regions = append(c.regions, r)
		touched := false
		for y := max(r.Y, 0) / mh; y*mh < min(r.Y+r.H, c.frame.Height); y++ {
			for x := max(r.X, 0) / mw; x*mw < min(r.X+r.W, c.frame.Width); x++ {
				// What an MCU holds beyond the picture's edge is not seen.
				if r.Touches(x*mw, y*mh, min(mw, c.frame.Width-x*mw), min(mh, c.frame.Height-y*mh)) {
					c.covered[y*c.wide+x], touched = true, true
				}
			}
		}
		if !touched {
			return fmt.Errorf("jpeg: area at %d,%d of a picture of %d by %d: %w", g.X, g.Y, c.frame.Width, c.frame.Height, meta.ErrNoArea)
		}
	}
	return nil
}

// isCovered reports whether a block lies in a marked MCU.
func (c *canvas) isCovered(comp, x, y int) bool {
	mx, my := x/c.h[comp], y/c.v[comp]
	return mx < c.wide && my < c.high && c.covered[my*c.wide+mx]
}

// group is a rectangle of MCUs around marked ones that touch each other.
type group struct{ x0, y0, x1, y1 int }

// groups finds them, each with one MCU around it where there is one.
func (c *canvas) groups() []group {
	var out []group
	seen := make([]bool, len(c.covered))
	for start, is := range c.covered {
		if !is || seen[start] {
			continue
		}
		g := group{c.wide, c.high, 0, 0}
		for todo := []int{start}; len(todo) > 0; {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if seen[i] {
				continue
			}
			seen[i] = true
			x, y := i%c.wide, i/c.wide
			g = group{min(g.x0, x), min(g.y0, y), max(g.x1, x+1), max(g.y1, y+1)}
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}} {
				if nx, ny := x+d[0], y+d[1]; nx >= 0 && ny >= 0 && nx < c.wide && ny < c.high && c.covered[ny*c.wide+nx] {
					todo = append(todo, ny*c.wide+nx)
				}
			}
		}
		out = append(out, group{max(g.x0-1, 0), max(g.y0-1, 0), min(g.x1+1, c.wide), min(g.y1+1, c.high)})
	}
	return out
}

// paint rebuilds the marked MCUs of a group in every component.
func (c *canvas) paint(g group, style paint.Style) {
	for i := range c.frame.Components {
		bx, by := g.x0*c.h[i], g.y0*c.v[i]
		bw, bh := (g.x1-g.x0)*c.h[i], (g.y1-g.y0)*c.v[i]
		patch := paint.NewPatch(8*bw, 8*bh)
		for y := range bh {
			for x := range bw {
				if c.isCovered(i, bx+x, by+y) {
					continue
				}
				s := c.planes.At(i, bx+x, by+y).Inverse(&c.quant[i])
				for k, v := range s {
					patch.Set(8*x+k%8, 8*y+k/8, min(max(v+128, 0), 255))
				}
			}
		}
		brush := paint.Brush{Regions: c.regions, Style: style, Chroma: i > 0 && !c.p.isRGB()}
		// Pixels of the picture for a sample of this component.
		sx, sy := c.h[0]/c.h[i], c.v[0]/c.v[i]
		brush.Paint(patch, 8*bx*sx, 8*by*sy, sx, sy)
		for y := range bh {
			for x := range bw {
				if !c.isCovered(i, bx+x, by+y) {
					continue
				}
				var s coef.Samples
				for k := range s {
					s[k] = patch.At(8*x+k%8, 8*y+k/8) - 128
				}
				b := s.Forward(&c.quant[i])
				c.planes.Put(i, bx+x, by+y, &b)
			}
		}
	}
}

// write codes the picture anew, in a file that is clean.
func (c *canvas) write() ([]byte, error) {
	c.p.header.rewriteICC(len(c.frame.Components))
	out := append([]byte{0xff, mSOI}, c.p.header.write(len(c.frame.Components))...)
	seg := func(marker byte, payload []byte) {
		out = append(out, 0xff, marker)
		out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
		out = append(out, payload...)
	}
	// Equal tables are written once; their numbers are ours.
	sof := byte(mSOF0)
	number := make([]byte, len(c.raw))
	var tables [][]byte
	for i, b := range c.raw {
		if b[0]>>4 != 0 {
			sof = mSOF0 + 1
		}
		number[i] = byte(len(tables))
		for k, t := range tables {
			if t[0]>>4 == b[0]>>4 && string(t[1:]) == string(b[1:]) {
				number[i] = byte(k)
			}
		}
		if int(number[i]) == len(tables) {
			t := append([]byte{b[0]&0xf0 | number[i]}, b[1:]...)
			tables = append(tables, t)
			seg(mDQT, t)
		}
	}
	head := []byte{8, byte(c.frame.Height >> 8), byte(c.frame.Height), byte(c.frame.Width >> 8), byte(c.frame.Width), byte(len(c.frame.Components))}
	scan := []byte{byte(len(c.frame.Components))}
	for i, k := range c.frame.Components {
		head = append(head, k.ID, byte(k.H<<4|k.V), number[i])
		scan = append(scan, k.ID, byte(min(i, 1)*0x11))
	}
	seg(sof, head)
	dc, ac, data, err := c.planes.Encode()
	if err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	for i := range dc {
		seg(mDHT, append(append([]byte{byte(i)}, dc[i].Counts[:]...), dc[i].Values...))
		seg(mDHT, append(append([]byte{0x10 | byte(i)}, ac[i].Counts[:]...), ac[i].Values...))
	}
	seg(mSOS, append(scan, 0, 63, 0))
	return append(append(out, data...), 0xff, mEOI), nil
}

// check reads the new file and compares every coefficient with what was meant.
// From then on its coefficients are those that See shows.
func (c *canvas) check(out []byte) error {
	p, _, noEOI, err := open(rd.New(c.p.w.Context(), rd.Held(out), int64(len(out)), c.p.w.Limits()), meta.Policy{})
	if err != nil {
		return fmt.Errorf("jpeg: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	again, err := newCanvas(p)
	if err == nil {
		err = again.decode()
	}
	if err != nil {
		return fmt.Errorf("jpeg: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	beyond := func(comp, x, y int) bool { return x >= c.wide*c.h[comp] || y >= c.high*c.v[comp] }
	if noEOI || !c.planes.Equal(again.planes, beyond) {
		return fmt.Errorf("jpeg: the covered picture is not what was painted: %w", meta.ErrUnverified)
	}
	c.planes = again.planes
	return nil
}
