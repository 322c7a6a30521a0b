package main

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"tabir/app/text"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// machine is the reporter for programs: one object a line. The keys are
// documented in README.md; none is ever renamed or reused.
type machine struct {
	*env
	values bool // include the values that were found
	target bool // there are outputs
}

// line is what every object has, and what some have.
type line struct {
	V         int       `json:"v"`
	Event     string    `json:"event"` // file, skip or summary
	Path      string    `json:"path,omitempty"`
	PathB64   string    `json:"path_b64,omitempty"` // the bytes of a path that is not UTF-8
	Out       string    `json:"out,omitempty"`
	OutB64    string    `json:"out_b64,omitempty"`
	Outcome   string    `json:"outcome,omitempty"`
	Format    string    `json:"format,omitempty"`
	WrongExt  string    `json:"fitting_extension,omitempty"`
	Size      int64     `json:"size,omitempty"`
	OutSize   int64     `json:"out_size,omitempty"`
	Kept      []string  `json:"kept,omitempty"`
	Remains   []string  `json:"remains,omitempty"`       // what the copy still holds beside the picture that is seen
	New       bool      `json:"new_picture,omitempty"`   // made of the pixels of the source
	OutFormat string    `json:"out_format,omitempty"`    // of a new picture
	First     bool      `json:"first_frame,omitempty"`   // the source is an animation, of which it is the first frame
	Covered   int       `json:"covered,omitempty"`       // areas that were painted over
	Cropped   []int     `json:"cropped,omitempty"`       // what it was cut to: x, y, width, height in the upright original
	Faces     *int      `json:"faces,omitempty"`         // faces that the detector proposed, where it looked
	Outside   *int      `json:"faces_outside,omitempty"` // faces that are seen in the copy outside the areas, where somebody looked
	Examined  string    `json:"examined,omitempty"`      // what was looked at: container, not the compressed picture data
	Findings  []finding `json:"findings,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Error     string    `json:"error,omitempty"`
	Message   string    `json:"message,omitempty"`
	Hint      string    `json:"hint,omitempty"`
	Cleaned   *int      `json:"cleaned,omitempty"`
	Already   *int      `json:"already_clean,omitempty"`
	Inspected *int      `json:"inspected,omitempty"`
	Found     *int      `json:"identifying,omitempty"`
	Refused   *int      `json:"refused,omitempty"`
	Failed    *int      `json:"failed,omitempty"`
	Skipped   *int      `json:"skipped,omitempty"`
}

type finding struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	Where string `json:"where,omitempty"`
	Fate  string `json:"fate"`
	Size  int64  `json:"size,omitempty"`
	Value string `json:"value,omitempty"` // only with --values
}

func (m *machine) print(l line) {
	l.V = 1
	enc := json.NewEncoder(m.out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(l) // nothing can be said where standard output is closed
}

func path(p string) (plain, b64 string) {
	if utf8.ValidString(p) {
		return p, ""
	}
	return "", base64.StdEncoding.EncodeToString([]byte(p))
}

func (m *machine) skipped(s batch.Skip) {
	l := line{Event: "skip", Reason: s.Why.String()}
	l.Path, l.PathB64 = path(s.Path)
	m.print(l)
}

func (m *machine) done(e batch.Event) {
	r := e.Report
	l := line{
		Event: "file", Outcome: r.Outcome().String(), Format: r.Format, WrongExt: r.WrongExt, Size: r.Size, OutSize: r.OutSize, Kept: r.Kept.Names(),
	}
	l.Path, l.PathB64 = path(e.Job.Src)
	for _, f := range r.Remains() {
		l.Remains = append(l.Remains, string(f.Label))
	}
	l.New, l.OutFormat, l.First = r.NewPicture, r.OutFormat, r.FirstFrame
	l.Covered = len(r.Covered)
	if c := r.Cropped; !c.Empty() {
		l.Cropped = []int{c.Min.X, c.Min.Y, c.Dx(), c.Dy()}
	}
	if r.Looked {
		l.Faces = &r.Faces
	}
	if n := len(r.Outside); r.Checked {
		l.Outside = &n
	}
	if r.Outcome() == scrub.Cleaned || r.Outcome() == scrub.AlreadyClean {
		l.Examined = "container"
		if m.target {
			l.Out, l.OutB64 = path(e.Job.Dst)
		}
	}
	for _, f := range r.Findings {
		g := finding{Kind: f.Kind.String(), Label: string(f.Label), Where: f.Where, Fate: f.Fate.String(), Size: f.Size}
		if m.values {
			g.Value = f.Value
		}
		l.Findings = append(l.Findings, g)
	}
	if e.Err != nil {
		l.Error = firstLine(e.Err.Error())
		l.Message, l.Hint = text.Explain(e.Err)
	}
	m.print(l)
}

func (m *machine) end(t tally) {
	m.print(line{
		Event: "summary", Cleaned: &t.cleaned, Already: &t.already, Inspected: &t.inspected, Found: &t.found,
		Refused: &t.refused, Failed: &t.failed, Skipped: &t.skipped,
	})
}
