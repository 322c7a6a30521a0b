package plan

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/meta"
)

const many = 1 << 16

// random makes a source and a plan over it, with the output that the plan means
// worked out the slow way, byte by byte.
func random(r *rand.Rand) (src []byte, p *Plan, want []byte) {
	src = make([]byte, r.IntN(300))
	for i := range src {
		src[i] = byte(r.Uint32())
	}
	p = New(int64(len(src)))
	for off := 0; ; {
		if r.IntN(4) == 0 {
			lit := bytes.Repeat([]byte{byte(r.Uint32())}, r.IntN(5))
			p.Insert(lit)
			want = append(want, lit...)
		}
		if off == len(src) {
			return src, p, want
		}
		n := 1 + r.IntN(len(src)-off)
		switch r.IntN(4) {
		case 0:
			p.Keep(int64(off), int64(n))
			want = append(want, src[off:off+n]...)
		case 1:
			p.Picture(int64(off), int64(n))
			want = append(want, src[off:off+n]...)
		case 2:
			p.Drop(int64(off), int64(n))
		case 3:
			lit := []byte("literal")[:r.IntN(8)]
			p.Replace(int64(off), int64(n), lit)
			want = append(want, lit...)
		}
		off += n
	}
}

func write(t testing.TB, s *Sealed, src []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, s.Write(context.Background(), &out, bytes.NewReader(src)))
	require.EqualValues(t, s.Size, out.Len())
	return out.Bytes()
}

// plain hides Seek, as a source that is not a file does.
type plain struct{ r *bytes.Reader }

func (p plain) ReadAt(b []byte, off int64) (int, error) { return p.r.ReadAt(b, off) }

func TestWriteIsThePlan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		src, p, want := random(r)
		s, err := p.Seal(many)
		require.NoError(t, err)
		assert.Equal(t, want, append([]byte(nil), write(t, s, src)...))
		var out bytes.Buffer
		require.NoError(t, s.Write(context.Background(), &out, plain{bytes.NewReader(src)}))
		assert.True(t, bytes.Equal(want, out.Bytes()), "a source without Seek gives the same")

		body, at := 0, 0
		for _, b := range p.Body {
			body += int(b.Len)
		}
		for _, b := range s.Body() {
			at += int(b.Len)
		}
		assert.Equal(t, body, at, "all picture data has a place in the output")

		same, err := s.Identity(bytes.NewReader(src))
		require.NoError(t, err)
		if same {
			assert.True(t, bytes.Equal(src, want), "identity means equal bytes")
		}
		end := int64(0)
		for g := range s.Ranges() {
			assert.Equal(t, end, g.Out.Off, "ranges follow each other")
			end = g.Out.End()
		}
		assert.Equal(t, s.Size, end)
	}
}

func TestMerging(t *testing.T) {
	p := New(1000)
	for off := int64(0); off < 1000; off++ {
		p.Picture(off, 1)
	}
	assert.Len(t, p.Pieces, 1)
	assert.Equal(t, []Span{{0, 1000}}, p.Body)
}

func TestIdentity(t *testing.T) {
	src := []byte("head,EXIF,body")
	for name, c := range map[string]struct {
		plan func(p *Plan)
		want bool
	}{
		"kept":             {func(p *Plan) { p.Keep(0, 14) }, true},
		"replaced by same": {func(p *Plan) { p.Keep(0, 5); p.Replace(5, 4, []byte("EXIF")); p.Keep(9, 5) }, true},
		"moved elsewhere and written here": {func(p *Plan) {
			p.Keep(0, 5)
			p.Insert([]byte("EXIF"))
			p.Drop(5, 4)
			p.Keep(9, 5)
		}, true},
		"replaced by other": {func(p *Plan) { p.Keep(0, 5); p.Replace(5, 4, []byte("exif")); p.Keep(9, 5) }, false},
		"dropped":           {func(p *Plan) { p.Keep(0, 5); p.Drop(5, 4); p.Keep(9, 5) }, false},
		"swapped": {func(p *Plan) {
			p.Drop(0, 5)
			p.Keep(5, 9)
			p.Insert([]byte("head,"))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := New(int64(len(src)))
			c.plan(p)
			s, err := p.Seal(many)
			require.NoError(t, err)
			same, err := s.Identity(bytes.NewReader(src))
			require.NoError(t, err)
			assert.Equal(t, c.want, same)
		})
	}
}

