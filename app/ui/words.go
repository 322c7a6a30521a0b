package ui

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tabir/app/model"
	"tabir/app/text"
	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

// words says everything that the window says. Keys are written out as literals:
// the catalogue's test finds them so.
type words struct{ text.Words }

func (w words) badge(b model.Badge) look {
	given := func(icon, word string) look { return look{icon, word, colorBadge, colorBadgeText} }
	switch b {
	case model.BadgePlace:
		return given("place", w.T("location"))
	case model.BadgePeople:
		return given("people", w.T("people"))
	case model.BadgeFaces:
		return given("people", w.T("faces"))
	case model.BadgeDevice:
		return given("device", w.T("device"))
	case model.BadgeDate:
		return given("date", w.T("date"))
	case model.BadgePicture:
		return given("hidden", w.T("hidden picture"))
	case model.BadgeVideo:
		return given("video", w.T("hidden video"))
	case model.BadgeFile:
		return given("hidden", w.T("hidden file"))
	case model.BadgeText:
		return given("text", w.T("text"))
	case model.BadgeName:
		return given("name", w.T("file name"))
	case model.BadgeOther:
		return given("other", w.T("other data"))
	case model.BadgeNothing:
		return look{"none", w.T("nothing found"), colorCalm, colorCalmText}
	}
	return look{"warn", w.T("cannot be cleaned"), colorAlarm, colorAlarmText}
}

// looked says what is known of faces in a photo that has no copy yet, and how
// areas are drawn. It never says that all faces were found.
func (w words) looked(it *model.Item, basic bool) string {
	s := w.T("Drag in the picture to cover an area.")
	switch covered := len(it.Covered()); {
	case it.Look == model.Looking:
		return w.T("Looking for faces…")
	case it.Look == model.LookFailed:
		s = w.T("Faces could not be looked for in this photo. Look yourself, and drag in the picture to cover an area.")
	case len(it.Areas) > 0:
		s = w.N("{{.N}} areas will be covered. Faces are missed: look yourself, and drag to cover more. Click an area to pick it.", covered)
	case it.Look == model.Looked:
		s = w.T("No face was found. Faces are missed: look yourself, and drag in the picture to cover an area.")
	}
	if basic {
		s += "\n" + w.T("Basic face finder: often misses turned faces.")
	}
	return s
}

// cut says what the copy will be cut to, in a line of its own, or why it will not be.
func (w words) cut(it *model.Item) string {
	switch {
	case it.CropErr != nil:
		return "\n" + w.T("This kind of photo cannot be cut yet.")
	case it.Crop.Empty():
		return ""
	}
	return "\n" + w.T("The copy will be cut to {{.Width}} × {{.Height}} pixels.", "Width", it.Crop.Dx(), "Height", it.Crop.Dy())
}

// cutting says how it is chosen what the copy will be cut to.
func (w words) cutting(it *model.Item) string {
	return w.T("Drag in the picture to choose what the copy shows. It is cut without loss, so a little more may stay.") + w.cut(it)
}

// faces says what became of faces in the copy of a photo, and of the photo itself
// where it had to be coded anew for that.
func (w words) faces(it *model.Item) string {
	s := w.covered(it)
	if it.Report.NewPicture {
		s += "\n" + w.T("The copy is a new picture, made from what is seen.")
	}
	return s
}

func (w words) covered(it *model.Item) string {
	switch r := it.Report; {
	case len(r.Covered) == 0 && it.Look == model.Looked:
		return w.T("Faces: none covered. Look yourself.")
	case len(r.Covered) == 0:
		return w.T("Faces: not looked for.")
	case len(r.Outside) > 0:
		return w.N("{{.N}} areas covered, but a face may be left beside them: look at the copy.", len(r.Covered))
	}
	return w.N("{{.N}} areas covered. Look at the copy before you share it.", len(it.Report.Covered))
}

// facesOf says what became of faces in all copies.
func (w words) facesOf(items []*model.Item) string {
	covered, looked := 0, 0
	for _, it := range items {
		if it.Status() != model.Made {
			continue
		}
		if len(it.Report.Covered) > 0 {
			covered++
		}
		if it.Look == model.Looked {
			looked++
		}
	}
	switch {
	case covered > 0:
		return w.N("Faces: areas were covered in {{.N}} copies. Look at every copy before you share it.", covered)
	case looked > 0:
		return w.T("Faces: none covered. Look yourself.")
	}
	return w.T("Faces: not looked for.")
}

// status is what a row says of the item itself, beside what it gives away; ok is
// false where there is nothing to say.
func (w words) status(it *model.Item) (_ look, ok bool) {
	switch it.Status() {
	case model.Waiting:
		return look{"wait", w.T("not looked at yet"), colorLine, "foreground"}, true
	case model.Queued:
		return look{"wait", w.T("waiting for its copy"), colorLine, "foreground"}, true
	case model.Made:
		if len(it.Report.Remains()) > 0 {
			return look{"warn", w.T("copy checked, holds more than is seen"), colorBadge, colorBadgeText}, true
		}
		return look{"none", w.T("copy checked"), colorCalm, colorCalmText}, true
	case model.Not:
		return look{"warn", w.T("NOT cleaned"), colorAlarm, colorAlarmText}, true
	}
	return look{}, false
}

// group heads what findings of one kind give away together.
func (w words) group(k meta.Kind) (icon, title string) {
	switch k {
	case meta.Location:
		return "place", w.T("Where it was taken")
	case meta.People:
		return "people", w.T("Who is in it")
	case meta.Owner:
		return "people", w.T("Who made it or owns it")
	case meta.Device:
		return "device", w.T("Which device took it")
	case meta.Date:
		return "date", w.T("When it was taken or changed")
	case meta.FileName:
		return "name", w.T("What the file name tells")
	case meta.Picture:
		return "hidden", w.T("Hidden pictures, video and files")
	case meta.Text:
		return "text", w.T("Text inside the file")
	case meta.Software:
		return "other", w.T("Programs and edits")
	case meta.Colour:
		return "eye", w.T("How it is to be shown")
	}
	return "other", w.T("Other hidden data")
}

