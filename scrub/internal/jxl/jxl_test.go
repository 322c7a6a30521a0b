package jxl

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const token = "CaNaRy7x"

func clean(t testing.TB, src []byte) ([]byte, []meta.Finding) {
	t.Helper()
	out, p, err := testkit.Clean(t, Format, src, meta.Policy{})
	require.NoError(t, err)
	return out, p.Findings
}

// bares are codestreams without a container.
func bares(t testing.TB) map[string][]byte {
	out := map[string][]byte{"plain": start().put(1, 1).put(1, 1).align().last()}
	for _, v := range testkit.Vectors(t, "testdata") {
		if v.Expect == "clean" && bytes.HasPrefix(v.Data, bare) {
			if out[v.Name] = v.Data; strings.HasPrefix(v.Name, "profile") {
				out[v.Name], _ = clean(t, v.Data) // which has it in the form of ours
			}
		}
	}
	return out
}

// wrap is a container of the given boxes.
func wrap(boxes ...[]byte) []byte {
	return bytes.Join(append([][]byte{signature, fileType}, boxes...), nil)
}

func jxlc(b []byte) []byte { return box.Make("jxlc", b) }

// jxlp is part n of a codestream.
func jxlp(n uint32, last bool, b []byte) []byte {
	if last {
		n |= 1 << 31
	}
	return box.Make("jxlp", binary.BigEndian.AppendUint32(nil, n), b)
}

func absent(t testing.TB, out []byte) {
	t.Helper()
	testkit.Absent(t, out, token)
}

func labels(fs []meta.Finding, f meta.Fate) (out []meta.Label) {
	for _, g := range fs {
		if g.Fate == f {
			out = append(out, g.Label)
		}
	}
	return out
}

func TestVectors(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		_, _, err := testkit.Clean(t, Format, v.Data, meta.Policy{})
		if v.Expect == "clean" {
			assert.NoError(t, err, v.Name)
		} else {
			assert.ErrorContains(t, err, strings.TrimPrefix(v.Expect, "refused: "), v.Name)
		}
	}
}

func TestCleanFilesStayAsTheyAre(t *testing.T) {
	for name, b := range bares(t) {
		for _, src := range [][]byte{b, wrap(jxlc(b)), wrap(box.Make("jxll", []byte{10}), jxlc(b))} {
			out, found := clean(t, src)
			assert.Equal(t, src, out, name)
			assert.Empty(t, labels(found, meta.Removed), name)
		}
	}
}

// strangers are boxes that a clean file does not hold.
func strangers() map[string][]byte {
	tk := []byte(token)
	return map[string][]byte{
		"Exif":        box.Make("Exif", make([]byte, 4), testkit.PhotoExif(binary.BigEndian, 6, token)),
		"Exif, moved": box.Make("Exif", []byte{0, 0, 0, 8}, tk, testkit.PhotoExif(binary.LittleEndian, 3, token)),
		"Exif, cut":   box.Make("Exif", []byte{9}),
		"Exif, wild":  box.Make("Exif", []byte{0xff, 0xff, 0xff, 0xff}, tk),
		"xml":         box.Make("xml ", []byte("<x:xmpmeta>"), tk),
		"jumb":        box.Make("jumb", box.Make("jumd", []byte("c2pa"), tk)),
		"brob":        box.Make("brob", []byte("Exif"), tk),
		"brob, cut":   box.Make("brob", []byte("xm")),
		"jbrd":        box.Make("jbrd", tk),
		"jhgm":        box.Make("jhgm", tk),
		"jxli":        box.Make("jxli", tk),
		"free":        box.Make("free", tk),
		"skip":        box.Make("skip", nil),
		"uuid":        box.Make("uuid", make([]byte, 16), tk),
		"unknown":     box.Make(token[:4], tk),
		"ftyp":        box.Make("ftyp", []byte("jxl "), tk),
		"signature":   bytes.Clone(signature),
		"large":       append([]byte("\x00\x00\x00\x01huge\x00\x00\x00\x00\x00\x00\x00\x18"), tk...),
	}
}

