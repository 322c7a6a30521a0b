// Package heif plans the cleaning of pictures in the High Efficiency Image File
// Format (ISO/IEC 23008-12) with HEVC or AV1 inside: HEIC and AVIF. It reads the
// graph of items, keeps the primary item and what showing it needs, and writes a
// file of its own around their picture data: ftyp, meta, mdat, and nothing else but
// the film of a motion photo, if it is to be kept.
package heif

import (
	"bytes"
	"fmt"
	"slices"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// HEIC is HEIF of all codings but AV1.
var HEIC = plan.Format{
	Name:  "heic",
	Exts:  []string{".heic", ".heif", ".hif"},
	Sniff: func(h []byte) bool { return family(h) == "heic" },
	Parse: parse,
}

// AVIF is HEIF with AV1.
var AVIF = plan.Format{
	Name:  "avif",
	Exts:  []string{".avif", ".avifs"},
	Sniff: func(h []byte) bool { return family(h) == "avif" },
	Parse: parse,
}

// families are the major brands of pictures and the format that they name; the
// brands of all codings name it by the other brands.
var families = map[string]string{
	"heic": "heic", "heix": "heic", "heim": "heic", "heis": "heic", "hevc": "heic", "hevx": "heic", "hevm": "heic", "hevs": "heic",
	"avci": "heic", "avcs": "heic", "jpeg": "heic", "jpgs": "heic", "j2ki": "heic", "j2is": "heic", "vvic": "heic", "vvis": "heic", "evbi": "heic", "unif": "heic",
	"avif": "avif", "avis": "avif",
	"mif1": "", "mif2": "", "mif3": "", "msf1": "", "miaf": "",
}

// family is the format of a file that begins with h, empty where it is none of ours.
func family(h []byte) string {
	if len(h) < 16 || string(h[4:8]) != "ftyp" {
		return ""
	}
	f, ok := families[string(h[8:12])]
	if !ok || f != "" {
		return f
	}
	end := min(uint64(len(h)), (&cursor{b: h}).uint(4))
	for i := uint64(16); i+4 <= end; i += 4 {
		if families[string(h[i:i+4])] == "avif" {
			return "avif"
		}
	}
	return "heic"
}

// file is a parsed file.
type file struct {
	w      *rd.Window
	pol    meta.Policy
	brands []string // major, then compatible
	ftyp   box.Box
	meta   box.Box
	m      graph
	tail   int64     // where bytes that are no boxes begin
	mpvd   box.Box   // the film of a motion photo
	others []box.Box // what is none of these; few of a type
	more   map[string]*tally
	data   []plan.Span // contents of mdat boxes
	movie  box.Box     // moov
	inside inside
	walked int64 // bytes of picture data so far
	pieces int   // and how many ranges of it are kept
	found  []meta.Finding
}

// inside is what went from inside the picture data.
type inside struct {
	told    bool  // units that say something else than the picture
	layers  int64 // bytes of further layers
	needles [][]byte
}

// tell adds what went from s.
func (f *file) tell(s *stream) {
	f.inside.told = f.inside.told || s.told
	f.inside.layers += s.layers
	if len(f.inside.needles) < maxOthers {
		f.inside.needles = append(f.inside.needles, s.needles...)
	}
}

// tally counts dropped structures of one type.
type tally struct {
	n    int
	size int64
}

const (
	maxOthers = 64   // dropped boxes that are described one by one
	maxData   = 4096 // mdat boxes that are told apart
)

func parse(w *rd.Window, pol meta.Policy) (*plan.Plan, error) {
	f := &file{w: w, pol: pol, more: map[string]*tally{}}
	if err := f.boxes(); err != nil {
		return nil, err
	}
	if err := f.graph(); err != nil {
		return nil, err
	}
	k, err := f.closure()
	if err != nil {
		return nil, err
	}
	if f.movie.Size != 0 {
		if k.sequence, err = f.sequence(); err != nil {
			return nil, err
		}
	}
	return f.plan(k)
}

// boxes goes through the boxes of the file.
func (f *file) boxes() error {
	w := f.w
	f.tail = w.Size()
	seen := 0
	for off := int64(0); off < w.Size(); {
		b, err := box.At(w, off, w.Size())
		if err != nil || off > 0 && !printable(b.Type) {
			if err = f.last(off, err); err != nil {
				return err
			}
			f.tail = off
			break
		}
		if seen++; seen > w.Limits().Items {
			return fmt.Errorf("heif: more than %d boxes: %w", w.Limits().Items, meta.ErrLimit)
		}
		if err := f.top(b); err != nil {
			return err
		}
		off = b.End()
	}
	if f.meta.Size == 0 && f.movie.Size > 0 {
		return fmt.Errorf("heif: animation without a still picture: %w", meta.ErrUnsupported)
	}
	if f.meta.Size == 0 {
		return fmt.Errorf("heif: no meta box: %w", meta.ErrMalformed)
	}
	return nil
}

// last decides about bytes that are no whole box: the end of a file that was cut
// short, or something that stands behind the picture.
func (f *file) last(off int64, err error) error {
	if f.w.Err() != nil {
		return f.w.Err()
	}
	h, perr := f.w.Peek(off, int(min(8, f.w.Size()-off)))
	if perr != nil {
		return perr
	}
	if f.meta.Size == 0 || len(h) == 8 && (string(h[4:]) == "mdat" || string(h[4:]) == "meta" || string(h[4:]) == "moov") {
		if err == nil {
			err = meta.ErrMalformed
		}
		return fmt.Errorf("heif: %w", err)
	}
	return nil
}

// top takes a box of the file.
func (f *file) top(b box.Box) error {
	switch {
	case b.Off == 0:
		return f.fileType(b)
	case b.Type == "meta":
		if f.meta.Size != 0 {
			return fmt.Errorf("heif: second meta box at %d: %w", b.Off, meta.ErrMalformed)
		}
		f.meta = b
		return nil
	case b.Type == "mini":
		return fmt.Errorf("heif: picture with the short header (mini box): %w", meta.ErrUnsupported)
	case b.Type == "mdat":
		if len(f.data) < maxData {
			f.data = append(f.data, plan.Span{Off: b.Data(), Len: b.Len()})
		} else {
			count(f.more, b.Type, b.Size)
		}
		return nil
	case b.Type == "moov" && sequences[f.brands[0]]:
		if f.movie.Size != 0 {
			return fmt.Errorf("heif: second moov box at %d: %w", b.Off, meta.ErrMalformed)
		}
		f.movie = b
		return nil
	case b.Type == "mpvd" && f.mpvd.Size == 0:
		f.mpvd = b
		return nil
	}
	if len(f.others) < maxOthers {
		f.others = append(f.others, b)
		return nil
	}
	count(f.more, b.Type, b.Size)
	return nil
}

// fileType reads the brands (ISO/IEC 14496-12, 4.3).
func (f *file) fileType(b box.Box) error {
	if b.Type != "ftyp" || b.Len() < 8 {
		return fmt.Errorf("heif: no ftyp box: %w", meta.ErrMalformed)
	}
	raw, err := f.w.Bytes(b.Data(), min(b.Len(), 1024))
	if err != nil {
		return err
	}
	f.ftyp = b
	f.brands = []string{string(raw[:4])}
	for i := 8; i+4 <= len(raw); i += 4 {
		f.brands = append(f.brands, string(raw[i:i+4]))
	}
	return nil
}

// count adds to the tally of typ. Beyond a number of types they are counted together.
func count(m map[string]*tally, typ string, size int64) {
	t := m[typ]
	if t == nil && len(m) >= maxOthers {
		typ = ""
		t = m[typ]
	}
	if t == nil {
		t = &tally{}
		m[typ] = t
	}
	t.n++
	t.size += size
}

// printable reports whether s can be the type of a box.
func printable(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(c byte) bool { return (c < ' ' || c > '~') && c != 0xa9 })
}

// zero reports whether n bytes at off are all zero.
func zero(w *rd.Window, off, n int64) bool {
	for n > 0 {
		p, err := w.Page(off)
		if err != nil {
			return false
		}
		p = p[:min(int64(len(p)), n)]
		if len(bytes.Trim(p, "\x00")) > 0 {
			return false
		}
		off, n = off+int64(len(p)), n-int64(len(p))
	}
	return true
}
