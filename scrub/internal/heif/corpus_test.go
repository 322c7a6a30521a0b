package heif

import (
	"bytes"
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	refused, films := 0, 0
	for p, src := range testkit.Shared(t, "corpus/heic/*", "corpus/avif/*") {
		out, pl, err := testkit.Clean(t, HEIC, src, meta.Policy{})
		if err != nil {
			refused++
			t.Logf("%s: %v", filepath.Base(p), err)
			continue
		}
		assert.Equal(t, bytes.Equal(src, out), len(removed(pl.Findings)) == 0, p)

		more, pl, err := testkit.Clean(t, HEIC, src, meta.Policy{Keep: meta.KeepCredit | meta.KeepDate | meta.KeepMotion})
		require.NoError(t, err, p)
		assert.Equal(t, bytes.Equal(src, more), len(removed(pl.Findings)) == 0, p)
		if slices.Contains(fateOf(pl.Findings, meta.LabelVideo), meta.Kept) {
			films++
		}
		again, _ := clean(t, more)
		assert.True(t, bytes.Equal(out, again), "%s: what was kept makes no difference to the picture", p)
	}
	assert.LessOrEqual(t, refused, 3)
	assert.GreaterOrEqual(t, films, 2)
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, HEIC, nil, "malformed/*.hei?", "malformed/*.avif", "malformed/*.mp4")
}

func FuzzHEIF(f *testing.F) {
	for _, b := range bases() {
		f.Add(b.Bytes(), byte(0))
	}
	f.Add(newFilm().file(), byte(0))
	f.Add(photo().Bytes(), byte(0))
	f.Add(photo().Bytes(), byte(3))
	f.Add(moving(testkit.HEIC(), video()).Bytes(), byte(meta.KeepMotion))
	f.Add(moving(photo(), video()).Bytes(), byte(15))
	f.Fuzz(func(t *testing.T, src []byte, keep byte) {
		out, p, err := testkit.Clean(t, HEIC, src, meta.Policy{Keep: meta.Keep(keep & 15), NoSound: keep&16 != 0})
		if err == nil {
			require.Equal(t, bytes.Equal(src, out), len(removed(p.Findings)) == 0, "what is dropped is found")
		}
	})
}

// TestManyBoxes holds memory to its bound where a file is made of tiny boxes.
func TestManyBoxes(t *testing.T) {
	many := func(n int, b []byte) []byte { return bytes.Repeat(b, n) }
	top, inMeta, props, entries, data := testkit.HEIC(), testkit.HEIC(), testkit.HEIC(), testkit.HEIC(), testkit.HEIC()
	top.After = [][]byte{many(1e6, testkit.Box("free"))}
	inMeta.InMeta = [][]byte{many(1e6, testkit.Box("free"))}
	props.Unused = [][]byte{many(1e6, testkit.Box("free"))}
	entries.InMeta = [][]byte{testkit.FullBox("iref", 0, 0, many(1e6, testkit.Box("cdsc", []byte{0, 1, 0, 0})))}
	data.After = [][]byte{many(1e6, testkit.Box("mdat"))}
	for name, f := range map[string]testkit.HEIFFile{"file": top, "meta": inMeta, "ipco": props, "iref": entries, "mdat": data} {
		src := f.Bytes()
		used := peak(func() {
			w := rd.New(context.Background(), bytes.NewReader(src), int64(len(src)), rd.Default)
			if p, err := HEIC.Parse(w, meta.Policy{}); err == nil {
				assert.Less(t, len(p.Pieces), 10, name)
				assert.Less(t, len(p.Findings), 200, name)
			} else {
				assert.ErrorIs(t, err, meta.ErrLimit, name)
			}
		})
		assert.Less(t, used, uint64(64<<20), name)
	}
}

// peak is how much memory f allocated in all, which is no less than it held at once.
func peak(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// phone is a file as phones write it: 48 tiles, 3 MB.
func phone() []byte {
	f := testkit.HEIC()
	f.Primary = 100
	f.Items = nil
	var ids []uint32
	tile := append(testkit.Number(4, 64<<10), 0x28, 1)
	tile = append(tile, bytes.Repeat([]byte{0x5a, 3, 0x77, 0x91}, 16<<10)...)[:4+64<<10]
	for id := uint32(1); id <= 48; id++ {
		it := testkit.HEVCItem(id)
		it.Data = tile
		f.Items, ids = append(f.Items, it), append(ids, id)
		f.Items[id-1].Props = it.Props[:1]
	}
	f.Items = append(f.Items, testkit.HEIFItem{ID: 100, Type: "grid", Idat: true, Data: tiling(6, 8, 500, 380), Props: [][]byte{testkit.Extent(500, 380)}},
		testkit.HEIFItem{ID: 101, Type: "Exif", Data: photo().Items[3].Data})
	f.Refs = []testkit.HEIFRef{{Type: "dimg", From: 100, To: ids}}
	return f.Bytes()
}

func BenchmarkClean(b *testing.B) {
	src := phone()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		w := rd.New(context.Background(), bytes.NewReader(src), int64(len(src)), rd.Default)
		p, err := HEIC.Parse(w, meta.Policy{})
		require.NoError(b, err)
		s, err := p.Seal(rd.Default.Pieces)
		require.NoError(b, err)
		require.NoError(b, s.Write(context.Background(), discard{}, rd.Held(src)))
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func FuzzParameters(f *testing.F) {
	for _, u := range units(f, hevcSets) {
		f.Add(u)
	}
	for _, b := range units(f, av1Sequences) {
		f.Add(b)
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		_ = exactSequence(b)
		if len(b) >= 2 {
			_ = exactParameters(b)
			_, _ = exactHVCC(b)
			_ = exactSEI(b)
		}
	})
}

func TestVectors(t *testing.T) {
	for _, v := range testkit.Vectors(t, "testdata") {
		t.Run(v.Name, func(t *testing.T) {
			out, _, err := testkit.Clean(t, HEIC, v.Data, meta.Policy{})
			if why, refused := strings.CutPrefix(v.Expect, "refused: "); refused {
				require.ErrorContains(t, err, why)
				return
			}
			require.NoError(t, err)
			again, _ := clean(t, append(bytes.Clone(v.Data), testkit.Box("free", []byte(token))...))
			require.Equal(t, out, again, "a box behind the picture changes nothing")
		})
	}
}
