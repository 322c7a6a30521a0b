package mp4

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// TestNoSizes has tracks that go, of which nothing says how long their samples are.
func TestNoSizes(t *testing.T) {
	for _, handler := range []string{"text", "meta", "sbtl"} {
		f := testkit.NewFilm(true)
		copy(f.Get("moov/trak 1/mdia/hdlr").Data[8:], handler)
		table := f.Get("moov/trak 1/mdia/minf/stbl")
		table.Kids = slices.DeleteFunc(table.Kids, func(a *testkit.Atom) bool { return a.Type == "stsz" })
		_, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
		assert.NoError(t, err, handler)
	}
}

// TestSamplesNowhere has a track whose samples lie in no chunk: its tables, which
// could say anything, become empty ones.
func TestSamplesNowhere(t *testing.T) {
	f := testkit.NewFilm(true)
	table := f.Get("moov/trak 1/mdia/minf/stbl")
	table.Kids = append(table.Kids, testkit.Leaf("stz2", testkit.Fields(0, 8, 4), "ALMA"))
	table.Kids = slices.DeleteFunc(table.Kids, func(a *testkit.Atom) bool { return a.Type == "stsz" })
	clear(f.Get("moov/trak 1/mdia/minf/stbl/stco").Data[4:8])
	out, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
	require.NoError(t, err)
	assert.NotContains(t, string(out), "ALMA")
	for _, kind := range []string{"stts", "stsc", "stco"} {
		assert.Contains(t, string(out), kind+"\x00\x00\x00\x00\x00\x00\x00\x00", kind)
	}
	assert.Contains(t, string(out), "stz2\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00")

	// Nor is there a table of times.
	table.Kids = slices.DeleteFunc(table.Kids, func(a *testkit.Atom) bool { return a.Type == "stts" })
	_, _, err = testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
	require.NoError(t, err)

	// Nothing is left in the only box of media data.
	clear(f.Get("moov/trak/mdia/minf/stbl/stco").Data[4:8])
	out, _, err = testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(out), "\x00\x00\x00\x08mdat"))
}

func soundAlone() []byte {
	f := testkit.NewFilm(true)
	m := f.Get("moov")
	m.Kids = []*testkit.Atom{m.Kids[0], m.Kids[2]}
	return f.Bytes()
}

// TestStandIn: a phone records sound twice, and only one of the ways is known.
func TestStandIn(t *testing.T) {
	f := testkit.NewFilm(true)
	moov := f.Get("moov")
	other := testkit.NewFilm(true).Get("moov/trak 1")
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/tkhd").Data[15] = 9
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/mdia/minf/stbl/stsd").Kids[0].Type = "apac"
	(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/mdia/minf/stbl/stco").Data = testkit.Fields(0, 3, 1, 1, 1)
	moov.Kids = append(moov.Kids, other)
	_, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
	assert.ErrorContains(t, err, "apac")
	_, _, err = testkit.Clean(t, MP4, f.Bytes(), meta.Policy{NoSound: true})
	assert.NoError(t, err, "sound that goes may be of any kind")
	for _, i := range []int{1, 3} {
		f.Get(fmt.Sprintf("moov/trak %d/tkhd", i)).Data[35] = 1 // their group
	}
	f.Get("moov/trak 1/tkhd").Data[3] = 2 // only one is on
	src := f.Bytes()
	out, _ := clean(t, src)
	assert.Len(t, quick(out)["soun"], 5)
}

func TestHiddenContent(t *testing.T) {
	f := testkit.NewFilm(true)
	said := func() (v []string) {
		_, found := clean(t, f.Bytes())
		for _, g := range found {
			if g.Label == meta.LabelHiddenContent {
				assert.Equal(t, meta.Stays, g.Fate)
				v = append(v, g.Value)
			}
		}
		return v
	}
	assert.Empty(t, said())
	f.Get("moov/trak/edts/elst").Data = testkit.Fields(0, 1, 100, 300, 0x10000)
	assert.Equal(t, []string{"0.2 s of the video before what is shown", "0.2 s of the video after what is shown"}, said())
	f.Get("moov/trak/edts/elst").Data = testkit.Fields(0, 1, 500, 100, 0x10000)
	e := f.Get("moov/trak/mdia/minf/stbl/stsd/avc1")
	e.Kids = append(e.Kids, testkit.Leaf("clap", 32, 1, 48, 1, 0, 1, 0, 1))
	assert.Equal(t, []string{"edges that are not shown"}, said())
}

// TestSameNumber: an action camera numbers two of the tracks that go alike. That
// does no harm, but a track that stays must be told from all others.
func TestSameNumber(t *testing.T) {
	for id, ok := range map[byte]bool{3: true, 0: true, 1: false, 2: false} {
		f := testkit.NewFilm(true)
		want, _ := clean(t, f.Bytes())
		moov, other := f.Get("moov"), testkit.NewFilm(true).Get("moov/trak 2")
		(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/tkhd").Data[15] = id
		(&testkit.Film{Top: []*testkit.Atom{other}}).Get("trak/mdia/minf/stbl/stco").Data = testkit.Fields(0, 3, 1, 1, 1)
		moov.Kids = append(moov.Kids, other)
		out, _, err := testkit.Clean(t, MP4, f.Bytes(), meta.Policy{})
		if ok {
			require.NoError(t, err, id)
			assert.Equal(t, quick(want), quick(out), id)
			continue
		}
		assert.ErrorContains(t, err, "track number", id)
	}
}
