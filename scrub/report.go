package scrub

import (
	"image"

	"tabir/scrub/internal/face"
	"tabir/scrub/internal/verify"
	"tabir/scrub/meta"
)

// Outcome says how work on one picture ended. The zero value is Failed, so that
// a forgotten field never reads as success.
type Outcome uint8

const (
	Failed       Outcome = iota // no output; the error says why
	Refused                     // no output; the picture is of a kind, or in a state, that cannot be cleaned
	Inspected                   // looked at, nothing was written or promised
	Cleaned                     // written and verified
	AlreadyClean                // held nothing to remove; verified
)

var outcomeNames = [...]string{"failed", "refused", "inspected", "cleaned", "already-clean"}

// String is the stable name of o that JSON output uses.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Failed]
}

// Report says what was found in a picture and what became of it.
type Report struct {
	Format string // "jpeg"; empty where the content is of no known format
	// NewPicture says that the output was made of the pixels of the source: its
	// coded picture data is not the source's. OutFormat is its format then, and
	// FirstFrame says that the source is an animation, of which it is the first frame.
	NewPicture bool
	OutFormat  string
	FirstFrame bool
	Size       int64 // bytes of the source
	OutSize    int64 // bytes of the output, 0 where there is none
	Findings   []meta.Finding
	Kept       meta.Keep // what the user asked to keep and the output really holds
	// WrongExt is the file name extension that fits the content, where the name
	// has one that belongs to another format.
	WrongExt string
	// Cropped is the part of the upright picture that the copy shows, in pixels;
	// empty where nothing was cut off.
	Cropped image.Rectangle
	// Covered are the areas that were painted over, in pixels of the upright
	// picture that was written; Faces is how many of them are faces that a detector proposed, and
	// Looked whether one looked.
	Covered []Region
	Faces   int
	Looked  bool
	// Outside are the faces that a quick look at the written picture saw outside
	// the covered areas, and Checked whether there was one.
	Outside []face.Box
	Checked bool

	// Out is the file that CleanFile wrote: the target, with another extension where
	// the output has another format than the source.
	Out string

	outcome Outcome
	proof   verify.Proof
	skimmed bool // see Options.skim
}

// Outcome says how it ended. Cleaned and AlreadyClean need a proof, which only
// the verification of the written file makes.
func (r *Report) Outcome() Outcome {
	if r == nil || (r.outcome == Cleaned || r.outcome == AlreadyClean) && !r.proof.Holds() {
		return Failed
	}
	return r.outcome
}

// Identifying lists the findings that can lead to a person, a place, a time or
// one device and that are, or were, in the file's bytes.
func (r *Report) Identifying() []meta.Finding {
	var out []meta.Finding
	for _, f := range r.Findings {
		if f.Kind.Identifies() && (f.Fate == meta.Removed || f.Fate == meta.Kept) {
			out = append(out, f)
		}
	}
	return out
}

// Remains lists what the output still holds beside the picture that is seen:
// content that decodes and is not shown, the faces and voices of a video. A copy
// with such a thing is not plainly clean, and whoever tells of it has to say so.
func (r *Report) Remains() []meta.Finding {
	var out []meta.Finding
	for _, f := range r.Findings {
		if f.Kind.Identifies() && f.Fate == meta.Stays {
			out = append(out, f)
		}
	}
	return out
}
