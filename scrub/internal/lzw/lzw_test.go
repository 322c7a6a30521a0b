package lzw

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tiff "golang.org/x/image/tiff/lzw"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// slow goes through the codes of a GIF one bit at a time and says where the end
// code is and how many pixels came before it; ok if there is one.
func slow(b []byte, minCode int) (end, pixels int64, ok bool) {
	clear := 1 << minCode
	var long []int64
	width, before := minCode+1, int64(0)
	reset := func() {
		long = long[:0]
		for range clear {
			long = append(long, 1)
		}
		long, width, before = append(long, 0, 0), minCode+1, 0
	}
	reset()
	for at := int64(0); ; {
		if at+int64(width) > 8*int64(len(b)) {
			return 0, pixels, false
		}
		code := 0
		for i := range width {
			code |= int(b[(at+int64(i))/8]>>((at+int64(i))%8)&1) << i
		}
		switch {
		case code == clear:
			at += int64(width)
			reset()
			continue
		case code == clear+1:
			return at, pixels, true
		case code > len(long) || code == len(long) && (before == 0 || code == maxCodes):
			return 0, pixels, false
		}
		at += int64(width)
		n := before + 1
		if code < len(long) {
			n = long[code]
		}
		if before > 0 && len(long) < maxCodes {
			long = append(long, before+1)
			if len(long) == 1<<width && width < maxWidth {
				width++
			}
		}
		pixels, before = pixels+n, n
	}
}

// pictures are samples of minCode bits: noise, stripes, one colour.
func pictures(minCode, n int) [][]byte {
	r := rand.New(rand.NewPCG(uint64(minCode), uint64(n)))
	noise, stripes, plain := make([]byte, n), make([]byte, n), make([]byte, n)
	for i := range noise {
		noise[i] = byte(r.IntN(1 << minCode))
		stripes[i] = byte(i/7+r.IntN(2)) & byte(1<<minCode-1)
	}
	return [][]byte{noise, stripes, plain}
}

// TestGIF goes through long streams of every code size, with tables that fill
// up, in pieces of every size.
func TestGIF(t *testing.T) {
	for minCode := 2; minCode <= 8; minCode++ {
		for _, n := range []int{1, 2, 100, 70_000} {
			for _, pix := range pictures(minCode, n) {
				b := testkit.LZW(minCode, pix)
				want, pixels, ok := slow(b, minCode)
				require.True(t, ok)
				require.EqualValues(t, n, pixels)
				for _, piece := range []int{1, 7, 8, 9, 255, len(b)} {
					z := NewGIF()
					z.Start(byte(minCode), int64(n))
					for i := 0; i < len(b); i += piece {
						require.NoError(t, z.Feed(b[i:min(i+piece, len(b))]))
					}
					require.True(t, z.Done())
					assert.True(t, z.Whole())
					assert.Zero(t, z.left)
					at, width := z.End()
					require.Equal(t, want, at)
					assert.EqualValues(t, len(b), (at+width+7)/8)
				}
			}
		}
	}
}

// TestFewer asks for fewer pixels than there are, at every place: the end is
// behind the code that brought the last one.
func TestFewer(t *testing.T) {
	pix := pictures(4, 9000)[1]
	b := testkit.LZW(4, pix)
	last := int64(0)
	for want := 1; want < len(pix); want += 1 + want/9 {
		z := NewGIF()
		z.Start(4, int64(want))
		require.NoError(t, z.Feed(b))
		require.True(t, z.Done() && z.Whole())
		at, width := z.End()
		assert.GreaterOrEqual(t, at, last)
		last = at
		// With an end code there, it decodes to as many pixels or the rest of a code more.
		cut := append(bytes.Clone(b[:at/8]), 0, 0, 0, 0)
		for i := range at % 8 {
			cut[at/8] |= b[at/8] & (1 << i)
		}
		for i := range width {
			cut[(at+i)/8] |= byte(z.EndCode()>>i&1) << ((at + i) % 8)
		}
		end, pixels, ok := slow(cut, 4)
		require.True(t, ok)
		assert.Equal(t, at, end)
		assert.GreaterOrEqual(t, pixels, int64(want))
	}
}

// TestTIFF compares with the decoder of x/image: the end code is in the last
// byte, and what follows it is not looked at.
func TestTIFF(t *testing.T) {
	for _, pix := range pictures(8, 50_000) {
		b := early(pix)
		for _, piece := range []int{1, 9, 4096, len(b)} {
			z := NewTIFF()
			z.Start(8, 0)
			whole := append(bytes.Clone(b), "behind the end"...)
			for i := 0; i < len(whole) && !z.Done(); i += piece {
				require.NoError(t, z.Feed(whole[i:min(i+piece, len(whole))]))
			}
			require.True(t, z.Done())
			at, width := z.End()
			assert.EqualValues(t, len(b), (at+width+7)/8)
		}
		var out bytes.Buffer
		_, err := out.ReadFrom(tiff.NewReader(bytes.NewReader(b), tiff.MSB, 8))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(pix, out.Bytes()), "the test's own coder")
	}
}

