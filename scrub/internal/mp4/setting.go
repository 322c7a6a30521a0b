package mp4

import (
	"bytes"
	"fmt"

	"tabir/scrub/meta"
)

// setting returns the exact form of the content of a box in a sample entry: as
// long as its own fields need, with unused bits zero. Nil leaves the box out.
type setting func(b []byte) ([]byte, error)

// pictureSettings are the boxes of visual sample entries that decoding and
// showing need.
var pictureSettings = map[string]setting{
	"avcC": avcConfig,
	"hvcC": hevcConfig,
	"av1C": av1Config,
	"vpcC": full(12, func(b []byte) { clear(b[10:]) }),
	"esds": elementary,
	"d263": phoneConfig(7),
	"dvcC": plain(24, dolbyVision),
	"dvvC": plain(24, dolbyVision),
	"dvwC": plain(24, dolbyVision),
	"hvcE": hevcConfig,
	"avcE": avcConfig,
	"colr": colour,
	"pasp": plain(8, nil),
	"clap": plain(32, nil),
	"fiel": plain(2, nil),
	"gama": plain(4, nil),
	"btrt": plain(12, nil),
	"clli": plain(4, nil),
	"mdcv": plain(24, nil),
	"SmDm": full(28, nil),
	"CoLL": full(8, nil),
}

// soundSettings are those of audio sample entries.
var soundSettings = map[string]setting{
	"esds": elementary,
	"wave": wave,
	"chan": channelLayout,
	"dac3": plain(3, func(b []byte) { b[2] &= 0xE0 }),
	"dec3": enhancedAC3,
	"dOps": opusConfig,
	"dfLa": flacConfig,
	"alac": full(28, nil),
	"damr": phoneConfig(9),
	"srat": full(8, nil),
	"pcmC": full(6, nil),
	"chnl": channels,
	"btrt": plain(12, nil),
}

// waveSettings are those of QuickTime's box "wave".
var waveSettings = map[string]setting{
	"frma": plain(4, nil),
	"esds": elementary,
	"alac": full(28, nil),
	"enda": plain(2, func(b []byte) { b[0], b[1] = 0, b[1]&1 }),
	"mp4a": plain(4, func(b []byte) { clear(b) }),
	"QDCA": plain(28, qdesign),
}

// qdesign is the decoder configuration of QDesign Music: seven numbers, a version,
// channels, rates and sizes of blocks, all of less than three bytes.
func qdesign(b []byte) {
	for ; len(b) > 0; b = b[4:] {
		b[0] = 0
	}
}

// plain is a box of n bytes.
func plain(n int, exact func([]byte)) setting {
	return func(b []byte) ([]byte, error) {
		if len(b) < n {
			return nil, fmt.Errorf("%d bytes: %w", len(b), meta.Truncated)
		}
		b = bytes.Clone(b[:n])
		if exact != nil {
			exact(b)
		}
		return b, nil
	}
}

// full is a box of n bytes of which the first four are a version and flags.
func full(n int, exact func([]byte)) setting {
	return plain(n, func(b []byte) {
		b[0] &= 1
		clear(b[1:4])
		if exact != nil {
			exact(b)
		}
	})
}

// phoneConfig is a decoder configuration of 3GPP (TS 26.244, 6.5 and 6.8), whose
// first five bytes name the maker and the version of the encoder.
func phoneConfig(n int) setting {
	return plain(n, func(b []byte) { clear(b[:5]) })
}

// dolbyVision clears what is reserved (Dolby Vision streams within ISO BMFF, 2.2).
func dolbyVision(b []byte) {
	b[4] &= 0xFC
	clear(b[5:])
}

// colour keeps the numbers of a colour space (12.1.5). Profiles go: players read
// the numbers.
func colour(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("%d bytes: %w", len(b), meta.Truncated)
	}
	switch string(b[:4]) {
	case "nclx":
		return plain(11, func(b []byte) { b[10] &= 0x80 })(b)
	case "nclc":
		return plain(10, nil)(b)
	}
	return nil, nil
}

// channelLayout is a table of 20 bytes a channel (QuickTime File Format, "chan").
// Of one or two channels every player knows where they are.
func channelLayout(b []byte) ([]byte, error) {
	if len(b) < 16 {
		return nil, fmt.Errorf("%d bytes: %w", len(b), meta.Truncated)
	}
	n := order.Uint32(b[12:])
	if n > 255 {
		return nil, fmt.Errorf("%d channels: %w", n, meta.ErrMalformed)
	}
	if known := order.Uint16(b[6:]); n == 0 && (known == 1 || known == 2) {
		return nil, nil
	}
	return full(16+20*int(n), nil)(b)
}

// channels is a known layout of the channels of uncompressed sound (12.2.4);
// others go.
func channels(b []byte) ([]byte, error) {
	if len(b) < 14 || b[0] != 0 || b[4] != 1 || b[5] == 0 {
		return nil, nil
	}
	return full(14, nil)(b)
}

// enhancedAC3 is dec3 (ETSI TS 102 366, F.6).
func enhancedAC3(b []byte) ([]byte, error) {
	if len(b) < 2 {
		return nil, fmt.Errorf("%d bytes: %w", len(b), meta.Truncated)
	}
	b = bytes.Clone(b)
	at := 2
	for range int(b[1]&7) + 1 {
		if at+4 > len(b) && (at+3 > len(b) || b[at+2]>>1&15 > 0) {
			return nil, fmt.Errorf("%d bytes: %w", len(b), meta.Truncated)
		}
		b[at] &= 0xFE
		b[at+2] &= 0x1F
		if b[at+2]>>1&15 > 0 {
			at++ // dependent substreams have places
		} else {
			b[at+2] = 0
		}
		at += 3
	}
	if len(b) >= at+2 && b[at] == 1 { // objects (ETSI TS 103 420, C.3.1)
		return plain(at+2, nil)(b)
	}
	return plain(at, nil)(b)
}

// opusConfig is dOps (Encapsulation of Opus in ISO BMFF, 4.3.2).
func opusConfig(b []byte) ([]byte, error) {
	if len(b) < 11 || b[0] != 0 {
		return nil, fmt.Errorf("%d bytes: %w", len(b), meta.ErrMalformed)
	}
	if b[10] == 0 {
		return b[:11], nil
	}
	return plain(13+int(b[1]), nil)(b)
}

// flacConfig is dfLa with its first block alone, which says how to decode (FLAC
// in ISO BMFF, 3.3.2). Comments and pictures would follow.
func flacConfig(b []byte) ([]byte, error) {
	if len(b) < 4+4+34 || b[4]&0x7F != 0 || b[5] != 0 || b[6] != 0 || b[7] != 34 {
		return nil, fmt.Errorf("%d bytes: %w", len(b), meta.ErrMalformed)
	}
	out := bytes.Clone(b[:42])
	clear(out[:4])
	out[4] = 0x80 // the last block
	return out, nil
}

// wave is QuickTime's list of decoder settings, which an empty box ends.
func wave(b []byte) ([]byte, error) {
	var out []byte
	seen := map[string]bool{}
	err := parts(b, func(name string, data []byte) error {
		exact, ok := waveSettings[name]
		if !ok || seen[name] {
			return nil
		}
		seen[name] = true
		lit, err := exact(data)
		out = append(append(be32(out, int64(8+len(lit))), name...), lit...)
		return err
	})
	return append(out, 0, 0, 0, 8, 0, 0, 0, 0), err
}
