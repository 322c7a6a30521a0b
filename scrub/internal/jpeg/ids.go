package jpeg

import "tabir/scrub/meta"

// known are the application segments that have a name, by marker and the bytes
// that they begin with. They say what is dropped; nothing depends on them.
var known = []struct {
	app   byte
	id    string
	kind  meta.Kind
	label meta.Label
	name  string
}{
	{0, "JFXX\x00", meta.Picture, meta.LabelThumbnail, "JFIF extension"},
	{0, "CIFF", meta.Device, meta.LabelPrivateBlock, "Canon CIFF block"},
	{0, "HEAPJPGM", meta.Device, meta.LabelPrivateBlock, "Canon CIFF block"},
	{0, "AVI1", meta.Settings, meta.LabelSettings, "motion JPEG mark"},
	{0, "Ocad", meta.Device, meta.LabelPrivateBlock, "Photobucket block"},
	{1, "http://ns.adobe.com/xmp/extension/\x00", meta.Text, meta.LabelXMPBlock, "extended XMP packet"},
	{1, "FLIR\x00", meta.Picture, meta.LabelSecondPicture, "FLIR thermal data"},
	{1, "PARROT", meta.Device, meta.LabelPrivateBlock, "Parrot block"},
	{1, "QVCI", meta.Device, meta.LabelPrivateBlock, "Casio block"},
	{2, "MPF\x00", meta.Picture, meta.LabelSecondPicture, "list of further pictures (MPF)"},
	{2, "FPXR\x00", meta.Picture, meta.LabelPreview, "FlashPix block"},
	{2, "urn:iso:std:iso:ts:21496", meta.Settings, meta.LabelSettings, "HDR gain map values"},
	{3, "Meta", meta.Text, meta.LabelPrivateBlock, "Kodak Meta block"},
	{3, "META", meta.Text, meta.LabelPrivateBlock, "Kodak Meta block"},
	{3, "Stim", meta.Picture, meta.LabelSecondPicture, "stereo picture block"},
	{3, "_JPSJPS_", meta.Picture, meta.LabelSecondPicture, "stereo picture block"},
	{3, "ImgHDR", meta.Device, meta.LabelPrivateBlock, "HDR block"},
	{4, "Scalado", meta.Device, meta.LabelPrivateBlock, "Scalado block"},
	{4, "FPXR", meta.Picture, meta.LabelPreview, "FlashPix block"},
	{4, "Qualcomm", meta.Device, meta.LabelPrivateBlock, "Qualcomm camera block"},
	{4, "\xaa\x55\x12\x06", meta.Device, meta.LabelPrivateBlock, "DJI thermal block"},
	{5, "ssuniqueid\x00", meta.Serial, meta.LabelSerial, "Samsung id"},
	{5, "RMETA", meta.Text, meta.LabelPrivateBlock, "Ricoh block"},
	{6, "EPPIM\x00", meta.Device, meta.LabelPrivateBlock, "Toshiba PrintIM block"},
	{6, "NITF", meta.Device, meta.LabelPrivateBlock, "NITF block"},
	{6, "GoPro", meta.Device, meta.LabelPrivateBlock, "GoPro block"},
	{6, "TDHD", meta.Device, meta.LabelPrivateBlock, "HP block"},
	{7, "PENTAX", meta.MakerNote, meta.LabelMakerNote, "Pentax block"},
	{7, "RICOH", meta.MakerNote, meta.LabelMakerNote, "Ricoh block"},
	{7, "HUAWEI", meta.MakerNote, meta.LabelMakerNote, "Huawei block"},
	{7, "DJI-DBG", meta.MakerNote, meta.LabelMakerNote, "DJI block"},
	{7, "\x1aQualcomm", meta.MakerNote, meta.LabelMakerNote, "Qualcomm camera block"},
	{8, "SPIFF\x00", meta.Settings, meta.LabelSettings, "SPIFF header"},
	{8, "SEAL", meta.Provenance, meta.LabelC2PA, "SEAL signature"},
	{9, "Media Jukebox", meta.Software, meta.LabelSoftware, "Media Jukebox block"},
	{10, "UNICODE\x00", meta.Text, meta.LabelComment, "PhotoStudio comment"},
	{10, "AROT", meta.Settings, meta.LabelSettings, "Apple HDR gain curve"},
	{11, "HDR_RI", meta.Picture, meta.LabelSecondPicture, "JPEG-HDR ratio picture"},
	{11, "JP", meta.Provenance, meta.LabelC2PA, "JUMBF block"},
	{12, "Ducky", meta.Text, meta.LabelComment, "Adobe Save for Web block"},
	{12, "OLYMPUS", meta.Device, meta.LabelPrivateBlock, "Olympus picture information"},
	{12, "[picture info]", meta.Device, meta.LabelPrivateBlock, "picture information"},
	{13, "Photoshop 3.0\x00", meta.Text, meta.LabelIPTCBlock, "Photoshop block"},
	{13, "Adobe_CM", meta.Settings, meta.LabelSettings, "Adobe colour management block"},
	{14, "Adobe", meta.Settings, meta.LabelSettings, "Adobe block"},
	{15, "GraphicConverter", meta.Software, meta.LabelSoftware, "GraphicConverter block"},
	{15, "TEXT", meta.Text, meta.LabelComment, "CaptureOne block"},
}
