package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tabir/app/text"
	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

// The words of the command line. They follow the rules at the top of package
// text: results go to standard output, begin with what went wrong, promise only
// what was checked, and every problem comes with a next step.

// people is the reporter for people: a line a photo, and a summary.
type people struct {
	*env
	verb    string // clean, plan, inspect or verify
	policy  meta.Policy
	inPlace bool

	detector scrub.FaceDetector // nil: faces are not looked for
}

// show makes a path or a message fit for a terminal: a file name must not be
// able to forge a line.
func show(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// near is path as somebody in the working folder would write it.
func near(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path
	}
	return rel
}

var reasons = map[batch.Reason]string{
	batch.NotPicture: "not a picture that can be cleaned, not copied",
	batch.Sidecar:    "a file that tells of photos, not copied",
	batch.Symlink:    "a symbolic link, not followed",
	batch.Special:    "neither a file nor a folder",
	batch.OwnOutput:  "the folder that this run writes to, or an unfinished copy",
	batch.Twice:      "named more than once",
	batch.Unreadable: "cannot be read, not copied",
	batch.Companion:  "belongs to a photo, not cleaned, not copied",
}

func (p *people) skipped(s batch.Skip) {
	line := "skipped: " + show(near(s.Path)) + ": " + reasons[s.Why]
	if s.Detail != "" && s.Detail != s.Path {
		line += " (" + show(s.Detail) + ")"
	}
	fmt.Fprintln(p.out, line)
}

func (p *people) done(e batch.Event) {
	r := e.Report
	src := show(near(e.Job.Src))
	switch o := r.Outcome(); {
	case o == scrub.Cleaned || o == scrub.AlreadyClean:
		fmt.Fprintln(p.out, p.success(e, o, src))
	case o == scrub.Inspected && p.verb == "plan":
		fmt.Fprintf(p.out, "would clean: %s -> %s: %s\n", src, show(near(e.Job.Dst)), kinds(r.Findings, meta.Removed, "nothing to remove"))
	case o == scrub.Inspected:
		p.inspected(e, src)
	case e.Err != nil && p.verb != "clean":
		p.problem(e)
	}
	if r.WrongExt != "" {
		fmt.Fprintf(p.out, "  note: the content is %s, although its name ends in %s\n", strings.ToUpper(r.Format), show(filepath.Ext(e.Job.Src)))
	}
}

func (p *people) success(e batch.Event, o scrub.Outcome, src string) string {
	if p.verb == "verify" {
		return "clean: " + src + remains(e.Report)
	}
	line := "cleaned: " + src
	if o == scrub.AlreadyClean {
		line = "already clean: " + src
	}
	if !p.inPlace {
		line += " -> " + show(near(e.Job.Dst))
	}
	if o == scrub.Cleaned {
		line += ": removed " + kinds(e.Report.Findings, meta.Removed, "nothing that identifies")
	}
	line += anew(e.Report) + covered(e.Report)
	if e.Report.Kept != 0 {
		line += "; kept because you asked: " + strings.Join(e.Report.Kept.Names(), ", ")
	}
	if names := kinds(e.Report.Findings, meta.Outside, ""); names != "" && filepath.Base(e.Job.Dst) == filepath.Base(e.Job.Src) {
		line += "\n  note: the name of the file tells something too (--names number gives neutral names)"
	}
	return line + remains(e.Report)
}

// remains tells of what a copy still holds beside the picture that is seen.
func remains(r *scrub.Report) string {
	var out strings.Builder
	for _, f := range r.Remains() {
		fmt.Fprintf(&out, "\n  still in it: %s", f.Label)
		if f.Value != "" {
			fmt.Fprintf(&out, ": %s", f.Value)
		}
	}
	return out.String()
}

// anew says of a copy that it is a new picture.
func anew(r *scrub.Report) string {
	line := ""
	if r.NewPicture {
		line = "; a new " + strings.ToUpper(r.OutFormat) + " picture, made from what is seen"
	}
	if r.FirstFrame {
		line += "; ONLY THE FIRST FRAME of the animation"
	}
	return line
}

