package jxl

import (
	"math/bits"

	"tabir/scrub/meta"
)

// Types of frames (18181-1, table F.2).
const (
	regular = iota
	lowFrequency
	reference
	skipProgressive
)

// frame is what the header of a frame says (F.2) of its size and place.
type frame struct {
	kind          uint32
	x, y          int64
	width, height int64
	last          bool
	name          string
	sections      int64 // in the table of contents
}

// Flags of frames (table F.4).
const (
	usesLF     = 0x20          // the low frequencies are in a frame of their own
	knownFlags = 0x93 | usesLF // and noise, patches, splines, no smoothing
)

const maxSections = 1 << 16

// walk goes through the frames, tells each of them, and returns where in the
// codestream the last one ends. The preview comes first.
func (r *reader) walk(h header, each func(f frame, preview bool)) int64 {
	preview := h.preview
	for n := 0; r.err == nil; n++ {
		if n >= r.s.w.Limits().Items {
			r.fail("more frames than can be looked at", meta.ErrLimit)
			break
		}
		if r.err = r.s.w.Err(); r.err != nil {
			break
		}
		f := r.frame(h, preview)
		r.skipSections(f.sections)
		if r.err != nil {
			break
		}
		each(f, preview)
		if f.last && !preview {
			break
		}
		preview = false
	}
	return r.pos / 8
}

// skipSections reads the table of contents (F.3) and passes over what it lists.
func (r *reader) skipSections(n int64) {
	if n > maxSections {
		r.fail("a frame of too many sections", meta.ErrLimit)
	}
	if r.flag() {
		r.permutation(uint32(n))
	}
	r.align()
	total := int64(0)
	for i := int64(0); i < n && r.err == nil; i++ {
		total += int64(r.u32(dist{10, 0}, dist{14, 1024}, dist{22, 17408}, dist{30, 4211712}))
	}
	r.align()
	if r.err == nil && total > r.s.size-r.pos/8 {
		r.fail("sections that reach beyond the end", meta.Truncated)
	}
	r.pos += 8 * total
}

// permutation passes over the order of n sections (F.3.2). A number's context is
// the length of the one before it.
func (r *reader) permutation(n uint32) {
	c := r.entropy(8)
	context := func(v uint32) int { return min(bits.Len32(v), 7) }
	count := c.next(r, context(n))
	if count > n {
		r.malformed("an order of too many sections")
	}
	last := uint32(0)
	for i := uint32(0); i < count && r.err == nil; i++ {
		if last = c.next(r, context(last)); last >= n-i {
			r.malformed("an order of sections that are not there")
		}
	}
	c.end(r)
}

// frame reads a FrameHeader (F.2).
func (r *reader) frame(h header, preview bool) (f frame) {
	full := frame{width: h.width, height: h.height}
	if preview {
		full = frame{width: h.previewWidth, height: h.previewHeight}
	}
	f = full
	g := groups{shift: 1, upsampling: 1, passes: 1}
	if r.flag() { // all default
		f.last = true
		f.sections = g.sections(f.width, f.height)
		return f
	}
	f.kind = r.bits(2)
	g.modular = r.flag()
	flags := r.u64()
	if flags&^knownFlags != 0 {
		r.fail("an unknown flag", meta.ErrUnsupported)
	}
	ycbcr := !h.xyb && r.flag()
	if flags&usesLF == 0 {
		if ycbcr {
			g.subsampling(r)
		}
		scale := func() int64 { return int64(r.u32(val(1), val(2), val(4), val(8))) }
		g.upsampling = scale()
		for range h.channels {
			scale()
		}
	}
	if g.modular {
		g.shift = int(r.bits(2))
	} else if h.xyb {
		r.bits(6) // scales of X and B
	}
	if f.kind != reference {
		g.passes = r.passes()
	}
	partial := false
	if f.kind == lowFrequency {
		by := 3 * (1 + r.bits(2))
		f.width, f.height = ceil(f.width, 1<<by), ceil(f.height, 1<<by)
	} else if r.flag() { // a size and a place of its own
		side := func() int64 { return int64(r.u32(dist{8, 0}, dist{11, 256}, dist{14, 2304}, dist{30, 18688})) }
		if f.kind != reference {
			f.x, f.y = signed(side()), signed(side())
		}
		f.width, f.height = side(), side()
		partial = f.kind != reference && (f.x > 0 || f.y > 0 || f.x+f.width < full.width || f.y+f.height < full.height)
	}
	if f.width == 0 || f.height == 0 {
		r.malformed("a frame of no size")
		return f
	}
	f.sections = g.sections(f.width, f.height)
	r.display(h, &f, partial)
	f.name = r.name()
	r.loopFilter(g.modular)
	r.extensions()
	return f
}

