package mp4

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func settings() *testkit.Film {
	f := testkit.NewFilm(false)
	f.Top[0] = testkit.Leaf("ftyp", "qt  ", 0, "qt  ")
	f.Get("moov/trak/mdia/minf/stbl/stsd").Kids[0] = testkit.PictureEntry("hvc1", hevc(), av1(), testkit.Leaf("vpcC", "\x01\x00\x00\x00\x00\x0a\x82\x02\x02\x02\x00\x00"),
		testkit.Leaf("colr", "nclc", uint16(1), uint16(1), uint16(1)), testkit.Leaf("dvvC", make([]byte, 24)), testkit.Leaf("fiel", "\x01\x00"))
	f.Get("moov/trak 1/mdia/minf/stbl/stsd").Kids[0] = testkit.SoundEntry("Opus", testkit.Leaf("dOps", "\x00\x06\x01\x38\x00\x00\xbb\x80\x00\x00\x01\x04\x02\x00\x04\x01\x02\x03\x05"),
		testkit.Leaf("dfLa", 0, "\x80\x00\x00\x22", make([]byte, 34)), testkit.Leaf("dec3", "\x06\xc0\x20\x0f\x00"), testkit.Leaf("dac3", "\x50\x11\x60"),
		testkit.Leaf("chan", 0, 0x640001, 0, 1, make([]byte, 20)), testkit.Leaf("alac", 0, make([]byte, 24)),
		testkit.Parent("wave", testkit.Leaf("frma", "mp4a"), testkit.Leaf("mp4a", 0), testkit.AAC(), testkit.Leaf("QDCA", 1, 2, 22050, 32000, 2048, 128, 370), testkit.Leaf("\x00\x00\x00\x00")))
	return f
}

func hevc() *testkit.Atom {
	unit := func(typ byte, parts ...any) []byte {
		u := testkit.Fields(append([]any{typ << 1, byte(1)}, parts...)...)
		return testkit.Fields(byte(0x80|typ), uint16(1), uint16(len(u)), u)
	}
	return testkit.Leaf("hvcC", "\x01\x01\x60\x00\x00\x00\x90\x00\x00\x00\x00\x00\x5d\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f", byte(5),
		unit(32, "vps"), unit(33, "sps"), unit(34, "pps"), unit(39, "\x93\x01\x12\x80"), unit(39, "\x05\x18", "0123456789abcdef", token, "\x80"))
}

func av1() *testkit.Atom {
	return testkit.Leaf("av1C", "\x81\x00\x0c\x00", "\x0a\x03\x00\x01\x02", "\x2a\x05\x01\x00\x01\x00\x02", "\x2a\x0a\x04\xb5", token)
}

// TestSettings: of decoder settings what colours and decoding need stays.
func TestSettings(t *testing.T) {
	out, _, err := testkit.Clean(t, MOV, settings().Bytes(), meta.Policy{})
	require.NoError(t, err)
	absent(t, out, "settings")
	for _, stays := range []string{"vps", "sps", "pps", "\x93\x01\x12\x80", "\x2a\x05\x01\x00\x01\x00\x02", "\x0a\x03\x00\x01\x02"} {
		assert.Contains(t, string(out), stays)
	}
	for _, gone := range []string{"0123456789abcdef", "\x04\xb5"} {
		assert.NotContains(t, string(out), gone)
	}
	want := out
	_, leaves := places(settings())
	for i := range leaves {
		f := settings()
		_, now := places(f)
		now[i].Data = append(now[i].Data, token...)
		if out, _, err := testkit.Clean(t, MOV, f.Bytes(), meta.Policy{}); err == nil {
			absent(t, out, now[i].Type)
			assert.True(t, bytes.Equal(want, out), now[i].Type)
		}
	}
}

func TestAudioConfig(t *testing.T) {
	for in, want := range map[string]string{
		"\x11\x90":                             "\x11\x90",                     // LC, 48 kHz, stereo
		"\x11\x90" + token:                     "\x11\x90",                     // and more
		"\x12\x10\x56\xe5\x00":                 "\x12\x10\x56\xe5\x00",         // no bands are replicated
		"\x13\x10\x56\xe5\x9d\x48\x80" + token: "\x13\x10\x56\xe5\x9d\x48\x80", // with bands and parametric stereo
		"\x2b\x92\x08\x00" + token:             "\x2b\x92\x08\x00",             // bands from the start
	} {
		got, err := audioConfig([]byte(in))
		require.NoError(t, err, "%x", in)
		assert.Equal(t, []byte(want), got, "%x", in)
	}
	_, err := audioConfig([]byte{0x11})
	assert.Error(t, err)
}
