package pix

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"strings"

	"github.com/disintegration/imaging"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// isHEIF says that a file is HEIF or AVIF by its brands; lookHEIF tells them apart
// by how the primary item is coded.
func isHEIF(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	end := min(int(binary.BigEndian.Uint32(head)), len(head))
	for at := 8; at+4 <= end; at += 4 {
		switch string(head[at : at+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1", "avif", "avis":
			return true
		}
	}
	return false
}

// heif is what the meta box says of the primary item (ISO/IEC 23008-12).
type heif struct {
	w          *rd.Window
	primary    uint32
	properties []box.Box           // of ipco
	of         map[uint32][]uint16 // the properties of each item, numbered from 1
	derived    map[uint32][]uint32 // the items that one is made of
	auxiliary  map[uint32][]uint32 // the items that one is an auxiliary picture of
	alpha      bool                // an item is the alpha of another one
	multiplied bool                // colours are multiplied by alpha
	at         int64               // where the number of the primary item is
	sequence   bool                // there is a track beside the items
}

func lookHEIF(f file) (header, error) {
	s := heif{w: rd.New(f.ctx, f, f.size, rd.Default), of: map[uint32][]uint16{}, derived: map[uint32][]uint32{}, auxiliary: map[uint32][]uint32{}}
	h := header{}
	if err := box.Walk(s.w, 0, f.size, s.top); err != nil && s.primary == 0 {
		return h, err
	}
	av1, err := s.describe(&h)
	if err != nil {
		return h, err
	}
	h.animated = s.sequence
	h.name, h.perPixel = "heic", 8
	if av1 {
		h.name, h.alpha = "avif", s.alpha
	} else if s.alpha {
		err = s.transparent(&h)
	}
	return h, err
}

// top takes the boxes of the file.
func (s *heif) top(b box.Box) error {
	switch b.Type {
	case "meta":
		return box.Walk(s.w, b.Data()+4, b.End(), s.meta)
	case "moov":
		s.sequence = true
	}
	return nil
}

// maxItems bounds the items, properties and references that are looked at.
const maxItems = 1 << 16

func (s *heif) meta(b box.Box) error {
	switch b.Type {
	case "pitm":
		r, err := s.fields(b)
		if err != nil {
			return err
		}
		s.primary, s.at = r.id(r.version > 0), b.Data()+4
		return r.err
	case "iref":
		r, err := s.fields(b)
		if err != nil {
			return err
		}
		long := r.version > 0
		return box.Walk(s.w, b.Data()+4, b.End(), func(ref box.Box) error {
			switch ref.Type {
			case "dimg":
				return s.reference(ref, long, s.derived)
			case "auxl":
				return s.reference(ref, long, s.auxiliary)
			case "prem":
				s.multiplied = true
			}
			return nil
		})
	case "iprp":
		return box.Walk(s.w, b.Data(), b.End(), func(p box.Box) error {
			switch p.Type {
			case "ipco":
				return box.Walk(s.w, p.Data(), p.End(), func(q box.Box) error {
					if s.properties = append(s.properties, q); len(s.properties) > maxItems {
						return fmt.Errorf("heif: more than %d properties: %w", maxItems, meta.ErrLimit)
					}
					return nil
				})
			case "ipma":
				return s.associations(p)
			}
			return nil
		})
	}
	return nil
}

// reference notes the items that one refers to (8.11.12 of ISO/IEC 14496-12).
func (s *heif) reference(b box.Box, long bool, to map[uint32][]uint32) error {
	raw, err := s.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return err
	}
	r := fields{b: raw}
	from := r.id(long)
	for n := r.uint(2); n > 0 && r.err == nil; n-- {
		to[from] = append(to[from], r.id(long))
	}
	return r.err
}

// associations notes which properties items have (ISO/IEC 23008-12, 9.3).
func (s *heif) associations(b box.Box) error {
	r, err := s.fields(b)
	if err != nil {
		return err
	}
	n := r.uint(4)
	for ; n > 0 && r.err == nil; n-- {
		item := r.id(r.version > 0)
		for k := r.uint(1); k > 0 && r.err == nil; k-- {
			if r.flags&1 != 0 {
				s.of[item] = append(s.of[item], uint16(r.uint(2)&0x7fff))
			} else {
				s.of[item] = append(s.of[item], uint16(r.uint(1)&0x7f))
			}
		}
	}
	return r.err
}

