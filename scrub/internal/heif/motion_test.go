package heif

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

var keepMotion = meta.Policy{Keep: meta.KeepMotion}

// video is a film with the token in a place for texts and behind its boxes.
func video() []byte {
	f := testkit.NewFilm(true)
	f.Get("moov").Kids = append(f.Get("moov").Kids, testkit.Parent("udta", testkit.Leaf("\xa9xyz", uint16(16), uint16(0), "+12.3456+065.4321"[:16]), testkit.Leaf("\xa9nam", token)))
	return append(f.Bytes(), token...)
}

// moving is f with a film behind it, as Google and Samsung put it.
func moving(f testkit.HEIFFile, film []byte) testkit.HEIFFile {
	packet := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" GCamera:MotionPhotoPresentationTimestampUs="7654321"/></rdf:RDF></x:xmpmeta>`)
	f.Items = append(f.Items, testkit.HEIFItem{ID: 99, Type: "mime", Rest: []byte("application/rdf+xml\x00"), Data: packet})
	f.Refs = append(f.Refs, testkit.HEIFRef{Type: "cdsc", From: 99, To: []uint32{f.Primary}})
	f.After = [][]byte{testkit.Box("mpvd", film), testkit.Box("sefd", []byte(token))}
	return f
}

func fateOf(fs []meta.Finding, l meta.Label) (out []meta.Fate) {
	for _, f := range fs {
		if f.Label == l {
			out = append(out, f.Fate)
		}
	}
	return out
}

func TestMotion(t *testing.T) {
	want, _, err := testkit.Clean(t, mp4.MP4, video(), meta.Policy{})
	require.NoError(t, err)
	mute, _, err := testkit.Clean(t, mp4.MP4, video(), meta.Policy{NoSound: true})
	require.NoError(t, err)
	require.Less(t, len(mute), len(want))
	for name, f := range bases() {
		t.Run(name, func(t *testing.T) {
			plain, _ := clean(t, f.Bytes())
			src := moving(f, video()).Bytes()
			out, fs := clean(t, src)
			assert.Equal(t, plain, out, "dropped unless it is asked for")
			assert.Contains(t, fateOf(fs, meta.LabelVideo), meta.Removed)

			for film, pol := range map[string]meta.Policy{
				string(want): keepMotion,
				string(mute): {Keep: meta.KeepMotion, NoSound: true},
			} {
				out, p, err := testkit.Clean(t, HEIC, src, pol)
				require.NoError(t, err)
				absent(t, out, token)
				assert.NotContains(t, string(out), "7654321")
				assert.Equal(t, []meta.Fate{meta.Kept}, fateOf(p.Findings, meta.LabelVideo))
				assert.Contains(t, fateOf(p.Findings, meta.LabelPosition), meta.Removed, "the film's own")
				assert.Contains(t, fateOf(p.Findings, meta.LabelFacesVoices), meta.Stays)
				assert.True(t, bytes.HasSuffix(out, testkit.Box("mpvd", []byte(film))), "the film is what it is alone, and ends the file")
				assert.Equal(t, 1, strings.Count(string(out), fmt.Sprintf(
					`Item:Semantic="Primary" Item:Mime="image/%s" Item:Padding="8"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="MotionPhoto" Item:Mime="video/mp4" Item:Length="%d"`,
					map[bool]string{true: "avif", false: "heic"}[f.Brands[0] == "avif"], len(film))))
				still, _, err := testkit.Clean(t, HEIC, out, meta.Policy{})
				require.NoError(t, err)
				assert.Equal(t, plain, still, "the picture is the same")
			}
		})
	}
}

// TestMotionItem reads the list of the parts as a viewer finds it: an item that
// describes the primary one, beside the Exif block and a group.
func TestMotionItem(t *testing.T) {
	f := moving(bases()["gain map"], video())
	f.Items = append(f.Items, testkit.HEIFItem{ID: 20, Type: "Exif", Data: append([]byte("\x00\x00\x00\x06Exif\x00\x00"), testkit.PhotoExif(binary.BigEndian, 6, token)...)})
	out, p, err := testkit.Clean(t, HEIC, f.Bytes(), meta.Policy{Keep: meta.KeepMotion | meta.KeepDate})
	require.NoError(t, err)
	assert.Equal(t, []meta.Fate{meta.Kept}, fateOf(p.Findings, meta.LabelVideo))
	assert.Contains(t, fateOf(p.Findings, meta.LabelDateTaken), meta.Kept)

	g := &file{w: testkit.Window(out), more: map[string]*tally{}}
	require.NoError(t, g.boxes())
	require.NoError(t, g.graph())
	seen := map[uint32]bool{}
	packets := 0
	for i := range g.m.items {
		it := &g.m.items[i]
		seen[it.id] = true
		if it.typ == "Exif" || it.typ == "mime" {
			assert.Zero(t, it.method, "many readers look for such items in mdat alone")
		}
		if it.typ != "mime" {
			continue
		}
		packets++
		entry, err := (&describer{f: g}).entry(it)
		require.NoError(t, err)
		assert.Equal(t, "\x00application/rdf+xml\x00", string(entry))
		b, err := g.block(it)
		require.NoError(t, err)
		assert.Contains(t, string(b), `GCamera:MotionPhoto="1"`)
		assert.Contains(t, string(out), string(testkit.Box("cdsc", testkit.Number(2, uint64(it.id)), []byte{0, 1}, testkit.Number(2, uint64(g.m.primary)))))
	}
	assert.Equal(t, 1, packets)
	at := bytes.Index(out, []byte("altr"))
	assert.False(t, seen[binary.BigEndian.Uint32(out[at+8:])], "a group has a number of its own")
}

