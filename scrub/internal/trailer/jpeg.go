package trailer

import (
	"bytes"
	"encoding/binary"
)

// isJPEG reports whether a JPEG begins at b: SOI, and a marker that may follow.
func isJPEG(b []byte) bool {
	return len(b) >= 4 && b[0] == 0xFF && b[1] == 0xD8 && b[2] == 0xFF && (b[3] >= 0xE0 && b[3] <= 0xEF || b[3] == 0xDB || b[3] == 0xC4 || b[3] == 0xFE)
}

// jpeg counts the JPEG at pos and returns where it ends, or pos if that cannot be told.
func (t *trail) jpeg(pos int64) int64 {
	at, exif, gps, scans := pos+2, false, false, 0
	for range 4096 {
		m := t.bytes(at, 4)
		if cut := len(m) < 2 && scans > 0; cut || len(m) >= 2 && m[0] == 0xFF && m[1] == 0xD9 {
			end := min(at+2, t.end)
			t.jpegs++
			t.jpegSize += end - pos
			if exif {
				t.jpegExif++
			}
			if gps {
				t.jpegGPS++
			}
			return end
		}
		if len(m) < 4 || m[0] != 0xFF {
			return pos
		}
		switch marker := m[1]; {
		case marker == 0xFF: // fill
			at++
			continue
		case marker >= 0xD0 && marker <= 0xD7, marker == 0x01:
			at += 2
			continue
		}
		n := int64(binary.BigEndian.Uint16(m[2:]))
		if n < 2 {
			return pos
		}
		if m[1] == 0xE1 {
			if b := t.bytes(at+4, n-2); bytes.HasPrefix(b, []byte("Exif\x00\x00")) {
				exif, gps = true, gps || hasGPS(b[6:])
			}
		}
		at += 2 + n
		if m[1] == 0xDA {
			scans++
			at = t.skipScan(at)
		}
	}
	return pos
}

// skipScan returns where the coded data at pos ends: at a marker that is neither
// a stuffed byte nor a restart.
func (t *trail) skipScan(pos int64) int64 {
	for {
		b := t.bytes(pos, maxPiece)
		if len(b) < 2 {
			return t.end
		}
		for i := 0; ; {
			j := bytes.IndexByte(b[i:], 0xFF)
			if j < 0 {
				pos += int64(len(b))
				break
			}
			i += j
			if i+1 == len(b) {
				pos += int64(i)
				break
			}
			if c := b[i+1]; c != 0 && (c < 0xD0 || c > 0xD7) && c != 0xFF {
				return pos + int64(i)
			}
			i++
		}
	}
}

// hasGPS reports whether IFD0 of an Exif block points to a GPS IFD.
func hasGPS(b []byte) bool {
	var o binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		o = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		o = binary.BigEndian
	default:
		return false
	}
	if len(b) < 8 {
		return false
	}
	at := int64(o.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return false
	}
	b, n := b[at+2:], int(o.Uint16(b[at:]))
	for ; n > 0 && len(b) >= 12; n-- {
		if o.Uint16(b) == 0x8825 {
			return true
		}
		b = b[12:]
	}
	return false
}

// png returns where the PNG at pos ends.
func (t *trail) png(pos int64) int64 {
	at := pos + int64(len(pngMark))
	for range 1 << 16 {
		h := t.bytes(at, 8)
		if len(h) < 8 {
			break
		}
		at += 12 + int64(binary.BigEndian.Uint32(h))
		if string(h[4:]) == "IEND" {
			return min(at, t.end)
		}
	}
	return t.end
}
