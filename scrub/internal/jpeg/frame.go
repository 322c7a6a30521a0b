package jpeg

import (
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// frame is what an SOF segment says (T.81, B.2.2).
type frame struct {
	marker        byte
	precision     int
	width, height int // height 0: a DNL segment tells it
	comps         []component
}

type component struct {
	id   byte
	h, v int
	tq   byte
}

func (f frame) progressive() bool { return f.marker == 0xc2 || f.marker == 0xca }
func (f frame) arithmetic() bool  { return f.marker >= 0xc9 && f.marker <= 0xcb }
func (f frame) lossless() bool    { return f.marker == 0xc3 || f.marker == 0xcb }

// frameKinds are the codings of SOF markers; those without a reason are cleaned.
var frameKinds = map[byte]struct{ name, refuse string }{
	0xc0: {name: "baseline"}, 0xc1: {name: "extended"}, 0xc2: {name: "progressive"}, 0xc3: {name: "lossless"},
	0xc9: {name: "arithmetic"}, 0xca: {name: "arithmetic progressive"}, 0xcb: {name: "arithmetic lossless"},
	0xc5: {refuse: "hierarchical"}, 0xc6: {refuse: "hierarchical"}, 0xc7: {refuse: "hierarchical"},
	0xcd: {refuse: "hierarchical"}, 0xce: {refuse: "hierarchical"}, 0xcf: {refuse: "hierarchical"},
	mDHP: {refuse: "hierarchical"}, mEXP: {refuse: "hierarchical"},
	mSOF55: {refuse: "JPEG-LS"}, mLSE: {refuse: "JPEG-LS"}, mJPG: {refuse: "extension (JPG marker)"},
}

// parseFrame reads an SOF segment and says how many bytes its fields take.
func parseFrame(w *rd.Window, s segment) (f frame, used int64, err error) {
	bad := func(what string) (frame, int64, error) {
		return frame{}, 0, fmt.Errorf("jpeg: frame header at %d: %s: %w", s.off, what, meta.ErrMalformed)
	}
	b, err := w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return frame{}, 0, err
	}
	if len(b) < 6 {
		return bad("too short")
	}
	f = frame{
		marker: s.marker, precision: int(b[0]),
		height: int(binary.BigEndian.Uint16(b[1:])), width: int(binary.BigEndian.Uint16(b[3:])),
	}
	n := int(b[5])
	if f.width == 0 || n == 0 || n > 4 || len(b) < 6+3*n {
		return bad("no size, or not 1 to 4 components")
	}
	least, most := 8, 12
	switch {
	case f.lossless():
		least, most = 2, 16
	case s.marker == mSOF0:
		most = 8
	}
	if f.precision < least || f.precision > most {
		return bad("sample precision")
	}
	for i := range n {
		c := b[6+3*i:]
		k := component{id: c[0], h: int(c[1] >> 4), v: int(c[1] & 15), tq: c[2]}
		if k.h < 1 || k.h > 4 || k.v < 1 || k.v > 4 || k.tq > 3 {
			return bad("sampling factors or quantisation table")
		}
		for _, o := range f.comps {
			if o.id == k.id {
				return bad("two components of one name")
			}
		}
		f.comps = append(f.comps, k)
	}
	return f, 6 + 3*int64(n), nil
}

// scan is what an SOS segment says (T.81, B.2.3).
type scan struct {
	comps          []scanComp
	ss, se, ah, al byte
	restart        int // MCUs, from the DRI in force
}

type scanComp struct {
	comp   int // index into frame.comps
	td, ta byte
}

// parseScan reads an SOS segment and returns its payload in exact form: fields
// that a sequential scan does not use hold the values that T.81 asks for.
func parseScan(w *rd.Window, s segment, f *frame) (sc scan, exact []byte, err error) {
	bad := func(what string) (scan, []byte, error) {
		return scan{}, nil, fmt.Errorf("jpeg: scan header at %d: %s: %w", s.off, what, meta.ErrMalformed)
	}
	if f == nil {
		return bad("before the frame header")
	}
	b, err := w.Bytes(s.data, s.end()-s.data)
	if err != nil {
		return scan{}, nil, err
	}
	if len(b) < 1 {
		return bad("too short")
	}
	n := int(b[0])
	if n < 1 || n > len(f.comps) || len(b) < 1+2*n+3 {
		return bad("components or length")
	}
	for i := range n {
		id, t := b[1+2*i], b[2+2*i]
		k := -1
		for j, c := range f.comps {
			if c.id == id {
				k = j
			}
		}
		for _, o := range sc.comps {
			if o.comp == k {
				k = -1
			}
		}
		if k < 0 {
			return bad("a component that the frame does not have, or has once")
		}
		if t>>4 > 3 || t&15 > 3 && !f.arithmetic() {
			return bad("number of an entropy table")
		}
		sc.comps = append(sc.comps, scanComp{k, t >> 4, t & 15})
	}
	tail := b[1+2*n:]
	sc.ss, sc.se, sc.ah, sc.al = tail[0], tail[1], tail[2]>>4, tail[2]&15
	switch {
	case f.progressive():
		if sc.ss > sc.se || sc.se > 63 || sc.ss == 0 && sc.se != 0 || sc.ss > 0 && n > 1 || sc.al > 13 || sc.ah > 13 {
			return bad("spectral selection or approximation")
		}
	case f.lossless():
		if sc.ss > 7 || sc.al > 15 {
			return bad("predictor or point transform")
		}
		sc.se, sc.ah = 0, 0
	default:
		sc.ss, sc.se, sc.ah, sc.al = 0, 63, 0, 0
	}
	exact = append(exact, b[:1]...)
	for i, c := range sc.comps {
		// A table that the scan does not use is a place to write in.
		td, ta := c.td, c.ta
		if !sc.usesDC(f) {
			td = 0
		}
		if !sc.usesAC(f) {
			ta = 0
		}
		sc.comps[i].td, sc.comps[i].ta = td, ta
		exact = append(exact, b[1+2*i], td<<4|ta)
	}
	return sc, append(exact, sc.ss, sc.se, sc.ah<<4|sc.al), nil
}

// usesDC and usesAC say which entropy tables a scan reads (T.81, G.1.1.1.1, H.1).
func (s scan) usesDC(f *frame) bool {
	return !f.progressive() || s.ss == 0 && s.ah == 0
}

func (s scan) usesAC(f *frame) bool { return !f.lossless() && s.se > 0 }
