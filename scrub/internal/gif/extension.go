package gif

import (
	"bytes"
	"fmt"

	"tabir/scrub/internal/c2pa"
	"tabir/scrub/internal/icc"
	"tabir/scrub/internal/iptc"
	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

// Labels of extensions.
const (
	labelPlainText   = 0x01
	labelControl     = 0xf9
	labelComment     = 0xfe
	labelApplication = 0xff
)

// Bounds of what is read of an extension to describe it, and of descriptions.
const (
	maxRead     = 1 << 20
	maxFindings = 4096
)

// extension takes the extension at off and returns where it ends. Only the
// control of an image and the number of repetitions stay.
func (p *picture) extension(off int64) (int64, error) {
	label, err := p.w.Byte(off + 1)
	if err != nil {
		return 0, fmt.Errorf("gif: extension: %w", err)
	}
	end, err := p.chain(off + 2)
	if err != nil {
		return 0, fmt.Errorf("gif: extension at %d: %w", off, err)
	}
	var fs []meta.Finding
	switch label {
	case labelControl:
		return end, p.graphicControl(off, end)
	case labelApplication:
		if done, err := p.repetitions(off, end); done || err != nil {
			return end, err
		}
		fs, err = p.application(off+2, end)
	case labelPlainText:
		p.forget()
		var b []byte
		b, err = p.joined(off+2, end)
		b = b[min(len(b), 12):] // the grid
		fs = text("plain text extension", meta.LabelTextOther, b, end-off)
	case labelComment:
		var b []byte
		b, err = p.joined(off+2, end)
		fs = text("comment extension", meta.LabelComment, b, end-off)
	default:
		var b []byte
		b, err = p.joined(off+2, end)
		fs = []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelUnknownBlock, Where: fmt.Sprintf("extension %02x", label), Size: end - off, Needles: meta.Texts(b)}}
	}
	if len(p.out.Findings) > maxFindings {
		p.surplus += end - off // a file of countless comments must not fill the memory
	} else {
		p.out.Found(meta.Removed, fs...)
	}
	return end, err
}

// chain returns where the sub-blocks at off end, behind their terminator.
func (p *picture) chain(off int64) (int64, error) {
	for {
		n, err := p.w.Byte(off)
		if err != nil {
			return 0, err
		}
		off += 1 + int64(n)
		if n == 0 {
			return off, nil
		}
	}
}

// joined returns the data of the sub-blocks from off to end, or the beginning of it.
func (p *picture) joined(off, end int64) ([]byte, error) {
	b, err := p.w.Bytes(off, min(end-off, maxRead))
	var out []byte
	for len(b) > 0 && b[0] > 0 {
		n := min(int(b[0]), len(b)-1)
		out = append(out, b[1:1+n]...)
		b = b[1+n:]
	}
	return out, err
}

func text(where string, l meta.Label, b []byte, n int64) []meta.Finding {
	return []meta.Finding{{Kind: meta.Text, Label: l, Where: where, Value: meta.Show(string(b[:min(len(b), 4096)])), Size: n, Needles: [][]byte{b[:min(len(b), 256)]}}}
}

// loopLen is the length of a loop block: introducer, label, name and one
// sub-block of three bytes.
const loopLen = 3 + 11 + 1 + 3 + 1

// repetitions takes an application extension that says how often an animation
// is played; of several the last one counts, as in browsers.
func (p *picture) repetitions(off, end int64) (bool, error) {
	if end-off < loopLen {
		return false, nil
	}
	b, err := p.w.Bytes(off, loopLen)
	if err != nil {
		return false, err
	}
	name := string(b[3:14])
	if b[2] != 11 || name != "NETSCAPE2.0" && name != "ANIMEXTS1.0" || b[14] < 3 || b[15] != 1 {
		return false, nil
	}
	p.surplus += end - off - loopLen
	if p.loop != nil {
		p.surplus += loopLen
	}
	b[14], b[18] = 3, 0
	p.loop = b
	return true, nil
}

// application describes the application extension whose sub-blocks begin at off.
func (p *picture) application(off, end int64) ([]meta.Finding, error) {
	b, err := p.joined(off, end)
	if err != nil {
		return nil, err
	}
	name := b[:min(len(b), 11)]
	data := b[len(name):]
	f := meta.Finding{Kind: meta.Unknown, Label: meta.LabelPrivateBlock, Where: "application extension " + meta.Show(string(name)), Size: end - off}
	var fs []meta.Finding
	switch id := string(name); {
	case id == "XMP DataXMP":
		packet := data
		if raw, err := p.w.Bytes(off+12, min(end-off-12, maxRead)); err == nil && len(raw) > 0 && raw[0] == '<' {
			packet = raw[:bytes.LastIndexByte(raw, '>')+1] // not in sub-blocks, but with a tail that leads out of it
		}
		fs = xmp.Describe(packet)
	case id == "ICCRGBG1012":
		f.Kind, f.Label = meta.Colour, meta.LabelColourProfile
		if _, more, err := icc.Rewrite(data); err == nil {
			fs = more
		}
	case bytes.HasPrefix(name, []byte("C2PA_GIF")):
		fs = c2pa.Describe(data)
	case bytes.HasPrefix(name, []byte("MGKIPTC")):
		fs = iptc.DescribeIIM(data)
	case bytes.HasPrefix(name, []byte("MGK8BIM")):
		fs, _, _ = iptc.DescribeIRB(data)
	case id == "NETSCAPE2.0", id == "ANIMEXTS1.0":
		f.Kind, f.Label, f.Needles = meta.Settings, meta.LabelSettings, meta.Texts(data)
	default:
		f.Needles = append(meta.Texts(data), name)
	}
	if len(fs) == 0 {
		fs = []meta.Finding{f}
	}
	return fs, nil
}
