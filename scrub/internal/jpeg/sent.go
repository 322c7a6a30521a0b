package jpeg

import (
	"fmt"

	"tabir/scrub/meta"
)

// sent is what the scans so far brought of each component: for each coefficient
// one more than the lowest bit that came, 0 where none did.
type sent [4][64]byte

// take notes what a scan brings. A scan that brings again what is there already
// is no part of the picture: some decoders stop before it, in others it paints
// over what came first, and either way there is room for another picture, or for
// anything else (T.81, 4.9.2 and G.1.1.1).
func (b *sent) take(f *frame, s *scan) error {
	first, last := s.ss, s.se
	if !f.progressive() {
		first, last = 0, 0
	}
	for _, c := range s.comps {
		for k := first; k <= last; k++ {
			low := 1 + s.al
			if had := b[c.comp][k]; had > 0 && (!f.progressive() || s.ah == 0 || low >= had) {
				return fmt.Errorf("a component is coded twice: %w", meta.ErrMalformed)
			}
			b[c.comp][k] = low
		}
	}
	return nil
}
