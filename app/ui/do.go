package ui

import "fyne.io/fyne/v2"

// Do runs f on the goroutine of the window. Whatever others hand to it comes this
// way, and is timed like what the user does (probe.go).
func Do(f func()) {
	what := caller()
	fyne.Do(func() {
		defer timed(what)()
		f()
	})
}
