package mp4

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/internal/verify"
	"tabir/scrub/meta"
)

// long is a film of 64 megabytes, nearly all of them one picture.
func long() []byte {
	const size = 64 << 20
	f := testkit.NewFilm(true)
	noise := make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(noise)
	stsz, mdat := f.Get("moov/trak/mdia/minf/stbl/stsz"), f.Get("mdat")
	n := int(binary.BigEndian.Uint32(stsz.Data[12:]))
	binary.BigEndian.PutUint32(stsz.Data[12:], uint32(n+size))
	mdat.Data = append(append(bytes.Clone(mdat.Data[:n]), noise...), mdat.Data[n:]...)
	return f.Bytes()
}

// output is as long as it will be from the start.
type output struct {
	rd.Held
	n int
}

func (o *output) Write(b []byte) (int, error) {
	o.n += copy(o.Held[o.n:], b)
	return len(b), nil
}

// BenchmarkClean cleans a film in memory and verifies what was written.
func BenchmarkClean(b *testing.B) {
	src := long()
	job := verify.Job{Format: MP4, Limits: rd.Default}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		p, err := MP4.Parse(rd.New(context.Background(), rd.Held(src), int64(len(src)), rd.Default), meta.Policy{})
		require.NoError(b, err)
		s, err := p.Seal(rd.Default.Pieces)
		require.NoError(b, err)
		_, err = job.Write(context.Background(), &output{Held: make(rd.Held, s.Size)}, rd.Held(src), s, p.Findings)
		require.NoError(b, err)
	}
}

// BenchmarkCopy is what cleaning is measured against.
func BenchmarkCopy(b *testing.B) {
	src := long()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		p := plan.New(int64(len(src)))
		p.Keep(0, p.Size)
		s, err := p.Seal(1)
		require.NoError(b, err)
		var out bytes.Buffer
		out.Grow(int(s.Size))
		require.NoError(b, s.Write(context.Background(), &out, rd.Held(src)))
	}
}
