package exif_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/exif"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

const keepAll = meta.KeepCredit | meta.KeepDate

var orders = []binary.ByteOrder{binary.LittleEndian, binary.BigEndian}

var plain = exif.Looks{Orientation: 1}

func long(o binary.ByteOrder, id uint16, v uint32) testkit.Tag {
	b := make([]byte, 4)
	o.PutUint32(b, v)
	return testkit.Tag{ID: id, Type: 4, Value: b}
}

func TestOrientation(t *testing.T) {
	for _, o := range orders {
		for v := range uint16(12) {
			want := int(v)
			if v < 1 || v > 8 {
				want = 1
			}
			b := testkit.TIFF(o, []testkit.Tag{testkit.Short(o, 0x112, v), testkit.Short(o, 0x112, 3)}, nil)
			assert.Equal(t, exif.Looks{Orientation: want}, exif.ReadLooks(b), "%v %d", o, v)
		}
		assert.Equal(t, plain, exif.ReadLooks(testkit.TIFF(o, []testkit.Tag{long(o, 0x112, 6)}, nil)), "browsers read a SHORT only")
	}
	for _, b := range []string{"", "II*\x00", "MM\x00*\x00\x00\x00\x08", "II*\x00\xff\xff\xff\xff", "II*\x00\x08\x00\x00\x00\xff\xff", "XX*\x00\x08\x00\x00\x00\x00\x00"} {
		assert.Equal(t, plain, exif.ReadLooks([]byte(b)), "%q", b)
	}
}

func TestAdobeRGB(t *testing.T) {
	for _, o := range orders {
		adobe := func(space uint16, id string) bool {
			return exif.ReadLooks(testkit.TIFF(o, []testkit.Tag{{ID: 0x8769, Sub: []testkit.Tag{
				testkit.Short(o, 0xa001, space), {ID: 0xa005, Sub: []testkit.Tag{testkit.Text(1, id)}}}}}, nil)).AdobeRGB
		}
		assert.True(t, adobe(0xffff, "R03"))
		assert.True(t, adobe(2, "R03"), "some cameras write 2")
		assert.False(t, adobe(1, "R03"), "sRGB is what it says")
		assert.False(t, adobe(0xffff, "R98"))
		assert.False(t, adobe(0xffff, "R03x"))
	}
}

func TestDensity(t *testing.T) {
	for _, o := range orders {
		density := func(x, xd, y, yd uint32, unit uint16) exif.Looks {
			return exif.ReadLooks(testkit.TIFF(o, []testkit.Tag{testkit.Rationals(o, 0x11a, x, xd), testkit.Rationals(o, 0x11b, y, yd), testkit.Short(o, 0x128, unit)}, nil))
		}
		want := exif.Looks{Orientation: 1, XDensity: [2]uint32{72, 1}, YDensity: [2]uint32{36, 1}, DensityUnit: 3}
		assert.Equal(t, want, density(72, 1, 36, 1, 3))
		assert.Equal(t, want, density(7200, 100, 72, 2, 3), "in lowest terms")
		want.DensityUnit = 1
		assert.Equal(t, want, density(72, 1, 36, 1, 9), "what the unit is not, it does not say")
		assert.Equal(t, plain, density(72, 1, 144, 2, 2), "square pixels need nothing")
		assert.Equal(t, plain, density(72, 1, 0, 1, 2))
		assert.Equal(t, plain, density(72, 1, 1, 0, 2))
		assert.Equal(t, plain, density(0x43614e61, 0x52793778, 72, 1, 2), "letters")
	}
}

