package heif

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"tabir/scrub/internal/box"
	"tabir/scrub/internal/hdr"
	"tabir/scrub/internal/icc"
	"tabir/scrub/meta"
)

// The types of auxiliary pictures that are transparency (23008-12, 6.6.2.1.1 and
// its codings).
var alphaTypes = []string{
	"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
	"urn:mpeg:hevc:2015:auxid:1",
	"urn:mpeg:avc:2015:auxid:1",
}

// property is a kept item property in exact form.
type property struct {
	typ       string
	body      []byte
	essential bool
}

// rule says how a kept property is written: exact returns its content as long as
// its own fields need, unused bits zero, or nil where it means nothing.
type rule struct {
	essential bool
	exact     func(b []byte) []byte
}

// allowed are the properties that showing a picture needs (23008-12, 6.5; 14496-12,
// 12.1.4 to 12.1.6; AVIF, 2). hvcC, av1C, auxC, colr and a1lx have functions of their own.
var allowed = map[string]rule{
	"ispe": {false, fields(true, 8)},
	"pixi": {false, pixelInformation},
	"pasp": {false, terms(2)},
	"clli": {false, light(4, hdr.ContentLight)},
	"mdcv": {false, light(24, hdr.Mastering)},
	"amve": {false, light(8, ambient)},
	"cclv": {false, contentVolume},
	"clap": {true, terms(8)},
	"irot": {true, masked(3)},
	"imir": {true, masked(1)},
	"a1op": {true, masked(31)},
	"lsel": {true, fields(false, 2)},
}

// fields is a property of n bytes, all of which say something, behind a version
// and flags of zero where it is a FullBox.
func fields(fullBox bool, n int) func([]byte) []byte {
	return func(b []byte) []byte {
		head := 0
		if fullBox {
			head = 4
		}
		if len(b) < head+n || fullBox && b[0] != 0 {
			return nil
		}
		return append(make([]byte, head), b[head:head+n]...)
	}
}

// maxTerm bounds numerators and denominators: four letters are more than that.
const maxTerm = 1<<24 - 1

// terms is a property of n signed terms of fractions.
func terms(n int) func([]byte) []byte {
	return func(b []byte) []byte {
		if len(b) < 4*n {
			return nil
		}
		for i := 0; i < 4*n; i += 4 {
			if v := int32(binary.BigEndian.Uint32(b[i:])); v > maxTerm || v < -maxTerm {
				return nil
			}
		}
		return append([]byte(nil), b[:4*n]...)
	}
}

// light is a property of n bytes that say how bright something is.
func light(n int, plausible func([]byte) bool) func([]byte) []byte {
	return func(b []byte) []byte {
		if !plausible(b) {
			return nil
		}
		return append([]byte(nil), b[:n]...)
	}
}

// ambient is light around the viewer (14496-12, 12.1.8): 1/10000 lux, of which
// there are 100000 in the sun, and a colour in 1/50000.
func ambient(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	x, y := int64(binary.BigEndian.Uint16(b[4:])), int64(binary.BigEndian.Uint16(b[6:]))
	return binary.BigEndian.Uint32(b) <= 100000*10000 && 20*(x+y) <= 21*50000
}

// masked is a property of one byte of which only mask says something.
func masked(mask byte) func([]byte) []byte {
	return func(b []byte) []byte {
		if len(b) < 1 {
			return nil
		}
		return []byte{b[0] & mask}
	}
}

// pixelInformation is a bit depth for each channel (23008-12, 6.5.6).
func pixelInformation(b []byte) []byte {
	if len(b) < 5 || b[0] != 0 || b[4] > 4 || len(b) < 5+int(b[4]) {
		return nil
	}
	for _, v := range b[5 : 5+int(b[4])] {
		if v < 1 || v > maxBits {
			return nil
		}
	}
	return append(make([]byte, 4), b[4:5+int(b[4])]...)
}

// maxBits bounds the depth of a channel.
const maxBits = 32

