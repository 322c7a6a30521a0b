package scrub_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

var ctx = context.Background()

// photo is a JPEG file with all that a phone writes into it.
func photo() []byte {
	return testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.LittleEndian, 6, "Wayan-Putri")))
}

func cleanBytes(src []byte, o scrub.Options) ([]byte, *scrub.Report, error) {
	var out scrub.Buffer
	r, err := scrub.Clean(ctx, &out, bytes.NewReader(src), int64(len(src)), o)
	return out.Bytes(), r, err
}

func TestClean(t *testing.T) {
	src := photo()
	out, r, err := cleanBytes(src, scrub.Options{Name: "IMG_20240102_030405.jpg"})
	require.NoError(t, err)
	assert.Equal(t, scrub.Cleaned, r.Outcome())
	assert.EqualValues(t, len(out), r.OutSize)
	assert.NotContains(t, string(out), "Wayan")
	assert.NotEmpty(t, r.Identifying())
	outside := 0
	for _, f := range r.Findings {
		if f.Fate == meta.Outside {
			outside++
		}
	}
	assert.Positive(t, outside, "the name tells a date")

	again, r, err := cleanBytes(out, scrub.Options{})
	require.NoError(t, err)
	assert.Equal(t, scrub.AlreadyClean, r.Outcome())
	assert.Equal(t, out, again)
	assert.Empty(t, r.Identifying())

	r, err = scrub.Verify(ctx, bytes.NewReader(out), int64(len(out)), scrub.Options{})
	require.NoError(t, err)
	assert.Equal(t, scrub.AlreadyClean, r.Outcome())

	r, err = scrub.Verify(ctx, bytes.NewReader(src), int64(len(src)), scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrUnverified)
	assert.Equal(t, scrub.Inspected, r.Outcome())
	assert.NotEmpty(t, r.Identifying())

	r, err = scrub.Inspect(ctx, bytes.NewReader(src), int64(len(src)), scrub.Options{})
	require.NoError(t, err)
	assert.Equal(t, scrub.Inspected, r.Outcome())
	assert.NotEmpty(t, r.Identifying())
}

// TestNothingNamesTabir: an output must not tell which program made it.
func TestNothingNamesTabir(t *testing.T) {
	for _, src := range [][]byte{photo(), testkit.PNG(testkit.Chunk("eXIf", testkit.PhotoExif(binary.BigEndian, 3, "x"))), testkit.APNG(), testkit.AnimatedWebP()} {
		out, _, err := cleanBytes(src, scrub.Options{Policy: meta.Policy{Keep: meta.KeepCredit | meta.KeepDate}})
		require.NoError(t, err)
		assert.NotContains(t, string(bytes.ToLower(out)), "tabir")
	}
}

func TestKeep(t *testing.T) {
	out, r, err := cleanBytes(photo(), scrub.Options{Policy: meta.Policy{Keep: meta.KeepCredit}})
	require.NoError(t, err)
	assert.Equal(t, meta.KeepCredit, r.Kept)
	assert.Contains(t, string(out), "Alma Wayan-Putri")
	assert.NotContains(t, string(out), "Owner")

	_, r, err = cleanBytes(testkit.JPEG(), scrub.Options{Policy: meta.Policy{Keep: meta.KeepCredit}})
	require.NoError(t, err)
	assert.Zero(t, r.Kept, "what is not there is not said to be kept")
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		src []byte
		err error
		is  string
	}{
		"empty":     {nil, scrub.ErrUnknownFormat, "empty file"},
		"text":      {[]byte("dear diary"), scrub.ErrUnknownFormat, ""},
		"CR3":       {[]byte("\x00\x00\x00\x18ftypcrx \x00\x00\x00\x00crx isom"), scrub.ErrUnknownFormat, "Canon raw photo (CR3)"},
		"raw":       {[]byte("II*\x00\x10\x00\x00\x00CR\x02\x00"), scrub.ErrUnknownFormat, "Canon raw photo (CR2)"},
		"truncated": {photo()[:len(photo())-100], scrub.ErrTruncated, "jpeg"},
		"damaged":   {append([]byte("\xff\xd8\xff\xe1\x00\x01"), photo()...), scrub.ErrMalformed, "jpeg"},
	} {
		out, r, err := cleanBytes(c.src, scrub.Options{})
		assert.ErrorIs(t, err, c.err, name)
		assert.ErrorContains(t, err, c.is, name)
		assert.Equal(t, scrub.Refused, r.Outcome(), name)
		assert.Empty(t, out, "%s: nothing is written", name)
	}
}

