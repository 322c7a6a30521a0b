package jpeg

import (
	"errors"
	"fmt"
	"strings"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/trailer"
	"tabir/scrub/meta"
)

// placedScan is a scan with its tables and its segment.
type placedScan struct {
	seg   int
	coded coef.Scan
}

// excess is where a picture ends behind whose last MCU text stands in the data of
// the last scan, 0 for others. Only decoding tells, which is done where the data
// ends in what reads like text; decoders pass over it.
func (p *picture) excess() (int64, error) {
	s := p.segs[p.scans[len(p.scans)-1].seg]
	end := s.end() + s.scan
	n := min(s.scan, trailer.TailLen)
	b, err := p.w.Bytes(end-n, n)
	if err != nil {
		return 0, err
	}
	if !trailer.ReadsLikeText(b) {
		return 0, nil
	}
	if cut, err := p.findEnd(); err == nil && cut < end {
		return cut, nil
	}
	return 0, p.w.Err() // what cannot be decoded is kept as it is
}

// maxDecoded bounds the pictures that are decoded to find their end.
const maxDecoded = 500e6 / 64 // blocks

// geometry is the frame as package coef wants it.
func (f *frame) geometry() *coef.Frame {
	var comps []coef.Component
	for _, c := range f.comps {
		comps = append(comps, coef.Component{ID: c.id, H: c.h, V: c.v})
	}
	return coef.NewFrame(f.progressive(), f.width, f.height, comps)
}

// findEnd decodes a picture that has no EOI and returns the position behind its
// last MCU. A picture that is not whole is refused: nobody can tell what is
// missing, or what else stands in its place.
func (p *picture) findEnd() (int64, error) {
	cut := func(why string) error {
		why = strings.TrimSuffix(why, ": "+meta.Truncated.Error()) // what is said once is enough
		return fmt.Errorf("jpeg: no end of image, and %s: %w", why, meta.Truncated)
	}
	f := p.frame
	if f.arithmetic() || f.lossless() || f.precision != 8 {
		return 0, cut(frameKinds[f.marker].name + " coding is not decoded to look for it")
	}
	if f.height == 0 {
		return 0, cut("no height")
	}
	frame := f.geometry()
	comps := frame.Components
	if frame.Blocks() > maxDecoded {
		return 0, fmt.Errorf("jpeg: no end of image, and %d blocks to decode: %w", frame.Blocks(), meta.ErrLimit)
	}
	shadow := coef.NewShadow(frame)
	var missing [4][64]bool // coefficients of which bits are still to come
	for i := range comps {
		for k := range missing[i] {
			missing[i][k] = true
		}
	}
	var end int64
	for _, s := range p.scans {
		at := p.segs[s.seg].end()
		var err error
		if end, err = frame.Decode(p.w, at, s.coded, shadow); err != nil {
			if errors.Is(err, meta.ErrMalformed) {
				return 0, cut(fmt.Sprintf("scan at %d: %v", at, err))
			}
			return 0, err
		}
		for _, part := range s.coded.Parts {
			for k := s.coded.Ss; k <= s.coded.Se; k++ {
				missing[part.Comp][k] = s.coded.Al > 0
			}
		}
	}
	if missing != [4][64]bool{} {
		return 0, cut("scans are missing")
	}
	return end, nil
}