// TestInsertions puts a box that does not belong there at every place, around
// the codestream and between its parts.
func TestInsertions(t *testing.T) {
	level := box.Make("jxll", []byte{5})
	for name, b := range bares(t) {
		want := wrap(level, jxlc(b))
		half := len(b) / 2
		for kind, s := range strangers() {
			for i, src := range [][]byte{
				wrap(s, level, jxlc(b)), wrap(level, s, jxlc(b)), wrap(level, jxlc(b), s), wrap(s, level, s, jxlc(b), s, s),
				wrap(level, jxlp(0, false, b[:half]), s, jxlp(1, true, b[half:])), wrap(level, jxlp(0, false, b), jxlp(1, true, nil), s),
			} {
				out, found := clean(t, src)
				require.Equal(t, want, out, "%s: %s at place %d", name, kind, i)
				require.NotEmpty(t, labels(found, meta.Removed), "%s: %s", name, kind)
				absent(t, out)
			}
		}
	}
}

func TestWordsForBoxes(t *testing.T) {
	b := bares(t)["plain"]
	for kind, want := range map[string]meta.Label{
		"brob": meta.LabelCompressed, "jbrd": meta.LabelSourceRecord, "jhgm": meta.LabelGainMap, "free": meta.LabelSurplus,
		"unknown": meta.LabelUnknownBlock, "uuid": meta.LabelPrivateBlock, "Exif": meta.LabelPosition, "Exif, moved": meta.LabelPosition,
	} {
		_, found := clean(t, wrap(strangers()[kind], jxlc(b)))
		assert.Contains(t, labels(found, meta.Removed), want, kind)
	}
	_, found := clean(t, wrap(box.Make("brob", []byte("xml "), []byte(token)), jxlc(b)))
	assert.Equal(t, "xml: XMP", found[0].Value)
	assert.EqualValues(t, 20, found[0].Size)
}

// TestParts cuts the codestream in two at every byte.
func TestParts(t *testing.T) {
	for name, b := range bares(t) {
		want := wrap(jxlc(b))
		for i := range len(b) + 1 {
			out, _ := clean(t, wrap(jxlp(0, false, b[:i]), jxlp(1, true, b[i:])))
			require.Equal(t, want, out, "%s at %d", name, i)
		}
		var each [][]byte
		for i := range b {
			each = append(each, jxlp(uint32(i), i == len(b)-1, b[i:i+1]))
		}
		out, _ := clean(t, wrap(each...))
		assert.Equal(t, want, out, name)
		out, _ = clean(t, wrap(jxlp(0, false, b)))
		assert.Equal(t, want, out, "%s: the mark of the last part is missing", name)
	}
}

// TestGrowth makes each kept structure longer than it needs.
func TestGrowth(t *testing.T) {
	for name, b := range bares(t) {
		level := []byte{5}
		want := wrap(box.Make("jxll", level), jxlc(b))
		for _, more := range []string{"\x00", "x", strings.Repeat("\x00", 64), strings.Repeat(token, 8)} {
			grow := func(b []byte) []byte { return append(bytes.Clone(b), more...) }
			fileType := box.Make("ftyp", grow([]byte("jxl \x00\x00\x00\x00jxl ")))
			open := append([]byte("\x00\x00\x00\x00jxlc"), grow(b)...)
			large := append(binary.BigEndian.AppendUint64([]byte("\x00\x00\x00\x01jxlc"), uint64(16+len(b)+len(more))), grow(b)...)
			for i, src := range [][]byte{
				bytes.Join([][]byte{signature, fileType, box.Make("jxll", level), jxlc(b)}, nil),
				wrap(box.Make("jxll", grow(level)), jxlc(b)),
				wrap(box.Make("jxll", level), jxlc(grow(b))),
				wrap(box.Make("jxll", level), open), wrap(box.Make("jxll", level), large),
				wrap(box.Make("jxll", level), jxlp(0, true, grow(b))),
				wrap(box.Make("jxll", level), jxlp(0, false, b), jxlp(1, true, []byte(more))),
				append(wrap(box.Make("jxll", level), jxlc(b)), more...),
			} {
				out, found := clean(t, src)
				require.Equal(t, want, out, "%s: grown by %d at place %d", name, len(more), i)
				require.NotEmpty(t, labels(found, meta.Removed), name)
			}
			out, found := clean(t, grow(b))
			require.Equal(t, b, out, name)
			require.NotEmpty(t, labels(found, meta.Removed), name)
		}
	}
	b := bares(t)["plain"]
	other := bytes.Replace(wrap(jxlc(b)), []byte("jxl \x00\x00\x00\x00"), []byte("jxl \x00\x07\x00\x00"), 1)
	out, found := clean(t, other)
	assert.Equal(t, wrap(jxlc(b)), out, "the version is zero")
	assert.NotEmpty(t, found)
}

