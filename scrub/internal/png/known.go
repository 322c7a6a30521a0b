package png

import "tabir/scrub/meta"

// known are chunks that have a name and are dropped. They say what is dropped;
// nothing depends on them.
var known = map[string]struct {
	kind  meta.Kind
	label meta.Label
	name  string
}{
	"tIME": {meta.Date, meta.LabelDateChanged, "time of the last change"},
	"hIST": {meta.Settings, meta.LabelSettings, "histogram"},
	"sPLT": {meta.Text, meta.LabelPrivateBlock, "named palette"},
	"oFFs": {meta.Settings, meta.LabelSettings, "position on a page"},
	"pCAL": {meta.Text, meta.LabelPrivateBlock, "calibration of pixel values"},
	"sCAL": {meta.Settings, meta.LabelSettings, "physical scale"},
	"sTER": {meta.Settings, meta.LabelSettings, "stereo arrangement"},
	"gIFg": {meta.Settings, meta.LabelSettings, "GIF graphic control"},
	"gIFx": {meta.Unknown, meta.LabelPrivateBlock, "GIF application block"},
	"gIFt": {meta.Text, meta.LabelTextOther, "GIF text"},
	"fRAc": {meta.Settings, meta.LabelSettings, "fractal parameters"},
	"dSIG": {meta.Provenance, meta.LabelC2PA, "digital signature"},
	"seAl": {meta.Provenance, meta.LabelC2PA, "SEAL signature"},
	"iDOT": {meta.Device, meta.LabelPrivateBlock, "Apple decoding offsets"},
	"vpAg": {meta.Settings, meta.LabelSettings, "virtual page of ImageMagick"},
	"caNv": {meta.Settings, meta.LabelSettings, "canvas of ImageMagick"},
	"orNT": {meta.Settings, meta.LabelOrientation, "orientation of ImageMagick"},
	"zxIf": {meta.Unknown, meta.LabelExifBlock, "compressed Exif block"},
	"tXMP": {meta.Text, meta.LabelXMPBlock, "XMP packet"},
	"meTa": {meta.Text, meta.LabelPrivateBlock, "Autodesk block"},
	"cpIp": {meta.Software, meta.LabelPrivateBlock, "Corel block"},
	"gdAT": {meta.Picture, meta.LabelSecondPicture, "HDR gain map"},
	"gmAP": {meta.Settings, meta.LabelSettings, "HDR gain map values"},
	"prVW": {meta.Picture, meta.LabelPreview, "Fireworks preview"},
	"mkBF": {meta.Software, meta.LabelPrivateBlock, "Fireworks block"},
	"mkBS": {meta.Software, meta.LabelPrivateBlock, "Fireworks block"},
	"mkBT": {meta.Software, meta.LabelPrivateBlock, "Fireworks block"},
	"mkTS": {meta.Software, meta.LabelPrivateBlock, "Fireworks block"},
	"acTL": {meta.Picture, meta.LabelHiddenFrames, "animation that is never shown"},
	"fcTL": {meta.Picture, meta.LabelHiddenFrames, "frame that is never shown"},
	"fdAT": {meta.Picture, meta.LabelHiddenFrames, "frame that is never shown"},
	"PLTE": {meta.Unknown, meta.LabelSurplus, "palette of a picture without one"},
}
