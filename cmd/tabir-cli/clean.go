package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

// cleanFlags are the flags of "clean".
type cleanFlags struct {
	batch.Options
	names  string
	keep   []string
	json   bool
	values bool
	dryRun bool
	cover  coverFlags
}

func cleanCommand(e *env) *cobra.Command {
	var f cleanFlags
	c := &cobra.Command{
		Use:   "clean [flags] PATH…",
		Short: "Make clean copies of photos and folders",
		Long: `Makes a clean, checked copy of each photo. PATH is a photo, a folder (with all
folders in it; symbolic links are not followed), or - for standard input to
standard output.

Without -o, the copy of dir/photo.jpg is dir/clean/photo.jpg, and the copies of
the folder dir are in dir-clean, in the same folders. Photos that hold nothing
to remove are copied like the others.

With --from-pixels every photo is decoded and a new picture is made of what is
seen in it, and of nothing else of the file: a PNG where it is coded without loss,
may be transparent or would lose its colours, else a JPEG, with the extension that
fits. That works also for many photos that cannot be cleaned: of a raw photo the
picture that the camera made for its screen is taken, of an animation the first frame.

To cover areas of them, WebP, AVIF and JPEG XL photos are coded anew at high
quality, and a HEIC photo becomes a JPEG (tabir-cli formats says so for each).`,
		Example: examples,
		Args:    cobra.MinimumNArgs(1),
	}
	fl := c.Flags()
	fl.StringVarP(&f.Out, "output", "o", "", "put the copies into this `folder`")
	fl.BoolVar(&f.InPlace, "in-place", false, "replace each original by its clean copy, once that is checked")
	fl.BoolVar(&f.Overwrite, "overwrite", false, "replace files of the same name among the copies")
	fl.StringVar(&f.names, "names", "keep", "names of the copies: keep, or number for photo-001.jpg")
	fl.StringSliceVar(&f.keep, "keep", nil, "write these anew into the copies: credit (author and copyright), date (of capture), hdr (the gain map that makes the HDR look of a JPEG; HEIC and AVIF have theirs anyway), motion (the video of a motion photo, cleaned)")
	fl.BoolVar(&f.Policy.NoSound, "no-audio", false, "leave the sound of videos out of the copies")
	fl.BoolVar(&f.json, "json", false, "print one JSON object a line")
	fl.BoolVar(&f.values, "values", false, "with --json: include the values that were found")
	fl.IntVarP(&f.Workers, "jobs", "j", 0, "photos worked on at once (0: as many as processors, at most 8)")
	fl.BoolVar(&f.dryRun, "dry-run", false, "only say what would be done")
	fl.BoolVar(&f.FromPixels, "from-pixels", false, "make every copy a new JPEG or PNG from what is seen; also of photos that cannot be cleaned")
	f.cover.add(fl)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := f.check(); err != nil {
			return err
		}
		if err := f.cover.asked(c.Flags()); err != nil {
			return err
		}
		if err := f.cover.check(&f, args); err != nil {
			return err
		}
		if slices.Contains(args, "-") {
			if len(args) != 1 || f.Out != "" || f.InPlace || f.json || f.dryRun || f.cover.wanted() {
				return errors.New("- stands alone: it reads one photo and writes one, without -o, --in-place, --dry-run, --json or areas to cover")
			}
			return pipe(c.Context(), e, scrub.Options{Policy: f.Policy, FromPixels: f.FromPixels})
		}
		return f.run(c, e, args)
	}
	return c
}

// check turns words into options.
func (f *cleanFlags) check() error {
	switch f.names {
	case "keep":
	case "number":
		f.Number = true
	default:
		return fmt.Errorf("--names %s: must be keep or number", f.names)
	}
	if f.InPlace && (f.Out != "" || f.Number || f.Overwrite) {
		return errors.New("--in-place makes no copies: it does not go with -o, --names number or --overwrite")
	}
	if f.FromPixels && (f.InPlace || len(f.keep) > 0) {
		return errors.New("--from-pixels makes new pictures: it does not go with --in-place or --keep")
	}
	if f.Workers < 0 || f.Workers > 64 {
		return errors.New("-j must be 0 to 64")
	}
	var err error
	f.Policy.Keep, err = keeping(f.keep)
	return err
}

// keeping turns the words of --keep into what they mean.
func keeping(words []string) (all meta.Keep, err error) {
	for _, k := range words {
		i := slices.IndexFunc(meta.KeepNames, func(n struct {
			Name string
			Keep meta.Keep
		}) bool {
			return n.Name == strings.TrimSpace(k)
		})
		if i < 0 {
			return 0, fmt.Errorf("--keep %s: must be one of %s", k, strings.Join(meta.Keep(^meta.Keep(0)).Names(), ", "))
		}
		all |= meta.KeepNames[i].Keep
	}
	return all, nil
}

func (f *cleanFlags) run(c *cobra.Command, e *env, args []string) error {
	work, err := find(c.Context(), args, f.Options)
	if err != nil {
		return tell(e, err)
	}
	task, r := batch.Clean(f.Options), reporter(&people{env: e, verb: "clean", policy: f.Policy, inPlace: f.InPlace, detector: f.Cover.Faces})
	if f.dryRun {
		task, r = batch.Inspect(f.Options), &people{env: e, verb: "plan", policy: f.Policy}
	}
	if f.json {
		r = &machine{env: e, values: f.values, target: !f.dryRun}
	}
	return process(c.Context(), e, work, job{task: task, workers: f.Workers, bar: !f.json, writes: !f.dryRun}, r)
}