// early codes b as TIFF does.
func early(b []byte) (out []byte) {
	table, width, next := map[string]uint64{}, 9, uint64(258)
	acc, n := uint64(0), 0
	put := func(code uint64) {
		for acc, n = acc<<width|code, n+width; n >= 8; n -= 8 {
			out = append(out, byte(acc>>(n-8)))
		}
	}
	code := func(s []byte) uint64 {
		if len(s) == 1 {
			return uint64(s[0])
		}
		return table[string(s)]
	}
	put(256)
	start := 0
	for i := 1; i <= len(b); i++ {
		s := b[start:min(i+1, len(b))]
		if _, known := table[string(s)]; known && i < len(b) {
			continue
		}
		put(code(b[start:i]))
		if i == len(b) {
			break
		}
		table[string(s)] = next
		start = i
		if next++; next == 4094 {
			put(256)
			clear(table)
			width, next = 9, 258
		} else if next == 1<<width {
			width++
		}
	}
	if next++; next == 1<<width && width < maxWidth {
		width++
	}
	put(257)
	if n > 0 {
		out = append(out, byte(acc<<(8-n)))
	}
	return out
}

// TestFullTable goes on with a table that is full, as coders may that put off the
// clear code.
func TestFullTable(t *testing.T) {
	for k, pix := range pictures(8, 200_000) {
		b := full(pix)
		end, pixels, ok := slow(b, 8)
		require.True(t, ok)
		require.EqualValues(t, len(pix), pixels)
		z := NewGIF()
		z.Start(8, pixels)
		require.NoError(t, z.Feed(b))
		require.True(t, z.Done() && z.Whole())
		at, _ := z.End()
		assert.Equal(t, end, at, k)
		if k == 0 {
			assert.EqualValues(t, maxCodes, z.next)
		}
	}
}

// full codes b as GIF does, with one clear code, at the start.
func full(b []byte) (out []byte) {
	table, width, next := map[string]uint64{}, 9, uint64(258)
	acc, n := uint64(0), 0
	put := func(code uint64) {
		acc |= code << n
		for n += width; n >= 8; n -= 8 {
			out, acc = append(out, byte(acc)), acc>>8
		}
	}
	put(256)
	for start, i := 0, 1; i <= len(b); i++ {
		s := b[start:min(i+1, len(b))]
		if _, known := table[string(s)]; known && i < len(b) {
			continue
		}
		if i-start == 1 {
			put(uint64(b[start]))
		} else {
			put(table[string(b[start:i])])
		}
		if start > 0 && next == 1<<width && width < maxWidth {
			width++
		}
		if next < maxCodes {
			table[string(s)] = next
			next++
		}
		start = i
	}
	put(257)
	return append(out, byte(acc))
}

func TestUnknownCode(t *testing.T) {
	for _, z := range []*Codes{NewGIF(), NewTIFF()} {
		z.Start(8, 1000)
		b := []byte{0xff, 0xff, 0xff}
		assert.ErrorIs(t, z.Feed(b), meta.ErrMalformed)
	}
}

// FuzzCodes asserts that the end is where one code after the other leads,
// whatever the pieces.
func FuzzCodes(f *testing.F) {
	for minCode := 2; minCode <= 8; minCode++ {
		for _, p := range pictures(minCode, 3000) {
			f.Add(testkit.LZW(minCode, p), byte(minCode-2), uint16(100))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, minCode byte, piece uint16) {
		minCode = 2 + minCode%7
		end, pixels, ok := slow(b, int(minCode))
		z := NewGIF()
		z.Start(minCode, max(pixels, 1))
		var err error
		for i := 0; i < len(b) && err == nil && !z.Done(); i += int(piece) + 1 {
			err = z.Feed(b[i:min(i+int(piece)+1, len(b))])
		}
		if at, _ := z.End(); ok && pixels > 0 {
			require.NoError(t, err)
			require.True(t, z.Done() && z.Whole())
			require.LessOrEqual(t, at, end) // a second clear code behind the last pixel is not waited for
			return
		}
		if err == nil && z.Done() {
			at, _ := z.End()
			require.LessOrEqual(t, at, 8*int64(len(b)))
		}
	})
}

func BenchmarkGIF(b *testing.B) {
	data := testkit.LZW(8, pictures(8, 4<<20)[1])
	z := NewGIF()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		z.Start(8, 4<<20)
		for i := 0; i < len(data); i += 255 {
			_ = z.Feed(data[i:min(i+255, len(data))])
		}
	}
}

func BenchmarkTIFF(b *testing.B) {
	data := early(pictures(8, 4<<20)[0])
	z := NewTIFF()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		z.Start(8, 0)
		_ = z.Feed(data)
	}
}
