package gif

import (
	"compress/lzw"
	"fmt"
	"image"
	"io"

	"tabir/scrub/internal/paint"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Bounds of what is composed: pixels of the screen, frames, and pixels of all frames.
const (
	maxScreen = 16 << 20
	maxFrames = 1 << 14
	maxPlayed = 1 << 32
)

// film is an animation, or a still picture, that can be played.
type film struct {
	w      *rd.Window
	p      *picture
	frames []frame
	size   image.Rectangle
}

func open(w *rd.Window) (*film, error) {
	f := &film{w: w}
	var err error
	f.p, err = read(w, func(m frame) error {
		if f.frames = append(f.frames, m); len(f.frames) > maxFrames {
			return fmt.Errorf("gif: covering areas of more than %d frames: %w", maxFrames, meta.ErrLimit)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, m := range f.frames {
		if m.palette.Len == 0 && f.p.screen.palette.Len == 0 {
			return nil, fmt.Errorf("gif: frame %d has no palette, and viewers show it in their own: %w", i, meta.ErrUnsupported)
		}
	}
	f.size = image.Rect(0, 0, f.p.screen.width, f.p.screen.height)
	if f.size.Empty() { // viewers take the size of the first frame
		f.size = image.Rectangle{Max: f.frames[0].rect.Max}
	}
	if n := int64(f.size.Dx()) * int64(f.size.Dy()); n > maxScreen || n*int64(len(f.frames)) > maxPlayed {
		return nil, fmt.Errorf("gif: covering areas of %d frames of %d by %d pixels: %w", len(f.frames), f.size.Dx(), f.size.Dy(), meta.ErrLimit)
	}
	return f, nil
}

// play composes the frames as browsers do and shows each of them. What is shown
// is red, green, blue and alpha, all zero where nothing is; it must not be changed.
func (f *film) play(show func(i int, m *paint.Raster) error) error {
	canvas := paint.NewRaster(f.size.Dx(), f.size.Dy(), 4, 1, 3)
	for i, m := range f.frames {
		if err := f.w.Err(); err != nil {
			return err
		}
		var before *paint.Raster
		dispose := m.control.dispose()
		if dispose >= disposePrevious {
			before = canvas.Clone()
		}
		if err := f.draw(canvas, m); err != nil {
			return fmt.Errorf("gif: frame %d: %w", i, err)
		}
		if err := show(i, canvas); err != nil {
			return err
		}
		switch {
		case before != nil:
			canvas = before
		case dispose == disposeBackground:
			r := m.rect.Intersect(f.size)
			for y := r.Min.Y; y < r.Max.Y; y++ {
				clear(canvas.Pix[canvas.At(r.Min.X, y):canvas.At(r.Max.X, y)])
			}
		}
	}
	return nil
}

// draw puts a frame on the canvas.
func (f *film) draw(canvas *paint.Raster, m frame) error {
	table := m.palette
	if table.Len == 0 {
		table = f.p.screen.palette
	}
	palette, err := f.w.Bytes(table.Off, table.Len)
	if err != nil {
		return err
	}
	z := lzw.NewReader(&blockReader{blocks: blocks{w: f.w, pos: m.data}}, lzw.LSB, int(m.minCode))
	line := make([]byte, m.rect.Dx())
	for i := range m.rect.Dy() {
		if _, err := io.ReadFull(z, line); err != nil {
			return fmt.Errorf("image data: %w: %w", meta.ErrMalformed, err)
		}
		y := m.rect.Min.Y + m.row(i)
		for k, v := range line {
			x := m.rect.Min.X + k
			if int(v) == m.control.transparent() || x >= canvas.W || y >= canvas.H {
				continue
			}
			if 3*int(v) >= len(palette) {
				return fmt.Errorf("colour %d of %d: %w", v, len(palette)/3, meta.ErrMalformed)
			}
			at := canvas.At(x, y)
			copy(canvas.Pix[at:], palette[3*int(v):3*int(v)+3])
			canvas.Pix[at+3] = 255
		}
	}
	return nil
}

// row is where line i of an image belongs (appendix E).
func (m frame) row(i int) int {
	if !m.interlace {
		return i
	}
	for _, pass := range [4]struct{ first, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		n := max(m.rect.Dy()-pass.first+pass.step-1, 0) / pass.step
		if i < n {
			return pass.first + i*pass.step
		}
		i -= n
	}
	return i
}