func TestLargeCodestream(t *testing.T) {
	assert.Equal(t, "\xff\xff\xff\xffjxlc", string(codestreamHead(1<<32-9)))
	assert.Equal(t, "\x00\x00\x00\x01jxlc\x00\x00\x00\x01\x00\x00\x00\x08", string(codestreamHead(1<<32-8)))
}

func TestKeep(t *testing.T) {
	b := bares(t)["plain"]
	block := box.Make("Exif", make([]byte, 4), testkit.PhotoExif(binary.BigEndian, 6, token))
	out, p, err := testkit.Clean(t, Format, wrap(jxlc(b), block), meta.Policy{Keep: meta.KeepCredit})
	require.NoError(t, err)
	ours := exif.Write(exif.Looks{}, exif.Choices{Artist: "Alma " + token, Copyright: "(c) Alma " + token})
	assert.Equal(t, wrap(box.Make("Exif", make([]byte, 4), ours), jxlc(b)), out)
	assert.Contains(t, labels(p.Findings, meta.Kept), meta.LabelAuthor)
	out, _, err = testkit.Clean(t, Format, wrap(block, block, jxlc(b)), meta.Policy{Keep: meta.KeepDate})
	require.NoError(t, err)
	assert.Contains(t, string(out), "2023:04:05 06:07:08")
	absent(t, out)
}

func TestRefused(t *testing.T) {
	b := bares(t)["lossy"]
	with := func(b []byte, at int, v byte) []byte { b = bytes.Clone(b); b[at] = v; return b }
	short := b[:len(b)-1]
	for name, c := range map[string]struct {
		src []byte
		err error
	}{
		"no signature":           {with(wrap(jxlc(b)), 8, 0), meta.ErrMalformed},
		"no file type":           {append(bytes.Clone(signature), jxlc(b)...), meta.ErrMalformed},
		"another file type":      {with(wrap(jxlc(b)), 22, 'p'), meta.ErrMalformed},
		"file type without end":  {append(append(bytes.Clone(signature), "\x00\x00\x00\x00ftypjxl "...), jxlc(b)...), meta.ErrMalformed},
		"no codestream":          {wrap(box.Make("free")), meta.ErrMalformed},
		"two codestreams":        {wrap(jxlc(b), jxlc(b)), meta.ErrMalformed},
		"in one and in parts":    {wrap(jxlc(b), jxlp(0, true, b)), meta.ErrMalformed},
		"in parts and in one":    {wrap(jxlp(0, true, b), jxlc(b)), meta.ErrMalformed},
		"parts out of order":     {wrap(jxlp(1, false, b[:9]), jxlp(0, true, b[9:])), meta.ErrMalformed},
		"a part twice":           {wrap(jxlp(0, false, b[:9]), jxlp(0, true, b[9:])), meta.ErrMalformed},
		"parts behind the last":  {wrap(jxlp(0, true, b), jxlp(1, false, nil)), meta.ErrMalformed},
		"a part of nothing":      {wrap(box.Make("jxlp", []byte{0, 0})), meta.ErrMalformed},
		"a part is missing":      {wrap(jxlp(0, false, b[:99])), meta.ErrTruncated},
		"codestream cut":         {wrap(jxlc(short)), meta.ErrTruncated},
		"codestream cut, bare":   {short, meta.ErrTruncated},
		"box beyond the end":     {with(wrap(jxlc(b)), 35, 0xff), meta.ErrTruncated},
		"level of nothing":       {wrap(box.Make("jxll"), jxlc(b)), meta.ErrMalformed},
		"level twice":            {wrap(box.Make("jxll", []byte{5}), box.Make("jxll", []byte{5}), jxlc(b)), meta.ErrMalformed},
		"level behind":           {wrap(jxlc(b), box.Make("jxll", []byte{5})), meta.ErrMalformed},
		"unknown level":          {wrap(box.Make("jxll", []byte{7}), jxlc(b)), meta.ErrUnsupported},
		"no codestream in it":    {wrap(jxlc([]byte(token))), meta.ErrMalformed},
		"extension":              {start().put(0, 1).put(0, 1).zeros(3).put(1, 1).put(0, 2).put(1, 1).put(1, 1).put(1, 2).put(0, 4).put(1, 1).align().last(), meta.ErrUnsupported},
		"extension of a frame":   {start().put(1, 1).put(1, 1).align().zeros(1).put(0, 2).put(0, 1).put(0, 2).put(0, 2).put(0, 6).put(0, 2).put(0, 1).put(0, 2).put(1, 1).put(0, 2).put(1, 1).put(1, 2).put(0, 4).section("").b, meta.ErrUnsupported},
		"unknown flag":           {start().put(1, 1).put(1, 1).align().zeros(1).put(0, 2).put(0, 1).put(1, 2).put(3, 4).section("").b, meta.ErrUnsupported},
		"padding that is not 0":  {start().put(1, 1).put(1, 1).put(1, 1).align().last(), meta.ErrMalformed},
		"too many channels":      {start().put(0, 1).put(0, 1).zeros(3).put(1, 1).put(3, 2).put(4095, 12).align().last(), meta.ErrLimit},
		"a profile of gigabytes": {start().put(0, 1).put(0, 1).zeros(3).put(1, 1).put(0, 2).put(1, 1).put(0, 1).put(1, 1).put(0, 2).put(0, 2).put(1, 1).put(3, 2).put(0, 12).put(1, 1).put(0, 8).put(1, 1).put(255, 8).put(0, 1).b, meta.ErrLimit},
		"frame of no size":       {start().put(1, 1).put(1, 1).align().zeros(1).put(0, 2).put(0, 1).put(0, 2).put(0, 2).put(0, 6).put(0, 2).put(1, 1).zeros(40).b, meta.ErrMalformed},
	} {
		_, _, err := testkit.Clean(t, Format, c.src, meta.Policy{})
		assert.ErrorIs(t, err, c.err, name)
	}
}

