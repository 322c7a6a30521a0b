package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/adler32"
	"io"

	"tabir/scrub/internal/icc"
	"tabir/scrub/meta"
)

// maxInflated bounds what compressed chunks may grow to.
const maxInflated = 16 << 20

// inflate decompresses a zlib stream of at most most bytes of content; whole
// says whether it was all there.
func inflate(b []byte, most int64) (out []byte, whole bool) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	out, err = io.ReadAll(io.LimitReader(z, most))
	if err != nil {
		return out, false
	}
	n, err := z.Read(make([]byte, 1))
	return out, n == 0 && errors.Is(err, io.EOF)
}

// store is a zlib stream of stored blocks (RFC 1950; RFC 1951, 3.2.4): no
// compressor, whose next version might write other bytes, has a part in it.
func store(data []byte) []byte {
	out := []byte{0x78, 0x01}
	for rest := data; ; {
		n := min(len(rest), 65535)
		last := byte(0)
		if n == len(rest) {
			last = 1
		}
		out = append(out, last)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, rest[:n]...)
		if rest = rest[n:]; last == 1 {
			return binary.BigEndian.AppendUint32(out, adler32.Checksum(data))
		}
	}
}

// rewriteProfile takes the data of an iCCP chunk (11.3.2.3) and returns that of
// the clean file, nil where the profile is broken or not for this kind of
// picture, which viewers ignore.
func rewriteProfile(h header, b []byte) (data []byte, fs []meta.Finding) {
	dropped := []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "iCCP chunk", Value: "broken", Size: int64(len(b)), Fate: meta.Removed}}
	name, rest, ok := bytes.Cut(b, []byte{0})
	if !ok || len(rest) < 1 || rest[0] != 0 {
		return nil, dropped
	}
	p, whole := inflate(rest[1:], maxInflated)
	want := "RGB "
	if h.colour == 0 || h.colour == 4 {
		want = "GRAY"
	}
	if !whole || icc.Space(p) != want {
		return nil, dropped
	}
	out, fs, err := icc.Rewrite(p)
	if err != nil {
		return nil, dropped
	}
	data = append([]byte(profileName+"\x00\x00"), store(out)...)
	fs = icc.Settle(fs, bytes.Equal(data, b))
	if !genericNames[string(name)] {
		fs = append(fs, meta.Finding{
			Kind: meta.Text, Label: meta.LabelTextOther, Where: "name in the iCCP chunk", Fate: meta.Removed,
			Value: meta.Show(string(name)), Needles: [][]byte{bytes.Clone(name)},
		})
	}
	return data, fs
}

// profileName stands in every iCCP chunk of ours.
const profileName = "icc"

// genericNames are what programs call any profile.
var genericNames = map[string]bool{
	profileName: true, "": true, "ICC Profile": true, "ICC profile": true, "icc profile": true, "Photoshop ICC profile": true, "sRGB": true,
	"Display P3": true, "sRGB IEC61966-2.1": true, "kCGColorSpaceDisplayP3": true, "kCGColorSpaceSRGB": true, "Skia": true, "1": true,
}
