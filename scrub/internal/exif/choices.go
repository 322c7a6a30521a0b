package exif

import (
	"bytes"
	"strings"
	"time"

	"tabir/scrub/meta"
)

// Choices is what the user asked to keep of an Exif block.
type Choices struct{ Artist, Copyright, Date string }

// Findings say of each choice that it was kept, and where.
func (c Choices) Findings(where string) (fs []meta.Finding) {
	add := func(k meta.Kind, l meta.Label, v string) {
		if v != "" {
			fs = append(fs, meta.Finding{Kind: k, Label: l, Where: where, Value: meta.Show(v), Fate: meta.Kept})
		}
	}
	add(meta.Owner, meta.LabelAuthor, c.Artist)
	add(meta.Owner, meta.LabelCopyright, c.Copyright)
	add(meta.Date, meta.LabelDateTaken, c.Date)
	return fs
}

const dateLayout = "2006:01:02 15:04:05" // CIPA DC-008, 4.6.5

// ReadChoices reads from block what k asks for. What is not valid is not kept.
func ReadChoices(block []byte, k meta.Keep) Choices {
	var c Choices
	t, ifd0, ok := open(block)
	if !ok || k == 0 {
		return c
	}
	var changed, taken string
	var sub uint32
	set := func(to *string, s string) { // the first valid one counts
		if *to == "" {
			*to = s
		}
	}
	t.each(ifd0, func(f field) {
		switch f.tag {
		case tagArtist:
			set(&c.Artist, creditLine(f.text()))
		case tagCopyright:
			set(&c.Copyright, creditLine(f.text()))
		case tagDateTime:
			set(&changed, validDate(f.text()))
		case tagExifIFD:
			if v, ok := f.number(t.o); ok && sub == 0 {
				sub = v
			}
		}
	})
	if !k.Has(meta.KeepCredit) {
		c = Choices{}
	}
	if !k.Has(meta.KeepDate) {
		return c
	}
	if sub != 0 {
		t.each(sub, func(f field) {
			if f.tag == tagDateTimeOriginal {
				set(&taken, validDate(f.text()))
			}
		})
	}
	c.Date = taken
	set(&c.Date, changed)
	return c
}

// text is the value of a text field up to its first NUL; of a copyright notice
// in two parts (CIPA DC-008: photographer NUL editor) the first that says something.
func (f field) text() string {
	if f.typ != typeASCII && f.typ != typeUTF8 {
		return ""
	}
	for part := range bytes.SplitSeq(f.value, []byte{0}) {
		if s := strings.TrimSpace(string(part)); s != "" || f.tag != tagCopyright {
			return s
		}
	}
	return ""
}

// creditLine returns s where it is one printable line, cut to what Tabir ever shows.
func creditLine(s string) string {
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == meta.MaxShown {
			s = strings.TrimSpace(s[:i])
			break
		}
		n++
	}
	if meta.Show(s) != s {
		return "" // control or invisible characters, several lines, not UTF-8
	}
	return s
}

// validDate returns s where it is a date and time of the calendar, exactly as Exif writes it.
func validDate(s string) string {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Format(dateLayout) != s {
		return ""
	}
	return s
}
