package platform

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ncruces/zenity"
)

// Dialogs are messages of the system's own, for when there is no window.
type Dialogs struct{ Title string }

// Tell shows a message; bad says that something went wrong. Where there are no
// dialogs the message goes to the standard error output.
func (d Dialogs) Tell(s string, bad bool) {
	show := zenity.Info
	if bad {
		show = zenity.Warning
	}
	err := ErrNone
	if zenity.IsAvailable() {
		err = show(s, zenity.Title(d.Title))
	}
	if err != nil && !errors.Is(err, zenity.ErrCanceled) {
		d.print(os.Stderr, s)
	}
}

// Ask shows a question with the words for its two answers. The error wraps
// ErrNone where there are no dialogs; the question went to the standard error
// output then.
func (d Dialogs) Ask(s, yes, no string) (bool, error) {
	err := ErrNone
	if zenity.IsAvailable() {
		err = zenity.Question(s, zenity.Title(d.Title), zenity.OKLabel(yes), zenity.CancelLabel(no))
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, zenity.ErrCanceled):
		return false, nil
	}
	d.print(os.Stderr, s)
	return false, fmt.Errorf("%w: %w", ErrNone, err)
}

func (d Dialogs) print(to io.Writer, s string) {
	fmt.Fprintf(to, "%s: %s\n", d.Title, strings.ReplaceAll(s, "\n\n", "\n"))
}

// Choose lets the user choose photos.
func (d Dialogs) Choose(title string) ([]string, error) { return Choose(title, false) }
