// Package assets holds the files that are part of the programs.
package assets

import _ "embed"

// Notices are the licences of all modules that are linked into the programs.
// TestNotices keeps them true.
//
//go:embed NOTICES.txt
var Notices string
