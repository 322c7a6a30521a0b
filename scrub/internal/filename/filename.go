// Package filename describes what the name of a file tells by itself. It stays
// with the file wherever that goes, and no cleaning of bytes changes it.
package filename

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"tabir/scrub/meta"
)

const maxName = 1024 // bytes that are looked at; file systems allow a quarter of it

// Describe says what a name tells: a date, an app or a device, a phone number,
// a position, and, with care, what may be the name of a person. Neutral names,
// like those that cameras number, tell nothing.
func Describe(name string) []meta.Finding {
	name = path.Base(strings.ReplaceAll(name[:min(len(name), maxName)], `\`, "/"))
	stem := strings.TrimSuffix(name, path.Ext(name))
	if ext := path.Ext(name); strings.ContainsFunc(ext, unicode.IsSpace) || len(ext) > 6 {
		stem = name // a dot in a sentence
	}
	var fs []meta.Finding
	add := func(k meta.Kind, l meta.Label, v string) {
		if v = meta.Show(v); v != "" {
			fs = append(fs, meta.Finding{Kind: k, Label: l, Where: "file name", Value: v, Fate: meta.Outside})
		}
	}
	p := compiled()
	rest := stem
	if m := p.position.FindString(rest); m != "" {
		add(meta.Location, meta.LabelPosition, m)
		rest = strings.Replace(rest, m, " ", 1)
	}
	date, rest := findDate(p, rest)
	add(meta.FileName, meta.LabelNameDate, date)
	app, rest := findApp(p, rest)
	add(meta.FileName, meta.LabelNameApp, app)
	if m := findPhone(p, rest); m != "" {
		add(meta.FileName, meta.LabelNamePhone, strings.Trim(m, " .-_"))
		rest = strings.Replace(rest, m, " ", 1)
	}
	add(meta.FileName, meta.LabelNamePerson, findPerson(rest))
	return fs
}

type patterns struct {
	position, dates, european, run, millis, phone, screenshot *regexp.Regexp
	apps                                                      []*regexp.Regexp
}

// compiled holds the patterns; most runs look at few names, and some at none.
var compiled = sync.OnceValue(func() *patterns {
	p := &patterns{
		position: regexp.MustCompile(`[+-]?\d{1,2}\.\d{4,}[NS]?[ ,;_]+[+-]?\d{1,3}\.\d{4,}[EW]?`),
		// 2024-01-02 10.20.30; 2024-01-02T10:20; 20240102_102030123; 2024_01_02
		dates:      regexp.MustCompile(`((?:19|20)\d\d)([-_. :]?)(\d\d)([-_. :]?)(\d\d)(?:(?:[-_ T]|\s?(?:at|um|a las|à|alle|às|om|pukul|kl\.?)\s)+(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d))?)?`),
		european:   regexp.MustCompile(`(\d\d)[-_.](\d\d)[-_.]((?:19|20)\d\d)`),
		millis:     regexp.MustCompile(`1\d{12}`),
		run:        regexp.MustCompile(`\d+`),
		phone:      regexp.MustCompile(`(?:\+|\b00)\d[\d ().-]{7,18}\d|\(?\b0?\d{2,4}\)?[ -]\d{3,4}[ -]\d{3,5}(?:[ -]\d{2,4})?\b`),
		screenshot: regexp.MustCompile(`[_ -]((?:[a-z][a-z0-9_]*\.){1,4}[A-Za-z0-9_]+|[\p{L}][\p{L} ]{2,30})$`),
	}
	for _, a := range apps {
		p.apps = append(p.apps, regexp.MustCompile(a.pattern))
	}
	return p
})

// findDate returns the first date in s, and s without it.
func findDate(p *patterns, s string) (date, rest string) {
	for _, m := range p.dates.FindAllStringSubmatchIndex(s, 4) {
		sub := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		if sub(2) != sub(4) || digitAt(s, m[0]-1) {
			continue
		}
		day := sub(1) + "-" + sub(3) + "-" + sub(5)
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			continue
		}
		end := m[1]
		clock := ""
		if h, min, sec := sub(6), sub(7), sub(8); h != "" && h < "24" && min < "60" && sec < "61" {
			if clock = " " + h + ":" + min; sec != "" {
				clock += ":" + sec
			}
			for digitAt(s, end) { // fractions of a second
				end++
			}
		} else if end = m[11]; digitAt(s, end) {
			continue // a longer number
		}
		return day + clock, s[:m[0]] + " " + s[end:]
	}
	if m := p.european.FindStringSubmatchIndex(s); m != nil && !digitAt(s, m[0]-1) && !digitAt(s, m[1]) {
		a, b, y := s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]
		if a <= "31" && b <= "31" && (a <= "12" || b <= "12") && a != "00" && b != "00" {
			return fmt.Sprintf("%s.%s.%s", a, b, y), s[:m[0]] + " " + s[m[1]:]
		}
	}
	if m := p.millis.FindStringIndex(s); m != nil && !digitAt(s, m[0]-1) && !digitAt(s, m[1]) {
		ms, _ := strconv.ParseInt(s[m[0]:m[1]], 10, 64)
		return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 UTC"), s[:m[0]] + " " + s[m[1]:]
	}
	return "", s
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// findApp returns the app or device that names files like s, and s without its mark.
func findApp(p *patterns, s string) (app, rest string) {
	for i, re := range p.apps {
		m := re.FindStringIndex(s)
		if m == nil {
			continue
		}
		app, rest = apps[i].name, s[:m[0]]+" "+s[m[1]:]
		if apps[i].shot {
			// Android adds the app that was shown.
			if of := p.screenshot.FindStringSubmatchIndex(rest); of != nil {
				app += ", " + strings.TrimSpace(rest[of[2]:of[3]])
				rest = rest[:of[0]]
			}
		}
		return app, rest
	}
	return "", s
}

// findPhone returns what looks like a phone number: 9 to 15 digits, with a plus,
// two zeros or spaces.
func findPhone(p *patterns, s string) string {
	for _, m := range p.phone.FindAllString(s, 4) {
		n := 0
		for _, c := range m {
			if unicode.IsDigit(c) {
				n++
			}
		}
		if n >= 9 && n <= 15 {
			return m
		}
	}
	return ""
}

// findPerson returns the words of s that may be a name: two capitalised words
// or more in a row that are not common in names of files, or one with "'s".
func findPerson(s string) string {
	var best, row []string
	flush := func() {
		if len(row) > len(best) {
			best = row
		}
		row = nil
	}
	for _, w := range words(s) {
		bare, possessive := strings.CutSuffix(strings.ReplaceAll(w, "’", "'"), "'s")
		switch {
		case common[strings.ToLower(bare)] || !capitalised(bare):
			flush()
		case possessive && len(row) == 0:
			return bare
		default:
			row = append(row, w)
		}
	}
	flush()
	if len(best) < 2 {
		return ""
	}
	return strings.Join(best[:min(len(best), 4)], " ")
}

// words splits s at everything but letters, and where a small letter meets a
// capital one. A word of digits is kept, because it ends a name.
func words(s string) (out []string) {
	var w []rune
	flush := func() {
		if len(w) > 0 {
			out = append(out, string(w))
		}
		w = nil
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || (r == '\'' || r == '’') && len(w) > 0:
			if n := len(w); n > 0 && unicode.IsUpper(r) && unicode.IsLower(w[n-1]) {
				flush()
			}
			w = append(w, r)
		case unicode.IsDigit(r):
			flush()
			out = append(out, string(r))
		default:
			flush()
		}
	}
	flush()
	return out
}

// capitalised reports whether w is a capital letter and at least one small one.
func capitalised(w string) bool {
	n := 0
	for _, r := range w {
		if n == 0 && !unicode.IsUpper(r) || n > 0 && !unicode.IsLower(r) && r != '\'' && !unicode.IsMark(r) {
			return false
		}
		n++
	}
	return n >= 2
}
