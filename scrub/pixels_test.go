package scrub

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/codec"
	"tabir/scrub/internal/pix"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func remade(t testing.TB, b []byte, o Options) ([]byte, *Report) {
	t.Helper()
	o.FromPixels = true
	var out Buffer
	r, err := Clean(context.Background(), &out, bytes.NewReader(b), int64(len(b)), o)
	require.NoError(t, err)
	require.Equal(t, Cleaned, r.Outcome())
	require.True(t, r.NewPicture)
	v, err := Verify(context.Background(), bytes.NewReader(out.Bytes()), int64(len(out.Bytes())), Options{})
	require.NoError(t, err)
	require.Equal(t, AlreadyClean, v.Outcome())
	return out.Bytes(), r
}

func TestFromPixels(t *testing.T) {
	be := binary.BigEndian
	serial := "CANARY-SERIAL-0815"
	block := append([]byte("Exif\x00\x00"), testkit.TIFF(be, []testkit.Tag{testkit.Short(be, 0x112, 6), testkit.Text(0x110, serial)}, nil)...)
	m := image.NewGray(image.Rect(0, 0, 64, 32))
	for i := range m.Pix {
		m.Pix[i] = byte(i % 64 * 4)
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	photo := append(bytes.Clone(b.Bytes()[:2]), testkit.Segment(0xe1, block)...)
	photo = append(photo, b.Bytes()[2:]...)

	out, r := remade(t, photo, Options{Policy: meta.Policy{Keep: meta.KeepDate}})
	assert.Equal(t, "jpeg", r.Format)
	assert.Equal(t, "jpeg", r.OutFormat)
	assert.NotContains(t, string(out), serial)
	assert.NotEmpty(t, r.Identifying())
	p, err := jpeg.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Equal(t, image.Pt(32, 64), p.Bounds().Size(), "upright")
	again, _ := remade(t, photo, Options{})
	assert.Equal(t, out, again, "equal sources, equal outputs")

	b.Reset()
	n := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	n.SetNRGBA(1, 1, color.NRGBA{200, 100, 50, 255})
	n.SetNRGBA(2, 2, color.NRGBA{200, 100, 50, 0})
	require.NoError(t, png.Encode(&b, n))
	out, r = remade(t, b.Bytes(), Options{})
	assert.Equal(t, "png", r.OutFormat)
	q, err := png.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{200, 100, 50, 255}, q.At(1, 1))
	assert.Equal(t, color.NRGBA{}, q.At(2, 2), "nothing lies under invisible pixels")

	_, r = remade(t, b.Bytes(), Options{Cover: Cover{Regions: []Region{{X: 1, Y: 1, W: 2, H: 2}}}})
	assert.Len(t, r.Covered, 1)
}

// byCanvas are files beside the checkout that no decoder here knows, and whose
// formats show them all the same.
var byCanvas = []string{
	"bmp/image__Core_1_Bit.bmp", "bmp/image__Info_1_Bit_Top_Down.bmp", "bmp/image__Info_4_Bit_Top_Down.bmp",
	"bmp/image__V3_A1_R5_G5_B5_Top_Down.bmp", "bmp/image__V3_X4_R4_G4_B4.bmp", "bmp/image__V4_R5_G6_B5.bmp",
	"bmp/synth__gap_text.bmp", "bmp/wuffs__bricks-dither.bmp",
	"tiff/metadata__BigTIFFSubIFD8.tif", "tiff/synth__be_cmyk_gps.tif", "tiff/synth__bigtiff_orphan_block.tif",
}

// TestFromPixelsByCanvas compares with what ImageMagick sees, where it is installed.
func TestFromPixelsByCanvas(t *testing.T) {
	ctx := context.Background()
	for _, name := range byCanvas {
		src := testkit.SharedFile(t, "corpus/"+name)
		_, err := pix.Look(ctx, bytes.NewReader(src), int64(len(src)))
		require.Error(t, err, "%s needs no canvas", name)
		info, err := Remakes(ctx, bytes.NewReader(src), int64(len(src)))
		require.NoError(t, err, name)
		assert.Equal(t, "png", info.Name)
		out, r := remade(t, src, Options{})
		assert.Equal(t, strings.Split(name, "/")[0], r.Format)
		made, err := png.Decode(bytes.NewReader(out))
		require.NoError(t, err)
		m, full, err := Preview(ctx, bytes.NewReader(src), int64(len(src)), 16)
		require.NoError(t, err, name)
		assert.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), 16)
		assert.Equal(t, made.Bounds().Size(), full, name)

		convert := exec.Command("convert", "-", "-auto-orient", "-colorspace", "sRGB", "-alpha", "off", "png:-")
		convert.Stdin = bytes.NewReader(src)
		b, err := convert.Output()
		if err != nil {
			t.Logf("%s: not compared with what ImageMagick sees: %v", name, err)
			continue
		}
		other, err := png.Decode(bytes.NewReader(b))
		require.NoError(t, err)
		require.Equal(t, other.Bounds(), made.Bounds(), name)
		for i := range full.X * full.Y {
			p := color.NRGBAModel.Convert(made.At(i%full.X, i/full.X)).(color.NRGBA)
			q := color.NRGBAModel.Convert(other.At(i%full.X, i/full.X)).(color.NRGBA)
			for k, v := range []uint8{p.R, p.G, p.B} { // its channels of 4 bits end at 240
				require.InDelta(t, []uint8{q.R, q.G, q.B}[k], v, 15, "%s: pixel %d", name, i)
			}
		}
	}
}