func TestContentDecides(t *testing.T) {
	p := testkit.PNG()
	_, r, err := cleanBytes(p, scrub.Options{Name: "photo.JPG"})
	require.NoError(t, err)
	assert.Equal(t, "png", r.Format)
	assert.Equal(t, ".png", r.WrongExt)
	_, r, err = cleanBytes(p, scrub.Options{Name: "photo.PNG"})
	require.NoError(t, err)
	assert.Empty(t, r.WrongExt)
}

func TestZeroReportIsAFailure(t *testing.T) {
	assert.Equal(t, scrub.Failed, (&scrub.Report{}).Outcome())
	assert.Equal(t, scrub.Failed, (*scrub.Report)(nil).Outcome())
	assert.Equal(t, "failed", scrub.Outcome(99).String())
}

// liar is an output that does not hold what was written to it.
type liar struct {
	scrub.Buffer
	lie func([]byte)
}

func (l *liar) ReadAt(b []byte, off int64) (int, error) {
	n, err := l.Buffer.ReadAt(b, off)
	whole := bytes.Clone(l.Bytes())
	l.lie(whole)
	copy(b[:n], whole[min(off, int64(len(whole))):])
	return n, err
}

func TestABadDiskIsNoticed(t *testing.T) {
	src := photo()
	for name, lie := range map[string]func([]byte){
		"a bit of the picture": func(b []byte) { b[len(b)-10] ^= 1 },
		"the orientation":      func(b []byte) { b[30] ^= 1 },
		"all zero":             func(b []byte) { clear(b) },
	} {
		r, err := scrub.Clean(ctx, &liar{lie: lie}, bytes.NewReader(src), int64(len(src)), scrub.Options{})
		assert.ErrorIs(t, err, scrub.ErrUnverified, name)
		assert.Equal(t, scrub.Failed, r.Outcome(), name)
		assert.Zero(t, r.OutSize)
	}
}

type brokenDisk struct{ scrub.Buffer }

func (*brokenDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

type panicking struct{ *bytes.Reader }

func (panicking) ReadAt([]byte, int64) (int, error) { panic("a mistake") }

func TestFailures(t *testing.T) {
	src := photo()
	r, err := scrub.Clean(ctx, &brokenDisk{}, bytes.NewReader(src), int64(len(src)), scrub.Options{})
	assert.ErrorIs(t, err, io.ErrShortWrite)
	assert.Equal(t, scrub.Failed, r.Outcome())

	r, err = scrub.Inspect(ctx, panicking{bytes.NewReader(src)}, int64(len(src)), scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrInternal, "a panic fails one file and nothing else")
	assert.Equal(t, scrub.Failed, r.Outcome())

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	r, err = scrub.Clean(cancelled, &scrub.Buffer{}, bytes.NewReader(src), int64(len(src)), scrub.Options{})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, scrub.Failed, r.Outcome())

	r, err = scrub.Clean(ctx, &scrub.Buffer{}, bytes.NewReader(src), int64(len(src))+100, scrub.Options{})
	assert.Error(t, err, "a source that shrank")
	assert.Equal(t, scrub.Failed, r.Outcome())
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}

