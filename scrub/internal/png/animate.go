package png

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"image"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/plan"
	"tabir/scrub/meta"
)

// Bounds of what is composed: bytes of the screen, and of all frames.
const (
	maxScreen = 64 << 20
	maxPlayed = 1 << 34
)

// Ways to dispose of a frame (11.3.6.2).
const (
	disposeBackground = 1
	disposePrevious   = 2
)

// frame is a frame of an animation as it is stored.
type frame struct {
	control []byte // the data of fcTL
	data    []plan.Span
}

func (f frame) rect() image.Rectangle {
	be := binary.BigEndian
	x, y := int(be.Uint32(f.control[12:])), int(be.Uint32(f.control[16:]))
	return image.Rect(x, y, x+int(be.Uint32(f.control[4:])), y+int(be.Uint32(f.control[8:])))
}

// playable refuses animations that would take too much memory or time.
func (p *picture) playable() error {
	n := int64(p.header.width) * int64(p.header.height) * 4 * int64(max(p.header.depth/8, 1))
	if n > maxScreen || p.parts > maxParts || n*int64(p.anim.frames) > maxPlayed || len(p.frames) < int(p.anim.frames) {
		return fmt.Errorf("png: %d frames of %d by %d pixels: %w", p.anim.frames, p.header.width, p.header.height, meta.ErrLimit)
	}
	return nil
}

// play composes the frames and shows each of them, with an alpha channel. What
// is shown must not be changed.
func (p *picture) play(show func(i int, m *paint.Raster) error) error {
	w, h := int(p.header.width), int(p.header.height)
	var canvas *paint.Raster
	for i, f := range p.frames {
		if err := p.w.Err(); err != nil {
			return err
		}
		rect := f.rect()
		m, err := p.decode(f.data, rect.Dx(), rect.Dy())
		if err != nil {
			return fmt.Errorf("png: frame %d: %w", i, err)
		}
		m = p.withAlpha(m)
		if canvas == nil {
			canvas = paint.NewRaster(w, h, m.Channels, m.Bytes, m.Alpha)
		}
		var before *paint.Raster
		dispose := f.control[24]
		if dispose == disposePrevious && i > 0 {
			before = canvas.Clone()
		}
		blend(canvas, m, rect.Min, f.control[25] == 1)
		if err := show(i, canvas); err != nil {
			return err
		}
		switch {
		case before != nil:
			canvas = before
		case dispose != 0:
			for y := rect.Min.Y; y < rect.Max.Y; y++ {
				clear(canvas.Pix[canvas.At(rect.Min.X, y):canvas.At(rect.Max.X, y)])
			}
		}
	}
	return nil
}

// withAlpha gives a raster that has none an alpha channel.
func (p *picture) withAlpha(m *paint.Raster) *paint.Raster {
	if m.Alpha >= 0 {
		return m
	}
	key := p.key(m)
	out := paint.NewRaster(m.W, m.H, m.Channels+1, m.Bytes, m.Channels)
	n, k := m.Pixel(), out.Pixel()
	for i := range m.W * m.H {
		v := m.Pix[i*n : (i+1)*n]
		copy(out.Pix[i*k:], v)
		if key == nil || !bytes.Equal(v, key) {
			for a := n; a < k; a++ {
				out.Pix[i*k+a] = 255
			}
		}
	}
	return out
}

// blend puts m on the canvas at a point, in its place or over what is there.
func blend(canvas, m *paint.Raster, at image.Point, over bool) {
	n := m.Pixel()
	for y := range m.H {
		to, from := canvas.Pix[canvas.At(at.X, at.Y+y):], m.Pix[m.At(0, y):m.At(0, y+1)]
		if !over {
			copy(to, from)
			continue
		}
		for i := 0; i < len(from); i += n {
			blendPixel(to[i:i+n], from[i:i+n], m.Bytes)
		}
	}
}

// blendPixel puts the pixel b over a (13.16), where size is the bytes of a sample.
func blendPixel(a, b []byte, size int) {
	get := func(v []byte, k int) uint64 {
		if size == 2 {
			return uint64(binary.BigEndian.Uint16(v[2*k:]))
		}
		return uint64(v[k])
	}
	most := uint64(1)<<(8*size) - 1
	last := len(a)/size - 1
	alpha, under := get(b, last), get(a, last)
	switch {
	case alpha == 0:
		return
	case alpha == most || under == 0:
		copy(a, b)
		return
	}
	u, v := alpha*most, (most-alpha)*under
	for k := range last + 1 {
		c := (get(b, k)*u + get(a, k)*v + (u+v)/2) / (u + v)
		if k == last {
			c = ((u + v) + most/2) / most
		}
		if size == 2 {
			binary.BigEndian.PutUint16(a[2*k:], uint16(c))
		} else {
			a[k] = byte(c)
		}
	}
}

// film writes an animation anew with its areas covered.
type film struct {
	*picture
	cover *paint.Cover
	out   []byte
	seq   uint32
	last  *paint.Raster // what was shown before
	still *paint.Raster // what is shown where no animation is played, if that is another picture
	seed  maphash.Seed
	sums  []uint64 // of what is shown
}

