//go:build nodynamic

package codec

import (
	"context"
	"image"
	"image/color"
)

// HEIC decodes the primary item of a file whose pictures are coded with HEVC,
// turned, mirrored and cropped as its properties say, with 8 bits a sample and
// without alpha: an *image.YCbCr whose samples mean what the file's nclx says, an
// *image.Gray or an *image.NRGBA. It is meta.ErrMalformed where the decoder gives
// up, meta.ErrLimit where it needs more memory than it may have.
func HEIC(ctx context.Context, file []byte) (image.Image, error) {
	return decode(ctx, &heic, file, 5, (*decoding).heic)
}

// heic knows width, height, colour space, chroma, premultiplied.
func (d *decoding) heic() (image.Image, error) {
	r, space, chroma := image.Rect(0, 0, d.field(0), d.field(1)), d.field(2), d.field(3)
	// Rows as libheif lays out its planes: even, of 64 pixels at least, and of a
	// multiple of 16 bytes.
	row := func(pixels, each int) int { return (max(pixels+pixels&1, 64)*each + 15) &^ 15 }
	if space == heifYCbCr && chroma == heif400 {
		space = heifGray
	}
	switch space {
	case heifYCbCr:
		m := &image.YCbCr{Rect: r, YStride: row(r.Dx(), 1)}
		cw, ch := r.Dx(), r.Dy()
		switch chroma {
		case heif420:
			m.SubsampleRatio, cw, ch = image.YCbCrSubsampleRatio420, (cw+1)/2, (ch+1)/2
		case heif422:
			m.SubsampleRatio, cw = image.YCbCrSubsampleRatio422, (cw+1)/2
		case heif444:
			m.SubsampleRatio = image.YCbCrSubsampleRatio444
		default:
			return nil, d.unknown("chroma", chroma)
		}
		m.CStride = row(cw, 1)
		y, c := m.YStride*r.Dy(), m.CStride*ch
		b, err := d.picture(y + 2*c)
		if err != nil {
			return nil, err
		}
		m.Y, m.Cb, m.Cr = b[:y:y], b[y:y+c:y+c], b[y+c:]
		return m, nil
	case heifGray:
		b, err := d.picture(row(r.Dx(), 1) * r.Dy())
		return &image.Gray{Pix: b, Stride: row(r.Dx(), 1), Rect: r}, err
	case heifRGB:
		b, err := d.picture(row(r.Dx(), 4) * r.Dy())
		return &image.NRGBA{Pix: b, Stride: row(r.Dx(), 4), Rect: r}, err
	}
	return nil, d.unknown("colour space", space)
}

// What libheif calls its colour spaces and chroma formats (heif.h).
const (
	heifYCbCr, heifRGB, heifGray       = 0, 1, 2
	heif400, heif420, heif422, heif444 = 0, 1, 2, 3
)

// AVIF decodes the primary item or the first frame of an AVIF file, as it is
// stored: neither turned nor cropped. The picture is an *image.RGBA, of 8 bits
// whatever the file has.
func AVIF(ctx context.Context, file []byte) (*image.RGBA, error) {
	return decode(ctx, &avif, file, 4, (*decoding).avif)
}

// avif knows width, height, depth, frames.
func (d *decoding) avif() (*image.RGBA, error) {
	b, err := d.samples(d.field(2) > 8, low)
	return &image.RGBA{Pix: b, Stride: 4 * d.field(0), Rect: image.Rect(0, 0, d.field(0), d.field(1))}, err
}

// JXL decodes the first frame of a JPEG XL file, upright, with 8 bits a sample.
// Colours are those that the file states; a file whose colours are a profile that
// is coded in XYB comes as sRGB.
func JXL(ctx context.Context, file []byte) (*image.NRGBA, error) {
	return decode(ctx, &jxlDecoder, file, 4, (*decoding).jxl)
}

// jxl knows width, height, depth, frames.
func (d *decoding) jxl() (*image.NRGBA, error) {
	b, err := d.samples(d.field(2) == 16, high)
	return &image.NRGBA{Pix: b, Stride: 4 * d.field(0), Rect: image.Rect(0, 0, d.field(0), d.field(1))}, err
}

// Which byte of two holds the upper bits.
const (
	high = 0 // big endian
	low  = 1 // little endian
)

// samples decodes four samples a pixel, of one byte, or of two of which one is taken.
func (d *decoding) samples(two bool, upper int) ([]byte, error) {
	n := 4 * d.field(0) * d.field(1)
	if !two {
		return d.picture(n)
	}
	b, err := d.picture(2 * n)
	if err != nil {
		return nil, err
	}
	for i := range n {
		b[i] = b[2*i+upper]
	}
	return b[:n:n], nil
}

// EncodeAVIF codes m as an AVIF file with 4:4:4 chroma. The colours are untagged,
// which reads as sRGB.
func EncodeAVIF(ctx context.Context, m *image.NRGBA, quality int) ([]byte, error) {
	premultiplied := &image.RGBA{Pix: make([]byte, 0, len(m.Pix)), Rect: m.Rect}
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		row := m.Pix[m.PixOffset(m.Rect.Min.X, y):][:4*m.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			c := color.RGBAModel.Convert(color.NRGBA{row[0], row[1], row[2], row[3]}).(color.RGBA)
			premultiplied.Pix = append(premultiplied.Pix, c.R, c.G, c.B, c.A)
		}
	}
	const speed, yuv444 = 8, 1
	return avif.encode(ctx, premultiplied.Pix, m.Rect.Size(), uint64(quality), uint64(quality), speed, yuv444)
}

// EncodeJXL codes m as a bare codestream in sRGB.
func EncodeJXL(ctx context.Context, m *image.NRGBA, quality int) ([]byte, error) {
	const effort = 4
	return jxlEncoder.encode(ctx, m.Pix, m.Rect.Size(), uint64(quality), effort)
}