func TestCleanFile(t *testing.T) {
	dir := t.TempDir()
	src, dst := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "new", "a.jpg")
	require.NoError(t, os.WriteFile(src, photo(), 0o640))
	want, _, err := cleanBytes(photo(), scrub.Options{})
	require.NoError(t, err)

	r, err := scrub.CleanFile(ctx, dst, src, scrub.New, scrub.Options{})
	require.NoError(t, err)
	assert.Equal(t, scrub.Cleaned, r.Outcome())
	got, err := os.ReadFile(dst)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	kept, err := os.ReadFile(src)
	require.NoError(t, err)
	assert.Equal(t, photo(), kept, "the original is untouched")

	_, err = scrub.CleanFile(ctx, dst, src, scrub.New, scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrExists)
	_, err = scrub.CleanFile(ctx, dst, src, scrub.Overwrite, scrub.Options{})
	assert.NoError(t, err)
	_, err = scrub.CleanFile(ctx, src, src, scrub.Overwrite, scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrSameFile)
	_, err = scrub.CleanFile(ctx, dst, src, scrub.InPlace, scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrExists, "in place means the source itself")
	_, err = scrub.CleanFile(ctx, dst, dir, scrub.New, scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrNotFile)
	_, err = scrub.CleanFile(ctx, dst, filepath.Join(dir, "none"), scrub.New, scrub.Options{})
	assert.ErrorIs(t, err, os.ErrNotExist)

	_, err = scrub.CleanFile(ctx, src, src, scrub.InPlace, scrub.Options{})
	require.NoError(t, err)
	got, err = os.ReadFile(src)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	st, err := os.Stat(src)
	require.NoError(t, err)
	assert.EqualValues(t, 0o640, st.Mode().Perm(), "permissions stay")
	assert.Equal(t, []string{"a.jpg", "new"}, names(t, dir))
	assert.Equal(t, []string{"a.jpg"}, names(t, filepath.Join(dir, "new")))
}

// TestRemains: a picture that only some viewers show is told of, although the
// file is clean.
func TestRemains(t *testing.T) {
	chunks := testkit.ChunksOf(testkit.APNG())
	// Without its control the first picture is no frame: viewers that play animations never show it.
	still := slices.Delete(chunks, 2, 3)
	for i, c := range still {
		n := len(c) - 4
		switch string(c[4:8]) {
		case "acTL":
			c[11] = 2
		case "fcTL", "fdAT":
			c[11]--
		default:
			continue
		}
		still[i] = binary.BigEndian.AppendUint32(c[:n:n], crc32.ChecksumIEEE(c[4:n]))
	}
	_, r, err := cleanBytes(testkit.FromChunks(still...), scrub.Options{})
	require.NoError(t, err)
	require.Len(t, r.Remains(), 1)
	assert.Equal(t, meta.LabelSecondPicture, r.Remains()[0].Label)
	_, r, err = cleanBytes(testkit.APNG(), scrub.Options{})
	require.NoError(t, err)
	assert.Empty(t, r.Remains())
}

// TestDiscard: an original that cannot be taken away stays, and so does all else.
func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	src, trash := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "trash")
	require.NoError(t, os.WriteFile(src, photo(), 0o666))
	_, err := scrub.CleanFile(ctx, src, src, scrub.InPlace, scrub.Options{Discard: func(string) error { return assert.AnError }})
	assert.ErrorIs(t, err, scrub.ErrNotDiscarded)
	assert.ErrorIs(t, err, assert.AnError)
	assert.Equal(t, []string{"a.jpg"}, names(t, dir))
	now, err := os.ReadFile(src)
	require.NoError(t, err)
	assert.Equal(t, photo(), now)

	r, err := scrub.CleanFile(ctx, src, src, scrub.InPlace, scrub.Options{Discard: func(path string) error { return os.Rename(path, trash) }})
	require.NoError(t, err)
	assert.Equal(t, scrub.Cleaned, r.Outcome())
	kept, err := os.ReadFile(trash)
	require.NoError(t, err)
	assert.Equal(t, photo(), kept)
	now, err = os.ReadFile(src)
	require.NoError(t, err)
	assert.Len(t, now, int(r.OutSize))
}

func TestRefusedFilesLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	src := filepath.Join(dir, "a.jpg")
	require.NoError(t, os.WriteFile(src, photo()[:len(photo())-100], 0o666))
	for _, how := range []scrub.Publish{scrub.New, scrub.InPlace} {
		dst := filepath.Join(dir, "clean", "a.jpg")
		if how == scrub.InPlace {
			dst = src
		}
		r, err := scrub.CleanFile(ctx, dst, src, how, scrub.Options{})
		assert.ErrorIs(t, err, scrub.ErrTruncated)
		assert.Equal(t, scrub.Refused, r.Outcome())
		assert.Equal(t, []string{"a.jpg"}, names(t, dir), "no folder, no file")
	}
	got, err := os.ReadFile(src)
	require.NoError(t, err)
	assert.Equal(t, photo()[:len(photo())-100], got)
}

