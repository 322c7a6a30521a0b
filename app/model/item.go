package model

import (
	"image"
	"path/filepath"
	"slices"

	"tabir/scrub"
	"tabir/scrub/meta"
)

// Status says where an item stands. The zero value is the careful one.
type Status uint8

const (
	Waiting Status = iota // not looked at yet
	Ready                 // can be cleaned
	Unable                // looked at: cannot be cleaned
	Queued                // in the run that is going on
	Made                  // a copy was written and checked
	Not                   // the run could not make a copy
)

// Item is a file on the list.
type Item struct {
	ID      int // never used twice in a session
	Path    string
	Base    string // the folder that it was chosen in or with
	Report  *scrub.Report
	Err     error           // why there is no copy: of the look, or of the run
	Copy    string          // the path of the copy; empty where there is none
	Areas   []Area          // to cover, or to leave
	Look    Look            // for faces
	Full    image.Point     // size of the upright picture in pixels, once it was decoded
	Crop    image.Rectangle // what the copy is cut to, in pixels of it; empty: all of it
	CropErr error           // why the last wish to cut could not be met
	Viewed  bool            // a person said that they looked at it
	Anew    bool            // its copy is to be a new picture, made of what is seen
	Sample  bool            // one that was drawn for showing, of nobody

	history
	picked  int  // number of the picked area, from 1; 0: none
	cutting bool // it is worked out what it can be cut to
	unseen  bool // nobody had looked at it when its copy was made
	queued  bool
	tried   bool   // a run has come to an end with it
	made    made   // the copy, as it was written
	key     []byte // of the name, for sorting
}

// Name is the file's name, fit for a screen.
func (i *Item) Name() string { return meta.Show(filepath.Base(i.Path)) }

// Status of the item. Only a report with a proof makes it Made.
func (i *Item) Status() Status {
	switch {
	case i.queued:
		return Queued
	case i.tried && i.Err == nil && i.Copy != "" && done(i.Report):
		return Made
	case i.tried:
		return Not
	case i.Err != nil:
		return Unable
	case i.Report != nil:
		return Ready
	}
	return Waiting
}

func done(r *scrub.Report) bool {
	o := r.Outcome()
	return o == scrub.Cleaned || o == scrub.AlreadyClean
}

// Badge is what a row of the list says at a glance about what a file gives away.
type Badge uint8

const (
	BadgePlace Badge = iota
	BadgePeople
	BadgeFaces // that a detector found
	BadgeDevice
	BadgeDate
	BadgePicture // pictures that are not seen
	BadgeVideo   // video or sound
	BadgeFile    // files behind the picture or in it
	BadgeText
	BadgeName
	BadgeOther
	BadgeNothing // nothing was found
	BadgeUnable
	badges
)

// Badges lists all badges, for the tests of words and icons.
func Badges() []Badge { return all[Badge](badges) }

var badgeOf = map[meta.Kind]Badge{
	meta.Location: BadgePlace, meta.People: BadgePeople, meta.Owner: BadgePeople,
	meta.Device: BadgeDevice, meta.Serial: BadgeDevice, meta.Date: BadgeDate,
	meta.Picture: BadgePicture, meta.Media: BadgeVideo, meta.Attachment: BadgeFile,
	meta.Text: BadgeText, meta.FileName: BadgeName,
	meta.Software: BadgeOther, meta.Provenance: BadgeOther, meta.MakerNote: BadgeOther, meta.Unknown: BadgeOther, meta.Settings: BadgeOther,
}

// Badges of the item, the most telling first; none while it was not looked at.
func (i *Item) Badges() []Badge {
	if i.Err != nil {
		return []Badge{BadgeUnable}
	}
	if i.Report == nil {
		return nil
	}
	var has [badges]bool
	has[BadgeFaces] = slices.ContainsFunc(i.Areas, func(a Area) bool { return a.Origin != Drawn })
	for _, f := range i.Report.Findings {
		if b, ok := badgeOf[f.Kind]; ok && given(f) {
			has[b] = true
		}
	}
	var out []Badge
	for b := range badges {
		if has[b] {
			out = append(out, b)
		}
	}
	if out == nil {
		out = []Badge{BadgeNothing}
	}
	return out
}

// given reports whether the file gives f away, or its name does.
func given(f meta.Finding) bool {
	return f.Fate == meta.Removed || f.Fate == meta.Kept || f.Fate == meta.Outside
}

// Reveals reports whether something was found that can lead to a person, a
// place, a time or one device.
func (i *Item) Reveals() bool {
	if i.Err != nil || i.Report == nil {
		return false
	}
	return slices.ContainsFunc(i.Report.Findings, func(f meta.Finding) bool { return given(f) && f.Kind.Identifies() })
}

// Group is a part of the findings: what they give away together.
type Group struct {
	Kind     meta.Kind // stands for all kinds in the group
	Findings []meta.Finding
}

// groupOf joins kinds that answer the same question.
var groupOf = map[meta.Kind]meta.Kind{
	meta.Serial: meta.Device, meta.Media: meta.Picture, meta.Attachment: meta.Picture,
	meta.Provenance: meta.Software, meta.MakerNote: meta.Unknown, meta.Settings: meta.Unknown,
}

// Groups puts findings in order, the most telling group first.
func Groups(fs []meta.Finding) []Group {
	by := map[meta.Kind][]meta.Finding{}
	for _, f := range fs {
		k := f.Kind
		if g, ok := groupOf[k]; ok {
			k = g
		}
		by[k] = append(by[k], f)
	}
	var out []Group
	for _, k := range meta.Kinds() {
		if len(by[k]) > 0 {
			out = append(out, Group{k, by[k]})
		}
	}
	return out
}
