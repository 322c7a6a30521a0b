package pix

import (
	"fmt"
	"image"

	"tabir/scrub/internal/icc"
	"tabir/scrub/meta"
)

// nclx notes colours by their code points (ITU-T H.273, tables 2 and 3): our own
// profile of a well-known space, or that there is none for them.
func (h *header) nclx(primaries, transfer uint16) {
	// 4, a gamma of 2.2, is so near to the curve of sRGB that nobody tells them apart.
	sdr := map[uint16]bool{1: true, 2: true, 4: true, 6: true, 13: true, 14: true, 15: true}[transfer]
	switch {
	case transfer == 16 || transfer == 18:
		h.odd = fmt.Errorf("high dynamic range (PQ or HLG): %w", meta.ErrUnsupported)
	case !sdr:
		h.odd = fmt.Errorf("colours with transfer characteristics %d: %w", transfer, meta.ErrUnsupported)
	case primaries == 1 || primaries == 2 || primaries == 5 || primaries == 6:
	case primaries == 12:
		h.profile = icc.Named("Display P3")
	case primaries == 9 && transfer != 13:
		h.profile = icc.Named("Rec. 2020")
	default:
		h.odd = fmt.Errorf("colours with primaries %d: %w", primaries, meta.ErrUnsupported)
	}
}

// one is 1 in the arithmetic here, which is in integers: the same on every processor.
const one = 1 << 16

// weights are the parts of red and blue in luma (ITU-T H.273, table 4); those of
// JFIF for all matrices but BT.709 and BT.2020.
func weights(matrix uint16) (kr, kb int64) {
	switch matrix {
	case 1:
		return 13933, 4732
	case 9:
		return 17216, 3886
	}
	return 19595, 7471
}

// jfif turns samples of any matrix and range into those of JFIF, which is what
// package image takes them for, in place.
func jfif(m *image.YCbCr, matrix uint16, full bool) {
	if !full {
		var luma, chroma [256]byte
		for i := range int64(256) {
			luma[i] = sample((i - 16) * one * 255 / 219)
			chroma[i] = sample((i-128)*one*255/224 + 128*one)
		}
		through(m.Y, &luma)
		through(m.Cb, &chroma)
		through(m.Cr, &chroma)
	}
	kr, kb := weights(matrix)
	jr, jb := weights(6)
	if kr == jr && kb == jb {
		return
	}
	// Red, green and blue less luma are sums of Cb and Cr; so is the new luma less
	// the old one.
	kg, jg := one-kr-kb, one-jr-jb
	redCr, blueCb := 2*(one-kr), 2*(one-kb)
	greenCb, greenCr := -2*kb*(one-kb)/kg, -2*kr*(one-kr)/kg
	lumaCb := (jg*greenCb + jb*blueCb) / one
	lumaCr := (jr*redCr + jg*greenCr) / one
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			i, c := m.YOffset(x, y), m.COffset(x, y)
			m.Y[i] = sample(int64(m.Y[i])*one + lumaCb*(int64(m.Cb[c])-128) + lumaCr*(int64(m.Cr[c])-128))
		}
	}
	// The new Cb is blue less the new luma, over twice what is not blue in it.
	cbCb, cbCr := (blueCb-lumaCb)*one/(2*(one-jb)), -lumaCr*one/(2*(one-jb))
	crCr, crCb := (redCr-lumaCr)*one/(2*(one-jr)), -lumaCb*one/(2*(one-jr))
	for i := range m.Cb {
		cb, cr := int64(m.Cb[i])-128, int64(m.Cr[i])-128
		m.Cb[i] = sample(cbCb*cb + cbCr*cr + 128*one)
		m.Cr[i] = sample(crCr*cr + crCb*cb + 128*one)
	}
}

func through(plane []byte, table *[256]byte) {
	for i, v := range plane {
		plane[i] = table[v]
	}
}

// sample rounds v/one to a sample.
func sample(v int64) byte { return byte(min(max((v+one/2)>>16, 0), 255)) }
