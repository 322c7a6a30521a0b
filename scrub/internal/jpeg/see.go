package jpeg

import (
	"image"
	"image/color"
)

// See implements plan.Canvas: the inverse DCT of the low frequencies gives the
// picture at a half, a quarter or an eighth of its size, which is all that a
// detector looks at. A picture too small for that is nil.
func (c *canvas) See(side int) (image.Image, image.Point, int) {
	full := image.Pt(c.frame.Width, c.frame.Height)
	n := 8
	for n > 1 && max(full.X, full.Y)*n/16 >= side {
		n /= 2
	}
	if n == 8 || c.decode() != nil {
		return nil, image.Point{}, 0
	}
	size := image.Rect(0, 0, (full.X*n+7)/8, (full.Y*n+7)/8)
	var pix [3][]byte
	var stride [3]int
	for i, k := range c.frame.Components {
		pix[i], stride[i] = c.planes.Reduced(i, n, &c.quant[i]), k.Wide*n
	}
	return c.image(size, pix, stride), full, c.p.header.looks.Orientation
}

// image puts the samples of the components into an image of the standard library.
func (c *canvas) image(size image.Rectangle, pix [3][]byte, stride [3]int) image.Image {
	if len(c.frame.Components) == 1 {
		return &image.Gray{Pix: pix[0], Stride: stride[0], Rect: size}
	}
	if c.p.isRGB() {
		m := image.NewNRGBA(size)
		for y := range size.Dy() {
			for x := range size.Dx() {
				// Of three components only the first may have more samples.
				sub := y/c.v[0]*stride[1] + x/c.h[0]
				m.SetNRGBA(x, y, color.NRGBA{pix[0][y*stride[0]+x], pix[1][sub], pix[2][sub], 255})
			}
		}
		return m
	}
	ratio := map[[2]int]image.YCbCrSubsampleRatio{
		{1, 1}: image.YCbCrSubsampleRatio444, {2, 1}: image.YCbCrSubsampleRatio422,
		{1, 2}: image.YCbCrSubsampleRatio440, {2, 2}: image.YCbCrSubsampleRatio420,
	}[[2]int{c.h[0], c.v[0]}]
	return &image.YCbCr{Y: pix[0], Cb: pix[1], Cr: pix[2], YStride: stride[0], CStride: stride[1], SubsampleRatio: ratio, Rect: size}
}