func TestChoices(t *testing.T) {
	o := binary.BigEndian
	read := func(tags ...testkit.Tag) exif.Choices { return exif.ReadChoices(testkit.TIFF(o, tags, nil), keepAll) }
	assert.Equal(t, "Alma", read(testkit.Text(0x13b, " Alma \x00hidden")).Artist)
	assert.Equal(t, "© Ålma", read(testkit.Text(0x8298, "© Ålma")).Copyright)
	assert.Equal(t, "Editor", read(testkit.Text(0x8298, " \x00Editor")).Copyright, "no photographer, but an editor")
	assert.Equal(t, strings.Repeat("é", 200), read(testkit.Text(0x13b, strings.Repeat("é", 300))).Artist)
	for _, s := range []string{"two\nlines", "bad \xff utf", "tab\there", "right\u202eleft", "in\u200bvisible", "no\u00a0break", ""} {
		assert.Empty(t, read(testkit.Text(0x13b, s)).Artist, "%q", s)
	}
	assert.Empty(t, read(testkit.Tag{ID: 0x13b, Type: 7, Value: []byte("Alma\x00")}).Artist)

	assert.Equal(t, "2023:04:05 06:07:08", read(testkit.Text(0x132, "2023:04:05 06:07:08")).Date)
	for _, s := range []string{"2023:14:05 06:07:08", "2023:02:30 06:07:08", "0000:00:00 00:00:00", "2023:04:05 6:07:08", "2023-04-05 06:07:08", "2023:04:05 06:07:08+01:00", "2023:04:05 06:07:08.5"} {
		assert.Empty(t, read(testkit.Text(0x132, s)).Date, s)
	}
	sub := testkit.Tag{ID: 0x8769, Sub: []testkit.Tag{testkit.Text(0x9003, "2020:01:02 03:04:05")}}
	assert.Equal(t, "2020:01:02 03:04:05", read(testkit.Text(0x132, "2023:04:05 06:07:08"), sub).Date, "taken, not changed")
	bad := testkit.Tag{ID: 0x8769, Sub: []testkit.Tag{testkit.Text(0x9003, "    :  :     :  :  ")}}
	assert.Equal(t, "2023:04:05 06:07:08", read(testkit.Text(0x132, "2023:04:05 06:07:08"), bad).Date)

	all := testkit.TIFF(o, []testkit.Tag{testkit.Text(0x132, "2023:04:05 06:07:08"), testkit.Text(0x13b, "Alma")}, nil)
	assert.Zero(t, exif.ReadChoices(all, 0), "nothing is kept unasked")
	assert.Equal(t, exif.Choices{Artist: "Alma"}, exif.ReadChoices(all, meta.KeepCredit))
	assert.Equal(t, exif.Choices{Date: "2023:04:05 06:07:08"}, exif.ReadChoices(all, meta.KeepDate))
}

var someLooks = []exif.Looks{
	{Orientation: 1}, {Orientation: 6}, {Orientation: 1, AdobeRGB: true},
	{Orientation: 1, XDensity: [2]uint32{300, 1}, YDensity: [2]uint32{75, 2}, DensityUnit: 2},
	{Orientation: 8, AdobeRGB: true, XDensity: [2]uint32{1, 2}, YDensity: [2]uint32{1, 3}, DensityUnit: 1},
}

var someChoices = []exif.Choices{
	{}, {Artist: "Alma"}, {Artist: "A"}, {Copyright: "© Ålma, all rights"}, {Date: "2023:04:05 06:07:08"},
	{Artist: "Åb", Copyright: "bc", Date: "1999:12:31 23:59:59"},
}

func TestWriteIsReadBack(t *testing.T) {
	for _, l := range someLooks {
		for _, c := range someChoices {
			b := exif.Write(l, c)
			if l == plain && c == (exif.Choices{}) {
				assert.Nil(t, b, "there is nothing to say")
				continue
			}
			checkCanonical(t, b, l, c)
		}
	}
	assert.Equal(t, "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00",
		string(exif.Write(exif.Looks{Orientation: 6}, exif.Choices{})), "every clean photo holds these bytes: they never change")
	assert.Nil(t, exif.Write(exif.Looks{Orientation: 9, XDensity: [2]uint32{1, 0}, YDensity: [2]uint32{1, 2}, DensityUnit: 2},
		exif.Choices{Artist: "a\nb", Date: "yesterday"}), "what is not valid is not written")
}

func checkCanonical(t *testing.T, b []byte, l exif.Looks, c exif.Choices) {
	require.Equal(t, l, exif.ReadLooks(b))
	require.Equal(t, c, exif.ReadChoices(b, keepAll))
	require.Equal(t, b, exif.Write(exif.ReadLooks(b), exif.ReadChoices(b, keepAll)))
	for _, f := range exif.Describe(b) {
		require.NotEqual(t, meta.LabelExifBad, f.Label)
		if c == (exif.Choices{}) {
			require.False(t, f.Kind.Identifies(), "%+v", f)
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, o := range orders {
		f.Add(testkit.PhotoExif(o, 6, "TOKEN"))
	}
	for _, l := range someLooks {
		for _, c := range someChoices {
			f.Add(exif.Write(l, c))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, c := exif.ReadLooks(b), exif.ReadChoices(b, keepAll)
		require.True(t, l.Orientation >= 1 && l.Orientation <= 8)
		require.Equal(t, l.DensityUnit != 0, l.XDensity != l.YDensity)
		out := exif.Write(l, c)
		if out == nil {
			require.Equal(t, plain, l)
			require.Zero(t, c)
			return
		}
		require.LessOrEqual(t, len(out), 200+2*4*200+20, "no more than the texts need")
		checkCanonical(t, out, l, c)
	})
}
