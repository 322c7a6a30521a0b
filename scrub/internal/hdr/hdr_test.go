package hdr

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const camera = `<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="CaNaRy">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 dc:creator="CaNaRy" hdrgm:Version="1.0" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="3.5" hdrgm:OffsetHDR="0.015625000001" hdrgm:BaseRenditionIsHDR="True">
<hdrgm:GainMapMax><rdf:Seq><rdf:li>3.5</rdf:li><rdf:li> 3.6 </rdf:li><rdf:li>-3.70</rdf:li></rdf:Seq></hdrgm:GainMapMax></rdf:Description></rdf:RDF></x:xmpmeta>`

func TestValues(t *testing.T) {
	v, ok := Read([]byte(camera))
	require.True(t, ok)
	out := v.XMP()
	assert.NotContains(t, string(out), "CaNaRy")
	for _, s := range []string{`hdrgm:HDRCapacityMax="3.5"`, `hdrgm:OffsetHDR="0.015625"`, "<rdf:li>3.5</rdf:li><rdf:li>3.6</rdf:li><rdf:li>-3.7</rdf:li>", `BaseRenditionIsHDR="True"`} {
		assert.Contains(t, string(out), s)
	}
	assert.NoError(t, xml.Unmarshal(out, new(struct{})))
	w, ok := Read(out)
	require.True(t, ok)
	assert.Equal(t, out, w.XMP(), "written again it is the same")
	assert.True(t, Marked(out))

	for name, s := range map[string]string{
		"no maximum":   strings.ReplaceAll(camera, "GainMapMax", "GainMapXax"),
		"two channels": strings.Replace(camera, "<rdf:li>3.5</rdf:li>", "", 1),
		"no number":    strings.Replace(camera, `"3.5"`, `"CaNaRy"`, 1),
		"infinite":     strings.Replace(camera, `"3.5"`, `"Inf"`, 1),
		"no gain map":  `<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>`,
		"empty":        "",
	} {
		_, ok := Read([]byte(s))
		assert.False(t, ok, name)
	}
	assert.False(t, Marked(nil))
}

func TestBlock(t *testing.T) {
	for _, c := range []struct {
		flags byte
		n     int
	}{{0, 61}, {0x80, 141}, {0x40, 61}, {0x08, 37}, {0x88, 77}} {
		b := append([]byte{0, 0, 0, 7, c.flags | 0x37}, bytes.Repeat([]byte{9}, c.n-5)...)
		b[4] = c.flags | 0x07 // bits that mean nothing
		out := Block(append(b, "CaNaRy"...))
		require.Len(t, out, c.n)
		assert.Equal(t, []byte{0, 0, 0, 0, c.flags}, out[:5])
		assert.Equal(t, out, Block(out))
		assert.Nil(t, Block(b[:c.n-1]))
	}
	assert.Nil(t, Block([]byte{0, 1, 0, 0, 0}), "a version that asks for a newer reader")
}

func TestDirectory(t *testing.T) {
	for _, n := range [][2]int64{{5, 0}, {0, 7}, {5, 7}} {
		b := Directory{Primary: "image/heic", Padding: 8, GainMap: n[0], InXMP: n[0] > 0, Video: n[1], VideoMime: "video/quicktime"}.XMP()
		assert.NoError(t, xml.Unmarshal(b, new(struct{})))
		assert.Equal(t, n[0] > 0, strings.Contains(string(b), `Item:Length="5"`))
		assert.Equal(t, n[1] > 0, strings.Contains(string(b), `Item:Length="7"`))
		assert.Equal(t, n[1] > 0, strings.Contains(string(b), `Item:Mime="video/quicktime"`))
		assert.Equal(t, n[0] > 0, Marked(b))
		assert.Equal(t, 1, strings.Count(string(b), `Item:Semantic="Primary" Item:Mime="image/heic" Item:Padding="8"/>`))
	}
}

func TestList(t *testing.T) {
	b := List(1000, 200, 950)
	assert.Len(t, b, ListSize)
	assert.Equal(t, []uint32{950}, Offsets(b))
	for n := range b {
		Offsets(b[:n])
	}
}

func FuzzHDR(f *testing.F) {
	f.Add([]byte(camera))
	f.Add(List(1, 2, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, ok := Read(b); ok {
			w, ok := Read(v.XMP())
			require.True(t, ok)
			require.Equal(t, v.XMP(), w.XMP())
		}
		if out := Block(b); out != nil {
			require.Equal(t, out, Block(out))
		}
		require.LessOrEqual(t, len(Offsets(b)), 16)
	})
}