func TestSealRefusesMistakes(t *testing.T) {
	be := binary.BigEndian
	for name, c := range map[string]struct {
		p   Plan
		err error
	}{
		"gap":               {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, 1}, Act: Keep}, {Span: Span{2, 2}}}}, meta.ErrInternal},
		"overlap":           {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, 3}, Act: Keep}, {Span: Span{2, 2}}}}, meta.ErrInternal},
		"short":             {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, 3}, Act: Keep}}}, meta.ErrInternal},
		"past the end":      {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, 5}, Act: Keep}}}, meta.ErrInternal},
		"negative":          {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, -1}}, {Span: Span{0, 4}}}}, meta.ErrInternal},
		"overflow":          {Plan{Size: 4, Pieces: []Piece{{Span: Span{0, 1}}, {Span: Span{1, 1<<63 - 1}}}}, meta.ErrInternal},
		"kept literal":      {Plan{Size: 1, Pieces: []Piece{{Span: Span{0, 1}, Act: Keep, Lit: []byte("x")}}}, meta.ErrInternal},
		"too many":          {Plan{Size: 3, Pieces: make([]Piece, many+1)}, meta.ErrLimit},
		"picture dropped":   {Plan{Size: 2, Pieces: []Piece{{Span: Span{0, 2}}}, Body: []Span{{1, 1}}}, meta.ErrInternal},
		"picture replaced":  {Plan{Size: 2, Pieces: []Piece{{Span: Span{0, 2}, Act: Replace, Lit: []byte("xy")}}, Body: []Span{{1, 1}}}, meta.ErrInternal},
		"pointer to a hole": {Plan{Size: 2, Pieces: []Piece{{Span: Span{0, 1}, Act: Replace, Lit: make([]byte, 4), Refs: []Ref{{0, 4, be, -1, 1, false, 0}}}, {Span: Span{1, 1}}}}, meta.ErrInternal},
		"number too wide":   {Plan{Size: 70000, Pieces: []Piece{{Span: Span{0, 70000}, Act: Keep}, {Span: Span{70000, 0}, Act: Replace, Lit: make([]byte, 2), Refs: []Ref{{0, 2, be, -1, 69999, false, 0}}}}}, meta.ErrLimit},
		"outside literal":   {Plan{Size: 1, Pieces: []Piece{{Span: Span{0, 0}, Act: Replace, Lit: make([]byte, 3), Refs: []Ref{{0, 4, be, -1, 0, false, 0}}}, {Span: Span{0, 1}, Act: Keep}}}, meta.ErrInternal},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.p.Seal(many)
			assert.ErrorIs(t, err, c.err)
		})
	}
}

// TestRelocation moves a record behind a dropped one: a pointer and a length in
// a header follow.
func TestRelocation(t *testing.T) {
	src := []byte("HHHHHHHHdrop..kept....end")
	p := New(int64(len(src)))
	p.Replace(0, 8, make([]byte, 8),
		Ref{At: 0, Width: 4, Order: binary.BigEndian, From: -1, To: 14},
		Ref{At: 4, Width: 2, Order: binary.LittleEndian, From: 8, To: 22, Edge: true},
		Ref{At: 6, Width: 2, Order: binary.BigEndian, From: -1, To: 25, Edge: true})
	p.Drop(8, 6)
	p.Keep(14, 11)
	s, err := p.Seal(many)
	require.NoError(t, err)
	out := write(t, s, src)
	assert.Equal(t, "\x00\x00\x00\x08\x08\x00\x00\x13kept....end", string(out))
	assert.Equal(t, make([]byte, 8), p.Pieces[0].Lit, "the plan's own literal is left alone")
}

