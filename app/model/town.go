package model

import (
	"fmt"

	"tabir/app/towns"
	"tabir/scrub/meta"
)

// Town is the town that the position of a finding lies in or is near to; empty
// where it says no position, or no town is near.
func Town(f meta.Finding) string {
	var lat, lon float64
	if f.Label != meta.LabelPosition {
		return ""
	}
	if n, err := fmt.Sscanf(f.Value, "%f, %f", &lat, &lon); n != 2 || err != nil {
		return ""
	}
	return towns.Near(lat, lon)
}
