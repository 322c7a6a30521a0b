package jpeg

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

var keepMotion = meta.Policy{Keep: meta.KeepMotion}

// film is a video with the token in a place for texts.
func film() []byte {
	f := testkit.NewFilm(true)
	f.Get("moov").Kids = append(f.Get("moov").Kids, testkit.Parent("udta", testkit.Leaf("\xa9nam", token)))
	return f.Bytes()
}

func TestMotion(t *testing.T) {
	plain, _ := clean(t, testkit.JPEG())
	want, _, err := testkit.Clean(t, mp4.MP4, film(), meta.Policy{})
	require.NoError(t, err)
	mute, _, err := testkit.Clean(t, mp4.MP4, film(), meta.Policy{NoSound: true})
	require.NoError(t, err)
	for name, src := range map[string][]byte{
		"right behind":      append(testkit.JPEG(), film()...),
		"in a trailer":      append(append(testkit.JPEG(), token+"\x00\x00ftyp\x00\x00\x00\x08ftyp"...), append(film(), token...)...),
		"behind a gain map": append(ultraHDR(true, false, nil), film()...),
	} {
		t.Run(name, func(t *testing.T) {
			out, fs := clean(t, src)
			assert.Equal(t, plain, out, "dropped unless it is asked for")
			assert.Equal(t, meta.Removed, fateOf(fs, meta.LabelVideo))

			out, p, err := testkit.Clean(t, Format, src, keepMotion)
			require.NoError(t, err)
			absent(t, out, token)
			assert.Equal(t, meta.Kept, fateOf(p.Findings, meta.LabelVideo))
			assert.Equal(t, meta.Stays, fateOf(p.Findings, meta.LabelFacesVoices))
			assert.True(t, bytes.HasSuffix(out, want), "the film is what it is alone")
			assert.Contains(t, string(out), `Item:Semantic="MotionPhoto" Item:Mime="video/mp4" Item:Length=`)
			samePixels(t, src, out)

			out, _, err = testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepMotion, NoSound: true})
			require.NoError(t, err)
			assert.True(t, bytes.HasSuffix(out, mute))
		})
	}
}

// TestMotionAndGainMap: both are kept, and both are where the lists say.
func TestMotionAndGainMap(t *testing.T) {
	both := meta.Policy{Keep: meta.KeepMotion | meta.KeepHDR}
	out, p, err := testkit.Clean(t, Format, append(ultraHDR(true, true, []byte(token)), film()...), both)
	require.NoError(t, err)
	absent(t, out, token)
	assert.Equal(t, meta.Kept, fateOf(p.Findings, meta.LabelVideo))
	assert.Equal(t, meta.Kept, fateOf(p.Findings, meta.LabelGainMap))
	assert.Contains(t, string(out), `Item:Semantic="GainMap"`)
	assert.Contains(t, string(out), `Item:Semantic="MotionPhoto"`)
}

// TestMotionThatDoesNotPlay: what is no whole film goes like any trailer.
func TestMotionThatDoesNotPlay(t *testing.T) {
	plain, _ := clean(t, testkit.JPEG())
	whole := film()
	for _, tail := range [][]byte{whole[:len(whole)/2], []byte("\x00\x00\x00\x10ftypisom\x00\x00\x00\x00"), bytes.Repeat([]byte("\x00\x00\x00\x08ftyp"), 1000)} {
		out, _, err := testkit.Clean(t, Format, append(testkit.JPEG(), tail...), keepMotion)
		require.NoError(t, err)
		assert.Equal(t, plain, out)
	}
}

// TestMotionQuickTime: the list says what kind of film it is.
func TestMotionQuickTime(t *testing.T) {
	f := testkit.NewFilm(true)
	f.Top[0] = testkit.Leaf("ftyp", "qt  ", 0, "qt  ")
	out, _, err := testkit.Clean(t, Format, append(testkit.JPEG(), f.Bytes()...), keepMotion)
	require.NoError(t, err)
	assert.Contains(t, string(out), `Item:Semantic="MotionPhoto" Item:Mime="video/quicktime"`)
}
