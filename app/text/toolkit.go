package text

import (
	_ "embed"
	"encoding/json"
)

// The words of the toolkit's own dialogs, by its keys, for every known language.
//
//go:embed toolkit.json
var toolkit []byte

// Toolkit returns the words of the toolkit's own dialogs in this language, as a
// catalogue of the toolkit.
func (w Words) Toolkit() []byte {
	var all map[string]json.RawMessage
	must(json.Unmarshal(toolkit, &all))
	return all[w.Tag]
}
