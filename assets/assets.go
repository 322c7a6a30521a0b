// Package assets holds the files that are part of the programs.
package assets

import "embed"

// Notices are the licences of all modules that are linked into the programs.
// TestNotices keeps them true.
//
//go:embed NOTICES.txt
var Notices string

// Icon is the program's icon, a PNG of 512 pixels drawn from icon.svg.
//
//go:embed icon.png
var Icon []byte

//go:embed icons/*.svg
var icons embed.FS

// SVG returns the one-coloured drawing of that name, 24 units wide and high. It
// panics where there is none: names are constants.
func SVG(name string) []byte {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(err)
	}
	return b
}
