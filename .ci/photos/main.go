// Command photos writes a folder of JPEG photos of 4 to 8 MB for benchmarks:
//
//	go run ./.ci/photos FOLDER COUNT [WIDTH]
//
// With a width all of them are of that many pixels, and as large as they come.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		log.Fatal("usage: photos FOLDER COUNT [WIDTH]")
	}
	dir := os.Args[1]
	n, err := strconv.Atoi(os.Args[2])
	check(err)
	check(os.MkdirAll(dir, 0o777))
	widths := []int{3400, 3700, 4000, 4300, 4600}
	if len(os.Args) == 4 {
		width, err := strconv.Atoi(os.Args[3])
		check(err)
		widths = []int{width}
	}
	var pictures [][]byte
	for _, width := range widths {
		pictures = append(pictures, picture(width))
	}
	for i := range n {
		p := pictures[i%len(pictures)]
		exif := exif(fmt.Sprintf("Maker %03d", i))
		out := append(append(append([]byte{}, p[:2]...), exif...), p[2:]...)
		check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%04d.jpg", i)), out, 0o666))
	}
}

// picture encodes a grainy gradient, as much data a pixel as a phone's photo.
func picture(width int) []byte {
	m := image.NewYCbCr(image.Rect(0, 0, width, width*3/4), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(uint64(width), 1))
	for i := range m.Y {
		m.Y[i] = byte(40+160*i/len(m.Y)) + byte(r.Uint32()&31)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+r.Uint32()&15), byte(120+r.Uint32()&15)
	}
	var b bytes.Buffer
	check(jpeg.Encode(&b, m, &jpeg.Options{Quality: 93}))
	return b.Bytes()
}

// exif is an APP1 segment with a maker and a position.
func exif(maker string) []byte {
	be := binary.BigEndian
	maker += "\x00\x00"
	t := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02")
	field := func(tag, typ uint16, n, v uint32) {
		t = be.AppendUint32(be.AppendUint32(be.AppendUint16(be.AppendUint16(t, tag), typ), n), v)
	}
	values := uint32(8 + 2 + 2*12 + 4)
	field(0x010f, 2, uint32(len(maker)), values)
	field(0x8825, 4, 1, values+uint32(len(maker)))
	t = append(be.AppendUint32(t, 0), maker...)
	gps := uint32(len(t)) + 2 + 4*12 + 4
	t = be.AppendUint16(t, 4)
	field(1, 2, 2, 'S'<<24)
	field(2, 5, 3, gps)
	field(3, 2, 2, 'E'<<24)
	field(4, 5, 3, gps+24)
	t = be.AppendUint32(t, 0)
	for _, v := range []uint32{8, 1, 30, 1, 2484, 100, 115, 1, 15, 1, 4500, 100} {
		t = be.AppendUint32(t, v)
	}
	s := be.AppendUint16([]byte{0xff, 0xe1}, uint16(2+6+len(t)))
	return append(append(s, "Exif\x00\x00"...), t...)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
