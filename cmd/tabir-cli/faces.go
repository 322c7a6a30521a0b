package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/spf13/cobra"

	"tabir/app/text"
	"tabir/assets"
	"tabir/scrub"
	"tabir/scrub/batch"
)

func facesCommand(e *env) *cobra.Command {
	var asJSON, thorough bool
	var pick detectorFlags
	c := &cobra.Command{
		Use:   "faces [flags] PATH…",
		Short: "Say where a detector finds faces",
		Long: `Looks for faces in photos and says where it finds some. It misses faces:
somebody has to look. Nothing is written.

The detector needs the weights of YuNet: those that the program was built with,
or the file named by --model or $TABIR_FACE_MODEL, or ` + assets.FaceModelFile + `
in the folder "tabir" of your configuration folder. Any other file is refused.
--detector basic needs no file; it often misses turned faces.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := pick.load()
			if err != nil {
				return err
			}
			work, err := find(c.Context(), args, batch.Options{InPlace: true})
			if err != nil {
				return tell(e, err)
			}
			f := finder{env: e, detector: d, json: asJSON}
			if thorough {
				f.mode = scrub.FacesThorough
			}
			return f.run(c.Context(), work.Jobs)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	c.Flags().BoolVar(&thorough, "thorough", false, "look also for tiny faces")
	pick.add(c.Flags())
	return c
}

// finder looks for faces in one photo after the other: each look uses a
// processor and a good part of the memory of a photo.
type finder struct {
	*env
	detector scrub.FaceDetector
	mode     scrub.FaceMode
	json     bool

	with, without, failed int
}

func (f *finder) run(ctx context.Context, jobs []batch.Job) error {
	for _, j := range jobs {
		faces, err := f.look(ctx, j.Src)
		switch {
		case ctx.Err() != nil:
			return exit(exitCancelled)
		case err != nil:
			f.failed++
			sentence, next := text.Explain(err)
			fmt.Fprintf(f.errs, "PROBLEM: %s: %s (%s)\n  hint: %s\n", show(near(j.Src)), sentence, show(firstLine(err.Error())), next)
		default:
			f.tell(j.Src, faces)
		}
	}
	if !f.json {
		fmt.Fprintf(f.out, "\nFaces were found in %s and in %d none. %s: somebody has to look at every photo.\n",
			count(f.with, "photo", "photos"), f.without, misses(f.detector))
	}
	if f.failed > 0 {
		return exit(exitFailed)
	}
	return nil
}

func (f *finder) look(ctx context.Context, path string) (*scrub.Faces, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return scrub.DetectFaces(ctx, file, st.Size(), f.detector, f.mode)
}

// faceLine is a line of JSON. Its keys are documented in README.md.
type faceLine struct {
	V        int    `json:"v"`
	Path     string `json:"path,omitempty"`
	PathB64  string `json:"path_b64,omitempty"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Detector string `json:"detector"`
	Setting  string `json:"setting"` // default or thorough
	Faces    []box  `json:"faces"`
}

type box struct {
	X      int     `json:"x"`
	Y      int     `json:"y"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Score  float64 `json:"score"`
	Level  string  `json:"level"`
}

func (f *finder) tell(src string, faces *scrub.Faces) {
	l := faceLine{V: 1, Width: faces.Width, Height: faces.Height, Detector: f.detector.Name(), Setting: "default", Faces: []box{}}
	if f.mode == scrub.FacesThorough {
		l.Setting = "thorough"
	}
	l.Path, l.PathB64 = path(src)
	for _, b := range faces.Boxes {
		// Rounded outwards.
		x, y := int(math.Floor(b.X)), int(math.Floor(b.Y))
		l.Faces = append(l.Faces, box{x, y, int(math.Ceil(b.X+b.W)) - x, int(math.Ceil(b.Y+b.H)) - y, math.Round(b.Score*1000) / 1000, b.Level.String()})
	}
	if len(l.Faces) > 0 {
		f.with++
	} else {
		f.without++
	}
	if f.json {
		_ = json.NewEncoder(f.out).Encode(l) // nothing can be said where standard output is closed
		return
	}
	fmt.Fprintf(f.out, "%s (%d × %d): %s\n", show(near(src)), l.Width, l.Height, count(len(l.Faces), "face", "faces"))
	for _, b := range l.Faces {
		fmt.Fprintf(f.out, "  %-5s %d,%d,%d,%d  (%.2f)\n", b.Level, b.X, b.Y, b.Width, b.Height, b.Score)
	}
}
