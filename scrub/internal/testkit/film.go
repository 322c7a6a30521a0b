package testkit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// Atom is a box: its type, its own bytes, and the boxes behind these.
type Atom struct {
	Type string
	Data []byte
	Kids []*Atom
}

// Leaf is a box that holds no others.
func Leaf(typ string, parts ...any) *Atom { return &Atom{Type: typ, Data: Fields(parts...)} }

// Parent is a box that holds others.
func Parent(typ string, kids ...*Atom) *Atom { return &Atom{Type: typ, Kids: kids} }

// Fields joins numbers, most significant byte first, and texts.
func Fields(parts ...any) (b []byte) {
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		case uint64:
			b = binary.BigEndian.AppendUint64(b, v)
		case uint16:
			b = binary.BigEndian.AppendUint16(b, v)
		case byte:
			b = append(b, v)
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic(fmt.Sprintf("field of type %T", p))
		}
	}
	return b
}

// Bytes is the box as it stands in a file.
func (a *Atom) Bytes() []byte {
	b := append(make([]byte, 4), a.Type...)
	b = append(b, a.Data...)
	for _, k := range a.Kids {
		b = append(b, k.Bytes()...)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// Film is a file of boxes in which chunk offsets follow their chunks.
type Film struct {
	Top    []*Atom
	chunks []chunk
}

// chunk is where the position of a run of samples is stated: at a byte of a box,
// counted from the start of the file or of another box.
type chunk struct {
	in   *Atom
	at   int
	data []byte
	from *Atom
}

// Get finds a box by its path, such as "moov/trak 1/mdia": the number counts
// boxes of one type from 0.
func (f *Film) Get(path string) *Atom {
	kids := f.Top
	var a *Atom
	for step := range strings.SplitSeq(path, "/") {
		n := 0
		typ, _, _ := strings.Cut(step, " ")
		if _, err := fmt.Sscanf(step, typ+" %d", &n); err != nil {
			n = 0
		}
		a = nil
		for _, k := range kids {
			if strings.TrimSpace(k.Type) != typ {
				continue
			}
			if n == 0 {
				a = k
				break
			}
			n--
		}
		if a == nil {
			panic("no box " + path)
		}
		kids = a.Kids
	}
	return a
}

// Bytes is the file.
func (f *Film) Bytes() []byte {
	out := f.render()
	var at []int
	for _, c := range f.chunks {
		pos := bytes.Index(out, c.data)
		if c.from != nil {
			pos -= bytes.Index(out, c.from.Bytes())
		}
		at = append(at, pos)
	}
	for i, c := range f.chunks {
		binary.BigEndian.PutUint32(c.in.Data[c.at:], uint32(at[i]))
	}
	return f.render()
}

func (f *Film) render() (out []byte) {
	for _, a := range f.Top {
		out = append(out, a.Bytes()...)
	}
	return out
}

// filmTrack is a track and its samples, two in each chunk.
type filmTrack struct {
	id      int
	handler string
	entry   *Atom
	samples []string
}

const filmTime = 3788000000 // seconds since 1904: in the year 2024

func (f *Film) track(t filmTrack) *Atom {
	n := len(t.samples)
	sizes, offsets := Fields(0, 0, n), Fields(0, (n+1)/2)
	stco := Leaf("stco", offsets)
	for i, s := range t.samples {
		sizes = append(sizes, Fields(len(s))...)
		if i%2 == 0 {
			f.chunks = append(f.chunks, chunk{in: stco, at: len(stco.Data), data: []byte(s)})
			stco.Data = append(stco.Data, 0, 0, 0, 0)
		}
	}
	media := Leaf("vmhd", 1, 0, 0)
	if t.handler == "soun" {
		media = Leaf("smhd", 0, 0)
	}
	last := n - n/2*2
	runs := []*Atom{Leaf("stts", 0, 1, n, 100), Leaf("stsc", 0, 1, 1, 2, 1)}
	if last > 0 && n > 1 {
		runs[1] = Leaf("stsc", 0, 2, 1, 2, 1, n/2+1, 1, 1)
	}
	if t.handler == "vide" {
		runs = append(runs, Leaf("ctts", 0, 1, n, 100), Leaf("stss", 0, 1, 1))
	}
	return Parent("trak",
		Leaf("tkhd", 0x7, filmTime, filmTime, t.id, 0, n*100, make([]byte, 8), 0, 0x01000000, 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, 64<<16, 48<<16),
		Parent("edts", Leaf("elst", 0, 1, n*100, 100, 0x10000)),
		Parent("mdia",
			Leaf("mdhd", 0, filmTime, filmTime, 1000, n*100, uint16(0x55C4), uint16(0)),
			Leaf("hdlr", 0, 0, t.handler, make([]byte, 12), "Some Handler\x00"),
			Parent("minf", media,
				Parent("dinf", &Atom{Type: "dref", Data: Fields(0, 1), Kids: []*Atom{Leaf("url ", 1)}}),
				Parent("stbl", append([]*Atom{{Type: "stsd", Data: Fields(0, 1), Kids: []*Atom{t.entry}}}, append(runs, Leaf("stsz", sizes), stco)...)...))))
}

// PictureEntry is a visual sample entry with boxes.
func PictureEntry(format string, kids ...*Atom) *Atom {
	return &Atom{Type: format, Data: Fields(0, uint16(0), uint16(1), make([]byte, 16), uint16(64), uint16(48), 0x480000, 0x480000, 0, uint16(1),
		"\x04Some", make([]byte, 27), uint16(24), uint16(0xFFFF)), Kids: kids}
}

// SoundEntry is an audio sample entry with boxes.
func SoundEntry(format string, kids ...*Atom) *Atom {
	return &Atom{Type: format, Data: Fields(0, uint16(0), uint16(1), make([]byte, 8), uint16(2), uint16(16), 0, 44100<<16), Kids: kids}
}

// AVC is a decoder configuration for H.264.
func AVC() *Atom {
	return Leaf("avcC", "\x01\x4d\x00\x1e\xff\xe1", uint16(8), "\x67\x4d\x00\x1e\x89\x8b\x60\x50", "\x01", uint16(4), "\x68\xee\x1f\x20")
}

// AAC is a decoder configuration for AAC.
func AAC() *Atom {
	return Leaf("esds", 0, "\x03\x19\x00\x02\x00\x04\x11\x40\x15\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x05\x02\x11\x90\x06\x01\x02")
}

// frames are n samples that occur nowhere else.
func frames(what string, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("<%s sample %d%s>", what, i, strings.Repeat(".", i)))
	}
	return out
}

