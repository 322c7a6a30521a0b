package exif

import "tabir/scrub/meta"

// Describe says what the block tells about people, places and devices.
func Describe(block []byte) []meta.Finding {
	return []meta.Finding{{Kind: meta.Settings, Label: meta.LabelExifBlock, Where: "Exif", Size: int64(len(block))}}
}
