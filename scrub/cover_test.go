package scrub_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"testing"

	"github.com/disintegration/imaging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/internal/face"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func TestCoverRegions(t *testing.T) {
	for _, src := range [][]byte{photo(), testkit.PNG(), testkit.APNG(), testkit.Paletted(), testkit.AnimatedGIF(), testkit.Bitmaps()["24"].Bytes()} {
		plain, _, err := cleanBytes(src, scrub.Options{})
		require.NoError(t, err)
		o := scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 1, Y: 1, W: 6, H: 4}}}}
		out, r, err := cleanBytes(src, o)
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())
		assert.Len(t, r.Covered, 1)
		assert.False(t, r.Looked)
		assert.False(t, bytes.Equal(plain, out))
		assert.NotContains(t, string(out), "Wayan")
		v, err := scrub.Verify(ctx, bytes.NewReader(out), int64(len(out)), scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.AlreadyClean, v.Outcome())

		// A clean picture with a new cover is no copy of itself.
		_, r, err = cleanBytes(plain, o)
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())

		_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 2, Y: 2}}}})
		assert.ErrorIs(t, err, scrub.ErrNoArea)
		// Outside, and an oval of which no pixel lies inside.
		for _, g := range []scrub.Region{{X: 5000, Y: 2, W: 9, H: 9}, {X: -9, Y: 2, W: 9, H: 9}, {X: -99, Y: -99, W: 100, H: 100, Ellipse: true}} {
			out, r, err := cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 2, Y: 2, W: 3, H: 3}, g}}})
			assert.ErrorIs(t, err, scrub.ErrNoArea, "%v", g)
			assert.Equal(t, scrub.Failed, r.Outcome())
			assert.Empty(t, out)
		}
		assert.Equal(t, scrub.Failed, r.Outcome())
	}
	arithmetic := bytes.Replace(photo(), []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1)
	out, r, err := cleanBytes(arithmetic, scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{W: 5, H: 5}}}})
	assert.ErrorIs(t, err, scrub.ErrUnsupported)
	assert.ErrorIs(t, err, scrub.ErrNoCover)
	assert.Equal(t, scrub.Refused, r.Outcome())
	assert.Empty(t, out)
}

// TestPreviews shows pictures of every kind, also those that only we decode.
// TestCoverSettles asks that a picture which was coded anew to cover an area is
// not said to have what the source had.
func TestCoverSettles(t *testing.T) {
	be := binary.BigEndian
	block := testkit.TIFF(be, []testkit.Tag{testkit.Short(be, 0x112, 6), testkit.Text(0x13b, "Wayan")}, nil)
	src := testkit.WebP(testkit.VP8X(8), testkit.VP8, testkit.RiffChunk("EXIF", block))
	o := scrub.Options{Policy: meta.Policy{Keep: meta.KeepCredit}, Cover: scrub.Cover{Regions: []scrub.Region{{X: 1, Y: 1, W: 6, H: 4}}}}
	out, r, err := cleanBytes(src, o)
	require.NoError(t, err)
	for _, f := range r.Findings {
		assert.NotEqual(t, meta.Stays, f.Fate, "%s", f.Label)
		assert.Equal(t, bytes.Contains(out, []byte("Wayan")), f.Fate == meta.Kept, "%s", f.Label)
	}
	assert.Equal(t, bytes.Contains(out, []byte("Wayan")), r.Kept.Has(meta.KeepCredit))
}

func TestPreviews(t *testing.T) {
	kinds := testkit.Bitmaps()
	for _, src := range [][]byte{photo(), testkit.PNG(), testkit.AnimatedGIF(), kinds["24"].Bytes(), kinds["RLE 8"].Bytes(), kinds["V3"].Bytes()} {
		m, full, err := scrub.Preview(ctx, bytes.NewReader(src), int64(len(src)), 5)
		require.NoError(t, err)
		assert.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), 5)
		assert.Greater(t, full.X, 5)
		_, err = scrub.DetectFaces(ctx, bytes.NewReader(src), int64(len(src)), seer{}, scrub.FacesQuick)
		require.NoError(t, err)
	}
}

// seer is a detector that sees the same in every picture.
type seer []face.Box

func (seer) Name() string { return "seer" }

func (s seer) Detect(context.Context, image.Image, scrub.FaceMode) ([]face.Box, error) {
	return slices.Clone(s), nil
}

// spotter is a detector that sees the white in a picture.
type spotter struct{}

func (spotter) Name() string { return "spotter" }

func (spotter) Detect(_ context.Context, m image.Image, _ scrub.FaceMode) (out []face.Box, err error) {
	white := image.Rectangle{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if r, g, b, _ := m.At(x, y).RGBA(); r == 65535 && g == 65535 && b == 65535 {
				white = white.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if !white.Empty() {
		out = append(out, face.Box{X: float64(white.Min.X), Y: float64(white.Min.Y), W: float64(white.Dx()), H: float64(white.Dy()), Level: face.Found})
	}
	return out, nil
}

// TestFacesOfLaterFrames: a face that the first frame does not show is covered in
// all, and one that hardly moves is one.
func TestFacesOfLaterFrames(t *testing.T) {
	frame := func(x, y int) []byte {
		pix := make([]byte, 31*17)
		for i := range pix {
			if i%31 >= x && i%31 < x+5 && i/31 >= y && i/31 < y+5 {
				pix[i] = 3
			}
		}
		return testkit.GIFImage(0, 0, 31, 17, pix)
	}
	src := bytes.Join([][]byte{testkit.GIFHead(31, 17), frame(99, 99), frame(20, 6), frame(21, 6), frame(4, 3), {0x3b}}, nil)
	out, r, err := cleanBytes(src, scrub.Options{Cover: scrub.Cover{Faces: spotter{}}})
	require.NoError(t, err)
	assert.Equal(t, 2, r.Faces)
	assert.True(t, r.Checked)
	assert.Empty(t, r.Outside)
	found, err := scrub.DetectFaces(ctx, bytes.NewReader(out), int64(len(out)), spotter{}, scrub.FacesQuick)
	require.NoError(t, err)
	assert.Empty(t, found.Boxes)

	_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: []scrub.Region{{X: 2, Y: 1, W: 9, H: 9}}, Check: spotter{}}})
	require.NoError(t, err)
	assert.Len(t, r.Outside, 1, "a face in a later frame is told of")

	found, err = scrub.DetectFaces(ctx, bytes.NewReader(testkit.APNG()), int64(len(testkit.APNG())), seer{{X: 1, Y: 1, W: 3, H: 3}}, scrub.FacesQuick)
	require.NoError(t, err)
	assert.Len(t, found.Boxes, 1)
}

