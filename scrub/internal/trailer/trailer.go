// Package trailer names what lies behind the end of a picture.
package trailer

import "tabir/scrub/meta"

type Source interface {
	Bytes(off, n int64) ([]byte, error)
}

// Describe finds the block as a whole.
func Describe(w Source, off, n int64) []meta.Finding {
	return []meta.Finding{{Kind: meta.Unknown, Label: meta.LabelTrailer, Where: "behind the end", Size: n}}
}
