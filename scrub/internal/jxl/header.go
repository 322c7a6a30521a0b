package jxl

import "tabir/scrub/meta"

// header is what the codestream says in front of its frames (18181-1, annex D).
type header struct {
	width, height               int64
	orientation                 int
	preview                     bool
	previewWidth, previewHeight int64
	animation, timecodes        bool
	channels                    []channel // besides those of colour
	xyb                         bool
	colours                     Colours
	icc                         []byte // the colour profile, nil for none
	iccAt                       int64  // where its coded form begins, in bits
	end                         int64  // where the frames begin, in bytes
}

// channel is an extra channel (D.3.6).
type channel struct {
	kind uint32
	name string
}

// Kinds of extra channels (table D.11).
const (
	chAlpha = iota
	chDepth
	chSpot
	chSelection
	chBlack
	chFilter // a colour filter array
	chThermal
)

// maxChannels bounds the extra channels of one picture.
const maxChannels = 256

// readHeader reads everything up to the first frame.
func (r *reader) readHeader() (h header) {
	if r.bits(16) != 0x0aff {
		r.malformed("no signature")
	}
	h.width, h.height = r.size()
	h.orientation, h.xyb, h.colours = 1, true, srgb
	icc := false
	if !r.flag() { // not all default
		icc = r.metadata(&h)
	}
	r.transforms(h.xyb)
	if icc {
		h.iccAt = r.pos
		h.icc = r.profile()
	}
	r.align()
	h.end = r.pos >> 3
	return h
}

// ratios of width to height (table D.2).
var ratios = [8][2]int64{{}, {1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}}

// size reads a SizeHeader (D.2).
func (r *reader) size() (w, h int64) {
	small := r.flag()
	side := func() int64 {
		if small {
			return 8 * (int64(r.bits(5)) + 1)
		}
		return int64(r.u32(dist{9, 1}, dist{13, 1}, dist{18, 1}, dist{30, 1}))
	}
	return r.shape(side)
}

// previewSize reads a PreviewHeader (D.3.3).
func (r *reader) previewSize() (w, h int64) {
	by8 := r.flag()
	return r.shape(func() int64 {
		if by8 {
			return 8 * int64(r.u32(val(16), val(32), dist{5, 1}, dist{9, 33}))
		}
		return int64(r.u32(dist{6, 1}, dist{8, 65}, dist{10, 321}, dist{12, 1345}))
	})
}

// shape reads a height and either a ratio or a width.
func (r *reader) shape(side func() int64) (w, h int64) {
	h = side()
	if q := ratios[r.bits(3)]; q[1] != 0 {
		return h * q[0] / q[1], h
	}
	return side(), h
}

// metadata reads ImageMetadata that is not all default (D.3) and says whether
// there is a colour profile.
func (r *reader) metadata(h *header) (icc bool) {
	extra := r.flag()
	if extra {
		h.orientation = 1 + int(r.bits(3))
		if r.flag() {
			r.size() // intrinsic: how large to show it
		}
		if h.preview = r.flag(); h.preview {
			h.previewWidth, h.previewHeight = r.previewSize()
		}
		if h.animation = r.flag(); h.animation {
			r.u32(val(100), val(1000), dist{10, 1}, dist{30, 1}) // ticks a second
			r.u32(val(1), val(1001), dist{8, 1}, dist{10, 1})
			r.u32(val(0), dist{3, 0}, dist{16, 0}, dist{32, 0}) // loops
			h.timecodes = r.flag()
		}
	}
	r.bitDepth()
	r.flag() // whether 16 bits suffice
	n := r.u32(val(0), val(1), dist{4, 2}, dist{12, 1})
	if n > maxChannels {
		r.fail("more channels than any picture has", meta.ErrLimit)
		return false
	}
	for range n {
		h.channels = append(h.channels, r.channel())
	}
	h.xyb = r.flag()
	icc = r.colour(h)
	if extra && !r.flag() { // tone mapping (D.3.7)
		r.skip(2)
		r.flag()
		r.skip(1)
	}
	r.extensions()
	return icc
}

// bitDepth reads a BitDepth (D.3.5).
func (r *reader) bitDepth() {
	if r.flag() { // floating point
		r.u32(val(32), val(16), val(24), dist{6, 1})
		r.bits(4)
	} else {
		r.u32(val(8), val(10), val(12), dist{6, 1})
	}
}

// channel reads an ExtraChannelInfo.
func (r *reader) channel() (c channel) {
	if r.flag() {
		return c // alpha of 8 bits
	}
	c.kind = r.enum()
	r.bitDepth()
	r.u32(val(0), val(3), val(4), dist{3, 1})
	c.name = r.name()
	switch c.kind {
	case chAlpha:
		r.flag()
	case chSpot:
		r.skip(4)
	case chFilter:
		r.u32(val(1), dist{2, 0}, dist{4, 3}, dist{8, 19})
	}
	return c
}

// Colour spaces (E.2) that decide which fields follow, and the value that stands
// for coordinates of one's own.
const (
	spaceGrey = 1
	spaceXYB  = 2
)

// srgb are the colours of a file that says nothing of them.
var srgb = Colours{White: D65, Primaries: 1, Transfer: 13}

// colour reads a ColourEncoding (E.2) and says whether there is a profile instead.
func (r *reader) colour(h *header) (icc bool) {
	if r.flag() {
		return false
	}
	icc = r.flag()
	space := r.enum()
	if icc {
		return true
	}
	points := func(n int) {
		for range 2 * n {
			r.u32(dist{19, 0}, dist{19, 524288}, dist{20, 1048576}, dist{21, 2097152})
		}
	}
	c := &h.colours
	if space != spaceXYB {
		if c.White = r.enum(); c.White == Custom {
			points(1)
		}
	}
	if space != spaceXYB && space != spaceGrey {
		if c.Primaries = r.enum(); c.Primaries == Custom {
			points(3)
		}
	}
	if space != spaceXYB {
		if r.flag() {
			c.Gamma = r.bits(24)
		} else {
			c.Transfer = r.enum()
		}
	}
	r.enum() // rendering intent
	return false
}

// transforms reads CustomTransformData (D.4).
func (r *reader) transforms(xyb bool) {
	if r.flag() {
		return
	}
	if xyb && !r.flag() {
		r.skip(16) // inverse matrix, and its biases
	}
	mask := r.bits(3)
	for i, n := range []int{15, 55, 210} { // weights for upsampling by 2, 4 and 8
		if mask>>i&1 == 1 {
			r.skip(n)
		}
	}
}
