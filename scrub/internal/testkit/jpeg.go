package testkit

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// Picture draws a small picture with an edge and a gradient, so that a shift or
// a turn shows.
func Picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(13 * (x + y)), 255}
			if x > y {
				c.B = 0
			}
			m.Set(x, y, c)
		}
	}
	return m
}

// JPEG is a small baseline picture, 4:2:0, without any application segment, with
// the given segments behind its SOI.
func JPEG(segments ...[]byte) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, Picture(37, 21), &jpeg.Options{Quality: 75}); err != nil {
		panic(err)
	}
	return AfterSOI(b.Bytes(), segments...)
}

// AfterSOI puts segments behind the SOI of a picture.
func AfterSOI(b []byte, segments ...[]byte) []byte {
	out := append([]byte(nil), b[:2]...)
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, b[2:]...)
}

// Segment is a marker segment with its length.
func Segment(marker byte, payload ...[]byte) []byte {
	b := bytes.Join(payload, nil)
	n := len(b) + 2
	return append([]byte{0xff, marker, byte(n >> 8), byte(n)}, b...)
}

// SegmentsOf cuts a JPEG file into its marker segments, each SOS with the
// entropy-coded data behind it. The file must be well-formed.
func SegmentsOf(b []byte) (out [][]byte) {
	for i := 0; i < len(b); {
		n := 2
		if m := b[i+1]; m != 0xd8 && m != 0xd9 {
			n += int(b[i+2])<<8 | int(b[i+3])
			for m == 0xda && (b[i+n] != 0xff || b[i+n+1] == 0 || b[i+n+1] >= 0xd0 && b[i+n+1] < 0xd8) {
				n++
			}
		}
		out = append(out, b[i:i+n])
		i += n
	}
	return out
}