func TestTruncated(t *testing.T) {
	for name, b := range bares(t) {
		for n := range len(b) {
			_, err := testkit.Parse(Format, b[:n], meta.Policy{})
			require.ErrorIs(t, err, meta.ErrTruncated, "%s cut to %d", name, n)
		}
		whole := wrap(box.Make("jxll", []byte{5}), jxlp(0, false, b[:9]), jxlp(1, true, b[9:]))
		for n := range len(whole) {
			_, err := testkit.Parse(Format, whole[:n], meta.Policy{})
			require.ErrorIs(t, err, meta.ErrMalformed, "%s cut to %d", name, n)
		}
	}
}

// TestManyBoxes: a file of countless tiny boxes is counted, not listed.
func TestManyBoxes(t *testing.T) {
	b := jxlc(bares(t)["plain"])
	out, found := clean(t, wrap(bytes.Repeat(box.Make("tiny", []byte("a")), 200000), b))
	assert.Equal(t, wrap(b), out)
	assert.LessOrEqual(t, len(found), maxFindings+1)
	_, _, err := testkit.Clean(t, Format, wrap(bytes.Repeat(box.Make("tiny"), 1<<20), b), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrLimit)
}

func FuzzJXL(f *testing.F) {
	for _, b := range bares(f) {
		f.Add(b)
		f.Add(wrap(strangers()["Exif"], jxlp(0, false, b[:5]), strangers()["brob"], jxlp(1, true, b[5:])))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, pol := range []meta.Policy{{}, {Keep: meta.KeepCredit | meta.KeepDate}} {
			out, _, err := testkit.Clean(t, Format, src, pol)
			if err != nil {
				return
			}
			if bytes.HasPrefix(src, bare) {
				a, b := headerOf(t, src), headerOf(t, out)
				require.True(t, bytes.HasPrefix(src[a.end:], out[b.end:]), "the frames")
				if a.icc == nil {
					require.True(t, bytes.HasPrefix(src, out))
				}
			}
		}
	})
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	assert.Empty(t, testkit.CleanShared(t, Format, nil, "corpus/jxl/*"), "none is refused")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, nil, "malformed/*.jxl")
}

func BenchmarkParse(b *testing.B) {
	data := make([]byte, 4<<20)
	stream := start().put(1, 1).put(1, 1).align().put(1, 1).put(0, 1).align().put(2, 2).put(uint64(len(data)-17408), 22).align()
	src := wrap(strangers()["Exif"], strangers()["xml"], jxlc(append(stream.b, data...)))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := testkit.Parse(Format, src, meta.Policy{}); err != nil {
			b.Fatal(err)
		}
	}
}
