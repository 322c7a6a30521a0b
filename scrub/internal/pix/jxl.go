package pix

import (
	"bytes"
	"errors"
	"fmt"
	"image"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/jxl"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

const jxlSignature = "\x00\x00\x00\x0cJXL \r\n\x87\n"

func isJXL(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\x0a")) || bytes.HasPrefix(head, []byte(jxlSignature))
}

// lookJXL reads the head of the codestream (ISO/IEC 18181-1, annexes A and E), of
// a file that is one, or of a container (18181-2).
func lookJXL(f file) (header, error) {
	h := header{perPixel: 12}
	head := make([]byte, min(1<<12, f.size))
	if _, err := f.ReadAt(head, 0); err != nil && f.size > int64(len(head)) {
		return h, err
	}
	fromJPEG := false
	if !bytes.HasPrefix(head, []byte("\xff\x0a")) {
		stop := errors.New("found")
		w := rd.New(f.ctx, f, f.size, rd.Default)
		head = nil
		err := box.Walk(w, 0, f.size, func(b box.Box) error {
			switch off := b.Data(); b.Type {
			case "jbrd":
				fromJPEG = true
			case "jxlp":
				b.Head += 4
				fallthrough
			case "jxlc":
				if b.Len() < 2 || off < 0 {
					return nil
				}
				part, err := w.Bytes(b.Data(), min(b.Len(), 1<<12))
				if err != nil {
					return err
				}
				head = append(head, part...)
				if len(head) >= 256 || b.Type == "jxlc" {
					return stop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) && len(head) == 0 {
			return h, err
		}
	}
	if len(head) < 3 || head[0] != 0xff || head[1] != 0x0a {
		return h, fmt.Errorf("jxl: no codestream: %w", meta.ErrMalformed)
	}
	b := bits{b: head[2:]}
	b.picture(&h)
	if b.short {
		return h, fmt.Errorf("jxl: header: %w", meta.Truncated)
	}
	if b.profile && h.lossless { // else the decoder gives sRGB
		var err error
		if h.profile, err = jxl.Profile(rd.New(f.ctx, f, f.size, rd.Default)); err != nil {
			return h, err
		}
		if s := icc.Space(h.profile); s != "RGB " && s != "GRAY" {
			h.odd = fmt.Errorf("jxl: a colour profile for %q: %w", s, meta.ErrUnsupported)
		}
	}
	h.lossless = h.lossless && !fromJPEG
	h.decode = func() (image.Image, error) {
		all, err := f.all()
		if err != nil {
			return nil, err
		}
		return codec.JXL(f.ctx, all)
	}
	return h, nil
}

// bits reads a codestream header, the lowest bits first (ISO/IEC 18181-1, B.2).
type bits struct {
	b       []byte
	at      int
	short   bool
	profile bool // the colours are those of a profile, which follows
}

func (b *bits) u(n int) (v uint32) {
	for i := range n {
		if b.at>>3 >= len(b.b) {
			b.short = true
			return 0
		}
		v |= uint32(b.b[b.at>>3]>>(b.at&7)&1) << i
		b.at++
	}
	return v
}

func (b *bits) flag() bool { return b.u(1) == 1 }

// pick is U32: two bits choose one of four sums of a number and so many bits.
func (b *bits) pick(d ...[2]uint32) uint32 {
	c := d[b.u(2)]
	return c[0] + b.u(int(c[1]))
}

// enum is Enum: 0, 1, 2 and four bits, 18 and six bits.
func (b *bits) enum() uint32 {
	return b.pick([2]uint32{0, 0}, [2]uint32{1, 0}, [2]uint32{2, 4}, [2]uint32{18, 6})
}

// size is SizeHeader (E.2), or PreviewHeader's like.
func (b *bits) size() (w, h int) {
	side := func(small bool) uint32 {
		if small {
			return 8 * (b.u(5) + 1)
		}
		return b.pick([2]uint32{1, 9}, [2]uint32{1, 13}, [2]uint32{1, 18}, [2]uint32{1, 30})
	}
	small := b.flag()
	y := side(small)
	num, den := uint64(1), uint64(1)
	switch b.u(3) {
	case 0:
		return int(side(small)), int(y)
	case 2:
		num, den = 12, 10
	case 3:
		num, den = 4, 3
	case 4:
		num, den = 3, 2
	case 5:
		num, den = 16, 9
	case 6:
		num, den = 5, 4
	case 7:
		num, den = 2, 1
	}
	return int(uint64(y) * num / den), int(y)
}

// picture reads SizeHeader and ImageMetadata as far as the colours.
func (b *bits) picture(h *header) {
	h.width, h.height = b.size()
	if b.flag() { // all_default: 8 bits, XYB, sRGB
		return
	}
	if b.flag() { // extra_fields
		if b.u(3) >= 4 { // the decoder turns the picture
			h.width, h.height = h.height, h.width
		}
		if b.flag() {
			b.size() // intrinsic size
		}
		if b.flag() { // a preview, whose header is of another form
			h.odd = fmt.Errorf("jxl: an embedded preview: %w", meta.ErrUnsupported)
			return
		}
		if h.animated = b.flag(); h.animated {
			b.pick([2]uint32{100, 0}, [2]uint32{1000, 0}, [2]uint32{1, 10}, [2]uint32{1, 30})
			b.pick([2]uint32{1, 0}, [2]uint32{1001, 0}, [2]uint32{1, 8}, [2]uint32{1, 10})
			b.pick([2]uint32{0, 0}, [2]uint32{0, 3}, [2]uint32{0, 16}, [2]uint32{0, 32})
			b.flag()
		}
	}
	b.depth()
	b.flag() // modular_16bit_buffers
	for n := b.pick([2]uint32{0, 0}, [2]uint32{1, 0}, [2]uint32{2, 4}, [2]uint32{1, 12}); n > 0 && !b.short; n-- {
		h.alpha = b.extra() || h.alpha
	}
	h.lossless = !b.flag() // xyb_encoded
	b.colours(h)
}

// depth is BitDepth (E.3).
func (b *bits) depth() {
	if b.flag() {
		b.pick([2]uint32{32, 0}, [2]uint32{16, 0}, [2]uint32{24, 0}, [2]uint32{1, 6})
		b.u(4)
		return
	}
	b.pick([2]uint32{8, 0}, [2]uint32{10, 0}, [2]uint32{12, 0}, [2]uint32{1, 6})
}

// extra is ExtraChannelInfo (E.4): it says whether the channel is alpha.
func (b *bits) extra() bool {
	if b.flag() {
		return true
	}
	typ := b.enum()
	b.depth()
	b.pick([2]uint32{0, 0}, [2]uint32{3, 0}, [2]uint32{4, 0}, [2]uint32{1, 3})
	name := b.pick([2]uint32{0, 0}, [2]uint32{0, 4}, [2]uint32{16, 5}, [2]uint32{48, 10})
	for ; name > 0 && !b.short; name-- {
		b.u(8)
	}
	switch typ {
	case 0:
		b.flag()
	case 2:
		for range 4 {
			b.u(16)
		}
	case 5:
		b.pick([2]uint32{1, 0}, [2]uint32{0, 2}, [2]uint32{3, 4}, [2]uint32{19, 8})
	}
	return typ == 0
}

// colours is ColourEncoding (E.5).
func (b *bits) colours(h *header) {
	no := func(what string) { h.odd = fmt.Errorf("jxl: %s: %w", what, meta.ErrUnsupported) }
	if b.flag() { // all_default: sRGB
		return
	}
	coded := b.flag()
	space := b.enum()
	if b.profile = coded; coded {
		return
	}
	const grey, xyb, d65, custom, p3 = 1, 2, 1, 2, 11
	white, primaries := uint32(d65), uint32(1)
	if space != xyb {
		if white = b.enum(); white == custom {
			no("a white point of its own")
			return
		}
		if space != grey {
			if primaries = b.enum(); primaries == custom {
				no("primaries of its own")
				return
			}
		}
	}
	transfer := uint32(0)
	if b.flag() { // a gamma
		if g := b.u(24); g < 4_500_000 || g > 4_600_000 { // 1/2.2, which is near enough to sRGB
			no("a gamma of its own")
			return
		}
		transfer = 13
	} else {
		transfer = b.enum()
	}
	if white != d65 {
		no("an unusual white point")
		return
	}
	if primaries == p3 {
		primaries = 12 // all others have the numbers of H.273
	}
	h.nclx(uint16(primaries), uint16(transfer))
}