// display reads how a frame is shown: blending, duration, whether it is the
// last one, and what later frames may refer to.
func (r *reader) display(h header, f *frame, partial bool) {
	replaces, duration := true, uint32(0)
	shown := f.kind == regular || f.kind == skipProgressive
	if shown {
		replaces = r.blending(h, partial)
		for range h.channels {
			r.blending(h, partial)
		}
		if h.animation {
			duration = r.u32(val(0), val(1), dist{8, 0}, dist{32, 0})
			if h.timecodes {
				r.bits(32)
			}
		}
		f.last = r.flag()
	}
	saved := uint32(0)
	if f.kind != lowFrequency && !f.last {
		saved = r.bits(2)
	}
	canBeReferred := !f.last && f.kind != lowFrequency && (duration == 0 || saved != 0)
	if shown && canBeReferred && replaces && !partial || f.kind == reference {
		r.flag() // saved before its colours are transformed
	}
}

// blending reads a BlendingInfo (F.2, table F.7) and says whether the frame
// replaces what is under it.
func (r *reader) blending(h header, partial bool) bool {
	const (
		replace  = 0
		blend    = 2
		weighted = 3
		multiply = 4
	)
	mode := r.u32(val(0), val(1), val(2), dist{2, 3})
	byAlpha := len(h.channels) > 0 && (mode == blend || mode == weighted)
	if byAlpha {
		r.u32(val(0), val(1), val(2), dist{3, 3})
	}
	if byAlpha || mode == multiply {
		r.flag()
	}
	if mode != replace || partial {
		r.bits(2)
	}
	return mode == replace
}

// passes reads Passes (F.2, table F.6) and returns their number.
func (r *reader) passes() int64 {
	n := r.u32(val(1), val(2), val(3), dist{3, 4})
	if n == 1 {
		return 1
	}
	steps := r.u32(val(0), val(1), val(2), dist{1, 3})
	for range n - 1 {
		r.bits(2)
	}
	for range steps {
		r.bits(2) // downsampling
	}
	for range steps {
		r.u32(val(0), val(1), val(2), dist{3, 0})
	}
	return int64(n)
}

// loopFilter reads a RestorationFilter (J.1).
func (r *reader) loopFilter(modular bool) {
	if r.flag() {
		return
	}
	if r.flag() { // Gabor-like
		if r.flag() {
			r.skip(6)
		}
	}
	if r.bits(2) > 0 { // edge-preserving
		if !modular && r.flag() {
			r.skip(8)
		}
		if r.flag() {
			r.skip(5)
		}
		if r.flag() {
			r.skip(3)
			if !modular {
				r.skip(1)
			}
		}
		if modular {
			r.skip(1)
		}
	}
	r.extensions()
}

// groups says how a frame is cut into sections (F.1 to F.3).
type groups struct {
	modular            bool
	shift              int
	upsampling, passes int64
	subX, subY         int // of chroma, as shifts
}

// subsampling reads how chroma is subsampled (F.2).
func (g *groups) subsampling(r *reader) {
	for range 3 {
		mode := r.bits(2)
		if mode == 1 || mode == 2 {
			g.subX = 1
		}
		if mode == 1 || mode == 3 {
			g.subY = 1
		}
	}
}

// sections is the number of entries in the table of contents.
func (g *groups) sections(width, height int64) int64 {
	side := int64(128) << g.shift
	width, height = ceil(width, g.upsampling), ceil(height, g.upsampling)
	count := ceil(width, side) * ceil(height, side)
	if count == 1 && g.passes == 1 {
		return 1
	}
	blocks := func(n int64, sub int) int64 { return ceil(n, 8<<sub) << sub }
	low := ceil(blocks(width, g.subX), side) * ceil(blocks(height, g.subY), side)
	return 2 + low + count*g.passes
}

func ceil(n, by int64) int64 { return (n + by - 1) / by }

// signed undoes the packing of signed numbers (B.7).
func signed(v int64) int64 {
	if v&1 == 1 {
		return -(v + 1) / 2
	}
	return v / 2
}
