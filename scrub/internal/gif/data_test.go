package gif

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/lzw"
	"tabir/scrub/internal/testkit"
)

// grown is a still picture whose image data is changed.
func grown(data []byte) []byte {
	image := testkit.GIFImage(0, 0, 31, 17, nil)[:11]
	return join(testkit.GIFHead(31, 17), image, data, []byte{0x3b})
}

func TestEndOfData(t *testing.T) {
	want := testkit.GIF()
	pix := testkit.GIFPixels(31, 17)
	coded := testkit.LZW(2, pix)
	for name, src := range map[string][]byte{
		"behind the end code":         grown(testkit.SubBlocks(append(bytes.Clone(coded), token...))),
		"sub-blocks behind it":        grown(join(testkit.SubBlocks(coded)[:len(coded)+1], testkit.SubBlocks([]byte(token)))),
		"no terminator, no trailer":   want[:len(want)-2],
		"no trailer":                  want[:len(want)-1],
		"zeros before it":             join(want[:len(want)-1], []byte{0, 0, 0, 0x3b}),
		"zeros for a trailer":         append(bytes.Clone(want[:len(want)-1]), 0, 0),
		"bytes for a trailer":         append(bytes.Clone(want[:len(want)-1]), "Q "+token...),
		"more pixels than are shown":  grown(testkit.SubBlocks(testkit.LZW(2, append(bytes.Clone(pix), pix...)))),
		"trailer in the surplus data": grown(testkit.SubBlocks(append(bytes.Clone(coded), 0x3b, 0x2c))),
	} {
		out, _ := clean(t, src)
		assert.True(t, bytes.Equal(want, out), name)
	}

	// No end code: it is written.
	z := lzw.NewGIF()
	z.Start(2, int64(len(pix)))
	require.NoError(t, z.Feed(coded))
	require.True(t, z.Done())
	end, _ := z.End()
	bare := bytes.Clone(coded[:(end+7)/8])
	if k := end % 8; k > 0 {
		bare[len(bare)-1] &= 1<<k - 1
	}
	out, found := clean(t, grown(testkit.SubBlocks(bare)))
	assert.True(t, bytes.Equal(want, out), "no end code")
	assert.Empty(t, found)

	// Bits behind the end code.
	bits := bytes.Clone(coded)
	bits[len(bits)-1] |= 0x80
	out, _ = clean(t, grown(testkit.SubBlocks(bits)))
	assert.True(t, bytes.Equal(want, out), "bits behind the end code")

	// Fewer pixels than promised: as it is.
	few := grown(testkit.SubBlocks(testkit.LZW(2, pix[:400])))
	out, _ = clean(t, few)
	assert.True(t, bytes.Equal(few, out), "few pixels")

	// All sizes of sub-blocks, and an end code across two of them.
	for size := 1; size < 40; size++ {
		var blocks []byte
		for i := 0; i < len(coded); i += size {
			s := testkit.SubBlocks(coded[i:min(i+size, len(coded))])
			blocks = append(blocks, s[:len(s)-1]...)
		}
		src := grown(append(blocks, 0))
		out, _ := clean(t, src)
		sameFrames(t, src, out)
		src = grown(append(append(blocks, 3, 'a', 'b', 'c'), 0))
		again, _ := clean(t, src)
		assert.True(t, bytes.Equal(out, again), "sub-blocks of %d", size)
	}
}

// TestRuns has the end of the data in the first, at the end of it, and in the
// second of the runs in which data is looked at, and what is too much behind it.
func TestRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pix := make([]byte, 97*800)
	for i := range pix {
		pix[i] = byte(r.IntN(4))
	}
	whole := func(h int, data []byte) []byte {
		return join(testkit.GIFHead(97, h), testkit.GIFImage(0, 0, 97, h, nil)[:11], data, []byte{0x3b})
	}
	runs := map[int]bool{}
	for h := 565; h < 590; h++ {
		coded := testkit.LZW(2, pix[:97*h])
		s := blocks{w: testkit.Window(testkit.SubBlocks(coded))}
		n := 0
		for !s.ended {
			_, err := s.run(nil)
			require.NoError(t, err)
			n++
		}
		runs[n] = true
		want := whole(h, testkit.SubBlocks(coded))
		out, found := clean(t, want)
		require.True(t, bytes.Equal(want, out), h)
		require.Empty(t, found)
		for name, data := range map[string][]byte{
			"behind the end code":  testkit.SubBlocks(append(bytes.Clone(coded), token...)),
			"more pixels":          testkit.SubBlocks(testkit.LZW(2, pix[:97*h+5000])),
			"sub-blocks behind it": join(testkit.SubBlocks(coded)[:len(testkit.SubBlocks(coded))-1], testkit.SubBlocks([]byte(token))),
		} {
			src := whole(h, data)
			out, found := clean(t, src)
			sameFrames(t, src, out)
			assert.NotEmpty(t, found, name)
			if name != "more pixels" { // whose last code may stand for more than are wanted
				assert.True(t, bytes.Equal(want, out), name)
			}
		}
	}
	require.True(t, runs[1] && runs[2], "on both sides of the border")
}

// TestZeroByte: one byte of zeros behind the end code is what many coders write,
// and says nothing. A second one is too much, and so is one of another value.
func TestZeroByte(t *testing.T) {
	coded := testkit.LZW(2, testkit.GIFPixels(31, 17))
	one := grown(testkit.SubBlocks(append(bytes.Clone(coded), 0)))
	out, found := clean(t, one)
	assert.True(t, bytes.Equal(one, out))
	assert.Empty(t, found)
	for _, more := range []string{"\x00\x00", "\x01"} {
		out, found := clean(t, grown(testkit.SubBlocks(append(bytes.Clone(coded), more...))))
		assert.True(t, bytes.Equal(testkit.GIF(), out), "%q", more)
		assert.NotEmpty(t, found)
	}
}
