package pix

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"github.com/disintegration/imaging"

	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/icc"
	"tabir/scrub/meta"
)

// Picture is the pixels of a picture and nothing else of it: upright, with eight
// bits a sample, and with the colours that its profile names.
type Picture struct {
	*image.NRGBA
	Format   string // what it was: "heic"
	Animated bool   // it is the first of several frames
	// Profile is the canonical ICC profile of its colours (see package icc), nil
	// for sRGB that nobody stated.
	Profile  []byte
	Lossless bool // it was coded without loss
	alpha    bool
}

// maxNew is the largest picture that is made anew, in pixels.
const maxNew = 120_000_000

// Info is what is known of a picture before it is decoded.
type Info struct {
	Format string // "heic"
	New    string // the format of a new picture that is made of it: "jpeg" or "png"
}

// Look reads the header of the picture in the first size bytes of src. Of a
// picture that nothing new can be made of the error says why.
func Look(ctx context.Context, src io.ReaderAt, size int64) (Info, error) {
	h, err := look(file{ctx, src, size})
	if err == nil {
		err = h.odd
	}
	return Info{h.name, h.fresh()}, err
}

// fresh is the format for a picture that is made of pixels: PNG where they were
// coded as they are, or may be transparent; else JPEG.
func (h header) fresh() string {
	if h.lossless || h.alpha {
		return "png"
	}
	return "jpeg"
}

// Decode reads the whole picture. What it cannot show as it looks is
// meta.ErrUnsupported.
func Decode(ctx context.Context, src io.ReaderAt, size int64) (*Picture, error) {
	f := file{ctx, src, size}
	h, err := look(f)
	if err != nil {
		return nil, err
	}
	if h.odd != nil {
		return nil, h.odd
	}
	if n := int64(h.width) * int64(h.height); n > maxNew {
		return nil, fmt.Errorf("decoding: %d million pixels: %w", n/1e6, meta.ErrLimit)
	}
	h, m, err := decode(f)
	if err != nil {
		return nil, err
	}
	return h.picture(m), nil
}

// Seen is a picture that was decoded elsewhere, from samples that were coded without
// loss; format, profile and Exif orientation are those of the file.
func Seen(m *image.NRGBA, format string, profile []byte, orientation int, animated bool) *Picture {
	h := header{name: format, profile: profile, orientation: orientation, animated: animated, lossless: true, alpha: !m.Opaque()}
	return h.picture(m)
}

func (h header) picture(m image.Image) *Picture {
	p := &Picture{Format: h.name, Animated: h.animated, Lossless: h.lossless, alpha: h.alpha}
	if p.NRGBA, _ = turn(m, h.orientation).(*image.NRGBA); p.NRGBA == nil || h.orientation == 1 {
		p.NRGBA = imaging.Clone(m) // for itself, and with its origin at 0, 0
	}
	if icc.Space(h.profile) == "RGB " {
		// A profile that no program can use is none.
		if r, _, err := icc.Rewrite(h.profile); err == nil {
			p.Profile = r
		}
	}
	p.hide()
	return p
}

// hide takes the colour out of invisible pixels: something may lie there that
// was never meant to be seen.
func (p *Picture) hide() {
	for i := 3; i < len(p.Pix); i += 4 {
		if p.Pix[i] == 0 {
			p.Pix[i-3], p.Pix[i-2], p.Pix[i-1] = 0, 0, 0
		}
	}
}

// Opaque is m on white, where it may be transparent: that is what most pictures with
// transparency are made for.
func Opaque(m image.Image) image.Image {
	if o, ok := m.(interface{ Opaque() bool }); !ok || o.Opaque() {
		return m
	}
	n := imaging.Clone(m)
	for i := 0; i < len(n.Pix); i += 4 {
		a := int(n.Pix[i+3])
		for k := range 3 {
			n.Pix[i+k] = byte((int(n.Pix[i+k])*a + 255*(255-a) + 127) / 255)
		}
		n.Pix[i+3] = 255
	}
	return n
}