// TestFromPixelsOfOddGIF: a frame that reaches beyond the screen, which the standard
// library takes for damaged, is shown as browsers do.
func TestFromPixelsOfOddGIF(t *testing.T) {
	ctx := context.Background()
	src := slices.Concat(testkit.GIFHead(20, 10), testkit.GIFImage(0, 0, 31, 17, testkit.GIFPixels(31, 17)), []byte{0x3b})
	_, err := gif.Decode(bytes.NewReader(src))
	require.Error(t, err)
	out, r := remade(t, src, Options{})
	assert.Equal(t, "gif", r.Format)
	made, err := png.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Equal(t, image.Pt(20, 10), made.Bounds().Size())
	m, full, err := Preview(ctx, bytes.NewReader(src), int64(len(src)), 64)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(20, 10), full)
	for i := range 200 {
		want := color.NRGBAModel.Convert(made.At(i%20, i/20))
		require.Equal(t, want, color.NRGBAModel.Convert(m.At(m.Bounds().Min.X+i%20, m.Bounds().Min.Y+i/20)))
	}
}

// TestFromPixelsTurned: a canvas shows a picture as it is stored, and the new one is upright.
func TestFromPixelsTurned(t *testing.T) {
	le := binary.LittleEndian
	fields := [][2]uint64{{256, 3}, {257, 2}, {258, 8}, {259, 1}, {262, 1}, {273, 16}, {274, 6}, {277, 1}, {278, 2}, {279, 6}}
	src := le.AppendUint64([]byte("II\x2b\x00\x08\x00\x00\x00"), 24)
	src = append(src, 10, 20, 30, 40, 50, 60, 0, 0)
	src = le.AppendUint64(src, uint64(len(fields)))
	for _, f := range fields {
		src = le.AppendUint16(le.AppendUint16(src, uint16(f[0])), 4) // a number of 32 bits
		src = le.AppendUint64(le.AppendUint64(src, 1), f[1])
	}
	src = le.AppendUint64(src, 0)
	out, r := remade(t, src, Options{})
	assert.Equal(t, "tiff", r.Format)
	m, err := png.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 2, 3), m.Bounds())
	for i, want := range []uint32{40, 10, 50, 20, 60, 30} {
		red, _, _, _ := m.At(i%2, i/2).RGBA()
		assert.Equal(t, want, red>>8)
	}
	_, r = remade(t, src, Options{Cover: Cover{Regions: []Region{{X: 0, Y: 0, W: 1, H: 3}}}})
	assert.Len(t, r.Covered, 1)
}

// TestWayOut: a refusal says whether a new picture could be made.
func TestWayOut(t *testing.T) {
	if !codec.Available {
		t.Skip("built without decoders")
	}
	heic, err := os.ReadFile("internal/codec/testdata/corners.heic")
	require.NoError(t, err)
	ctx := context.Background()
	inspect := func(b []byte, o Options) error {
		_, err := Inspect(ctx, bytes.NewReader(b), int64(len(b)), o)
		return err
	}
	for what, b := range map[string][]byte{"damaged HEIC": heic[:200], "PDF": []byte("%PDF-1.7 and so on"), "SVG": []byte("<svg/>"), "Photoshop": []byte("8BPS and so on")} {
		err := inspect(b, Options{})
		require.Error(t, err, what)
		assert.NotErrorIs(t, err, ErrRemakes, what)
		assert.Equal(t, Refused, failure(inspect(b, Options{FromPixels: true})), what)
	}
	// Canvases of pictures with four components cannot be edited; decoding them goes well.
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})))
	err = inspect(b.Bytes(), Options{Cover: Cover{Regions: []Region{{W: 4, H: 4}}}})
	if err != nil { // once areas of it can be covered there is nothing to offer
		assert.ErrorIs(t, err, ErrNoCover)
		assert.ErrorIs(t, err, ErrRemakes)
	}
	i, err := Remakes(ctx, bytes.NewReader(heic), int64(len(heic)))
	require.NoError(t, err)
	assert.Equal(t, "jpeg", i.Name)
}

// TestOtherExtension: the file gets the name that fits, and never one that is taken.
func TestOtherExtension(t *testing.T) {
	if !codec.Available {
		t.Skip("built without decoders")
	}
	ctx, dir := context.Background(), t.TempDir()
	src, err := filepath.Abs("internal/codec/testdata/corners.heic")
	require.NoError(t, err)
	dst := filepath.Join(dir, "photo.heic")
	r, err := CleanFile(ctx, dst, src, New, Options{FromPixels: true})
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(dir, "photo.jpg"), r.Out)
	require.FileExists(t, r.Out)
	require.NoFileExists(t, dst)
	_, err = CleanFile(ctx, dst, src, New, Options{FromPixels: true})
	require.ErrorIs(t, err, ErrExists)

	own := filepath.Join(dir, "own.heic")
	b, err := os.ReadFile(src)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(own, b, 0o666))
	_, err = CleanFile(ctx, own, own, InPlace, Options{FromPixels: true})
	require.ErrorIs(t, err, ErrInPlace)
	kept, err := os.ReadFile(own)
	require.NoError(t, err)
	assert.Equal(t, b, kept)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 2, "no partial files")
}