// contentVolume is the content colour volume (14496-12, 12.1.10): flags, three
// primaries, and three luminances.
func contentVolume(b []byte) []byte {
	if len(b) < 1 {
		return nil
	}
	flags, n := b[0]&0x3c, 1
	if flags&0x20 != 0 {
		n += 24
	}
	for bit := byte(0x10); bit >= 4; bit >>= 1 {
		if flags&bit != 0 {
			n += 4
		}
	}
	if len(b) < n || n > 1 && terms(n/4)(b[1:]) == nil {
		return nil
	}
	return append([]byte{flags}, b[1:n]...)
}

// property returns the property that box b means for an item of the type typ, nil
// where it means nothing. Its findings are added once a box.
func (f *file) property(b box.Box, it *item) (*property, error) {
	raw, err := f.w.Bytes(b.Data(), b.Len())
	if err != nil {
		return nil, err
	}
	p := &property{typ: b.Type}
	switch r, ok := allowed[b.Type]; {
	case ok:
		p.essential, p.body = r.essential, r.exact(raw)
	case b.Type == "hvcC" && it.typ == "hvc1":
		p.essential = true
		p.body, err = exactHVCC(raw)
	case b.Type == "av1C" && it.typ == "av01":
		p.essential = true
		p.body, err = exactAV1C(raw)
	case b.Type == "a1lx" && it.typ == "av01":
		p.body = exactLayers(raw)
	case b.Type == "auxC":
		if typ := auxType(raw); isAlpha(typ) {
			p.essential = true
			p.body = append(append(make([]byte, 4), typ...), 0)
		}
	case b.Type == "colr":
		p.body = f.colour(b, raw)
	}
	if err != nil {
		return nil, fmt.Errorf("heif: item %d: %s at %d: %w", it.id, b.Type, b.Off, err)
	}
	if p.body == nil {
		return nil, nil
	}
	if n := int64(len(raw) - len(p.body)); n > 0 && b.Type != "colr" && !f.m.told[b.Off] {
		f.m.surplus += n
	}
	f.m.told[b.Off] = true
	return p, nil
}

// auxType is the name of the kind of an auxiliary picture (23008-12, 6.5.8).
func auxType(b []byte) string {
	if len(b) < 4 || b[0] != 0 {
		return ""
	}
	name, _, _ := bytes.Cut(b[4:], []byte{0})
	return string(name)
}

func isAlpha(typ string) bool {
	for _, a := range alphaTypes {
		if typ == a {
			return true
		}
	}
	return false
}

// exactLayers is the sizes of the layers of an AV1 picture (AVIF, 2.3.2.3).
func exactLayers(b []byte) []byte {
	n := 1 + 3*2
	if len(b) > 0 && b[0]&1 != 0 {
		n = 1 + 3*4
	}
	if len(b) < n {
		return nil
	}
	return append([]byte{b[0] & 1}, b[1:n]...)
}

// colour is a colr property (14496-12, 12.1.5): numbers, or a profile, which is
// rewritten. A profile that is broken colours nothing in any program that checks
// it, and goes.
func (f *file) colour(b box.Box, raw []byte) []byte {
	if len(raw) < 4 {
		return nil
	}
	switch string(raw[:4]) {
	case "nclx":
		if len(raw) < 11 {
			return nil
		}
		if raw[4]|raw[6]|raw[8] != 0 { // nobody defined that many code points
			return nil
		}
		out := append([]byte(nil), raw[:11]...)
		out[10] &= 0x80
		if !f.m.told[b.Off] {
			f.m.surplus += int64(len(raw) - 11)
		}
		return out
	case "prof", "rICC":
		return f.profile(b, raw)
	}
	return nil
}

func (f *file) profile(b box.Box, raw []byte) []byte {
	space := icc.Space(raw[4:])
	out, fs, err := icc.Rewrite(raw[4:])
	if err != nil || space != "RGB " && space != "GRAY" {
		if !f.m.told[b.Off] {
			f.found = append(f.found, meta.Finding{Kind: meta.Unknown, Label: meta.LabelColourProfile, Where: "colr property", Value: "broken", Size: b.Size, Fate: meta.Removed})
		}
		f.m.told[b.Off] = true
		return nil
	}
	body := append([]byte("prof"), out...)
	if !f.m.told[b.Off] {
		f.found = append(f.found, icc.Settle(fs, bytes.Equal(raw, body))...)
	}
	return body
}