// quality is that of lossy pictures that are made of decoded ones: what is lost
// once more is not seen.
const quality = 92

// New is the picture as a new file: a JPEG, or a PNG where the pixels were coded
// as they are or may be transparent.
func (p *Picture) New() ([]byte, error) {
	var out bytes.Buffer
	if (header{lossless: p.Lossless, alpha: p.alpha}).fresh() == "png" {
		if err := png.Encode(&out, p.NRGBA); err != nil {
			return nil, err
		}
		return pngWith(out.Bytes(), p.Profile), nil
	}
	return p.JPEG()
}

// JPEG is the picture as a new JPEG file, on white where it is transparent.
func (p *Picture) JPEG() ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, Opaque(p.NRGBA), &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return jpegWith(out.Bytes(), p.Profile), nil
}

// Same is the picture as a new file of the format that it was in, of WebP, AVIF and
// JPEG XL: lossless where that was, else at high quality. Where the encoder cannot
// state the colours, and for HEIC, which nothing here can write, it is as [Picture.New].
func (p *Picture) Same(ctx context.Context) ([]byte, error) {
	srgb := p.Profile == nil || bytes.Equal(p.Profile, icc.Named("sRGB"))
	switch {
	case p.Format == "webp":
		b, err := codec.EncodeWebP(p.NRGBA, p.Lossless, quality)
		if err != nil || srgb {
			return b, err
		}
		return webpWith(b, p.Profile, p.Rect.Size(), !p.Opaque()), nil
	case p.Format == "avif" && srgb:
		return codec.EncodeAVIF(ctx, p.NRGBA, quality)
	case p.Format == "jxl" && srgb && p.Lossless:
		return codec.EncodeJXL(ctx, p.NRGBA, 100)
	case p.Format == "jxl" && srgb:
		return codec.EncodeJXL(ctx, p.NRGBA, quality)
	}
	return p.New()
}

// jpegWith puts a profile into a JPEG file (ICC.1:2010, B.4).
func jpegWith(b, profile []byte) []byte {
	const most = 65519
	parts := slices.Collect(slices.Chunk(profile, most))
	out := slices.Clone(b[:2])
	for i, part := range parts {
		out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe2), uint16(len(part)+16))
		out = append(append(out, "ICC_PROFILE\x00"...), byte(i+1), byte(len(parts)))
		out = append(out, part...)
	}
	return append(out, b[2:]...)
}

// webpWith puts a profile into a WebP file of the encoder, which may have a VP8X
// chunk (RFC 9649, 2.7).
func webpWith(b, profile []byte, size image.Point, alpha bool) []byte {
	flags := byte(0x20)
	if alpha {
		flags |= 0x10
	}
	rest := b[12:]
	if string(rest[:4]) == "VP8X" {
		rest = rest[18:]
	}
	out := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), flags, 0, 0, 0)
	for _, n := range []int{size.X - 1, size.Y - 1} {
		out = append(out, byte(n), byte(n>>8), byte(n>>16))
	}
	out = binary.LittleEndian.AppendUint32(append(out, "ICCP"...), uint32(len(profile)))
	out = append(append(out, profile...), make([]byte, len(profile)&1)...)
	out = append(out, rest...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// pngWith puts a profile into a PNG file, behind IHDR.
func pngWith(b, profile []byte) []byte {
	if profile == nil {
		return b
	}
	var body bytes.Buffer
	body.WriteString("iCCPicc\x00\x00")
	z := zlib.NewWriter(&body)
	z.Write(profile)
	z.Close()
	const behindIHDR = 33
	out := binary.BigEndian.AppendUint32(slices.Clone(b[:behindIHDR]), uint32(body.Len()-4))
	out = append(out, body.Bytes()...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body.Bytes()))
	return append(out, b[behindIHDR:]...)
}
