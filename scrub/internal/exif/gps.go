package exif

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"tabir/scrub/meta"
)

// Tags of the GPS IFD (CIPA DC-008, table of GPS attributes).
const (
	gpsLatRef       = 0x01
	gpsLat          = 0x02
	gpsLonRef       = 0x03
	gpsLon          = 0x04
	gpsAltRef       = 0x05
	gpsAlt          = 0x06
	gpsTime         = 0x07
	gpsSatellites   = 0x08
	gpsSpeed        = 0x0D
	gpsTrack        = 0x0F
	gpsDirection    = 0x11
	gpsDestLatRef   = 0x13
	gpsDestLat      = 0x14
	gpsDestLonRef   = 0x15
	gpsDestLon      = 0x16
	gpsDestBearing  = 0x18
	gpsDestDistance = 0x1A
	gpsMethod       = 0x1B
	gpsArea         = 0x1C
	gpsDate         = 0x1D

	gpsTags = 0x20 // all are below this
)

// place puts the fields of a GPS IFD together.
type place struct {
	o binary.ByteOrder
	p map[uint16]field
}

// gps adds what the fields of the GPS IFD say together, and counts the rest.
func (r *report) gps(o binary.ByteOrder, fields []field) {
	g := place{o, map[uint16]field{}}
	for _, f := range fields {
		if _, ok := g.p[f.tag]; !ok && f.tag < gpsTags {
			g.p[f.tag] = f
		} else {
			r.unknown(value{dir: dirGPS, field: f})
		}
	}
	add := func(k meta.Kind, l meta.Label, v string, from ...uint16) {
		f := meta.Finding{Kind: k, Label: l, Where: dirNames[dirGPS], Value: meta.Show(v)}
		for _, tag := range from {
			// Shorter numbers occur by chance.
			if b := g.p[tag].value; len(b) >= 24 && len(bytes.Trim(b, "\x00")) > 0 {
				f.Needles = append(f.Needles, needle(b))
			}
		}
		r.add(f)
	}
	g.position(gpsLatRef, gpsLat, gpsLonRef, gpsLon, add)
	g.position(gpsDestLatRef, gpsDestLat, gpsDestLonRef, gpsDestLon, add)
	if m, ok := g.number(gpsAlt, 0); ok {
		if ref := g.p[gpsAltRef].value; len(ref) > 0 && ref[0] == 1 {
			m = -m // below the sea
		}
		add(meta.Location, meta.LabelAltitude, fmt.Sprintf("%.1f m", m))
	}
	if d, ok := g.number(gpsDirection, 0); ok {
		add(meta.Location, meta.LabelDirection, fmt.Sprintf("%.1f°", d))
	}
	if v := g.moment(); v != "" {
		add(meta.Date, meta.LabelGPSTime, v, gpsTime)
	}
	text := func(tag uint16, l meta.Label) {
		if v := decode(comment, g.p[tag].value); v != "" {
			r.add(meta.Finding{Kind: meta.Location, Label: l, Where: dirNames[dirGPS], Value: meta.Show(v), Needles: needles(comment, g.p[tag].value, v)})
		}
	}
	text(gpsMethod, meta.LabelGPSOther)
	text(gpsArea, meta.LabelPlace)
	more := 0
	for tag := range uint16(gpsTags) {
		f, ok := g.p[tag]
		if !ok {
			continue
		}
		switch tag {
		case gpsSatellites, gpsSpeed, gpsTrack, gpsDestBearing, gpsDestDistance:
			if len(bytes.Trim(f.value, "\x00 ")) > 0 {
				more++
			}
		case gpsLatRef, gpsLonRef, gpsAltRef, gpsDestLatRef, gpsDestLonRef: // only say how to read another one
		case gpsLat, gpsLon, gpsAlt, gpsTime, gpsDirection, gpsDestLat, gpsDestLon, gpsMethod, gpsArea, gpsDate:
		default:
			if len(f.value) > 64 {
				r.unknown(value{dir: dirGPS, field: f})
			} else {
				r.settings++ // versions, modes, precision
			}
		}
	}
	if more > 0 {
		add(meta.Location, meta.LabelGPSOther, count(more))
	}
}

