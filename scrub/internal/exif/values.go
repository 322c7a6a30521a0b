package exif

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// maxText is how much of a value is looked at; a report shows far less.
const maxText = 4096

// decode turns the bytes of a value into text; empty where it says nothing.
func decode(h how, raw []byte) string {
	raw = raw[:min(len(raw), maxText)]
	switch h {
	case wide:
		return utf16Text(raw, binary.LittleEndian)
	case comment:
		return commentText(raw)
	case date:
		s := ascii(raw)
		if strings.Trim(s, "0:-/ ") == "" {
			return "" // a clock that was never set
		}
		return s
	}
	return ascii(raw)
}

// ascii joins the parts of a text that NULs separate; most have one.
func ascii(raw []byte) string {
	var parts []string
	for p := range bytes.SplitSeq(raw, []byte{0}) {
		if s := strings.TrimSpace(string(p)); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// commentText decodes a text with a character code in front. Many programs
// leave the code out.
func commentText(raw []byte) string {
	if len(raw) < 8 {
		return ascii(raw)
	}
	body := raw[8:]
	switch code := string(raw[:8]); {
	case strings.HasPrefix(code, "UNICODE"), strings.HasPrefix(code, "Unicode"):
		return wideText(body)
	case strings.HasPrefix(code, "ASCII"), code == "\x00\x00\x00\x00\x00\x00\x00\x00":
		return ascii(body)
	case strings.HasPrefix(code, "JIS\x00"):
		if bytes.IndexByte(body, 0x1B) < 0 {
			return ascii(body)
		}
		return "(JIS)" // JIS X 0208 by escape sequences; the code was last written by cameras of the 1990s
	}
	return ascii(raw)
}

// wideText decodes UTF-16 of an order that nobody states: Latin letters have
// their zero byte on one side.
func wideText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return utf16Text(b[2:], binary.BigEndian)
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return utf16Text(b[2:], binary.LittleEndian)
	}
	high, low := 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] != 0 {
			high++
		}
		if b[i+1] == 0 && b[i] != 0 {
			low++
		}
	}
	if high > low {
		return utf16Text(b, binary.BigEndian)
	}
	return utf16Text(b, binary.LittleEndian)
}

func utf16Text(b []byte, o binary.ByteOrder) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if c := o.Uint16(b[i:]); c != 0 {
			u = append(u, c)
		}
	}
	return strings.TrimSpace(string(utf16.Decode(u)))
}

// needles are the bytes that must not be in a clean file: what stands in the
// source and, where that is in another code, the text as UTF-8.
func needles(h how, raw []byte, v string) [][]byte {
	raw = raw[:min(len(raw), maxText)]
	var out [][]byte
	switch h {
	case wide:
		return [][]byte{needle(raw), needle([]byte(v))}
	case comment:
		if len(raw) > 8 {
			raw = raw[8:]
		}
		if bytes.IndexByte(bytes.Trim(raw, "\x00"), 0) >= 0 {
			return [][]byte{needle(raw), needle([]byte(v))}
		}
	}
	for p := range bytes.SplitSeq(raw, []byte{0}) {
		if p = bytes.TrimSpace(p); len(p) > 0 && len(out) < 4 {
			out = append(out, needle(p))
		}
	}
	return out
}

// needle copies the beginning of b: a finding must not keep the block in memory.
func needle(b []byte) []byte { return bytes.Clone(b[:min(len(b), 256)]) }

// isPrompt recognises what image generators write into comments.
func isPrompt(s string) bool {
	return strings.Contains(s, "Steps: ") && strings.Contains(s, "Seed: ") ||
		strings.Contains(s, "Negative prompt: ") ||
		strings.HasPrefix(s, "{") && (strings.Contains(s, `"prompt"`) || strings.Contains(s, `"workflow"`) || strings.Contains(s, `"class_type"`))
}

// printable reports whether b is plain ASCII text of some length.
func printable(b []byte) bool {
	b = bytes.TrimRight(b, "\x00")
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c > '~' {
			return false
		}
	}
	return len(bytes.TrimSpace(b)) >= 4
}