// TestMotionForms: however the box of the film is stated, the copy is the same.
func TestMotionForms(t *testing.T) {
	f := moving(testkit.HEIC(), video())
	want, _, err := testkit.Clean(t, HEIC, f.Bytes(), keepMotion)
	require.NoError(t, err)
	large := append([]byte("\x00\x00\x00\x01mpvd"), testkit.Number(8, uint64(16+len(video())))...)
	for name, after := range map[string][][]byte{
		"large size":        {append(large, video()...)},
		"to the end":        {append([]byte("\x00\x00\x00\x00mpvd"), video()...)},
		"with more behind":  {testkit.Box("mpvd", video(), []byte(token+"\x00\x00")), []byte(token)},
		"behind other data": {testkit.Box("mdat", []byte(token)), testkit.Box("mpvd", video())},
		"twice":             {testkit.Box("mpvd", video()), testkit.Box("mpvd", video())},
	} {
		f.After = after
		out, p, err := testkit.Clean(t, HEIC, f.Bytes(), keepMotion)
		require.NoError(t, err, name)
		assert.Equal(t, want, out, name)
		assert.NotEmpty(t, removed(p.Findings), name)
	}
	again := bytes.Clone(want)
	at := bytes.LastIndex(again, []byte("mpvd")) - 4
	again = append(again[:at], append(append([]byte("\x00\x00\x00\x01mpvd"), testkit.Number(8, uint64(len(again)-at+8))...), again[at+8:]...)...)
	out, p, err := testkit.Clean(t, HEIC, again, keepMotion)
	require.NoError(t, err)
	assert.Equal(t, want, out)
	assert.NotEmpty(t, removed(p.Findings), "that only the form of a box changed is said")
}

// TestMotionThatDoesNotPlay: what is no whole film behind the picture goes, and is named.
func TestMotionThatDoesNotPlay(t *testing.T) {
	plain, _ := clean(t, testkit.HEIC().Bytes())
	whole := video()
	for name, change := range map[string]func(*testkit.HEIFFile){
		"half a film":     func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Box("mpvd", whole[:len(whole)/2])} },
		"a box cut short": func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Box("mpvd", whole)[:len(whole)/2]} },
		"something else":  func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Box("mpvd", []byte("the "+token))} },
		"nothing":         func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Box("mpvd")} },
		"no brands": func(f *testkit.HEIFFile) {
			f.After = [][]byte{testkit.Box("mpvd", whole[binary.BigEndian.Uint32(whole):])}
		},
		"before the header": func(f *testkit.HEIFFile) { f.Before, f.After = f.After[:1], nil },
		"before the data":   func(f *testkit.HEIFFile) { f.Between, f.After = f.After[:1], nil },
		"in another box":    func(f *testkit.HEIFFile) { f.After = [][]byte{testkit.Box("sefd", whole)} },
		"in the header":     func(f *testkit.HEIFFile) { f.InMeta, f.After = f.After[:1], nil },
	} {
		f := moving(testkit.HEIC(), whole)
		change(&f)
		out, p, err := testkit.Clean(t, HEIC, f.Bytes(), keepMotion)
		require.NoError(t, err, name)
		assert.Equal(t, plain, out, name)
		assert.NotContains(t, fateOf(p.Findings, meta.LabelVideo), meta.Kept, name)
		assert.NotEmpty(t, removed(p.Findings), name)
	}
}

// TestMotionCut cuts a photo short at every byte: what is left of it is a picture
// without a film, or none.
func TestMotionCut(t *testing.T) {
	src := moving(testkit.HEIC(), video()).Bytes()
	whole := len(src) - len(testkit.Box("sefd", []byte(token)))
	for n := range whole {
		out, p, err := testkit.Clean(t, HEIC, src[:n], keepMotion)
		if err == nil {
			absent(t, out, token)
			assert.NotContains(t, fateOf(p.Findings, meta.LabelVideo), meta.Kept, n)
		}
	}
}

// TestMotionGrows puts bytes of no meaning between the film's boxes and around them.
func TestMotionGrows(t *testing.T) {
	film := testkit.NewFilm(true)
	want, _, err := testkit.Clean(t, HEIC, moving(testkit.HEIC(), film.Bytes()).Bytes(), keepMotion)
	require.NoError(t, err)
	for i := range len(film.Top) {
		for _, n := range []int{1, 64} {
			g := testkit.NewFilm(true)
			g.Top = append(g.Top[:i+1:i+1], append([]*testkit.Atom{testkit.Leaf("zzzz", token, make([]byte, n))}, g.Top[i+1:]...)...)
			out, p, err := testkit.Clean(t, HEIC, moving(testkit.HEIC(), g.Bytes()).Bytes(), keepMotion)
			require.NoError(t, err)
			assert.Equal(t, want, out)
			assert.Contains(t, fateOf(p.Findings, meta.LabelUnknownBlock), meta.Removed)
		}
	}
}

// TestMotionOfAnAnimation: an animation may have a film besides.
func TestMotionOfAnAnimation(t *testing.T) {
	still := newFilm().file()
	src := append(bytes.Clone(still), testkit.Box("mpvd", video())...)
	out, p, err := testkit.Clean(t, HEIC, src, keepMotion)
	require.NoError(t, err)
	absent(t, out, token)
	assert.Contains(t, fateOf(p.Findings, meta.LabelVideo), meta.Kept)
}