type adder func(k meta.Kind, l meta.Label, v string, from ...uint16)

// position adds a pair of coordinates. All zero means that there was no reception.
func (g place) position(latRef, lat, lonRef, lon uint16, add adder) {
	if len(bytes.Trim(g.p[lat].value, "\x00 "))+len(bytes.Trim(g.p[lon].value, "\x00 ")) == 0 {
		return
	}
	a, okA := g.degrees(lat, latRef, "S", 90)
	o, okO := g.degrees(lon, lonRef, "W", 180)
	switch {
	case okA && okO && (a != 0 || o != 0):
		add(meta.Location, meta.LabelPosition, fmt.Sprintf("%.5f, %.5f", a, o), lat, lon)
	case okA && okO, g.empty(lat) && g.empty(lon): // 0/1, 0/1, 0/1 or 0/0
	case okA:
		add(meta.Location, meta.LabelPosition, fmt.Sprintf("%.5f, ?", a), lat, lon)
	case okO:
		add(meta.Location, meta.LabelPosition, fmt.Sprintf("?, %.5f", o), lat, lon)
	default:
		add(meta.Location, meta.LabelPosition, "", lat, lon)
	}
}

// empty reports whether the numbers of a field are all nought, or no numbers.
func (g place) empty(tag uint16) bool {
	f := g.p[tag]
	if f.typ != typeRational && f.typ != typeSRational {
		return len(bytes.Trim(f.value, "\x00 ")) == 0
	}
	for i := 0; i+8 <= len(f.value); i += 8 {
		if g.o.Uint32(f.value[i:]) != 0 {
			return false
		}
	}
	return true
}

// moment is the time of the satellites, or as much of it as is there.
func (g place) moment() string {
	day := decode(date, g.p[gpsDate].value)
	h, okH := g.number(gpsTime, 0)
	m, okM := g.number(gpsTime, 1)
	s, okS := g.number(gpsTime, 2)
	if !okH || !okM || !okS || day == "" && g.empty(gpsTime) {
		return day
	}
	return strings.TrimSpace(fmt.Sprintf("%s %02d:%02d:%02d UTC", day, int64(h), int64(m), int64(s)))
}

// number is the i-th number of a field.
func (g place) number(tag uint16, i int) (float64, bool) {
	f := g.p[tag]
	n := int(sizeOf(f.typ))
	if n == 0 || len(f.value) < (i+1)*n {
		return 0, false
	}
	b := f.value[i*n:]
	switch f.typ {
	case typeRational, typeSRational:
		num, den := float64(g.o.Uint32(b)), float64(g.o.Uint32(b[4:]))
		if f.typ == typeSRational {
			num, den = float64(int32(g.o.Uint32(b))), float64(int32(g.o.Uint32(b[4:])))
		}
		return num / den, den != 0
	case typeFloat:
		v := float64(math.Float32frombits(g.o.Uint32(b)))
		return v, !math.IsNaN(v) && math.Abs(v) < 1e9
	case typeDouble:
		v := math.Float64frombits(g.o.Uint64(b))
		return v, !math.IsNaN(v) && math.Abs(v) < 1e9
	case typeShort:
		return float64(g.o.Uint16(b)), true
	case typeLong:
		return float64(g.o.Uint32(b)), true
	}
	return 0, false
}

// degrees puts degrees, minutes and seconds together; minus is the reference
// that makes them negative. Missing minutes or seconds count as none.
func (g place) degrees(tag, ref uint16, minus string, most float64) (float64, bool) {
	d, ok := g.number(tag, 0)
	if !ok {
		return 0, false
	}
	m, _ := g.number(tag, 1)
	s, _ := g.number(tag, 2)
	d += m/60 + s/3600
	if math.IsNaN(d) || math.Abs(d) > most {
		return 0, false
	}
	if strings.HasPrefix(strings.ToUpper(string(g.p[ref].value)), minus) {
		d = -d
	}
	return d, true
}
