package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"tabir/assets"
	"tabir/scrub"
)

// detectorFlags say which detector looks for faces.
type detectorFlags struct{ name, model string }

func (d *detectorFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&d.name, "detector", "yunet", "look for faces with yunet, or with basic, which is built in and often misses turned faces")
	fl.StringVar(&d.model, "model", "", "use this `file` of YuNet")
}

// load never puts the basic detector in the place of the better one unasked.
func (d *detectorFlags) load() (scrub.FaceDetector, error) {
	switch d.name {
	case "yunet":
	case "basic":
		if d.model != "" {
			return nil, errors.New("--detector basic needs no --model")
		}
		return scrub.BasicFaceDetector(), nil
	default:
		return nil, fmt.Errorf("--detector %s: must be yunet or basic", d.name)
	}
	b, err := assets.FindFaceModel(d.model)
	if err == nil && b == nil {
		err = errors.New("its file is not there")
	}
	var net scrub.FaceDetector
	if err == nil {
		net, err = scrub.LoadFaceDetector(b)
	}
	if err != nil {
		return nil, fmt.Errorf("the face detector YuNet: %w; run \"make model\" and build again, or name its file with --model, or use --detector basic, which often misses turned faces", err)
	}
	return net, nil
}

// misses says of a detector what it is bad at.
func misses(d scrub.FaceDetector) string {
	if d == scrub.BasicFaceDetector() {
		return "This was the basic face finder: it often misses turned faces"
	}
	return "The detector misses faces"
}

// there reports whether YuNet can be used without naming its file.
func (d *detectorFlags) there() bool {
	b, err := assets.FindFaceModel(d.model)
	return err != nil || b != nil
}
