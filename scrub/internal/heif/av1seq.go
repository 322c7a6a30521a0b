package heif

import (
	"fmt"

	"tabir/scrub/meta"
)

// exactSequence checks that there is nothing in a sequence header behind its own
// fields (AV1 specification, 5.5 and 5.3.4).
func exactSequence(b []byte) error {
	r := &bitReader{b: b}
	profile := r.read(3)
	r.skip(1)
	reduced := r.flag()
	if reduced {
		r.skip(5)
	} else {
		r.operatingPoints()
	}
	width, height := int(r.read(4))+1, int(r.read(4))+1
	r.skip(width + height)
	if !reduced && r.flag() {
		r.skip(4 + 3)
	}
	r.skip(3)
	if !reduced {
		r.tools()
	}
	r.skip(3)
	r.colours(profile)
	r.skip(1)
	if n := r.behind(); n != 0 {
		return fmt.Errorf("sequence header has %d bits behind its fields: %w", n, meta.ErrMalformed)
	}
	return nil
}

// operatingPoints reads timing, buffers and operating points (5.5.1).
func (r *bitReader) operatingPoints() {
	model, delay := false, 0
	if r.flag() {
		r.skip(64)
		if r.flag() {
			r.ue() // uvlc, which is coded alike
		}
		if model = r.flag(); model {
			delay = int(r.read(5)) + 1
			r.skip(32 + 5 + 5)
		}
	}
	display := r.flag()
	for range r.read(5) + 1 {
		r.skip(12)
		if r.read(5) > 7 {
			r.skip(1)
		}
		if model && r.flag() {
			r.skip(2*delay + 1)
		}
		if display && r.flag() {
			r.skip(4)
		}
	}
}

// tools reads which tools of the coding may be used.
func (r *bitReader) tools() {
	r.skip(4)
	order := r.flag()
	if order {
		r.skip(2)
	}
	screen := uint32(2)
	if !r.flag() {
		screen = r.read(1)
	}
	if screen > 0 && !r.flag() {
		r.skip(1)
	}
	if order {
		r.skip(3)
	}
}

// colours reads color_config (5.5.2).
func (r *bitReader) colours(profile uint32) {
	high := r.flag()
	twelve := profile == 2 && high && r.flag()
	mono := profile != 1 && r.flag()
	described, srgb := r.flag(), false
	if described {
		srgb = r.read(8) == 1
		srgb = r.read(8) == 13 && srgb
		srgb = r.read(8) == 0 && srgb
	}
	if mono {
		r.skip(1)
		return
	}
	if !srgb {
		r.skip(1)
		halfX, halfY := profile != 1, profile == 0
		if twelve {
			halfX = r.flag()
			halfY = halfX && r.flag()
		}
		if halfX && halfY {
			r.skip(2)
		}
	}
	r.skip(1)
}
