package jpeg

import (
	"encoding/binary"
	"errors"
	"fmt"

	"tabir/scrub/internal/coef"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Markers (ITU-T T.81, table B.1).
const (
	mTEM   = 0x01
	mSOF0  = 0xc0
	mDHT   = 0xc4
	mJPG   = 0xc8
	mDAC   = 0xcc
	mRST0  = 0xd0
	mSOI   = 0xd8
	mEOI   = 0xd9
	mSOS   = 0xda
	mDQT   = 0xdb
	mDNL   = 0xdc
	mDRI   = 0xdd
	mDHP   = 0xde
	mEXP   = 0xdf
	mAPP0  = 0xe0
	mLSE   = 0xf8
	mSOF55 = 0xf7
	mCOM   = 0xfe
)

// maxSegments bounds the marker segments of one file; cameras write fewer than
// a hundred, a long extended XMP packet or C2PA store a few thousand.
const maxSegments = 1 << 14

// segment is a marker with its parameters, or what lies between two of them.
type segment struct {
	marker byte  // 0: bytes between segments, which no marker claims
	off    int64 // of the FF, less its fill bytes
	n      int64 // with marker and length
	data   int64 // where the payload begins
	scan   int64 // bytes of entropy-coded data behind an SOS segment
}

func (s segment) end() int64 { return s.off + s.n }

// errNoEnd says that the picture has no EOI where the walk stopped.
var errNoEnd = errors.New("no end of image")

// walker cuts a file into segments.
type walker struct {
	w       *rd.Window
	segs    []segment
	scanned bool // there was picture data: what is no marker may be the end
}

// walk lists the segments from SOI on, and where EOI ends. Where the picture
// does not end in an EOI, it returns errNoEnd with what there is so far.
func walk(w *rd.Window) (segs []segment, end int64, err error) {
	k := walker{w: w}
	if err := k.add(segment{marker: mSOI, n: 2}); err != nil {
		return nil, 0, err
	}
	for off := int64(2); ; {
		s, err := k.next(off)
		if err != nil {
			return k.segs, 0, err
		}
		if s.off > off {
			if err := k.add(segment{off: off, n: s.off - off}); err != nil {
				return nil, 0, err
			}
		}
		if err := k.add(s); err != nil {
			return nil, 0, err
		}
		if s.marker == mEOI {
			return k.segs, s.end(), nil
		}
		off = s.end() + s.scan
	}
}

func (k *walker) add(s segment) error {
	if len(k.segs) >= maxSegments {
		return fmt.Errorf("jpeg: more than %d segments: %w", maxSegments, meta.ErrLimit)
	}
	k.segs = append(k.segs, s)
	return k.w.Err()
}

// next finds the next marker as libjpeg does: bytes that are no marker are
// passed over, and so are markers without parameters that mean nothing here.
func (k *walker) next(off int64) (segment, error) {
	for {
		at, err := k.w.Index(off, 0xff)
		if err != nil {
			return segment{}, err
		}
		if at < 0 {
			return segment{}, errNoEnd
		}
		m, err := k.w.Byte(at + 1)
		if errors.Is(err, meta.ErrTruncated) {
			return segment{}, errNoEnd
		}
		if err != nil {
			return segment{}, err
		}
		switch {
		case m == 0xff || m == 0 || m == mTEM || m >= mRST0 && m < mSOI:
			off = at + 1
			continue
		case m == mEOI:
			return segment{marker: m, off: at, n: 2, data: at + 2}, nil
		case m == mSOI && k.scanned:
			return segment{}, errNoEnd // what follows is another picture
		case m == mSOI:
			return segment{}, fmt.Errorf("jpeg: second start of image at %d: %w", at, meta.ErrMalformed)
		}
		return k.segment(at, m)
	}
}

func (k *walker) segment(at int64, m byte) (segment, error) {
	n, err := k.w.Uint16(at+2, binary.BigEndian)
	if err != nil {
		return segment{}, noEnd(err)
	}
	s := segment{marker: m, off: at, n: 2 + int64(n), data: at + 4}
	if n < 2 && k.scanned {
		return segment{}, errNoEnd
	}
	if n < 2 {
		return segment{}, fmt.Errorf("jpeg: segment %02x at %d: length %d: %w", m, at, n, meta.ErrMalformed)
	}
	if s.end() > k.w.Size() {
		return segment{}, errNoEnd
	}
	if m == mSOS {
		k.scanned = true
		end, err := coef.EndOfScan(k.w, s.end(), k.w.Size())
		if err != nil {
			return segment{}, err
		}
		s.scan = end - s.end()
	}
	return s, nil
}

func noEnd(err error) error {
	if errors.Is(err, meta.ErrTruncated) {
		return errNoEnd
	}
	return err
}
