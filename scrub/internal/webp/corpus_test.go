package webp

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func FuzzWebP(f *testing.F) {
	for _, b := range bases() {
		f.Add(b)
	}
	f.Add(riff(vp8x(flagExif|flagICC), ck("ICCP", make([]byte, 200)), testkit.VP8L, ck("EXIF", photo), ck("XMP ", []byte("<x"))))
	f.Add(riff(vp8x(flagAnimation), ck("ANIM", make([]byte, 7)), testkit.ANMF(ck("junk", []byte("x")), testkit.ALPHRaw, testkit.VP8, []byte("z"))))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, pol := range []meta.Policy{{}, {Keep: meta.KeepCredit | meta.KeepDate}} {
			out, _, err := testkit.Clean(t, Format, src, pol)
			if err != nil {
				return
			}
			for _, s := range stills(out) {
				if _, err := decode(s); err != nil {
					return // not a picture before either
				}
			}
			samePixels(t, src, out)
		}
	})
}

// TestCorpus looks at real pictures beside the checkout.
func TestCorpus(t *testing.T) {
	assert.Empty(t, testkit.CleanShared(t, Format, samePixels, "corpus/webp/*"), "none is refused")
}

func TestMalformed(t *testing.T) {
	testkit.CleanShared(t, Format, samePixels, "malformed/*.webp")
}

func BenchmarkParse(b *testing.B) {
	data := bytes.Repeat([]byte{0x55}, 4<<20)
	src := riff(vp8x(flagExif|flagXMP), ck("VP8 ", testkit.VP8[8:], data), ck("EXIF", photo), ck("XMP ", []byte("<x:xmpmeta/>")))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := testkit.Parse(Format, src, meta.Policy{}); err != nil {
			b.Fatal(err)
		}
	}
}
