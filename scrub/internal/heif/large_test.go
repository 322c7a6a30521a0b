package heif

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// sparse is a file of zeros but for a few places.
type sparse struct {
	size  int64
	there map[int64][]byte
}

func (s sparse) ReadAt(b []byte, off int64) (int, error) {
	n := int(min(int64(len(b)), s.size-off))
	clear(b[:n])
	for at, p := range s.there {
		if at < off+int64(n) && off < at+int64(len(p)) {
			copy(b[max(at-off, 0):n], p[max(off-at, 0):])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// written is what a plan writes, read from where it comes from.
type written struct {
	s   *plan.Sealed
	src io.ReaderAt
}

func (w written) ReadAt(b []byte, off int64) (int, error) {
	done := 0
	for r := range w.s.Ranges() {
		lo, hi := max(r.Out.Off, off), min(r.Out.End(), off+int64(len(b)))
		if lo >= hi {
			continue
		}
		part := b[lo-off : hi-off]
		if r.Lit != nil {
			copy(part, r.Lit[lo-r.Out.Off:])
		} else if _, err := w.src.ReadAt(part, r.Src+lo-r.Out.Off); err != nil {
			return done, err
		}
		done += len(part)
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

// TestLarge cleans a picture of five gigabytes without holding it: an item of two
// extents, each a unit of half of that. A date and a film are kept besides.
func TestLarge(t *testing.T) {
	const unit = 5 << 29
	f := testkit.HEIC()
	f.Items[0].Data, f.Items[0].Split = []byte{0, 0}, 1
	f.Items = append(f.Items, testkit.HEIFItem{ID: 2, Type: "Exif", Idat: true, Data: append(make([]byte, 4), testkit.PhotoExif(binary.BigEndian, 6, token)...)})
	f.InMeta = [][]byte{testkit.Box("free", []byte(token))}
	head := f.Bytes()
	at := uint64(len(head) - 2)
	extents := func(v ...uint64) (b []byte) {
		for _, v := range v {
			b = append(b, testkit.Number(4, v)...)
		}
		return b
	}
	old := extents(at+1, 1, at, 1)
	require.Equal(t, 1, bytes.Count(head, old))
	data := at + 8 // the head of mdat has a large size
	head = bytes.Replace(head[:at-8], old, extents(data, 4+unit, data+4+unit, 4+unit), 1)
	src := sparse{size: int64(data) + 2*(4+unit)}
	head = append(append(append(head, testkit.Number(4, 1)...), "mdat"...), testkit.Number(8, 16+2*(4+unit))...)
	src.there = map[int64][]byte{0: head}
	for i := range int64(2) {
		src.there[int64(data)+i*(4+unit)] = append(testkit.Number(4, unit), 0x28, 1)
	}
	film := testkit.Box("mpvd", video())
	src.there[src.size] = film
	src.size += int64(len(film))

	keep := meta.Policy{Keep: meta.KeepMotion | meta.KeepDate}
	p, err := HEIC.Parse(rd.New(context.Background(), src, src.size, rd.Default), keep)
	require.NoError(t, err)
	assert.Equal(t, []meta.Fate{meta.Kept}, fateOf(p.Findings, meta.LabelVideo))
	assert.Contains(t, fateOf(p.Findings, meta.LabelDateTaken), meta.Kept)
	s, err := p.Seal(rd.Default.Pieces)
	require.NoError(t, err)
	assert.Greater(t, s.Size, int64(1)<<32)
	out := written{s, src}
	again, err := HEIC.Parse(rd.New(context.Background(), out, s.Size, rd.Default), keep)
	require.NoError(t, err)
	s2, err := again.Seal(rd.Default.Pieces)
	require.NoError(t, err)
	same, err := s2.Identity(out)
	require.NoError(t, err)
	assert.True(t, same)
	assert.Empty(t, removed(again.Findings))
}

// TestLargeFilm: the head of the box of a film has 8 bytes, which none of five
// gigabytes fits.
func TestLargeFilm(t *testing.T) {
	f := testkit.NewFilm(true)
	moov := f.Get("moov")
	moov.Kids = moov.Kids[:2]
	const samples, each = 5, 1 << 30
	tables := "moov/trak/mdia/minf/stbl/"
	f.Get(tables + "stsc").Data = testkit.Fields(0, 1, 1, samples, 1)
	f.Get(tables + "stsz").Data = testkit.Fields(0, each, samples)
	ftyp := f.Top[0].Bytes()
	f.Get(tables + "stco").Data = testkit.Fields(0, 1, 0)
	f.Get(tables + "stco").Data = testkit.Fields(0, 1, len(ftyp)+len(moov.Bytes())+16)
	film := slices.Concat(ftyp, moov.Bytes(), []byte("\x00\x00\x00\x01mdat"), testkit.Number(8, 16+samples*each))
	head := slices.Concat(testkit.HEIC().Bytes(), []byte("\x00\x00\x00\x01mpvd"), testkit.Number(8, uint64(16+len(film)+samples*each)), film)
	src := sparse{size: int64(len(head) + samples*each), there: map[int64][]byte{0: head}}

	w := rd.New(context.Background(), src, src.size, rd.Default)
	in, err := mp4.Inside(w, int64(len(head)-len(film)), int64(len(film)+samples*each), false)
	require.NoError(t, err)
	require.NotNil(t, in, "it could be cleaned")
	p, err := HEIC.Parse(w, keepMotion)
	require.NoError(t, err)
	s, err := p.Seal(rd.Default.Pieces)
	require.NoError(t, err)
	assert.Less(t, s.Size, int64(1000))
	assert.Equal(t, []meta.Fate{meta.Removed}, fateOf(p.Findings, meta.LabelVideo))
}
