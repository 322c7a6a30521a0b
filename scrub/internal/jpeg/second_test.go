package jpeg

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/hdr"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

var keepHDR = meta.Policy{Keep: meta.KeepHDR}

// values of a gain map, as phones write them, with a token where they hold text.
const gainXMP = idXMP + `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="` + token + `"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="2.5" hdrgm:HDRCapacityMax="2.5"/></rdf:RDF></x:xmpmeta>`

// isoBlock holds values of a map with one channel, and surplus.
var isoBlock = append(append([]byte{0, 0, 0, 9, 0}, make([]byte, 56)...), token...)

// ultraHDR is a picture with a gain map behind it. Both hold the token wherever
// text fits; between is what stands between them.
func ultraHDR(xmp, iso bool, between []byte) []byte {
	exif := testkit.Segment(0xe1, []byte("Exif\x00\x00"), testkit.PhotoExif(binary.LittleEndian, 1, token))
	var first, second [][]byte
	if xmp {
		first = append(first, testkit.Segment(0xe1, []byte(idXMP+`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" dc:x="`+token+`"/></rdf:RDF></x:xmpmeta>`)))
		second = append(second, testkit.Segment(0xe1, []byte(gainXMP)))
	}
	if iso {
		first = append(first, testkit.Segment(0xe2, []byte(hdr.BlockID), hdr.Version))
		second = append(second, testkit.Segment(0xe2, []byte(hdr.BlockID), isoBlock))
	}
	mapped := testkit.JPEG(append(second, exif, testkit.Segment(mCOM, []byte(token)))...)
	list := func(primary int) []byte {
		return testkit.Segment(0xe2, []byte(hdr.ListID), hdr.List(uint32(primary), uint32(len(mapped)), uint32(primary+len(between))))
	}
	head := append(first, exif)
	size := len(testkit.JPEG(append(head, list(0))...))
	at := 2 + len(bytes.Join(head, nil)) + 8 // where the list's offsets count from
	lead := testkit.JPEG(append(head, testkit.Segment(0xe2, []byte(hdr.ListID), hdr.List(uint32(size), uint32(len(mapped)), uint32(size+len(between)-at))))...)
	return bytes.Join([][]byte{lead, between, mapped}, nil)
}

func TestGainMap(t *testing.T) {
	plain, _ := clean(t, testkit.JPEG())
	for name, c := range map[string]struct {
		xmp, iso bool
		between  string
	}{"Ultra HDR": {true, false, ""}, "ISO 21496-1": {false, true, ""}, "both, and a gap": {true, true, token}} {
		t.Run(name, func(t *testing.T) {
			src := ultraHDR(c.xmp, c.iso, []byte(c.between))
			out, fs := clean(t, src)
			assert.Equal(t, plain, out, "dropped unless it is asked for")
			assert.Equal(t, meta.Removed, fateOf(fs, meta.LabelGainMap))

			out, p, err := testkit.Clean(t, Format, append(src, token...), keepHDR)
			require.NoError(t, err)
			absent(t, out, token)
			assert.Equal(t, meta.Kept, fateOf(p.Findings, meta.LabelGainMap))

			i := bytes.Index(out, []byte(hdr.ListID)) + len(hdr.ListID)
			at := hdr.Offsets(out[i:])
			require.Len(t, at, 1)
			second := out[i+int(at[0]):]
			assert.True(t, bytes.HasPrefix(second, []byte{0xff, mSOI}), "the list points at the map")
			samePixels(t, testkit.JPEG(), out[:i+int(at[0])])
			samePixels(t, testkit.JPEG(), second)
			assert.Equal(t, c.xmp, bytes.Contains(second, []byte(`hdrgm:GainMapMax="2.5"`)))
			assert.Equal(t, c.iso, bytes.Contains(second, []byte(hdr.BlockID)))

			_, _, err = testkit.Clean(t, Format, out, meta.Policy{})
			require.NoError(t, err)
		})
	}
}

func fateOf(fs []meta.Finding, l meta.Label) meta.Fate {
	for _, f := range fs {
		if f.Label == l {
			return f.Fate
		}
	}
	return meta.Outside
}

func TestGainMapThatIsNone(t *testing.T) {
	plain, _ := clean(t, testkit.JPEG())
	src := ultraHDR(true, false, nil)
	for name, b := range map[string][]byte{
		"not marked":       bytes.ReplaceAll(src, []byte("hdrgm:Version"), []byte("hdrgm:Wersion")),
		"no values":        bytes.ReplaceAll(src, []byte("hdrgm:GainMapMax"), []byte("hdrgm:GainMapMex")),
		"cut short":        src[:len(src)-2],
		"other Ultra HDR ": append(bytes.Clone(src[:len(src)-len(testkit.JPEG())]), "no picture"...),
	} {
		out, _, err := testkit.Clean(t, Format, b, keepHDR)
		require.NoError(t, err, name)
		assert.Equal(t, plain, out, name)
	}
}

// TestGainMapsOfTheCorpus keeps the look of real files.
func TestGainMapsOfTheCorpus(t *testing.T) {
	for f, src := range testkit.Shared(t, "corpus/jpeg/*gainmap*.jpg") {
		out, p, err := testkit.Clean(t, Format, src, keepHDR)
		require.NoError(t, err, f)
		assert.Equal(t, meta.Kept, fateOf(p.Findings, meta.LabelGainMap), f)
		samePixels(t, src, out)
	}
}

func FuzzSecond(f *testing.F) {
	f.Add(ultraHDR(true, true, nil))
	f.Add(append(ultraHDR(false, true, []byte("x")), film()...))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, _, err := testkit.Clean(t, Format, src, meta.Policy{Keep: meta.KeepHDR | meta.KeepMotion})
		if err == nil {
			samePixels(t, src, out)
		}
	})
}