// NewFilm is a film of five pictures with sound and a track of positions, whose
// samples are interleaved. The header is in front or behind.
func NewFilm(headerFirst bool) *Film {
	f := &Film{}
	tracks := []filmTrack{
		{1, "vide", PictureEntry("avc1", AVC(), Leaf("colr", "nclx", uint16(1), uint16(1), uint16(1), byte(0x80)), Leaf("pasp", 1, 1)), frames("picture", 5)},
		{2, "soun", SoundEntry("mp4a", AAC()), frames("sound", 5)},
		{3, "meta", Leaf("gpmd", 0, uint16(0), uint16(1)), frames("position", 5)},
	}
	moov := Parent("moov", Leaf("mvhd", 0, filmTime, filmTime, 1000, 500, 0x10000, uint16(0x100), make([]byte, 10), 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, make([]byte, 24), 4))
	mdat := Leaf("mdat")
	for _, t := range tracks {
		moov.Kids = append(moov.Kids, f.track(t))
	}
	for i := 0; i < 5; i += 2 {
		for _, t := range tracks {
			mdat.Data = append(mdat.Data, strings.Join(t.samples[i:min(i+2, 5)], "")...)
		}
	}
	f.Top = []*Atom{Leaf("ftyp", "isom", 0x200, "isomavc1"), moov, mdat}
	if !headerFirst {
		f.Top[1], f.Top[2] = f.Top[2], f.Top[1]
	}
	return f
}

// NewFragments is a film in three fragments, each of pictures, sound and positions.
func NewFragments() *Film {
	f := &Film{}
	tracks := []filmTrack{
		{id: 1, handler: "vide", entry: PictureEntry("avc1", AVC())},
		{id: 2, handler: "soun", entry: SoundEntry("mp4a", AAC())},
		{id: 3, handler: "meta", entry: Leaf("gpmd", 0, uint16(0), uint16(1))},
	}
	moov := Parent("moov", Leaf("mvhd", 0, 0, 0, 1000, 0, 0x10000, uint16(0x100), make([]byte, 10), 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, make([]byte, 24), 4))
	mvex := Parent("mvex")
	for _, t := range tracks {
		trak := f.track(t)
		for _, leaf := range []string{"stts", "stsc"} {
			(&Film{Top: []*Atom{trak}}).Get("trak/mdia/minf/stbl/" + leaf).Data = Fields(0, 0)
		}
		if t.handler == "vide" {
			stbl := (&Film{Top: []*Atom{trak}}).Get("trak/mdia/minf/stbl")
			stbl.Kids = append(stbl.Kids[:3:3], stbl.Kids[5:]...) // without ctts and stss
		}
		moov.Kids = append(moov.Kids, trak)
		mvex.Kids = append(mvex.Kids, Leaf("trex", 0, t.id, 1, 100, 0, 0))
	}
	moov.Kids = append(moov.Kids, mvex)
	f.Top = []*Atom{Leaf("ftyp", "iso5", 0, "iso5iso6"), moov}
	for i := range 3 {
		moof, mdat := Parent("moof", Leaf("mfhd", 0, i+7)), Leaf("mdat")
		for _, t := range tracks {
			a, b := fmt.Sprintf("<%s %d first>", t.handler, i), fmt.Sprintf("<%s %d next..>", t.handler, i)
			trun := Leaf("trun", 0x201, 2, 0, len(a), len(b))
			moof.Kids = append(moof.Kids, Parent("traf", Leaf("tfhd", 0x20000, t.id), Leaf("tfdt", 0, i*200), trun))
			f.chunks = append(f.chunks, chunk{in: trun, at: 8, data: []byte(a), from: moof})
			mdat.Data = append(mdat.Data, a+b...)
		}
		f.Top = append(f.Top, moof, mdat)
	}
	return f
}
