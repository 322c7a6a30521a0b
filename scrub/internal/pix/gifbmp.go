package pix

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"io"

	"golang.org/x/image/bmp"
)

func isGIF(head []byte) bool {
	return len(head) >= 6 && (string(head[:6]) == "GIF87a" || string(head[:6]) == "GIF89a")
}

func lookGIF(f file) (header, error) {
	h := header{lossless: true, alpha: true, perPixel: 5}
	c, err := gif.DecodeConfig(bufio.NewReader(f.reader()))
	if err != nil {
		return h, err
	}
	h.width, h.height = c.Width, c.Height
	h.animated = frames(bufio.NewReader(f.reader())) > 1
	h.decode = func() (image.Image, error) { return decodeGIF(f.reader()) }
	return h, nil
}

// frames counts the images of a GIF file, up to two.
func frames(r *bufio.Reader) (n int) {
	skip := func(k int) bool { _, err := r.Discard(k); return err == nil }
	table := func(flags byte) bool { return flags&0x80 == 0 || skip(3<<(flags&7+1)) }
	blocks := func() bool {
		for {
			size, err := r.ReadByte()
			if err != nil || size == 0 || !skip(int(size)) {
				return err == nil && size == 0
			}
		}
	}
	head := make([]byte, 13) // GIF89a, 17 and 18
	if _, err := io.ReadFull(r, head); err != nil || !table(head[10]) {
		return 0
	}
	for n < 2 {
		kind, err := r.ReadByte()
		switch {
		case err == nil && kind == '!': // extension: a label and blocks
			if !skip(1) || !blocks() {
				return n
			}
		case err == nil && kind == ',': // image: its place, a table, the size of the codes and blocks
			place := make([]byte, 9)
			if _, err := io.ReadFull(r, place); err != nil || !table(place[8]) || !skip(1) {
				return n
			}
			n++
			if !blocks() {
				return n
			}
		default:
			return n
		}
	}
	return n
}

// decodeGIF decodes the first frame, in its place on the screen.
func decodeGIF(r io.Reader) (image.Image, error) {
	var head bytes.Buffer
	config, err := gif.DecodeConfig(io.TeeReader(r, &head))
	if err != nil {
		return nil, err
	}
	screen := image.Rect(0, 0, config.Width, config.Height)
	m, err := gif.Decode(io.MultiReader(&head, r))
	if err != nil || m.Bounds() == screen {
		return m, err
	}
	out := image.NewNRGBA(screen)
	draw.Draw(out, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return out, nil
}

func isBMP(head []byte) bool { return len(head) >= 2 && string(head[:2]) == "BM" }

func lookBMP(f file) (header, error) {
	h := header{lossless: true, perPixel: 4, decode: func() (image.Image, error) { return filled(bmp.Decode(bufio.NewReader(f.reader()))) }}
	c, err := bmp.DecodeConfig(bufio.NewReader(f.reader()))
	h.width, h.height = c.Width, c.Height
	return h, err
}

// filled gives a picture with indices the colours that its palette lacks: the
// decoders of x/image take any index, and asking for its colour panics. Browsers
// show black.
func filled(m image.Image, err error) (image.Image, error) {
	if p, ok := m.(*image.Paletted); ok {
		for len(p.Palette) < 256 {
			p.Palette = append(p.Palette, color.Gray{})
		}
	}
	return m, err
}