// coverFrames covers every composed frame, and the picture for viewers that play
// no animation. The new frames have an alpha channel, replace what is below, and
// hold what changes in what is then shown: how the source cuts its frames may
// tell of what was covered.
func (p *picture) coverFrames(cover *paint.Cover) ([]byte, error) {
	if err := p.playable(); err != nil {
		return nil, err
	}
	f := &film{picture: p, cover: cover, seed: maphash.MakeSeed()}
	if !p.anim.own {
		m, err := p.decode(p.data, int(p.header.width), int(p.header.height))
		if err != nil {
			return nil, err
		}
		f.still = p.withAlpha(m)
		cover.Paint(f.still)
		if err := f.add(f.still, "IDAT"); err != nil {
			return nil, err
		}
	}
	if err := p.play(f.frame); err != nil {
		return nil, err
	}
	out := append(p.alphaFront(), f.out...)
	out = append(out, makeChunk("IEND", nil)...)
	return out, f.check(out)
}

// frame covers a composed frame and writes what changed of it.
func (f *film) frame(i int, m *paint.Raster) error {
	now := m.Clone()
	f.cover.Paint(now)
	if !f.cover.SameOutside(m, now) {
		return fmt.Errorf("png: covering changed what is outside: %w", meta.ErrInternal)
	}
	rect := f.changed(now)
	be := binary.BigEndian
	control := be.AppendUint32(nil, f.seq)
	for _, v := range []int{rect.Dx(), rect.Dy(), rect.Min.X, rect.Min.Y} {
		control = be.AppendUint32(control, uint32(v))
	}
	control = append(control, f.frames[i].control[20:24]...) // its delay
	f.out = append(f.out, makeChunk("fcTL", append(control, 0, 0))...)
	f.seq++
	typ := "fdAT"
	if i == 0 && f.anim.own {
		typ = "IDAT"
	}
	part := paint.NewRaster(rect.Dx(), rect.Dy(), now.Channels, now.Bytes, now.Alpha)
	for y := range rect.Dy() {
		copy(part.Pix[part.At(0, y):part.At(0, y+1)], now.Pix[now.At(rect.Min.X, rect.Min.Y+y):])
	}
	f.last = now
	f.sums = append(f.sums, maphash.Bytes(f.seed, now.Pix))
	return f.add(part, typ)
}

// add writes the data of a picture or a frame in one chunk.
func (f *film) add(m *paint.Raster, typ string) error {
	packed, err := deflate(m.Pix, m.W*m.Pixel(), m.Pixel())
	if err != nil {
		return err
	}
	if typ == "fdAT" {
		packed = append(binary.BigEndian.AppendUint32(nil, f.seq), packed...)
		f.seq++
	}
	f.out = append(f.out, makeChunk(typ, packed)...)
	return nil
}

// changed is the rectangle of what differs from the frame before, one pixel at least.
func (f *film) changed(now *paint.Raster) image.Rectangle {
	if f.last == nil {
		return image.Rect(0, 0, now.W, now.H)
	}
	r, n := image.Rectangle{}, now.Pixel()
	for y := range now.H {
		a, b := now.Pix[now.At(0, y):now.At(0, y+1)], f.last.Pix[now.At(0, y):now.At(0, y+1)]
		if bytes.Equal(a, b) {
			continue
		}
		x0, x1 := 0, now.W
		for bytes.Equal(a[x0*n:(x0+1)*n], b[x0*n:(x0+1)*n]) {
			x0++
		}
		for bytes.Equal(a[(x1-1)*n:x1*n], b[(x1-1)*n:x1*n]) {
			x1--
		}
		r = r.Union(image.Rect(x0, y, x1, y+1))
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// alphaFront is what stands before the data of pictures with an alpha channel.
func (p *picture) alphaFront() []byte {
	if b := p.ancillary["bKGD"]; b != nil && p.header.colour == 0 && p.header.depth < 8 {
		p.ancillary["bKGD"] = []byte{0, p.widen(binary.BigEndian.Uint16(b))}
	}
	p.ancillary["tRNS"] = nil
	with := map[byte]byte{0: 4, 2: 6, 3: 6, 4: 4, 6: 6}[p.header.colour]
	if with != p.header.colour {
		p.ancillary["sBIT"] = nil // which has a value for each channel
	}
	if p.header.colour == 3 {
		p.ancillary["bKGD"] = nil
	}
	p.header.colour, p.header.depth = with, max(p.header.depth, 8)
	return p.front(nil)
}

// check plays the new file and compares it with what was painted.
func (f *film) check(out []byte) error {
	p, err := reread(f.w, out)
	if err != nil {
		return err
	}
	if len(p.frames) != len(f.frames) || p.anim.own != f.anim.own {
		return fmt.Errorf("png: %d frames became %d: %w", len(f.frames), len(p.frames), meta.ErrUnverified)
	}
	if f.still != nil {
		m, err := p.decode(p.data, f.still.W, f.still.H)
		if err != nil || !bytes.Equal(m.Pix, f.still.Pix) {
			return fmt.Errorf("png: the covered picture is not what was painted: %w", meta.ErrUnverified)
		}
	}
	err = p.play(func(i int, m *paint.Raster) error {
		if maphash.Bytes(f.seed, m.Pix) != f.sums[i] {
			return fmt.Errorf("frame %d is not what was painted", i)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("png: reading the covered picture again: %w: %w", meta.ErrUnverified, err)
	}
	return nil
}
