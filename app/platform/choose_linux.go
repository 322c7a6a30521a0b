package platform

import (
	"strings"

	"github.com/ncruces/zenity"
	"github.com/rymdport/portal/filechooser"
)

// Choose lets the user choose files, or a folder, in a dialog of the desktop:
// zenity's, which gets every name right, else the portal's. Cancelled: no paths
// and no error. [ErrNone]: the desktop has no such dialog.
func Choose(title string, folder bool) (paths []string, err error) {
	if zenity.IsAvailable() {
		return byZenity(title, folder)
	}
	defer func() {
		if recover() != nil { // the portal's package trusts every answer of the bus
			paths, err = nil, ErrNone
		}
	}()
	uris, err := filechooser.OpenFile("", title, &filechooser.OpenFileOptions{Multiple: true, Directory: folder})
	if err != nil {
		return nil, ErrNone
	}
	for _, u := range uris { // unescaped already
		if p, ok := strings.CutPrefix(u, "file://"); ok {
			paths = append(paths, p)
		}
	}
	return paths, nil
}