// TestLargePhotos takes the path of files that are not held in memory, with a
// parser that goes through all of them and with one that looks at the header.
func TestLargePhotos(t *testing.T) {
	filler := bytes.Repeat([]byte("0123456789abcdef"), 10<<20/16)
	jpeg := photo()
	jpeg = append(append(jpeg[:len(jpeg)-2], filler...), 0xff, 0xd9)
	bmp := testkit.Bitmap{Header: 40, Bits: 24, W: 2048, H: 1600, Pixels: filler[:3*2048*1600], Tail: []byte("behind the end")}
	for name, big := range map[string][]byte{"a.jpg": jpeg, "a.bmp": bmp.Bytes()} {
		dir := t.TempDir()
		src, dst := filepath.Join(dir, name), filepath.Join(dir, "copy"+filepath.Ext(name))
		require.Greater(t, len(big), 8<<20)
		require.NoError(t, os.WriteFile(src, big, 0o666))
		r, err := scrub.CleanFile(ctx, dst, src, scrub.New, scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())
		want, _, err := cleanBytes(big, scrub.Options{})
		require.NoError(t, err)
		got, err := os.ReadFile(dst)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got))
	}
}

// TestSkimmed compares files whose picture data is gone past at first with the same
// in memory, where it is not: sound ones, ones with something behind the data, and
// ones that must be refused.
func TestSkimmed(t *testing.T) {
	png := testkit.PNG(testkit.Chunk("tEXt", []byte("Comment\x00here")))
	damaged := bytes.Clone(png)
	damaged[bytes.Index(png, []byte("IDAT"))+10] ^= 1
	pix := testkit.GIFPixels(31, 17)
	gif := func(data, end []byte) []byte {
		return slices.Concat(testkit.GIFHead(31, 17), testkit.GIFExtension(0xfe, []byte("a comment")), testkit.GIFImage(0, 0, 31, 17, nil)[:11], testkit.SubBlocks(data), end)
	}
	coded := testkit.LZW(2, pix)
	for name, src := range map[string][]byte{
		"a.png": png, "damaged.png": damaged,
		"a.gif": gif(coded, []byte{0x3b}), "behind.gif": gif(append(bytes.Clone(coded), "Wayan Putri"...), []byte{0x3b}),
		"feigned.gif": gif(append(bytes.Clone(coded), "Wayan Putri\x05"...), []byte{0x3b}), // as if an end code ended it
		"code.gif":    gif([]byte{0xcc, 0xff, 0xff, 1, 2, 3, 4, 5}, []byte{0x3b}), "cut.gif": gif(coded, nil)[:90], "few.gif": gif(testkit.LZW(2, pix[:400]), nil),
	} {
		dir := t.TempDir()
		from, to := filepath.Join(dir, name), filepath.Join(dir, "new", "copy"+filepath.Ext(name))
		require.NoError(t, os.WriteFile(from, src, 0o666))
		want, r, err := cleanBytes(src, scrub.Options{Name: name})
		s, err2 := scrub.CleanFile(ctx, to, from, scrub.New, scrub.Options{})
		assert.Equal(t, fmt.Sprint(err), fmt.Sprint(err2), name)
		assert.Equal(t, r.Outcome(), s.Outcome(), name)
		assert.Equal(t, r.Findings, s.Findings, name)
		got, err := os.ReadFile(to)
		if err2 == nil {
			require.NoError(t, err)
			assert.True(t, bytes.Equal(want, got), name)
		} else {
			assert.Equal(t, []string{name}, names(t, dir))
		}
	}
}