// blind is a detector that fails.
type blind struct{}

func (blind) Name() string { return "blind" }

func (blind) Detect(context.Context, image.Image, scrub.FaceMode) ([]face.Box, error) {
	return nil, fmt.Errorf("no eyes: %w", meta.ErrMalformed)
}

// TestLeftOutside: a look at the written picture tells of faces beside the areas,
// and not of those inside.
func TestLeftOutside(t *testing.T) {
	area := []scrub.Region{{X: 0, Y: 0, W: 6, H: 6}}
	for _, src := range [][]byte{photo(), testkit.PNG()} {
		under, beside := face.Box{X: 1, Y: 1, W: 3, H: 3}, face.Box{X: 10, Y: 1, W: 3, H: 3}
		_, r, err := cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: area, Check: seer{under, beside}}})
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())
		assert.True(t, r.Checked)
		assert.Equal(t, []face.Box{beside}, r.Outside)
		assert.False(t, r.Looked)

		_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Faces: seer{under}}})
		require.NoError(t, err)
		assert.True(t, r.Checked)
		assert.Empty(t, r.Outside)
		assert.Equal(t, 1, r.Faces)

		_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: area}})
		require.NoError(t, err)
		assert.False(t, r.Checked)

		_, r, err = cleanBytes(src, scrub.Options{Cover: scrub.Cover{Regions: area, Check: blind{}}})
		assert.ErrorIs(t, err, scrub.ErrUnverified)
		assert.Equal(t, scrub.Failed, r.Outcome())
	}
}

// TestCoverFaces needs the weights and a photo from beside the checkout.
func TestCoverFaces(t *testing.T) {
	src := testkit.SharedFile(t, "faces/fr_biden.jpg")
	d, err := scrub.LoadFaceDetector(testkit.SharedFile(t, "models/yunet_n_640_640.onnx"))
	require.NoError(t, err)
	out, r, err := cleanBytes(src, scrub.Options{Cover: scrub.Cover{Faces: d, Mode: scrub.FacesQuick}})
	require.NoError(t, err)
	assert.True(t, r.Looked)
	assert.Equal(t, 1, r.Faces)
	found, err := scrub.DetectFaces(ctx, bytes.NewReader(out), int64(len(out)), d, scrub.FacesQuick)
	require.NoError(t, err)
	for _, b := range found.Boxes { // a covered head still has the shape of one
		c := r.Covered[0]
		x, y := int(b.X+b.W/2), int(b.Y+b.H/2)
		assert.True(t, x > c.X && x < c.X+c.W && y > c.Y && y < c.Y+c.H, "a face outside the cover")
	}

	_, r, err = cleanBytes(testkit.SharedFile(t, "faces/ski_brick.png"), scrub.Options{Cover: scrub.Cover{Faces: d, Mode: scrub.FacesQuick}})
	require.NoError(t, err)
	assert.True(t, r.Looked)
	assert.Empty(t, r.Covered, "what holds no face is only cleaned")
}

// BenchmarkCoverFaces is a photo of 12 megapixels found, covered, written and verified.
func BenchmarkCoverFaces(b *testing.B) {
	d, err := scrub.LoadFaceDetector(testkit.SharedFile(b, "models/yunet_n_640_640.onnx"))
	require.NoError(b, err)
	m, err := imaging.Decode(bytes.NewReader(testkit.SharedFile(b, "faces/human_group-3.jpg")))
	require.NoError(b, err)
	var src bytes.Buffer
	require.NoError(b, imaging.Encode(&src, imaging.Resize(m, 4000, 3000, imaging.Linear), imaging.JPEG, imaging.JPEGQuality(92)))
	for b.Loop() {
		_, r, err := cleanBytes(src.Bytes(), scrub.Options{Cover: scrub.Cover{Faces: d}})
		require.NoError(b, err)
		require.NotEmpty(b, r.Covered)
	}
}

// TestCoverTakesTheGainMap: the second picture shows the outline of what is
// covered, so it goes whatever was to be kept.
func TestCoverTakesTheGainMap(t *testing.T) {
	const head = "http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="2"/>`
	one := testkit.JPEG(testkit.Segment(0xe1, []byte(head)))
	src := append(bytes.Clone(one), one...)

	o := scrub.Options{Policy: meta.Policy{Keep: meta.KeepHDR}}
	out, r, err := cleanBytes(src, o)
	require.NoError(t, err)
	assert.Equal(t, meta.KeepHDR, r.Kept)
	assert.Contains(t, string(out), "GainMapMax")

	o.Cover.Regions = []scrub.Region{{X: 2, Y: 2, W: 6, H: 5}}
	out, r, err = cleanBytes(src, o)
	require.NoError(t, err)
	assert.Zero(t, r.Kept)
	assert.NotContains(t, string(out), "GainMapMax")
}
