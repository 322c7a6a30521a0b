package mp4

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"tabir/scrub/internal/box"
	"tabir/scrub/meta"
)

// maxFormats is how many bytes of sample descriptions are read.
const maxFormats = 1 << 20

// formatsOf are the sample formats that are known, by handler. For uncompressed
// sound the number is the bits of a sample, where the format says it.
var formatsOf = map[string]map[string]int{
	"vide": names("avc1 avc2 avc3 avc4 hvc1 hev1 dvh1 dvhe dva1 dvav av01 dav1 vp08 vp09 mp4v s263 h263 H263 jpeg mjpa mjpb png " +
		"apcn apch apcs apco ap4h ap4x CFHD AVdn dvc dvcp dvpp dv5p dv5n dvh2 dvh3 dvh5 dvh6 dvhp dvhq mp2v m2v1 mpg2 hdv1 hdv2 hdv3 hdv5 hdv6 hdv7 hdv8 hdv9 " +
		"SVQ1 cvid rpza rle smc raw 8BPS 2vuy yuv2 yuvs v210 v308 v408 v410 r210"),
	"soun": sounds,
}

var sounds = func() map[string]int {
	m := names("mp4a ac-3 ec-3 ac-4 Opus fLaC alac samr sawb sawp .mp3 lpcm raw twos sowt ima4 ipcm fpcm QDM2 QDMC")
	for n, bits := range map[string]int{"NONE": 8, "in24": 24, "in32": 32, "fl32": 32, "fl64": 64, "ulaw": 8, "alaw": 8} {
		m[n] = bits
	}
	return m
}()

// names are the keys of a table; a name shorter than four letters has spaces behind it.
func names(list string) map[string]int {
	m := map[string]int{}
	for _, n := range strings.Fields(list) {
		m[(n + "   ")[:4]] = 0
	}
	return m
}

// writeFormats writes the sample descriptions (8.5.2).
func (f *film) writeFormats(t *track, b box.Box) error {
	if b.Len() > maxFormats {
		return fmt.Errorf("sample descriptions of %d bytes: %w", b.Len(), meta.ErrLimit)
	}
	d, err := f.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return err
	}
	version := d[0] & 1 // 1: sound may be described as ISO does (12.2.3)
	var out []byte
	n := int64(0)
	err = parts(d[8:], func(name string, e []byte) error {
		var exact []byte
		var err error
		if t.handler == "vide" {
			exact, err = f.picture(name, e)
		} else {
			exact, err = f.sound(name, e, version)
		}
		out = append(out, exact...)
		n++
		return err
	})
	if err != nil {
		return err
	}
	f.put(b, box.MakeFull("stsd", version, 0, be32(nil, n), out))
	return nil
}