// each calls do for the properties of an item, in their order.
func (s *heif) each(item uint32, do func(typ string, b []byte) error) error {
	for _, n := range s.of[item] {
		if n == 0 || int(n) > len(s.properties) {
			continue
		}
		p := s.properties[n-1]
		b, err := s.w.Bytes(p.Data(), p.Len())
		if err != nil {
			return err
		}
		if err := do(p.Type, b); err != nil {
			return err
		}
	}
	return nil
}

// size is what the ispe property of an item says, in pixels.
func (s *heif) size(item uint32) (width, height int) {
	_ = s.each(item, func(typ string, b []byte) error { // an item without a size has none
		if typ == "ispe" && len(b) >= 12 {
			width, height = int(binary.BigEndian.Uint32(b[4:])), int(binary.BigEndian.Uint32(b[8:]))
		}
		return nil
	})
	return width, height
}

// describe fills a header with what the properties of the primary item say, and
// how it is to be decoded.
func (s *heif) describe(h *header) (av1 bool, err error) {
	hevc := false
	for _, p := range s.properties {
		hevc, av1 = hevc || p.Type == "hvcC", av1 || p.Type == "av1C"
		if p.Type == "auxC" && p.Len() < 256 {
			b, err := s.w.Bytes(p.Data(), p.Len())
			if err != nil {
				return false, err
			}
			s.alpha = s.alpha || isAlpha(b)
		}
	}
	if !hevc && !av1 {
		return false, fmt.Errorf("heif: a picture that is coded neither with HEVC nor with AV1: %w", meta.ErrUnsupported)
	}
	if h.width, h.height = s.size(s.primary); h.width <= 0 || h.height <= 0 || h.width > 1<<20 || h.height > 1<<20 {
		return false, fmt.Errorf("heif: a primary item of %d by %d pixels: %w", h.width, h.height, meta.ErrMalformed)
	}
	if err := s.work(*h); err != nil {
		return false, err
	}
	c := colours{matrix: 6, full: true}
	var crop image.Rectangle
	err = s.each(s.primary, func(typ string, b []byte) error {
		switch {
		case typ == "colr" && len(b) >= 11 && string(b[:4]) == "nclx":
			be := binary.BigEndian
			c.matrix, c.full = be.Uint16(b[8:]), b[10]&0x80 != 0
			if h.profile == nil {
				h.nclx(be.Uint16(b[4:]), be.Uint16(b[6:]))
			}
		case typ == "colr" && len(b) > 4 && (string(b[:4]) == "prof" || string(b[:4]) == "rICC"):
			h.profile = bytes.Clone(b[4:])
		case typ == "irot" && len(b) >= 1:
			h.orientation = then(h.orientation, [4]int{1, 8, 3, 6}[b[0]&3])
		case typ == "imir" && len(b) >= 1:
			h.orientation = then(h.orientation, [2]int{4, 2}[b[0]&1])
		case typ == "clap":
			var ok bool
			if crop, ok = aperture(b, h.width, h.height); !ok {
				return fmt.Errorf("heif: clean aperture: %w", meta.ErrUnsupported)
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	if av1 && !hevc {
		h.decode = func() (image.Image, error) {
			b, err := s.bytes("avif")
			if err != nil {
				return nil, err
			}
			m, err := codec.AVIF(s.w.Context(), b)
			if err != nil || crop.Empty() {
				return m, err
			}
			return imaging.Crop(m, crop), nil
		}
		return true, nil
	}
	h.orientation = 1 // the decoder turns and crops
	h.decode = func() (image.Image, error) {
		b, err := s.bytes("heic")
		if err != nil {
			return nil, err
		}
		m, err := codec.HEIC(s.w.Context(), b)
		if y, ok := m.(*image.YCbCr); ok && err == nil {
			jfif(y, c.matrix, c.full)
		}
		return m, err
	}
	return false, nil
}

// isAlpha reports whether an auxC property is of an alpha plane.
func isAlpha(auxC []byte) bool {
	t := string(auxC)
	return strings.Contains(t, "auxiliary:alpha") || strings.Contains(t, "hevc:2015:auxid:1")
}

type colours struct {
	matrix uint16
	full   bool
}

// maxWork is how many times the pixels of a picture its parts may have together:
// the same large part may be asked for a thousand times.
const maxWork = 4

func (s *heif) work(h header) error {
	parts := s.derived[s.primary]
	if len(parts) > maxItems {
		return fmt.Errorf("heif: %d parts: %w", len(parts), meta.ErrLimit)
	}
	sum := int64(0)
	for _, p := range parts {
		w, ht := s.size(p)
		if w > 1<<20 || ht > 1<<20 {
			return fmt.Errorf("heif: a part of %d by %d pixels: %w", w, ht, meta.ErrLimit)
		}
		sum += int64(w) * int64(ht)
		if len(s.derived[p]) > 8 {
			return fmt.Errorf("heif: parts of parts: %w", meta.ErrUnsupported)
		}
	}
	if sum > maxWork*max(int64(h.width)*int64(h.height), 1<<20) {
		return fmt.Errorf("heif: %d parts of %d million pixels for a picture of %d: %w", len(parts), sum/1e6, int64(h.width)*int64(h.height)/1e6, meta.ErrLimit)
	}
	return nil
}

// bytes is the whole file, under the brand that its decoder asks for.
func (s *heif) bytes(brand string) ([]byte, error) {
	if s.w.Size() > maxFile {
		return nil, fmt.Errorf("heif: %d bytes to decode: %w", s.w.Size(), meta.ErrLimit)
	}
	b := make([]byte, 0, s.w.Size())
	for off := int64(0); off < s.w.Size(); {
		p, err := s.w.Page(off)
		if err != nil {
			return nil, err
		}
		b, off = append(b, p...), off+int64(len(p))
	}
	if !s.sequence || brand == "heic" {
		copy(b[8:], brand)
	}
	return b, nil
}

// aperture is the part of a picture that a clap property shows (ISO/IEC 14496-12,
// 12.1.4), in whole pixels.
func aperture(b []byte, width, height int) (image.Rectangle, bool) {
	if len(b) < 32 {
		return image.Rectangle{}, false
	}
	var n [8]int64
	for i := range n {
		n[i] = int64(int32(binary.BigEndian.Uint32(b[4*i:])))
	}
	if n[1] <= 0 || n[3] <= 0 || n[5] <= 0 || n[7] <= 0 {
		return image.Rectangle{}, false
	}
	w, h := n[0]/n[1], n[2]/n[3]
	// The middle of the aperture lies so far from the middle of the picture.
	x := ((int64(width)-w)*n[5] + 2*n[4]) / (2 * n[5])
	y := ((int64(height)-h)*n[7] + 2*n[6]) / (2 * n[7])
	r := image.Rect(int(x), int(y), int(x+w), int(y+h))
	return r, !r.Empty() && r.In(image.Rect(0, 0, width, height))
}

// then is the orientation that shows what a and then b do.
func then(a, b int) int {
	// Where an orientation takes the axes: x to (m[0], m[1]), y to (m[2], m[3]).
	axes := [9][4]int{1: {1, 0, 0, 1}, 2: {-1, 0, 0, 1}, 3: {-1, 0, 0, -1}, 4: {1, 0, 0, -1}, 5: {0, 1, 1, 0}, 6: {0, 1, -1, 0}, 7: {0, -1, -1, 0}, 8: {0, -1, 1, 0}}
	p, q := axes[max(a, 1)], axes[b]
	want := [4]int{p[0]*q[0] + p[1]*q[2], p[0]*q[1] + p[1]*q[3], p[2]*q[0] + p[3]*q[2], p[2]*q[1] + p[3]*q[3]}
	for o, m := range axes {
		if o > 0 && m == want {
			return o
		}
	}
	return 1
}

// fields reads numbers, all of them big endian.
type fields struct {
	b       []byte
	version byte
	flags   uint32
	err     error
}

// fields reads a FullBox.
func (s *heif) fields(b box.Box) (*fields, error) {
	raw, err := s.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return nil, err
	}
	r := &fields{b: raw}
	v := r.uint(4)
	r.version, r.flags = byte(v>>24), v&0xffffff
	return r, r.err
}

func (r *fields) uint(n int) (v uint32) {
	if len(r.b) < n {
		r.err = fmt.Errorf("heif: %w", meta.Truncated)
		return 0
	}
	for _, c := range r.b[:n] {
		v = v<<8 | uint32(c)
	}
	r.b = r.b[n:]
	return v
}

func (r *fields) id(long bool) uint32 {
	if long {
		return r.uint(4)
	}
	return r.uint(2)
}
