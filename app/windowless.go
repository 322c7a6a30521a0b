package app

import (
	"errors"

	"tabir/app/model"
	"tabir/app/platform"
	"tabir/app/text"
	"tabir/app/ui"
)

// dialogs are those of the system.
type dialogs interface {
	Tell(s string, bad bool)
	Ask(s, yes, no string) (bool, error)
	Choose(title string) ([]string, error)
}

// Exit codes of a program that has no window.
const (
	allMade  = 0
	notAll   = 1 // something went wrong, or nothing was asked for
	noDialog = 5 // there are no dialogs either
)

// withoutWindow says that no window can be opened, and why, and offers the job by
// dialogs: choose, make the copies, tell the result. It returns the exit code.
func withoutWindow(w text.Words, c model.Config, d dialogs, why error, paths []string) int {
	sorry := w.T("Tabir cannot open its window on this computer: it needs OpenGL 2.1, which old computers, remote desktops and virtual machines often lack.") +
		"\n\n" + w.T("Copies without hidden data can still be made, by a few dialogs like this one. Faces and other areas cannot be covered that way.") +
		"\n\n" + w.T("In technical words: {{.Error}}", "Error", why)
	yes := w.T("Choose photos…")
	if len(paths) > 0 {
		yes = w.N("Make {{.N}} cleaned copies", len(paths))
	}
	ok, err := d.Ask(sorry, yes, w.T("Close"))
	switch {
	case errors.Is(err, platform.ErrNone):
		d.Tell(w.T("There are no dialogs on this computer either. On a command line, tabir-cli does the same work."), true)
		return noDialog
	case !ok:
		return notAll
	}
	if len(paths) == 0 {
		if paths, err = d.Choose(w.T("Choose photos")); err != nil {
			d.Tell(w.T("There are no dialogs on this computer either. On a command line, tabir-cli does the same work."), true)
			return noDialog
		}
		if len(paths) == 0 {
			return notAll
		}
	}
	s := work(c, paths)
	result, bad := ui.Result(w, s)
	d.Tell(result, bad)
	if bad {
		return notAll
	}
	return allMade
}

// work makes the copies, on this goroutine.
func work(c model.Config, paths []string) *model.Session {
	posted := make(chan func(), 64)
	c.Post = func(f func()) { posted <- f }
	c.Changed = func() {}
	s := model.New(c)
	until := func(end func() bool) {
		for !end() {
			(<-posted)()
		}
	}
	s.Add(paths, 0)
	until(func() bool { return s.State() != model.Scanning })
	s.Start()
	until(func() bool { return s.State() != model.Working })
	return s
}

var _ dialogs = platform.Dialogs{}
