// Package towns knows the towns of the world, so that a position can be told in
// words without asking anybody. The data is from GeoNames (https://www.geonames.org,
// CC BY 3.0).
package towns

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

// The table holds the name of each town of 5,000 people and more, and its latitude
// and longitude in degrees; gen writes it.
//
//go:embed towns.tsv.gz
var table []byte

type town struct {
	name     string
	lat, lon float32
}

// all is read when a place is first asked for: some 30 milliseconds, 3 MB.
var all = sync.OnceValue(func() []town {
	z, err := gzip.NewReader(bytes.NewReader(table))
	must(err)
	b, err := io.ReadAll(z)
	must(err)
	text := string(b)
	out := make([]town, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		lat, lon, _ := strings.Cut(rest, "\t")
		out = append(out, town{name, number(lat), number(lon)})
	}
	return out
})

func number(s string) float32 {
	v, err := strconv.ParseFloat(s, 32)
	must(err)
	return float32(v)
}

func must(err error) {
	if err != nil {
		panic(err) // the table is part of the program, and tested
	}
}

// Load reads the table, so that the first question is answered at once.
func Load() { all() }

// far is how far away a town still says where a place is, in kilometres.
const far = 50

// Near is the name of the town that is nearest to a position in degrees, in Latin
// letters; empty where none is near.
func Near(lat, lon float64) string {
	name, best := "", float64(far)
	for _, t := range all() {
		if math.Abs(float64(t.lat)-lat) > far/110.0 {
			continue
		}
		if d := distance(lat, lon, float64(t.lat), float64(t.lon)); d < best {
			name, best = t.name, d
		}
	}
	return name
}

// distance on the sphere in kilometres, by haversines.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := s*s + math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1)))
}
