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
			fmt.Fprintf(e.out, "%-6s %s\n", f.Name, strings.Join(f.Exts, " "))
			continue
		}
		err := json.NewEncoder(e.out).Encode(struct {
			V     int      `json:"v"`
			Event string   `json:"event"`
			Name  string   `json:"name"`
			Exts  []string `json:"extensions"`
		}{1, "format", f.Name, f.Exts})
		if err != nil {
			return err
		}
	}
	return nil
}
