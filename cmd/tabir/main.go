// Command tabir is the desktop app. Files and folders named on its command line
// are on the list when it opens.
package main

import (
	"fmt"
	"os"

	fyneapp "fyne.io/fyne/v2/app"

	"tabir/app"
)

// version is set by the linker.
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("tabir", version)
		return
	}
	os.Exit(app.Main(fyneapp.NewWithID, os.Args[1:]))
}
