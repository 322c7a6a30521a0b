// Package icc rewrites colour profiles (ICC.1:2010, version 4.3; ICC.1:2001,
// version 2.4) to what colour needs. A profile of a well-known space becomes
// our own copy of it; any other keeps the tags that colour management reads, in
// exact form and laid out by us, and nothing else: no dates, makers, models,
// serial numbers, names, calibrations or private data.
package icc

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"tabir/scrub/meta"
)

// Bounds of a profile; the largest in use (printers) are some megabytes.
const (
	maxSize = 16 << 20
	maxTags = 100
)

// Rewrite returns the profile that a clean file carries instead of p, and what
// p said besides colour. It is a function of p alone, and rewriting its result
// changes nothing. The finding of the kind meta.Colour speaks of the profile
// itself; the others are gone. A profile that cannot colour anything is
// meta.ErrMalformed, one of a kind that pictures do not use
// meta.ErrUnsupported.
func Rewrite(p []byte) (out []byte, fs []meta.Finding, err error) {
	f, err := parse(p)
	if err != nil {
		return nil, nil, err
	}
	if k := f.known(); k != nil {
		out = k.profile()
		fs = append(fs, meta.Finding{Kind: meta.Colour, Label: meta.LabelColourProfile, Where: "ICC profile", Value: k.name})
	} else {
		if out, err = f.rebuild(); err != nil {
			return nil, nil, err
		}
		v := fmt.Sprintf("%s, %d bytes", bytes.TrimSpace([]byte(f.space)), len(out))
		fs = append(fs, meta.Finding{Kind: meta.Colour, Label: meta.LabelDeviceProfile, Where: "ICC profile", Value: v})
	}
	if !bytes.Equal(p, out) {
		fs = append(fs, f.tells()...)
	}
	return out, fs, nil
}

// Space is the signature of the colour space that a profile is for ("RGB ",
// "GRAY", "CMYK"), empty where p is no profile.
func Space(p []byte) string {
	if len(p) < 132 || string(p[36:40]) != "acsp" {
		return ""
	}
	return string(p[16:20])
}

// profile is a parsed profile.
type profile struct {
	b       []byte
	major   byte
	class   string
	space   string
	pcs     string
	intent  uint32
	tags    map[string][]byte // the first of each signature
	ordered []string
}

// parse reads header (7.2) and tag table (7.3). Tags that lie outside the
// profile are left out: what colour needs of them is asked for later.
func parse(p []byte) (*profile, error) {
	bad := func(what string) (*profile, error) {
		return nil, fmt.Errorf("icc: %s: %w", what, meta.ErrMalformed)
	}
	if len(p) > maxSize {
		return nil, fmt.Errorf("icc: profile of %d bytes: %w", len(p), meta.ErrLimit)
	}
	if Space(p) == "" {
		return bad("no profile")
	}
	be := binary.BigEndian
	f := &profile{b: p, major: p[8], class: string(p[12:16]), space: string(p[16:20]), pcs: string(p[20:24]), intent: be.Uint32(p[64:]), tags: map[string][]byte{}}
	switch f.class {
	case "mntr", "scnr", "prtr", "spac":
	default:
		return nil, fmt.Errorf("icc: profile class %q: %w", meta.Show(f.class), meta.ErrUnsupported)
	}
	if f.major != 2 && f.major != 4 {
		return nil, fmt.Errorf("icc: version %d: %w", f.major, meta.ErrUnsupported)
	}
	if channelsOf[f.space] == 0 || f.pcs != "XYZ " && f.pcs != "Lab " {
		return bad("colour space")
	}
	n := be.Uint32(p[128:])
	if n > maxTags || 132+12*int(n) > len(p) {
		return bad("tag table")
	}
	for i := range int(n) {
		e := p[132+12*i:]
		sig, off, size := string(e[:4]), int64(be.Uint32(e[4:])), int64(be.Uint32(e[8:]))
		if off < 128 || size < 8 || off+8 > int64(len(p)) || f.tags[sig] != nil {
			continue
		}
		f.tags[sig] = p[off:min(off+size, int64(len(p)))]
		f.ordered = append(f.ordered, sig)
	}
	return f, nil
}

// channelsOf are the device colour spaces of pictures and their channels.
var channelsOf = map[string]int{"GRAY": 1, "RGB ": 3, "Lab ": 3, "YCbr": 3, "CMYK": 4}

// Settle says of the findings of [Rewrite] what became of them: the colours were
// written anew, or stay where the file holds the same bytes already; all else goes.
func Settle(fs []meta.Finding, same bool) []meta.Finding {
	for i := range fs {
		switch {
		case fs[i].Kind != meta.Colour:
			fs[i].Fate = meta.Removed
		case same:
			fs[i].Fate = meta.Stays
		default:
			fs[i].Fate = meta.Rewritten
		}
	}
	return fs
}
