package pix

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

func isPNG(head []byte) bool { return bytes.HasPrefix(head, []byte(pngSignature)) }

func lookPNG(f file) (header, error) {
	h := header{lossless: true, alpha: true, decode: func() (image.Image, error) { return png.Decode(f.reader()) }}
	c, err := png.DecodeConfig(bufio.NewReader(f.reader()))
	if err != nil {
		return h, err
	}
	h.width, h.height, h.perPixel = c.Width, c.Height, 4
	if c.ColorModel == color.NRGBA64Model || c.ColorModel == color.RGBA64Model {
		h.perPixel = 8
	}
	h.walkPNG(f)
	return h, nil
}

// maxProfile is the largest colour profile that is looked at.
const maxProfile = 16 << 20

// walkPNG looks for the chunks before the first IDAT that say how the picture is shown.
func (h *header) walkPNG(f file) {
	var b [12]byte
	for off, n := int64(8), 0; n < maxParts; n++ {
		if k, _ := f.ReadAt(b[:], off); k < 8 {
			return
		}
		length := int64(binary.BigEndian.Uint32(b[:]))
		switch typ := string(b[4:8]); {
		case typ == "IDAT" || off+12+length > f.size:
			return
		case typ == "eXIf":
			h.turn(f, off+8, length)
		case typ == "acTL":
			h.animated = true
		case typ == "cICP" && length == 4:
			h.nclx(uint16(b[8]), uint16(b[9]))
		case typ == "iCCP" && length <= maxProfile:
			body := make([]byte, length)
			k, _ := f.ReadAt(body, off+8)
			if _, packed, ok := bytes.Cut(body[:k], []byte{0}); ok && len(packed) > 1 {
				if z, err := zlib.NewReader(bytes.NewReader(packed[1:])); err == nil {
					h.profile, _ = io.ReadAll(io.LimitReader(z, maxProfile))
				}
			}
		}
		off += 12 + length
	}
}
