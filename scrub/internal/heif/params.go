package heif

import (
	"fmt"

	"tabir/scrub/meta"
)

// parameters reads a parameter set (H.265, 7.3.2). known says that it has no
// extension that is not read here, whose length nobody can tell.
type parameters func(r *bitReader) (known bool)

var parameterSets = map[byte]parameters{32: videoParameters, 33: sequenceParameters, 34: pictureParameters}

// exactParameters checks that there is nothing in a parameter set behind its own
// fields and the bits that fill the last byte (7.3.2.11).
func exactParameters(unit []byte) error {
	read := parameterSets[unit[0]>>1&0x3f]
	b := unescape(unit[2:])
	r := &bitReader{b: b}
	if read == nil || !read(r) || r.bad || r.pos > 8*len(b) {
		return nil
	}
	if n := r.behind(); n != 0 {
		return fmt.Errorf("parameter set of type %d has %d bits behind its fields: %w", unit[0]>>1&0x3f, n, meta.ErrMalformed)
	}
	return nil
}

// profile reads profile_tier_level (7.3.3) for layers sub-layers less one.
func (r *bitReader) profile(layers int) {
	r.skip(88 + 8)
	present := make([]uint32, layers)
	for i := range present {
		present[i] = r.read(2)
	}
	if layers > 0 {
		r.skip(2 * (8 - layers))
	}
	for _, p := range present {
		r.skip(int(p>>1)*88 + int(p&1)*8)
	}
}

// ordering reads what buffers each sub-layer needs.
func (r *bitReader) ordering(layers int) {
	n := 1
	if r.flag() {
		n = layers + 1
	}
	r.ues(3 * n)
}

func videoParameters(r *bitReader) bool {
	r.skip(4 + 1 + 1 + 6)
	layers := int(r.read(3))
	r.skip(1 + 16)
	r.profile(layers)
	r.ordering(layers)
	most := int(r.read(6))
	r.skip(r.count(1023) * (most + 1)) // which layers each set has
	if r.flag() {
		r.skip(64)
		if r.flag() {
			r.ue()
		}
		for i := range r.count(1024) {
			r.ue()
			r.hrd(i == 0 || r.flag(), layers)
		}
	}
	return !r.flag()
}

func sequenceParameters(r *bitReader) bool {
	r.skip(4)
	layers := int(r.read(3))
	r.skip(1)
	r.profile(layers)
	r.ue()
	if r.ue() == 3 {
		r.skip(1)
	}
	r.ues(2)
	if r.flag() {
		r.ues(4) // conformance window
	}
	r.ues(2)
	order := r.count(12) + 4
	r.ordering(layers)
	r.ues(6)
	if scaled := r.flag(); scaled && r.flag() {
		r.scaling()
	}
	r.skip(2)
	if r.flag() {
		r.skip(8)
		r.ues(2)
		r.skip(1)
	}
	r.pictureSets(r.count(64))
	if r.flag() {
		r.skip(r.count(32) * (order + 1))
	}
	r.skip(2)
	if r.flag() {
		r.usability(layers)
	}
	if !r.flag() {
		return true
	}
	extensions := r.read(8)
	if extensions&0x80 != 0 {
		r.skip(9)
	}
	if extensions&0x40 != 0 {
		r.skip(1)
	}
	return extensions&0x3f == 0
}

// scaling reads scaling_list_data (7.3.4).
func (r *bitReader) scaling() {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for matrix := 0; matrix < 6; matrix += step {
			if !r.flag() {
				r.ue()
				continue
			}
			if size > 1 {
				r.se()
			}
			r.ues(min(64, 1<<(4+2*size)))
		}
	}
}

// pictureSets reads n short-term reference picture sets (7.3.7).
func (r *bitReader) pictureSets(n int) {
	before := 0 // pictures in the set before
	for i := range n {
		if i > 0 && r.flag() {
			r.skip(1)
			r.ue()
			now := 0
			for range before + 1 {
				if used := r.flag(); used || r.flag() {
					now++
				}
			}
			before = now
			continue
		}
		before = r.count(16) + r.count(16)
		for range before {
			r.ue()
			r.skip(1)
		}
	}
}

// usability reads vui_parameters (E.2.1).
func (r *bitReader) usability(layers int) {
	if r.flag() && r.read(8) == 255 {
		r.skip(32)
	}
	if r.flag() {
		r.skip(1)
	}
	if r.flag() {
		r.skip(4)
		if r.flag() {
			r.skip(24)
		}
	}
	if r.flag() {
		r.ues(2)
	}
	r.skip(3)
	if r.flag() {
		r.ues(4)
	}
	if r.flag() {
		r.skip(64)
		if r.flag() {
			r.ue()
		}
		if r.flag() {
			r.hrd(true, layers)
		}
	}
	if r.flag() {
		r.skip(3)
		r.ues(5)
	}
}

// hrd reads hrd_parameters (E.2.2).
func (r *bitReader) hrd(common bool, layers int) {
	var nal, vcl, parts bool
	if common {
		nal, vcl = r.flag(), r.flag()
		if nal || vcl {
			if parts = r.flag(); parts {
				r.skip(8 + 5 + 1 + 5)
			}
			r.skip(8)
			if parts {
				r.skip(4)
			}
			r.skip(15)
		}
	}
	for range layers + 1 {
		fixed := r.flag()
		fixed = fixed || r.flag()
		low, buffers := false, 1
		if fixed {
			r.ue()
		} else {
			low = r.flag()
		}
		if !low {
			buffers = r.count(31) + 1
		}
		for _, there := range []bool{nal, vcl} {
			for range buffers {
				if there {
					r.ues(2)
					if parts {
						r.ues(2)
					}
					r.skip(1)
				}
			}
		}
	}
}

func pictureParameters(r *bitReader) bool {
	r.ues(2)
	r.skip(1 + 1 + 3 + 1 + 1)
	r.ues(3)
	r.skip(1)
	skips := r.flag()
	if r.flag() {
		r.ue()
	}
	r.ues(2)
	r.skip(4)
	tiles := r.flag()
	r.skip(1)
	if tiles {
		columns, rows := r.count(64), r.count(64)
		if !r.flag() {
			r.ues(columns + rows)
		}
		r.skip(1)
	}
	r.skip(1)
	if r.flag() {
		r.skip(1)
		if !r.flag() {
			r.ues(2)
		}
	}
	if r.flag() {
		r.scaling()
	}
	r.skip(1)
	r.ue()
	r.skip(1)
	if !r.flag() {
		return true
	}
	extensions := r.read(8)
	if extensions&0x80 != 0 {
		if skips {
			r.ue()
		}
		r.skip(1)
		if r.flag() {
			r.ue()
			for range r.count(5) + 1 {
				r.ues(2)
			}
		}
		r.ues(2)
	}
	return extensions&0x7f == 0
}
