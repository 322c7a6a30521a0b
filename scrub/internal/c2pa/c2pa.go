// Package c2pa says what a JUMBF block tells (ISO 19566-5, C2PA 2.x).
package c2pa

import "tabir/scrub/meta"

// Describe finds the block as a whole.
func Describe(jumbf []byte) []meta.Finding {
	return []meta.Finding{{Kind: meta.Provenance, Label: meta.LabelC2PA, Where: "JUMBF", Size: int64(len(jumbf))}}
}
