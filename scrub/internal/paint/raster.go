package paint

import (
	"bytes"
	"image"
)

// Raster is a picture of samples, the channels of a pixel side by side.
type Raster struct {
	W, H, Channels int
	Bytes          int // of a sample: 1, or 2 with the high one first
	Alpha          int // the channel that is alpha, or -1
	Pix            []byte
}

// NewRaster makes a raster of zeros.
func NewRaster(w, h, channels, size, alpha int) *Raster {
	return &Raster{w, h, channels, size, alpha, make([]byte, w*h*channels*size)}
}

// Pixel is the length of a pixel in bytes.
func (r *Raster) Pixel() int { return r.Channels * r.Bytes }

// At is where the pixel at x, y begins.
func (r *Raster) At(x, y int) int { return (y*r.W + x) * r.Pixel() }

// Clone copies a raster.
func (r *Raster) Clone() *Raster {
	out := *r
	out.Pix = bytes.Clone(r.Pix)
	return &out
}

// Cut is a part of a raster.
func (r *Raster) Cut(part image.Rectangle) *Raster {
	out := *r
	out.W, out.H, out.Pix = part.Dx(), part.Dy(), nil
	for y := part.Min.Y; y < part.Max.Y; y++ {
		out.Pix = append(out.Pix, r.Pix[r.At(part.Min.X, y):r.At(part.Max.X, y)]...)
	}
	return &out
}

// Cover is what covers areas of a picture of a certain size.
type Cover struct {
	W, H   int
	Pixels []bool // that are covered
	brush  Brush
	frames []frame
}

// NewCover makes the cover of regions of the stored picture. missed is the
// first region that covers no pixel, or -1.
func NewCover(regions []Region, s Style, w, h int) (c *Cover, missed int) {
	return NewBlockCover(regions, s, w, h, 1)
}

// NewBlockCover makes a cover of whole blocks of side by side pixels: of all of
// which a region touches a part.
func NewBlockCover(regions []Region, s Style, w, h, side int) (c *Cover, missed int) {
	c = &Cover{W: w, H: h, Pixels: make([]bool, w*h), brush: Brush{Regions: regions, Style: s}}
	whole := make([]Region, len(regions)) // of blocks
	for i, g := range regions {
		x0, y0, x1, y1 := w, h, 0, 0
		for y := max(g.Y, 0) / side * side; y < min(g.Y+g.H, h); y += side {
			for x := max(g.X, 0) / side * side; x < min(g.X+g.W, w); x += side {
				bw, bh := min(side, w-x), min(side, h-y)
				if g.Touches(x, y, bw, bh) {
					x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+bw), max(y1, y+bh)
					c.block(x, y, bw, bh)
				}
			}
		}
		if x0 >= x1 {
			return nil, i
		}
		whole[i] = Region{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
	}
	c.frames = frames(whole, w, h)
	return c, -1
}

func (c *Cover) block(x, y, w, h int) {
	for v := y; v < y+h; v++ {
		for u := x; u < x+w; u++ {
			c.Pixels[v*c.W+u] = true
		}
	}
}

// Cut is the cover of a part of the picture.
func (c *Cover) Cut(part image.Rectangle) *Cover {
	out := &Cover{W: part.Dx(), H: part.Dy(), brush: Brush{Style: c.brush.Style}}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		out.Pixels = append(out.Pixels, c.Pixels[y*c.W+part.Min.X:][:part.Dx()]...)
	}
	for _, g := range c.brush.Regions {
		g.X, g.Y = g.X-part.Min.X, g.Y-part.Min.Y
		out.brush.Regions = append(out.brush.Regions, g)
	}
	out.frames = frames(out.brush.Regions, out.W, out.H)
	return out
}

// Paint rebuilds what is covered in every channel from what is around it. Alpha
// becomes opaque there, for a hole tells a shape. The high bytes of samples are
// enough to paint with.
func (c *Cover) Paint(r *Raster) {
	for _, f := range c.frames {
		for k := range r.Channels {
			c.paint(r, f, k)
		}
	}
}

func (c *Cover) paint(r *Raster, f frame, channel int) {
	patch := NewPatch(f.x1-f.x0, f.y1-f.y0)
	for y := f.y0; y < f.y1; y++ {
		for x := f.x0; x < f.x1; x++ {
			if !c.Pixels[y*c.W+x] {
				patch.Set(x-f.x0, y-f.y0, int32(r.Pix[r.At(x, y)+channel*r.Bytes]))
			}
		}
	}
	if channel != r.Alpha {
		c.brush.Paint(patch, f.x0, f.y0, 1, 1)
	}
	for y := f.y0; y < f.y1; y++ {
		for x := f.x0; x < f.x1; x++ {
			if !c.Pixels[y*c.W+x] {
				continue
			}
			v := byte(255)
			if channel != r.Alpha {
				v = byte(patch.At(x-f.x0, y-f.y0))
			}
			at := r.At(x, y) + channel*r.Bytes
			for k := range r.Bytes {
				r.Pix[at+k] = v // twice for 16 bits: 0xabab is 0xab of 0xff
			}
		}
	}
}

// SameOutside reports whether a and b are equal where nothing is covered.
func (c *Cover) SameOutside(a, b *Raster) bool {
	n := a.Pixel()
	if n != b.Pixel() || len(a.Pix) != len(b.Pix) {
		return false
	}
	for y := range c.H {
		p, q := a.Pix[a.At(0, y):a.At(0, y+1)], b.Pix[b.At(0, y):b.At(0, y+1)]
		if bytes.Equal(p, q) {
			continue
		}
		for x, covered := range c.Pixels[y*c.W : (y+1)*c.W] {
			if !covered && !bytes.Equal(p[x*n:(x+1)*n], q[x*n:(x+1)*n]) {
				return false
			}
		}
	}
	return true
}

// margin is how far around an area the surroundings are looked at, in pixels.
const margin = 2

// frame is a rectangle of pixels.
type frame struct{ x0, y0, x1, y1 int }

// frames are the rectangles around regions, those that meet as one: an area must
// not be rebuilt from another one that is still to be covered.
func frames(regions []Region, w, h int) []frame {
	var out []frame
	for _, g := range regions {
		f := frame{max(g.X-margin, 0), max(g.Y-margin, 0), min(g.X+g.W+margin, w), min(g.Y+g.H+margin, h)}
		if f.x0 >= f.x1 || f.y0 >= f.y1 {
			continue
		}
		for again := true; again; {
			again = false
			for i, o := range out {
				if f.x0 < o.x1 && o.x0 < f.x1 && f.y0 < o.y1 && o.y0 < f.y1 {
					f = frame{min(f.x0, o.x0), min(f.y0, o.y0), max(f.x1, o.x1), max(f.y1, o.y1)}
					out = append(out[:i], out[i+1:]...)
					again = true
					break
				}
			}
		}
		out = append(out, f)
	}
	return out
}