// TestTable moves a table of positions at once; nought points nowhere.
func TestTable(t *testing.T) {
	be := binary.BigEndian
	src := []byte("TTTTTTTTTTTTdrop..kept....end")
	p := New(int64(len(src)))
	lit := []byte("\x00\x00\x00\x12\x00\x00\x00\x00\x00\x00\x00\x1a")
	p.Replace(0, 12, lit, Ref{Width: 4, Order: be, From: -1, Count: 3})
	p.Drop(12, 6)
	p.Keep(18, 11)
	s, err := p.Seal(many)
	require.NoError(t, err)
	assert.Equal(t, "\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x14kept....end", string(write(t, s, src)))

	p.Pieces[0].Refs[0].Count = 4
	_, err = p.Seal(many)
	assert.ErrorIs(t, err, meta.ErrInternal, "a table beyond its literal")
	p.Pieces[0].Refs[0].Count = 3
	p.Pieces[0].Lit = []byte("\x00\x00\x00\x0d\x00\x00\x00\x00\x00\x00\x00\x1a")
	_, err = p.Seal(many)
	assert.ErrorIs(t, err, meta.ErrInternal, "a position that is not written")
}

func TestWriteFileToFile(t *testing.T) {
	dir := t.TempDir()
	src := bytes.Repeat([]byte("0123456789"), 100000)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "src"), src, 0o600))
	in, err := os.Open(filepath.Join(dir, "src"))
	require.NoError(t, err)
	defer in.Close()
	out, err := os.Create(filepath.Join(dir, "dst"))
	require.NoError(t, err)
	defer out.Close()
	p := New(int64(len(src)))
	p.Keep(0, 10)
	p.Replace(10, 10, []byte("-"))
	p.Keep(20, int64(len(src)-20))
	s, err := p.Seal(many)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), out, in))
	got, err := os.ReadFile(filepath.Join(dir, "dst"))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(append(append(bytes.Clone(src[:10]), '-'), src[20:]...), got))
}

func TestWriteNoticesAShrunkSource(t *testing.T) {
	p := New(100)
	p.Keep(0, 100)
	s, err := p.Seal(many)
	require.NoError(t, err)
	short := bytes.NewReader(make([]byte, 60))
	assert.ErrorIs(t, s.Write(context.Background(), &bytes.Buffer{}, short), meta.ErrChanged)
	assert.ErrorIs(t, s.Write(context.Background(), &bytes.Buffer{}, plain{short}), meta.ErrChanged)
}

func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := New(10)
	p.Keep(0, 10)
	s, err := p.Seal(many)
	require.NoError(t, err)
	assert.ErrorIs(t, s.Write(ctx, &bytes.Buffer{}, bytes.NewReader(make([]byte, 10))), context.Canceled)
}

// TestNest puts a plan into another one: what the inner one writes stands there,
// with its pointers counted from its own start.
func TestNest(t *testing.T) {
	inner := func() *Plan {
		p := New(9)
		p.Replace(0, 3, []byte{0, 0, 0, 0, 0, 0, 5},
			Ref{At: 0, Width: 2, Order: binary.BigEndian, From: -1, To: 5},
			Ref{At: 3, Width: 4, Order: binary.BigEndian, From: -1, Count: 1})
		p.Drop(3, 2)
		p.Picture(5, 4)
		return p
	}
	s, err := inner().Seal(many)
	require.NoError(t, err)
	alone := write(t, s, []byte("xxxddKEEP"))
	assert.Equal(t, "\x00\x07\x00\x00\x00\x00\x07KEEP", string(alone))

	p := New(15)
	p.Drop(0, 2)
	p.Keep(2, 2)
	assert.EqualValues(t, 2, p.Written())
	p.Nest(4, inner())
	assert.EqualValues(t, 2+len(alone), p.Written())
	p.Drop(13, 2)
	assert.Equal(t, []Span{{9, 4}}, p.Body)
	s, err = p.Seal(many)
	require.NoError(t, err)
	assert.Equal(t, "ab"+string(alone), string(write(t, s, []byte("--abxxxddKEEP--"))))
}
