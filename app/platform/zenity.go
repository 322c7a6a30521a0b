package platform

import (
	"errors"

	"github.com/ncruces/zenity"
)

// ErrNone means that the desktop has no dialog of its own.
var ErrNone = errors.New("no native file dialog")

func byZenity(title string, folder bool) ([]string, error) {
	options := []zenity.Option{zenity.Title(title)}
	if folder {
		options = append(options, zenity.Directory())
	}
	out, err := zenity.SelectFileMultiple(options...)
	if errors.Is(err, zenity.ErrCanceled) {
		return nil, nil
	}
	return out, err
}