// parts walks boxes in memory. Fewer bytes than a head end them, and zeros do.
func parts(b []byte, each func(name string, data []byte) error) error {
	for len(b) >= 8 {
		n := int64(order.Uint32(b))
		if n == 0 && len(bytes.Trim(b, "\x00")) == 0 {
			return nil
		}
		if n < 8 || n > int64(len(b)) {
			return fmt.Errorf("box %q of %d bytes where %d are left: %w", meta.Show(string(b[4:8])), n, len(b), meta.ErrMalformed)
		}
		if err := each(string(b[4:8]), b[8:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// picture is the exact form of a visual sample entry (12.1.3). What QuickTime
// calls version, vendor and quality is of the program that wrote it.
func (f *film) picture(name string, e []byte) ([]byte, error) {
	const head = 78
	if len(e) < head {
		return nil, fmt.Errorf("sample format %q: %w", meta.Show(name), meta.Truncated)
	}
	out := make([]byte, head)
	out[7] = 1 // the media are in this file
	copy(out[24:28], e[24:28])
	copy(out[28:36], "\x00\x48\x00\x00\x00\x48\x00\x00")
	out[41] = 1
	copy(out[74:78], e[74:78])
	if order.Uint16(e[76:]) == 0 {
		return nil, fmt.Errorf("sample format %q with a table of colours: %w", meta.Show(name), meta.ErrUnsupported)
	}
	f.maker4(e[12:16])
	if !bytes.Equal(e[16:24], out[16:24]) || !bytes.Equal(e[28:42], out[28:42]) {
		f.plainly("stsd box: quality, resolution")
	}
	name32 := e[42:74]
	if name32[0] < 32 {
		name32 = name32[1:] // the number of its letters
	}
	if v := meta.Show(string(name32)); v != "" {
		f.gone(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "stsd box: name of the encoder", Value: v})
	} else if !bytes.Equal(e[42:74], out[42:74]) {
		f.plainly("stsd box: empty name of the encoder")
	}
	w, h := order.Uint16(e[24:]), order.Uint16(e[26:])
	more, err := f.settings(e[head:], pictureSettings, func(name string, exact []byte) {
		if name == "clap" && hides(exact, w, h) {
			f.stays(meta.Finding{Kind: meta.Picture, Label: meta.LabelHiddenContent, Where: "clap box", Value: "edges that are not shown"})
		}
	})
	return box.Make(name, out, more), err
}

// maker4 adds who made what wrote a sample entry.
func (f *film) maker4(b []byte) {
	if order.Uint32(b) != 0 {
		f.gone(meta.Finding{Kind: meta.Software, Label: meta.LabelSoftware, Where: "stsd box: maker", Value: meta.Show(string(b))})
	}
}

// hides reports whether a clean aperture (12.1.4) is smaller than the picture.
func hides(clap []byte, w, h uint16) bool {
	smaller := func(b []byte, full uint16) bool {
		n, d := uint64(order.Uint32(b)), uint64(order.Uint32(b[4:]))
		return n < d*uint64(full)
	}
	return smaller(clap, w) || smaller(clap[8:], h)
}

// sound is the exact form of an audio sample entry (12.2.3; QuickTime's versions
// 1 and 2 have more fields).
func (f *film) sound(name string, e []byte, iso byte) ([]byte, error) {
	head := soundHead(e, iso)
	if head == 0 || len(e) < head {
		return nil, fmt.Errorf("sample format %q: %w", meta.Show(name), meta.ErrMalformed)
	}
	out := make([]byte, head)
	out[7] = 1
	copy(out[8:10], e[8:10])
	copy(out[16:20], e[16:20]) // channels, bits
	if c := order.Uint16(e[20:]); c >= 0xFFFE {
		copy(out[20:22], e[20:22]) // QuickTime's marks for compressed sound
	}
	copy(out[24:], e[24:head])
	f.maker4(e[12:16])
	more, err := f.settings(e[head:], soundSettings, nil)
	return box.Make(name, out, more), err
}

// soundHead is the number of bytes before the boxes of an audio sample entry.
func soundHead(e []byte, iso byte) int {
	switch {
	case len(e) < 28:
	case iso == 1 || e[9] == 0 && e[8] == 0:
		return 28
	case e[8] == 0 && e[9] == 1:
		return 44
	case e[8] == 0 && e[9] == 2:
		return 64
	}
	return 0
}

// soundFrame says how much of a chunk a sample of a track takes, where the
// format measures it itself.
func (f *film) soundFrame(t *track) (frame, error) {
	b := t.parts["stsd"]
	d, err := f.w.Bytes(b.Data(), min(b.Len(), 8+8+64))
	if err != nil || len(d) < 16+28 {
		return frame{}, err
	}
	name, e := string(d[12:16]), d[16:]
	channels, bits := int64(order.Uint16(e[16:])), int64(order.Uint16(e[18:]))
	if n := sounds[name]; n > 0 {
		bits = int64(n)
	}
	var fr frame
	switch head := soundHead(e, d[0]&1); {
	case head == 44 && len(e) >= 44:
		fr = frame{int64(order.Uint32(e[36:])), int64(order.Uint32(e[28:]))}
	case head == 64 && len(e) >= 64:
		fr = frame{int64(order.Uint32(e[56:])), int64(order.Uint32(e[60:]))}
	case name == "ima4":
		fr = frame{34 * channels, 64}
	case sounds[name] > 0 || name == "twos" || name == "sowt" || name == "raw ":
		fr = frame{channels * bits / 8, 1}
	}
	if fr.bytes > math.MaxUint16*8 || fr.samples > math.MaxUint16 {
		return frame{}, fmt.Errorf("sound of %d bytes for %d samples: %w", fr.bytes, fr.samples, meta.ErrMalformed)
	}
	if fr.bytes == 0 || fr.samples == 0 {
		return frame{}, nil
	}
	return fr, nil
}

// settings writes the boxes of a sample entry that the table claims, each in
// exact form, and names the others.
func (f *film) settings(b []byte, table map[string]setting, each func(name string, exact []byte)) ([]byte, error) {
	var out []byte
	seen := map[string]bool{}
	err := parts(b, func(name string, data []byte) error {
		if name == "sinf" {
			return fmt.Errorf("encrypted track: %w", meta.ErrUnsupported)
		}
		exact, ok := table[name]
		if !ok || seen[name] {
			f.strange(name, "stsd", int64(len(data)), data)
			return nil
		}
		lit, err := exact(data)
		if err != nil {
			return fmt.Errorf("box %q: %w", name, err)
		}
		if !bytes.Equal(lit, data) {
			f.trimmed(name, data, lit)
		}
		if lit == nil {
			return nil
		}
		seen[name] = true
		out = append(out, box.Make(name, lit)...)
		if each != nil {
			each(name, lit)
		}
		return nil
	})
	return out, err
}

// trimmed says what a setting held besides its exact form. Encoders repeat inside
// the samples what some of them say: that cannot be looked for.
func (f *film) trimmed(name string, data, exact []byte) {
	more := rest(data, exact)
	g := meta.Finding{Kind: meta.Unknown, Label: meta.LabelSurplus, Where: "stsd box: " + name, Size: int64(max(len(data)-len(exact), 0))}
	switch {
	case len(bytes.Trim(more, "\x00")) == 0, name == "chan" && exact == nil, len(data) == len(exact) && name != "colr":
		f.plainly(g.Where)
		return
	case name == "colr":
		g.Kind, g.Label = meta.Colour, meta.LabelColourProfile
	case name == "esds", name == "wave", name == "hvcC", name == "av1C":
		g.Kind, g.Label = meta.Software, meta.LabelEncoderData
	default:
		g.Needles = meta.Texts(more)
	}
	f.gone(g)
}

// rest is what is left of b behind what it has in common with exact.
func rest(b, exact []byte) []byte {
	n := 0
	for n < len(b) && n < len(exact) && b[n] == exact[n] {
		n++
	}
	return b[n:]
}
