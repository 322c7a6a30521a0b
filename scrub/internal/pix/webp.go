package pix

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"

	"golang.org/x/image/webp"

	"tabir/scrub/meta"
)

func isWebP(head []byte) bool {
	return len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8"
}

// webpFrame is where the parts of one frame are: offsets and lengths of chunk data.
type webpFrame struct {
	alpha, coded [2]int64
	typ          string          // "VP8 " or "VP8L"
	at           image.Rectangle // on the canvas; empty for a still picture
}

// lookWebP reads the chunks of a WebP file (RFC 9649). What the decoder is given
// is a file of our own around the coded data of the first frame.
func lookWebP(f file) (header, error) {
	h := header{perPixel: 6}
	var frame webpFrame
	err := riffChunks(f, 12, f.size, func(typ string, off, n int64) (bool, error) {
		switch typ {
		case "VP8X":
			var b [10]byte
			if n < 10 {
				return false, fmt.Errorf("webp: VP8X of %d bytes: %w", n, meta.ErrMalformed)
			}
			if _, err := f.ReadAt(b[:], off); err != nil {
				return false, err
			}
			h.alpha, h.animated = b[0]&0x10 != 0, b[0]&2 != 0
			h.width, h.height = uint24(b[4:])+1, uint24(b[7:])+1
		case "ICCP":
			if n <= maxProfile {
				h.profile = make([]byte, n)
				if _, err := f.ReadAt(h.profile, off); err != nil {
					return false, err
				}
			}
		case "EXIF":
			var b [6]byte
			if k, _ := f.ReadAt(b[:], off); k == 6 && string(b[:]) == "Exif\x00\x00" {
				off, n = off+6, n-6
			}
			h.turn(f, off, n)
		case "ANMF":
			if frame.typ != "" {
				break
			}
			var b [16]byte
			if n < 16 {
				return false, fmt.Errorf("webp: ANMF of %d bytes: %w", n, meta.ErrMalformed)
			}
			if _, err := f.ReadAt(b[:], off); err != nil {
				return false, err
			}
			at := image.Pt(2*uint24(b[:]), 2*uint24(b[3:]))
			frame.at = image.Rectangle{at, at.Add(image.Pt(uint24(b[6:])+1, uint24(b[9:])+1))}
			return true, riffChunks(f, off+16, off+n, func(typ string, off, n int64) (bool, error) { frame.take(typ, off, n); return true, nil })
		default:
			frame.take(typ, off, n)
		}
		return true, nil
	})
	if err != nil {
		return h, err
	}
	still, err := frame.still(f)
	if err != nil {
		return h, err
	}
	c, err := webp.DecodeConfig(bytes.NewReader(still))
	if err != nil {
		return h, err
	}
	if h.width == 0 || !h.animated {
		h.width, h.height = c.Width, c.Height
	}
	if c.Width*c.Height > maxPixels {
		return h, fmt.Errorf("webp: %d million pixels: %w", c.Width*c.Height/1e6, meta.ErrLimit)
	}
	h.lossless = frame.typ == "VP8L"
	h.alpha = h.alpha || h.lossless || frame.alpha[1] > 0
	h.decode = func() (image.Image, error) {
		m, err := webp.Decode(bytes.NewReader(still))
		if err != nil {
			return nil, err
		}
		// The samples of VP8 are those of television (RFC 6386, 9.2).
		switch y := m.(type) {
		case *image.YCbCr:
			jfif(y, 6, false)
		case *image.NYCbCrA:
			jfif(&y.YCbCr, 6, false)
		}
		if !h.animated {
			return m, nil
		}
		canvas := image.NewNRGBA(image.Rect(0, 0, h.width, h.height))
		draw.Draw(canvas, frame.at, m, m.Bounds().Min, draw.Src)
		return canvas, nil
	}
	return h, nil
}

func (w *webpFrame) take(typ string, off, n int64) {
	switch {
	case w.typ != "": // the first one counts
	case typ == "ALPH":
		w.alpha = [2]int64{off, n}
	case typ == "VP8 ", typ == "VP8L":
		w.typ, w.coded = typ, [2]int64{off, n}
	}
}

// still is a WebP file with that frame alone.
func (w *webpFrame) still(f file) ([]byte, error) {
	if w.typ == "" {
		return nil, fmt.Errorf("webp: no picture: %w", meta.ErrMalformed)
	}
	if w.coded[1]+w.alpha[1] > maxFile {
		return nil, fmt.Errorf("webp: %d bytes to decode: %w", w.coded[1], meta.ErrLimit)
	}
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	chunk := func(typ string, body []byte) {
		out = binary.LittleEndian.AppendUint32(append(out, typ...), uint32(len(body)))
		out = append(append(out, body...), make([]byte, len(body)&1)...)
	}
	coded := make([]byte, w.coded[1])
	if _, err := f.ReadAt(coded, w.coded[0]); err != nil {
		return nil, err
	}
	if w.typ == "VP8 " && w.alpha[1] > 0 && len(coded) >= 10 {
		alpha := make([]byte, w.alpha[1])
		if _, err := f.ReadAt(alpha, w.alpha[0]); err != nil {
			return nil, err
		}
		width, height := int(binary.LittleEndian.Uint16(coded[6:])&0x3fff), int(binary.LittleEndian.Uint16(coded[8:])&0x3fff)
		x := []byte{0x10, 0, 0, 0}
		for _, n := range []int{width - 1, height - 1} {
			x = append(x, byte(n), byte(n>>8), byte(n>>16))
		}
		chunk("VP8X", x)
		chunk("ALPH", alpha)
	}
	chunk(w.typ, coded)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// riffChunks calls each for the chunks between off and end that are all there,
// until it says that it has seen enough.
func riffChunks(f file, off, end int64, each func(typ string, off, n int64) (bool, error)) error {
	var b [8]byte
	for k := 0; k < maxParts && off+8 <= end; k++ {
		if _, err := f.ReadAt(b[:], off); err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if off+8+n > end {
			return nil
		}
		if more, err := each(string(b[:4]), off+8, n); err != nil || !more {
			return err
		}
		off += 8 + n + n&1
	}
	return nil
}
