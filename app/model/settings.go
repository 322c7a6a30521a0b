package model

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

// Settings are what a person chose. Every value that a file may hold is put in
// order by sound: a damaged or edited file never weakens anything.
type Settings struct {
	Language  string   `json:"language,omitempty"`   // its tag; empty: the system's
	Theme     Theme    `json:"theme,omitempty"`      // empty: the system's
	TextSize  int      `json:"text_size,omitempty"`  // in percent, from 100 to 200
	Folder    string   `json:"folder,omitempty"`     // copies go to a folder in it; empty: beside the photos
	KeepNames bool     `json:"keep_names,omitempty"` // copies are called like their originals, with a suffix
	Style     Style    `json:"cover,omitempty"`
	CoverSize int      `json:"cover_size,omitempty"` // of the areas around faces, in percent, from 100 to 150
	Remember  bool     `json:"-"`                    // the other settings are kept for the next start
	Policy    KeepRule `json:"-"`                    // never kept: at every start everything hidden is removed
}

// Theme is the brightness of the window.
type Theme string

const (
	ThemeSystem Theme = ""
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Style is what a cover looks like. There is none that shows anything of what is under it.
type Style string

const (
	StyleSoft  Style = ""
	StyleSolid Style = "solid"
)

// KeepRule says what a copy may keep.
type KeepRule uint8

const (
	RemoveAll         KeepRule = iota
	KeepCreditAndDate          // written anew, nothing else
)

// Sizes that are offered, in percent.
var (
	TextSizes  = []int{100, 125, 150, 175, 200}
	CoverSizes = []int{100, 125, 150}
)

func (v Settings) sound() Settings {
	if v.Theme != ThemeLight && v.Theme != ThemeDark {
		v.Theme = ThemeSystem
	}
	if v.Style != StyleSolid {
		v.Style = StyleSoft
	}
	v.TextSize = nearest(TextSizes, v.TextSize)
	v.CoverSize = nearest(CoverSizes, v.CoverSize)
	if v.Folder != "" && !filepath.IsAbs(v.Folder) {
		v.Folder = ""
	}
	return v
}

// nearest is the largest size that is not above n, or the smallest.
func nearest(sizes []int, n int) int {
	at, ok := slices.BinarySearch(sizes, n)
	if !ok {
		at = max(at-1, 0)
	}
	return sizes[at]
}

// Default are the settings of somebody who chose nothing.
func Default() Settings { return Settings{}.sound() }

// Keeping is the engine's word for the policy.
func (v Settings) Keeping() meta.Policy {
	if v.Policy == KeepCreditAndDate {
		return meta.Policy{Keep: meta.KeepCredit | meta.KeepDate}
	}
	return meta.Policy{}
}

func (v Settings) Cover() scrub.CoverStyle {
	if v.Style == StyleSolid {
		return scrub.CoverSolid
	}
	return scrub.CoverSoft
}

// grow makes the area around a face as large as the settings ask for; never smaller.
func (v Settings) grow(r scrub.Region) scrub.Region {
	size := max(v.CoverSize, 100) - 100
	dx, dy := r.W*size/200, r.H*size/200
	r.X, r.Y, r.W, r.H = r.X-dx, r.Y-dy, r.W+2*dx, r.H+2*dy
	return r
}

// Store keeps settings in a file, or, without a path, nowhere.
type Store struct {
	Path string
	// Portable: the program was told to leave nothing in the user's profile. What
	// it keeps lies beside it.
	Portable bool
}

// Load returns what was kept. A file that cannot be read counts as none.
func (s Store) Load() Settings {
	v := Default()
	b, err := os.ReadFile(s.Path)
	if err != nil {
		return v
	}
	if json.Unmarshal(b, &v) != nil {
		v = Settings{}
	}
	v.Remember = true
	return v.sound()
}

// Save keeps settings, whole or not at all; where nothing is to be remembered it
// forgets what was kept.
func (s Store) Save(v Settings) error {
	if s.Path == "" {
		return nil
	}
	if !v.Remember {
		if err := os.Remove(s.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		os.Remove(filepath.Dir(s.Path)) // fails unless it is empty
		return nil
	}
	dir := filepath.Dir(s.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".settings-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if err = cmp.Or(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), s.Path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// Remembers reports whether the store can keep anything.
func (s Store) Remembers() bool { return s.Path != "" }

// Settings of the session.
func (s *Session) Settings() Settings { return s.c.Settings }

// Set changes the settings, and the name of the folder for copies, which is a
// word of the user's language. Copies that are being made are made as they were
// begun; the list, the selection and the areas stay.
func (s *Session) Set(v Settings, folder string) {
	v = v.sound()
	look := v.Policy != s.c.Settings.Policy
	s.c.Settings, s.c.Places.Folder = v, folder
	s.target = ""
	if look {
		s.lookAgain()
	}
	s.c.Changed()
}

// lookAgain asks anew what becomes of the findings of photos that have no copy
// yet. What is known of them stays until then.
func (s *Session) lookAgain() {
	if s.ctx != nil {
		return
	}
	var jobs []batch.Job
	for _, it := range s.items {
		if it.Status() == Ready {
			jobs = append(jobs, batch.Job{Src: it.Path, Policy: s.c.Settings.Keeping()})
		}
	}
	if len(jobs) == 0 {
		return
	}
	s.looked, s.toLook = 0, len(jobs)
	ctx := s.begin()
	go s.look(ctx, jobs)
}