// inspected lists what a photo gives away, the most telling first.
func (p *people) inspected(e batch.Event, src string) {
	fs := slices.Clone(e.Report.Findings)
	if len(fs) == 0 {
		if p.verb == "verify" {
			fmt.Fprintf(p.out, "NOT CLEAN: %s: not in the form of a clean file\n  hint: make a copy with: tabir-cli clean %s\n", src, src)
			return
		}
		fmt.Fprintf(p.out, "%s (%s): no location, device or personal data found\n", src, e.Report.Format)
		return
	}
	if p.verb == "verify" {
		fmt.Fprintf(p.out, "NOT CLEAN: %s (%s)\n", src, e.Report.Format)
	} else {
		fmt.Fprintf(p.out, "%s (%s)\n", src, e.Report.Format)
	}
	order := meta.Kinds()
	slices.SortStableFunc(fs, func(a, b meta.Finding) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	for _, f := range fs {
		line := fmt.Sprintf("  %-10s %s", f.Kind, f.Label)
		if f.Value != "" {
			line += ": " + f.Value
		}
		if f.Size > 0 {
			line += fmt.Sprintf(" (%s)", size(f.Size))
		}
		fmt.Fprintf(p.out, "%s  [%s; %s]\n", line, show(f.Where), fates[f.Fate])
	}
}

var fates = map[meta.Fate]string{
	meta.Stays:     "stays: needed to show the picture",
	meta.Removed:   "would be removed",
	meta.Rewritten: "stays, written anew",
	meta.Kept:      "kept because you asked",
	meta.Outside:   "in the name",
}

func (p *people) problem(e batch.Event) {
	sentence, next := text.Explain(e.Err)
	word := "NOT CLEANED"
	if p.verb == "inspect" || p.verb == "verify" {
		word = "PROBLEM"
	}
	fmt.Fprintf(p.out, "%s: %s: %s (%s)\n  hint: %s\n", word, show(near(e.Job.Src)), sentence, show(firstLine(e.Err.Error())), next)
}

// firstLine leaves out the trace of an internal error.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (p *people) end(t tally) {
	if p.verb == "inspect" || p.verb == "verify" {
		p.endLooking(t)
		return
	}
	fmt.Fprintln(p.out)
	if n := len(t.problems); n > 0 {
		fmt.Fprintf(p.out, "%s NOT cleaned: do not share %s.\n", count(n, "photo was", "photos were"), map[bool]string{true: "it", false: "them"}[n == 1])
		if p.verb == "clean" {
			for _, e := range t.problems {
				p.problem(e)
			}
		}
	}
	if p.verb == "plan" {
		fmt.Fprintf(p.out, "%s would be cleaned. Nothing was written.\n", count(t.inspected, "photo", "photos"))
		return
	}
	if t.cleaned+t.already > 0 {
		fmt.Fprintf(p.out, "%s made", count(t.cleaned+t.already, "clean copy", "clean copies"))
		if t.already > 0 {
			fmt.Fprintf(p.out, ", %d of a photo that was clean already", t.already)
		}
		fmt.Fprintln(p.out, ". Checked: no location, device or personal data found in the written files.")
		fmt.Fprintln(p.out, "What anyone can see in the pictures is still there; what may be hidden inside the compressed picture data was not looked at.")
	}
	if t.remains > 0 {
		fmt.Fprintf(p.out, "%s more than what is seen (\"still in it\" above): look before you share.\n", count(t.remains, "copy still holds", "copies still hold"))
	}
	if t.looked > 0 {
		fmt.Fprintf(p.out, "Faces were covered in %s. In %d none was found. %s: look at every copy before you share it.\n", count(t.looked-len(t.faceless), "picture", "pictures"), len(t.faceless), misses(p.detector))
		for _, path := range t.faceless {
			fmt.Fprintf(p.out, "  no face found: %s\n", show(near(path)))
		}
	}
	if t.skipped > 0 {
		fmt.Fprintf(p.out, "%s skipped (listed above), and not copied.\n", count(t.skipped, "other file was", "other files were"))
	}
	if t.cleaned+t.already+len(t.problems) == 0 {
		fmt.Fprintln(p.out, "No photos that can be cleaned were found.")
	}
}

func (p *people) endLooking(t tally) {
	if n := len(t.problems); n > 0 {
		fmt.Fprintf(p.out, "\n%s could not be looked at in full.\n", count(n, "photo", "photos"))
	}
	if p.verb == "verify" {
		fmt.Fprintf(p.out, "\n%d clean, %d not clean, %d with problems.\n", t.already, t.inspected, len(t.problems))
	}
}

// kinds names the kinds of the findings with one fate.
func kinds(fs []meta.Finding, fate meta.Fate, none string) string {
	var out []string
	for _, k := range meta.Kinds() {
		if slices.ContainsFunc(fs, func(f meta.Finding) bool { return f.Kind == k && f.Fate == fate }) {
			out = append(out, kindWords[k])
		}
	}
	if out == nil {
		return none
	}
	return strings.Join(out, ", ")
}

var kindWords = map[meta.Kind]string{
	meta.Location: "location", meta.People: "names of people", meta.Owner: "owner or author", meta.Serial: "serial numbers", meta.Device: "device",
	meta.Date: "dates", meta.FileName: "file name", meta.Picture: "hidden pictures", meta.Media: "video or sound", meta.Attachment: "hidden files",
	meta.Text: "texts", meta.Software: "programs", meta.Provenance: "signed origin", meta.MakerNote: "maker's private block", meta.Settings: "camera settings",
	meta.Colour: "colour profile", meta.Unknown: "unknown data",
}

// size says a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}
