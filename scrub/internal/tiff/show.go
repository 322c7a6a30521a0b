package tiff

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"tabir/scrub/meta"
)

// shows reports whether a page whose areas cannot be covered can be shown all the
// same: decoders differ in the last bits of what they make of JPEG data, so that
// samples outside of an area would not stay as they are.
func (p *page) shows() bool {
	if p.compression != compJPEG || p.bits != 8 || p.planes > 1 {
		return false
	}
	switch p.photometric {
	case 0, 1:
		return p.samples == 1
	case photoRGB, photoYCbCr:
		return p.samples == 3
	}
	return false
}

// decodeJPEG is the samples of strip or tile i (TIFF Technical Note 2), in red,
// green and blue where they are YCbCr.
func (p *page) decodeJPEG(i int64) ([]byte, error) {
	w, h, channels := int(p.partW), int(p.rows(i)), int(p.samples)
	out := make([]byte, w*h*channels)
	q := p.parts[i]
	if q.n == 0 {
		return out, nil
	}
	data, err := p.f.read(q)
	if err != nil {
		return nil, err
	}
	if n := len(p.tables); n > 4 && len(data) > 2 { // they stand without their EOI before the data without its SOI
		data = append(bytes.Clone(p.tables[:n-2]), data[2:]...)
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err == nil && (c.Width < w || c.Height < h || c.Width > w+64 || c.Height > h+64) {
		err = fmt.Errorf("%d by %d pixels where %d by %d should be", c.Width, c.Height, w, h)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", meta.ErrMalformed, err)
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", meta.ErrMalformed, err)
	}
	at := samplesOf(m)
	if at == nil || channels == 1 != (c.ColorModel == color.GrayModel) {
		return nil, fmt.Errorf("JPEG data of another kind than the page: %w", meta.ErrUnsupported)
	}
	for y := range h {
		for x := range w {
			v := at(x, y)
			if p.photometric == photoYCbCr {
				v[0], v[1], v[2] = color.YCbCrToRGB(v[0], v[1], v[2])
			}
			copy(out[(y*w+x)*channels:], v[:channels])
		}
	}
	return out, nil
}

// samplesOf are the samples of a decoded picture as they were coded, whatever the
// decoder takes them for; nil of other kinds.
func samplesOf(m image.Image) func(x, y int) [3]byte {
	switch m := m.(type) {
	case *image.Gray:
		return func(x, y int) [3]byte { return [3]byte{m.Pix[m.PixOffset(x, y)]} }
	case *image.YCbCr:
		return func(x, y int) [3]byte {
			k := m.COffset(x, y)
			return [3]byte{m.Y[m.YOffset(x, y)], m.Cb[k], m.Cr[k]}
		}
	case *image.RGBA:
		return func(x, y int) [3]byte { return [3]byte(m.Pix[m.PixOffset(x, y):]) }
	}
	return nil
}
