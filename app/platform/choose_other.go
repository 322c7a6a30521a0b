//go:build !linux

package platform

// Choose lets the user choose files, or a folder, in the system's own dialog.
// Cancelled: no paths and no error.
func Choose(title string, folder bool) ([]string, error) { return byZenity(title, folder) }
