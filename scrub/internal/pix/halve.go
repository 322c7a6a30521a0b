package pix

import "image"

// halve is m at an even part of its size, 1/k and not less, each sample the mean
// of those that it stands for. What is left to do for a filter is then little.
func halve(m *image.YCbCr, k int) *image.YCbCr {
	for ; k >= 2; k /= 2 {
		m = half(m)
	}
	return m
}

// half is m at half its size, odd sides rounded up.
func half(m *image.YCbCr) *image.YCbCr {
	b := m.Bounds()
	out := image.NewYCbCr(image.Rect(0, 0, (b.Dx()+1)/2, (b.Dy()+1)/2), m.SubsampleRatio)
	halfPlane(out.Y, out.YStride, m.Y[m.YOffset(b.Min.X, b.Min.Y):], m.YStride, b.Dx(), b.Dy())
	cw, ch := chroma(m.SubsampleRatio, b)
	at := m.COffset(b.Min.X, b.Min.Y)
	halfPlane(out.Cb, out.CStride, m.Cb[at:], m.CStride, cw, ch)
	halfPlane(out.Cr, out.CStride, m.Cr[at:], m.CStride, cw, ch)
	return out
}

// chroma is the size of the planes of colour of a picture.
func chroma(s image.YCbCrSubsampleRatio, b image.Rectangle) (w, h int) {
	w, h = b.Dx(), b.Dy()
	switch s {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		w = (w + 1) / 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		w = (w + 3) / 4
	}
	switch s {
	case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio410:
		h = (h + 1) / 2
	}
	return w, h
}

// halfPlane writes the means of two by two samples; the last row and column
// stand for themselves where they have no neighbour.
func halfPlane(dst []byte, dstStride int, src []byte, srcStride, w, h int) {
	for y := 0; y < h; y += 2 {
		a := src[y*srcStride:][:w]
		b := src[min(y+1, h-1)*srcStride:][:w]
		d := dst[y/2*dstStride:]
		for x := 0; x+1 < w; x += 2 {
			d[x/2] = byte((uint(a[x]) + uint(a[x+1]) + uint(b[x]) + uint(b[x+1]) + 2) / 4)
		}
		if w&1 != 0 {
			d[w/2] = byte((uint(a[w-1]) + uint(b[w-1]) + 1) / 2)
		}
	}
}
