package coef

import (
	"bytes"
	"errors"
	"io"

	"tabir/scrub/internal/rd"
)

// EndOfScan is where the entropy-coded data from off on ends: in front of the fill
// bytes of the next marker that is not RSTn, or at end or the end of the file, less
// the fill bytes that stand there (T.81, B.1.1.5).
func EndOfScan(w *rd.Window, off, end int64) (int64, error) {
	fill := int64(0) // bytes FF seen so far, the last of which may begin a marker
	for off < end {
		p, err := w.Page(off)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		p = p[:min(int64(len(p)), end-off)]
		for i := 0; i < len(p); i++ {
			if fill == 0 {
				j := bytes.IndexByte(p[i:], 0xff)
				if j < 0 {
					break
				}
				i, fill = i+j, 1
				continue
			}
			switch c := p[i]; {
			case c == 0xff:
				fill++
			case c == 0 || c >= 0xd0 && c < 0xd8: // stuffed, or RSTn
				fill = 0
			default:
				return off + int64(i) - fill, nil
			}
		}
		off += int64(len(p))
	}
	return off - fill, nil
}
