package pix

import (
	"bytes"
	"fmt"
	"image"

	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/jxl"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

const jxlSignature = "\x00\x00\x00\x0cJXL \r\n\x87\n"

func isJXL(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\x0a")) || bytes.HasPrefix(head, []byte(jxlSignature))
}

// lookJXL reads the headers of the codestream.
func lookJXL(f file) (header, error) {
	h := header{perPixel: 12}
	l, err := jxl.ReadLook(rd.New(f.ctx, f, f.size, rd.Default))
	if err != nil {
		return h, err
	}
	h.width, h.height = int(l.Width), int(l.Height) // the decoder turns the picture
	h.alpha, h.animated, h.lossless = l.Alpha, l.Animated, !l.XYB && !l.FromJPEG
	h.jxlColours(l)
	if l.Preview {
		h.odd = fmt.Errorf("jxl: an embedded preview: %w", meta.ErrUnsupported)
	}
	h.decode = func() (image.Image, error) {
		all, err := f.all()
		if err != nil {
			return nil, err
		}
		return codec.JXL(f.ctx, all)
	}
	return h, nil
}

// jxlColours notes the colours of decoded pixels: those of the file, but sRGB where
// a file has a profile and is coded in XYB.
func (h *header) jxlColours(l jxl.Look) {
	no := func(what string) { h.odd = fmt.Errorf("jxl: %s: %w", what, meta.ErrUnsupported) }
	c := l.Colours
	switch {
	case l.Profile != nil && l.XYB:
	case l.Profile != nil:
		h.profile = l.Profile
		if s := icc.Space(h.profile); s != "RGB " && s != "GRAY" {
			no(fmt.Sprintf("a colour profile for %q", s))
		}
	case c.White == jxl.Custom:
		no("a white point of its own")
	case c.Primaries == jxl.Custom:
		no("primaries of its own")
	case c.White != jxl.D65:
		no("an unusual white point")
	case c.Gamma != 0 && (c.Gamma < 4_500_000 || c.Gamma > 4_600_000): // 1/2.2 is near enough to sRGB
		no("a gamma of its own")
	default:
		if c.Gamma != 0 {
			c.Transfer = 13
		}
		if c.Primaries == jxl.P3 {
			c.Primaries = 12 // all others have the numbers of H.273
		}
		h.nclx(uint16(c.Primaries), uint16(c.Transfer))
	}
}
