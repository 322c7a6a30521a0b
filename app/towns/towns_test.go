package towns

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

func TestNear(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{
		{-8.5069, 115.2625, "Ubud"}, {48.857, 2.352, "Paris"}, {37.5665, 126.978, "Seoul"}, {39.905, 116.4, "Beijing"},
		{37.98, 23.73, "Athens"}, {33.96, -83.38, "Athens"}, // of two of that name
		{0, -30, ""}, {90, 0, ""}, {-90, 500, ""}, // in the sea, at the pole, nowhere
		{-36.85, 174.76 - 360, "Auckland"}, // across the date line
	} {
		assert.Equal(t, c.want, Near(c.lat, c.lon))
	}
}

func TestTable(t *testing.T) {
	Load()
	assert.Greater(t, len(all()), 40_000)
	for _, town := range all() {
		if town.name == "" || town.lat < -90 || town.lat > 90 || town.lon < -180 || town.lon > 180 {
			t.Errorf("%v", town)
		}
		for _, r := range town.name {
			if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin) {
				t.Errorf("%s is not in Latin letters", town.name)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Near(-8.5, 115.26)
	}
}
