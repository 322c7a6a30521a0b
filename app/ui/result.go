package ui

import (
	"strings"

	"tabir/app/model"
	"tabir/app/text"
)

// mostNamed bounds how many photos a message names.
const mostNamed = 10

// Result says in one message what came of a run, beginning with what went wrong.
func Result(t text.Words, s *model.Session) (message string, bad bool) {
	w := words{t}
	c := s.Count()
	parts := []string{w.headline(c, s.Run().Stopped, s.LeftOut())}
	named := 0
	for _, it := range s.Items() {
		if it.Err == nil {
			continue
		}
		if named++; named > mostNamed {
			break
		}
		sentence, next := w.problem(it.Err)
		parts = append(parts, it.Name()+"\n"+sentence+" "+next)
	}
	if c.Made > 0 {
		parts = append(parts,
			w.T("The copies are in {{.Folder}}", "Folder", folder(s.Run().Folder)),
			strings.Join([]string{w.hiddenOf(s.Items(), c.Made), w.facesOf(s.Items()), w.T("What anyone can see in the pictures is still there.")}, "\n"))
	}
	if len(s.Items()) == 0 {
		parts = []string{w.T("No photo was found in that folder.")}
	}
	return strings.Join(parts, "\n\n"), c.Made == 0 || c.Unable+c.Not+s.LeftOut() > 0
}
