package main

import (
	"errors"
	"fmt"
	"image"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"tabir/scrub"
)

// coverFlags say what is painted over.
type coverFlags struct {
	regions  []string
	crop     string
	faces    bool
	thorough bool
	style    string
	detector detectorFlags
	discard  bool
}

func (c *coverFlags) add(fl *pflag.FlagSet) {
	fl.StringArrayVar(&c.regions, "region", nil, "cover `x,y,width,height[,ellipse]`, in pixels of the upright picture (one photo; may be repeated)")
	fl.StringVar(&c.crop, "crop", "", "cut to `x,y,width,height`, in pixels of the upright picture (one photo); a JPEG is cut without loss, between its blocks, to that or a little more")
	fl.BoolVar(&c.faces, "faces", false, "cover the faces that a detector proposes; it misses some")
	fl.BoolVar(&c.thorough, "thorough", false, "with --faces: look also for tiny faces")
	fl.StringVar(&c.style, "cover", "blur", "how a covered area looks: blur or mosaic (both made of its surroundings) or solid")
	c.detector.add(fl)
	fl.BoolVar(&c.discard, "discard-originals", false, "with --in-place and covered areas: yes, the uncovered originals are lost")
}

// wanted reports whether the copy is to show less than the original.
func (c *coverFlags) wanted() bool { return c.covers() || c.crop != "" }

func (c *coverFlags) covers() bool { return c.faces || len(c.regions) > 0 }

// asked refuses flags that say how to cover where nothing is to be covered:
// somebody would take the copy for a covered one.
func (c *coverFlags) asked(fl *pflag.FlagSet) error {
	for _, name := range []string{"cover", "detector", "model", "thorough", "discard-originals"} {
		if fl.Changed(name) && !c.covers() && (name != "discard-originals" || c.crop == "") {
			return fmt.Errorf("--%s covers nothing by itself: say --faces or --region as well", name)
		}
	}
	return nil
}

// check turns the flags into options.
func (c *coverFlags) check(f *cleanFlags, args []string) (err error) {
	switch c.style {
	case "blur":
	case "solid":
		f.Cover.Style = scrub.CoverSolid
	case "mosaic":
		f.Cover.Style = scrub.CoverMosaic
	default:
		return fmt.Errorf("--cover %s: must be blur, solid or mosaic", c.style)
	}
	if f.InPlace && c.wanted() && !c.discard {
		return errors.New("--in-place with covered areas or --crop throws the whole originals away: say --discard-originals if that is meant")
	}
	for _, r := range c.regions {
		region, err := parseRegion(r)
		if err != nil {
			return err
		}
		f.Cover.Regions = append(f.Cover.Regions, region)
	}
	if c.crop != "" {
		r, err := parseRegion(c.crop)
		if err != nil || r.Ellipse {
			return fmt.Errorf("--crop %s: must be x,y,width,height", c.crop)
		}
		f.Crop = image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H)
	}
	if len(c.regions) > 0 || c.crop != "" {
		if st, err := os.Stat(args[0]); len(args) != 1 || err == nil && st.IsDir() {
			return errors.New("--region and --crop are about one photo")
		}
	}
	if !c.faces {
		// Who covers areas by hand is told of faces beside them, where YuNet is there.
		if len(c.regions) > 0 && (c.detector.model != "" || c.detector.name != "yunet" || c.detector.there()) {
			f.Cover.Check, err = c.detector.load()
		}
		return err
	}
	if c.thorough {
		f.Cover.Mode = scrub.FacesThorough
	}
	d, err := c.detector.load()
	if err != nil {
		return err
	}
	f.Cover.Faces = d
	return nil
}

// parseRegion reads x,y,width,height[,ellipse].
func parseRegion(s string) (scrub.Region, error) {
	words, ellipse := strings.CutSuffix(s, ",ellipse")
	parts := strings.Split(words, ",")
	var n [4]int
	for i, p := range parts {
		v, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || i >= 4 || v < -1<<20 || v > 1<<20 {
			return scrub.Region{}, fmt.Errorf("--region %s: must be x,y,width,height, and may end in ,ellipse", s)
		}
		n[i] = v
	}
	if len(parts) != 4 || n[2] <= 0 || n[3] <= 0 {
		return scrub.Region{}, fmt.Errorf("--region %s: must be x,y,width,height, and may end in ,ellipse", s)
	}
	return scrub.Region{X: n[0], Y: n[1], W: n[2], H: n[3], Ellipse: ellipse}, nil
}

// covered says of one copy what was covered and what it was cut to.
func covered(r *scrub.Report) string {
	s := ""
	if c := r.Cropped; !c.Empty() {
		s = fmt.Sprintf("; cut to %d,%d,%d,%d", c.Min.X, c.Min.Y, c.Dx(), c.Dy())
	}
	switch {
	case len(r.Outside) > 0:
		return s + fmt.Sprintf("; covered %s; LOOK: %s may be left uncovered", count(len(r.Covered), "area", "areas"), count(len(r.Outside), "face", "faces"))
	case len(r.Covered) > 0:
		return s + "; covered " + count(len(r.Covered), "area", "areas")
	case r.Looked:
		return s + "; no face found: look yourself"
	}
	return s
}