// TestSmallCopies: a thumbnail by the same encoder has the picture's own tables.
// It goes, and the sweep does not take the picture for it.
func TestSmallCopies(t *testing.T) {
	thumb := testkit.JPEG()
	for _, seg := range [][]byte{
		testkit.Segment(0xe4, thumb), testkit.Segment(0xe0, []byte("JFXX\x00\x10"), thumb), testkit.Segment(0xfe, thumb),
		testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.TIFF(binary.BigEndian, []testkit.Tag{{ID: 0x8769, Sub: []testkit.Tag{{ID: 0x927c, Type: 7, Value: thumb}}}}, thumb)),
		testkit.Segment(0xed, []byte("Photoshop 3.0\x008BIM\x04\x0c\x00\x00\x00\x00\x04\x00"), make([]byte, 28), thumb),
	} {
		out, r, err := cleanBytes(testkit.JPEG(seg), scrub.Options{})
		require.NoError(t, err)
		assert.Equal(t, scrub.Cleaned, r.Outcome())
		assert.Equal(t, testkit.JPEG(), out)
	}
}

// TestSweepGuardsTheParser: a value that a parser would let through is caught.
func TestSweepGuardsTheParser(t *testing.T) {
	src := testkit.JPEG(testkit.Segment(0xfe, []byte("Wayan Putri, Ubud")))
	// Behind the last MCU, and far enough from the end that no parser reads it as text.
	src = slices.Concat(src[:len(src)-2], []byte("\x01Wayan Putri, Ubud"), make([]byte, 300), []byte("\xff\xd9"))
	_, r, err := cleanBytes(src, scrub.Options{})
	assert.ErrorIs(t, err, scrub.ErrUnverified)
	assert.Equal(t, scrub.Failed, r.Outcome())
	assert.NotContains(t, err.Error(), "Wayan", "the value itself is not told")
}

func TestFormats(t *testing.T) {
	fs := scrub.Formats()
	require.NotEmpty(t, fs)
	fs[0].Exts[0] = ".changed"
	assert.NotEqual(t, ".changed", scrub.Formats()[0].Exts[0], "callers get a copy")
	_, err := scrub.Recognise(bytes.NewReader([]byte("%PDF-1")), 6)
	assert.ErrorContains(t, err, "PDF document")
	f, err := scrub.Recognise(bytes.NewReader(photo()), 100)
	require.NoError(t, err)
	assert.Equal(t, "jpeg", f.Name)
}

// TestCorpus cleans every real photo beside the checkout, and every malformed one.
func TestCorpus(t *testing.T) {
	for p, src := range testkit.Shared(t, "corpus/*/*", "malformed/*") {
		out, r, err := cleanBytes(src, scrub.Options{Name: filepath.Base(p)})
		if err != nil {
			assert.Contains(t, []scrub.Outcome{scrub.Refused, scrub.Failed}, r.Outcome(), p)
			assert.False(t, errors.Is(err, scrub.ErrUnverified) || errors.Is(err, scrub.ErrInternal), "%s: %v", p, err)
			continue
		}
		again, r, err := cleanBytes(out, scrub.Options{})
		require.NoError(t, err, p)
		assert.True(t, r.Outcome() == scrub.AlreadyClean && bytes.Equal(out, again), p)
	}
}

// FuzzClean promises: whatever is cleaned verifies, and cleaning it again changes nothing.
func FuzzClean(f *testing.F) {
	f.Add(photo())
	f.Add(testkit.PNG(testkit.Chunk("eXIf", testkit.PhotoExif(binary.BigEndian, 3, "x"))))
	f.Add(testkit.APNG())
	f.Add(testkit.AnimatedWebP())
	f.Fuzz(func(t *testing.T, src []byte) {
		out, _, err := cleanBytes(src, scrub.Options{})
		if err != nil {
			require.False(t, errors.Is(err, scrub.ErrInternal), "%v", err)
			return
		}
		r, err := scrub.Verify(ctx, bytes.NewReader(out), int64(len(out)), scrub.Options{})
		require.NoError(t, err)
		require.Equal(t, scrub.AlreadyClean, r.Outcome())
		again, _, err := cleanBytes(out, scrub.Options{})
		require.NoError(t, err)
		require.True(t, bytes.Equal(out, again))
	})
}
