// Package iptc says what Photoshop and IPTC blocks tell.
package iptc

import "tabir/scrub/meta"

// Describe finds the block as a whole.
// DescribeIRB finds the block as a whole.
func DescribeIRB(block []byte) (fs []meta.Finding, exif, xmp [][]byte) {
	return []meta.Finding{{Kind: meta.Text, Label: meta.LabelIPTCBlock, Where: "Photoshop block", Size: int64(len(block))}}, nil, nil
}

// Describe finds the block as a whole.
// DescribeIIM finds the block as a whole.
func DescribeIIM(block []byte) []meta.Finding {
	return []meta.Finding{{Kind: meta.Text, Label: meta.LabelIPTCBlock, Where: "IPTC block", Size: int64(len(block))}}
}
