// Command runes prints the characters of Tabir's own words that a font for one
// language has to hold, or, for the language "names", those of the languages' names:
//
//	go run ./.ci/runes zh-Hans
package main

import (
	"fmt"
	"log"
	"os"
	"slices"

	"tabir/app/text"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: runes LANGUAGE")
	}
	all := map[rune]bool{}
	for _, r := range text.Runes("names") {
		all[r] = true
	}
	if tag := os.Args[1]; tag != "names" {
		all[' '] = true // the height of lines is that of the font with the space
		for _, r := range text.Runes(tag) {
			all[r] = true
		}
	}
	var out []rune
	for r := range all {
		if r == ' ' || r > 0x7f {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	fmt.Print(string(out))
}
