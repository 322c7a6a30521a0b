// Package meta is the vocabulary that all of Tabir shares: what identifies
// people, what was found where, what becomes of it, and what a user chose to
// keep. It imports only the standard library and decides nothing.
package meta

// Kind says what a finding gives away.
type Kind uint8

const (
	Unknown    Kind = iota // data that no rule explains
	Location               // where the picture was taken
	Device                 // maker, model, lens
	Serial                 // numbers that single out one device or one shot
	Owner                  // owner, author, copyright, credit
	Date                   // when it was taken, changed or sent
	People                 // names of the people in the picture
	Text                   // captions, keywords, comments, prompts
	Software               // programs and the history of edits
	Picture                // thumbnails, previews, second pictures
	Media                  // video and sound beside the picture
	Attachment             // files hidden in or behind the picture
	Provenance             // signed origin data (C2PA)
	MakerNote              // a maker's private block
	Colour                 // a colour profile of one device
	Settings               // exposure and other technical values
	FileName               // what the name of the file says
	kinds
)

var kindNames = [kinds]string{
	"unknown", "location", "device", "serial", "owner", "date", "people", "text", "software",
	"picture", "media", "attachment", "provenance", "makernote", "colour", "settings", "filename",
}

// String is the stable name of k that JSON output uses.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return kindNames[Unknown]
}

// Kinds lists every kind, the most telling first.
func Kinds() []Kind {
	return []Kind{
		Location, People, Owner, Serial, Device, Date, FileName, Picture, Media, Attachment,
		Text, Software, Provenance, MakerNote, Settings, Colour, Unknown,
	}
}

// Identifies reports whether data of kind k can lead to a person, a place, a
// time or one device. Settings and Colour alone do not.
func (k Kind) Identifies() bool { return k != Settings && k != Colour }

// Fate says what becomes of a finding. The zero value is the careful one.
type Fate uint8

const (
	Stays     Fate = iota // stays in the output, because the picture needs it
	Removed               // not in the output
	Rewritten             // replaced by a block of our own that carries only what the picture needs
	Kept                  // written anew by us because the user asked for it
	Outside               // not in the file's bytes: its name
	fates
)

var fateNames = [fates]string{"stays", "removed", "rewritten", "kept", "outside"}

// String is the stable name of f that JSON output uses.
func (f Fate) String() string {
	if f < fates {
		return fateNames[f]
	}
	return fateNames[Stays]
}

// Finding is one thing that a picture says about people, places or devices.
type Finding struct {
	Kind  Kind
	Label Label  // what it is, in plain words
	Where string // the structure that holds it, for experts: "Exif GPS IFD", "tEXt chunk"
	Value string // for showing, through [Show]; empty where there is nothing to show
	Size  int64  // bytes, where the amount tells something (thumbnails, trailers), else 0
	Fate  Fate

	// Needles are the bytes of the value as the source holds them. The sweep of
	// the written file looks for them; they are never shown and never printed.
	Needles [][]byte
}

// With returns fs with every fate set to f.
func With(f Fate, fs []Finding) []Finding {
	for i := range fs {
		fs[i].Fate = f
	}
	return fs
}

// Keep is a set of things that a user may choose to keep. The zero value keeps nothing.
type Keep uint8

const (
	KeepCredit Keep = 1 << iota // one credit line: the name of the author and the copyright notice
	KeepDate                    // the date and time of capture, without its zone
	KeepHDR                     // the gain map that makes the HDR look of a JPEG, as a sealed picture of its own; HEIF keeps it always
	KeepMotion                  // the video of a motion photo, cleaned
)

// KeepNames are the words for [Keep] on the command line and in JSON.
var KeepNames = []struct {
	Name string
	Keep Keep
}{
	{"credit", KeepCredit},
	{"date", KeepDate},
	{"hdr", KeepHDR},
	{"motion", KeepMotion},
}

// Has reports whether all of x is in k.
func (k Keep) Has(x Keep) bool { return k&x == x && x != 0 }

// Names lists the words for what is in k.
func (k Keep) Names() []string {
	var out []string
	for _, n := range KeepNames {
		if k.Has(n.Keep) {
			out = append(out, n.Name)
		}
	}
	return out
}

// Policy says what a clean file may hold. The zero value removes everything.
type Policy struct {
	Keep    Keep
	NoSound bool // the sound of a video goes as well
}