// finding is one line: what it is, its value and its size.
func (w words) finding(f meta.Finding) string {
	s := upperFirst(w.T(string(f.Label)))
	if town := model.Town(f); town != "" {
		s = w.T("Near {{.Town}}: {{.Position}}", "Town", town, "Position", strings.ReplaceAll(f.Value, "-", "−"))
	} else if f.Value != "" {
		s = w.T("{{.Label}}: {{.Value}}", "Label", s, "Value", w.value(f))
	}
	if f.Size >= 1000 {
		s = w.T("{{.Thing}} ({{.Size}})", "Thing", s, "Size", w.size(f.Size))
	}
	return s
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func (w words) size(n int64) string {
	if n >= 1_000_000 {
		return w.T("{{.Size}} MB", "Size", fmt.Sprintf("%.1f", float64(n)/1e6))
	}
	return w.T("{{.Size}} kB", "Size", (n+500)/1000)
}

// fate is what becomes of a finding, or became of it.
func (w words) fate(f meta.Fate, after bool) look {
	gone := look{"none", w.T("will be removed"), colorBadge, colorBadgeText}
	if after {
		gone = look{"none", w.T("removed"), colorCalm, colorCalmText}
	}
	switch f {
	case meta.Removed:
		return gone
	case meta.Outside:
		gone.word = w.T("not in the copy's name")
		return gone
	case meta.Rewritten:
		return look{"stays", w.T("only what the picture needs stays"), colorLine, "foreground"}
	case meta.Kept:
		return look{"stays", w.T("kept because you asked"), colorLine, "foreground"}
	}
	return look{"stays", w.T("stays: needed to show the picture"), colorLine, "foreground"}
}

// problem says why there is no copy, and what to do.
func (w words) problem(err error) (sentence, next string) {
	sentence, next = text.Explain(err)
	if errors.Is(err, scrub.ErrExists) {
		return w.T(sentence), w.T("Make the copies again.")
	}
	return w.T(sentence), text.WithoutOptions(w.T(next))
}

func (w words) notice(n model.Notice) string {
	switch n {
	case model.NoticeWeb:
		return w.T("That is an address on the web. Tabir never goes there: save the picture first, then add the file.")
	case model.NoticeTwice:
		return w.T("Photos that are on the list already were not added twice.")
	case model.NoticeQueued:
		return w.T("New photos are looked at as soon as these copies are made.")
	case model.NoticeCompanion:
		return w.T("Beside these photos lie files that belong to them (a short video, edits or a description). They tell of the photos too: not cleaned, not copied.")
	case model.NoticeStopped:
		return w.T("Stopped. What was not looked at is not on the list.")
	case model.NoticeModel:
		return w.T("The better face finder is in use until Tabir is closed. It still misses faces: look yourself.")
	case model.NoticeNoModel:
		return w.T("That file is not a face finder that Tabir knows, so nothing was changed. It needs the official file yunet_n_640_640.onnx or face_detection_yunet_2023mar.onnx.")
	}
	return w.T("No photo was found in that folder.")
}

// skipped tells what was left out of folders, and that it is not cleaned.
func (w words) skipped(s map[string]int) string {
	var parts []string
	for _, what := range slices.SortedFunc(maps.Keys(s), func(a, b string) int { return cmp.Or(s[b]-s[a], strings.Compare(a, b)) }) {
		thing := w.kind(what)
		switch what {
		case "":
			thing = w.T("no picture")
		case batch.Symlink.String():
			thing = w.T("a link to another place")
		case batch.Special.String():
			thing = w.T("neither file nor folder")
		case batch.Unreadable.String():
			thing = w.T("cannot be read")
		}
		parts = append(parts, w.T("{{.Count}} × {{.Thing}}", "Count", s[what], "Thing", thing))
	}
	if parts == nil {
		return ""
	}
	return w.T("Left out and NOT cleaned: {{.List}}", "List", strings.Join(parts, ", "))
}

func (w words) summary(c model.Count, all int) string {
	s := w.N("{{.N}} photos", all)
	if c.Reveal == 0 {
		return s
	}
	return w.N("{{.Photos}}, {{.N}} of them give something away", c.Reveal, "Photos", s)
}

// headline begins with what went wrong.
func (w words) headline(c model.Count, stopped bool, leftOut int) string {
	var s []string
	if n := c.Not + c.Unable; n > 0 {
		s = append(s, w.N("{{.N}} photos were NOT cleaned: do not share them.", n))
	}
	if leftOut > 0 {
		s = append(s, w.N("{{.N}} more files in the folders were left out and NOT cleaned.", leftOut))
	}
	if stopped {
		s = append(s, w.N("Stopped before the end: {{.N}} photos have no copy yet.", c.Ready))
	}
	if c.Made > 0 {
		s = append(s, w.N("{{.N}} cleaned copies were made and checked.", c.Made))
	}
	if c.More > 0 {
		s = append(s, w.N("{{.N}} copies hold more than is seen: read what, before you share them.", c.More))
	}
	return strings.Join(s, " ")
}

// folder shows a path as people know it: the home folder as ~.
func folder(path string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "" {
		return meta.Show(path)
	}
	if rel, err := filepath.Rel(home, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return meta.Show(filepath.Join("~", rel))
	}
	return meta.Show(path)
}
