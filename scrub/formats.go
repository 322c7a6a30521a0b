package scrub

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"tabir/scrub/internal/bmp"
	"tabir/scrub/internal/gif"
	"tabir/scrub/internal/heif"
	"tabir/scrub/internal/jpeg"
	"tabir/scrub/internal/jxl"
	"tabir/scrub/internal/mp4"
	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/png"
	"tabir/scrub/internal/recode"
	"tabir/scrub/internal/tiff"
	"tabir/scrub/internal/webp"
)

// formats is the one list of what can be cleaned; all else derives from it. A
// new format is a package with a plan.Format and a line here.
var formats = []plan.Format{
	jpeg.Format,
	jxl.Format,
	png.Format,
	webp.Format,
	gif.Format,
	bmp.Format,
	tiff.Format,
	heif.HEIC,
	heif.AVIF,
	mp4.MP4,
	mp4.MOV,
}

// FormatInfo describes a format for people.
type FormatInfo struct {
	Name string
	Exts []string // with the dot
	// Covered is the format of a picture after areas of it were covered; empty where
	// they cannot be. Anew says that the picture is coded anew for that, as a whole;
	// one whose colours the encoder cannot state becomes what [Remakes] says.
	Covered string
	Anew    bool
}

func infoOf(f plan.Format) FormatInfo {
	i := FormatInfo{Name: f.Name, Exts: slices.Clone(f.Exts)}
	if i.Covered = f.Name; f.Canvas == nil {
		i.Covered = recode.Covered(f.Name)
		i.Anew = i.Covered != ""
	}
	return i
}

// Formats lists the formats that can be cleaned.
func Formats() []FormatInfo {
	out := make([]FormatInfo, len(formats))
	for i, f := range formats {
		out[i] = infoOf(f)
	}
	return out
}

// Recognise says by its content which format a file of size bytes is in. Of a
// file that cannot be cleaned the error wraps ErrUnknownFormat and names what it
// is, where that is known.
func Recognise(src io.ReaderAt, size int64) (FormatInfo, error) {
	f, err := sniff(src, size)
	return infoOf(f), err
}

// sniff finds the format of src by its content.
func sniff(src io.ReaderAt, size int64) (plan.Format, error) {
	head := make([]byte, min(plan.SniffLen, size))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		return plan.Format{}, fmt.Errorf("reading the first %d bytes: %w", len(head), err)
	}
	for _, f := range formats {
		if f.Sniff(head) {
			return f, nil
		}
	}
	if len(head) == 0 {
		return plan.Format{}, fmt.Errorf("empty file: %w", ErrUnknownFormat)
	}
	if name := foreign(head); name != "" {
		return plan.Format{}, fmt.Errorf("%s: %w", name, ErrUnknownFormat)
	}
	return plan.Format{}, ErrUnknownFormat
}

// wrongExt is the extension that fits f where name has another format's.
func wrongExt(name string, f plan.Format) string {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == "" || slices.Contains(f.Exts, ext) {
		return ""
	}
	return f.Exts[0]
}
