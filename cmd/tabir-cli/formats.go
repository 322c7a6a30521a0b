package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"tabir/scrub"
)

// formats lists what can be cleaned.
func formats(e *env, asJSON bool) error {
	for _, f := range scrub.Formats() {
		if !asJSON {
			fmt.Fprintf(e.out, "%-6s %s%s\n", f.Name, strings.Join(f.Exts, " "), whenCovered(f))
			continue
		}
		err := json.NewEncoder(e.out).Encode(struct {
			V       int      `json:"v"`
			Event   string   `json:"event"`
			Name    string   `json:"name"`
			Exts    []string `json:"extensions"`
			Covered string   `json:"covered_as,omitempty"`
		}{1, "format", f.Name, f.Exts, f.Covered})
		if err != nil {
			return err
		}
	}
	return nil
}

// whenCovered says what becomes of a photo when areas of it are covered, where that
// is not the same picture.
func whenCovered(f scrub.FormatInfo) string {
	switch {
	case f.Covered == "":
		return "  (areas cannot be covered)"
	case f.Covered != f.Name:
		return "  (becomes " + f.Covered + " where areas are covered)"
	case f.Anew:
		return "  (coded anew where areas are covered)"
	}
	return ""
}
