package pix

import (
	"bufio"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/icc"
)

func isJPEG(head []byte) bool { return len(head) > 2 && head[0] == 0xff && head[1] == 0xd8 }

func lookJPEG(f file) (header, error) {
	h := header{decode: func() (image.Image, error) { return jpeg.Decode(f.reader()) }}
	c, err := jpeg.DecodeConfig(bufio.NewReader(f.reader()))
	if err != nil {
		return h, err
	}
	h.width, h.height, h.perPixel = c.Width, c.Height, 4
	if progressive := h.walkJPEG(f); c.ColorModel != color.CMYKModel {
		h.perPixel = 3
		if progressive {
			h.perPixel = 12 // all coefficients of three components, four bytes each, two of them usually halved
		}
	}
	return h, nil
}

// maxParts bounds the segments or chunks that are looked at before the picture.
const maxParts = 10_000

// walkJPEG looks for the first Exif block and the colour profile before the
// first scan, and says whether the picture is progressive.
func (h *header) walkJPEG(f file) (progressive bool) {
	var b [18]byte
	found := false
	for off, n := int64(2), 0; n < maxParts; n++ {
		if k, _ := f.ReadAt(b[:], off); k < 4 || b[0] != 0xff || b[1] == 0xda {
			return progressive
		}
		if b[1] == 0xff { // fill byte
			off++
			continue
		}
		length := int64(binary.BigEndian.Uint16(b[2:]))
		end := off + 2 + length
		if length < 2 || end > f.size {
			return progressive
		}
		switch {
		case b[1] == 0xc2:
			progressive = true
		case b[1] == 0xe1 && !found && string(b[4:9]) == "Exif\x00" && length >= 8:
			found = true
			h.turn(f, off+10, length-8)
		case b[1] == 0xe2 && string(b[4:16]) == "ICC_PROFILE\x00" && length > 16:
			part := make([]byte, length-16)
			k, _ := f.ReadAt(part, off+18)
			h.profile = append(h.profile, part[:k]...)
		}
		off = end
	}
	return progressive
}

// maxExif is the most of an Exif block that is read for the orientation. IFD0
// stands at the start; the block of a PNG may be as long as the file.
const maxExif = 1 << 20

// turn reads what an Exif block says about how the picture is shown.
func (h *header) turn(f file, off, n int64) {
	block := make([]byte, max(min(n, maxExif), 0))
	k, _ := f.ReadAt(block, off)
	looks := exif.ReadLooks(block[:k])
	h.orientation = looks.Orientation
	if looks.AdobeRGB && h.profile == nil {
		h.profile = icc.Named("Adobe RGB")
	}
}
