package exif

import "tabir/scrub/meta"

// how a value is read for showing.
type how uint8

const (
	text    how = iota // ASCII or UTF-8
	wide               // UTF-16LE in bytes, as Windows writes it
	comment            // with a character code in front (CIPA DC-008, UserComment)
	date               // with its fractions and zone beside it
	zone
	fraction // of a second; shown with its date
	size     // only its length tells something
	filling  // nothing, unless it is not zero
)

// rule says what a tag gives away.
type rule struct {
	kind  meta.Kind
	label meta.Label
	how   how
}

const tagSubIFDs = 0x014A

// Where a small picture lies: as JPEG, or as strips (TIFF 6.0).
const (
	tagStripOffsets = 0x0111
	tagStripBytes   = 0x0117
	tagJPEGOffset   = 0x0201
	tagJPEGBytes    = 0x0202
)

// rules are the tags that tell something about people, places or devices (CIPA
// DC-008, TIFF 6.0, DNG 1.7, the XP tags of Windows, and what Adobe's raw
// converter leaves). Programs put tags into the wrong IFD, so they hold for all
// IFDs but those of GPS and interoperability.
var rules = map[uint16]rule{
	0x000B:              {meta.Software, meta.LabelSoftware, text},
	0x010D:              {meta.Text, meta.LabelCaption, text},
	0x010E:              {meta.Text, meta.LabelCaption, text},
	0x010F:              {meta.Device, meta.LabelMaker, text},
	0x0110:              {meta.Device, meta.LabelModel, text},
	0x011D:              {meta.Text, meta.LabelCaption, text},
	0x0131:              {meta.Software, meta.LabelSoftware, text},
	tagDateTime:         {meta.Date, meta.LabelDateChanged, date},
	tagArtist:           {meta.Owner, meta.LabelAuthor, text},
	0x013C:              {meta.Device, meta.LabelHostComputer, text},
	0x0151:              {meta.Text, meta.LabelTextOther, text},
	0x02BC:              {meta.Unknown, meta.LabelXMPBlock, size},
	tagCopyright:        {meta.Owner, meta.LabelCopyright, text},
	0x83BB:              {meta.Unknown, meta.LabelIPTCBlock, size},
	0x8649:              {meta.Unknown, meta.LabelIPTCBlock, size},
	0x8773:              {meta.Colour, meta.LabelColourProfile, size},
	0x882A:              {meta.Date, meta.LabelTimeZone, size},
	tagDateTimeOriginal: {meta.Date, meta.LabelDateTaken, date},
	0x9004:              {meta.Date, meta.LabelDateOther, date},
	0x9010:              {meta.Date, meta.LabelTimeZone, zone},
	0x9011:              {meta.Date, meta.LabelTimeZone, zone},
	0x9012:              {meta.Date, meta.LabelTimeZone, zone},
	0x9211:              {meta.Serial, meta.LabelImageID, size},
	0x927C:              {meta.MakerNote, meta.LabelMakerNote, size},
	0x9286:              {meta.Text, meta.LabelComment, comment},
	0x9290:              {meta.Date, meta.LabelDateOther, fraction},
	0x9291:              {meta.Date, meta.LabelDateOther, fraction},
	0x9292:              {meta.Date, meta.LabelDateOther, fraction},
	0x935C:              {meta.Unknown, meta.LabelPrivateBlock, size},
	0x9C9B:              {meta.Text, meta.LabelCaption, wide},
	0x9C9C:              {meta.Text, meta.LabelComment, wide},
	0x9C9D:              {meta.Owner, meta.LabelAuthor, wide},
	0x9C9E:              {meta.Text, meta.LabelKeywords, wide},
	0x9C9F:              {meta.Text, meta.LabelCaption, wide},
	0xA004:              {meta.Media, meta.LabelSound, text},
	0xA420:              {meta.Serial, meta.LabelImageID, text},
	0xA430:              {meta.Owner, meta.LabelOwner, text},
	0xA431:              {meta.Serial, meta.LabelSerial, text},
	0xA433:              {meta.Device, meta.LabelLens, text},
	0xA434:              {meta.Device, meta.LabelLens, text},
	0xA435:              {meta.Serial, meta.LabelSerial, text},
	0xA436:              {meta.Text, meta.LabelCaption, text},
	0xA437:              {meta.Owner, meta.LabelAuthor, text},
	0xA438:              {meta.Owner, meta.LabelAuthor, text},
	0xA439:              {meta.Software, meta.LabelSoftware, text},
	0xA43A:              {meta.Software, meta.LabelSoftware, text},
	0xA43B:              {meta.Software, meta.LabelSoftware, text},
	0xA43C:              {meta.Software, meta.LabelSoftware, text},
	0xC4D5:              {meta.Unknown, meta.LabelPrivateBlock, size},
	0xC614:              {meta.Device, meta.LabelModel, text},
	0xC615:              {meta.Device, meta.LabelModel, text},
	0xC62F:              {meta.Serial, meta.LabelSerial, text},
	0xC634:              {meta.MakerNote, meta.LabelMakerNote, size},
	0xC65D:              {meta.Serial, meta.LabelImageID, size},
	0xC68B:              {meta.FileName, meta.LabelFilePath, text},
	0xC68C:              {meta.Picture, meta.LabelSecondPicture, size},
	0xC6F8:              {meta.Settings, meta.LabelSettings, text},
	0xC716:              {meta.Software, meta.LabelSoftware, text},
	0xC717:              {meta.Software, meta.LabelSoftware, text},
	0xC71B:              {meta.Date, meta.LabelDateOther, text},
	0xC789:              {meta.Text, meta.LabelTextOther, text},
	0xC7A1:              {meta.Text, meta.LabelTextOther, text},
	0xCD41:              {meta.Provenance, meta.LabelC2PA, size},
	0xEA1C:              {meta.Unknown, meta.LabelPrivateBlock, filling},
	0xFDE8:              {meta.Owner, meta.LabelOwner, text},
	0xFDE9:              {meta.Serial, meta.LabelSerial, text},
	0xFDEA:              {meta.Device, meta.LabelLens, text},
	0xFE4C:              {meta.FileName, meta.LabelFilePath, text},
	0xFE4D:              {meta.Software, meta.LabelSoftware, text},
}

// besides are the tags of the fraction and of the zone of a date.
var besides = map[uint16][2]uint16{
	tagDateTime:         {0x9290, 0x9010},
	tagDateTimeOriginal: {0x9291, 0x9011},
	0x9004:              {0x9292, 0x9012},
}

// technical reports whether tag holds exposure, size, colour or layout: numbers
// that tell nothing by themselves.
func technical(tag uint16) bool {
	switch {
	case tag >= 0x00FE && tag <= 0x010C, tag >= 0x0111 && tag <= 0x0129, tag >= 0x012D && tag <= 0x0150,
		tag >= 0x0152 && tag <= 0x0156, tag >= 0x0200 && tag <= 0x0214, tag >= 0x1000 && tag <= 0x1002,
		tag == 0x4746, tag == 0x4749, tag == 0x828D, tag == 0x828E, tag == 0x829A, tag == 0x829D,
		tag >= 0x8822 && tag <= 0x8828, tag >= 0x8830 && tag <= 0x8835, tag == 0x9000,
		tag >= 0x9101 && tag <= 0x9102, tag >= 0x9201 && tag <= 0x9210, tag >= 0x9212 && tag <= 0x9217,
		tag >= 0x9400 && tag <= 0x9405, tag >= 0xA000 && tag <= 0xA003, tag >= 0xA20B && tag <= 0xA217,
		tag >= 0xA300 && tag <= 0xA302, tag >= 0xA401 && tag <= 0xA40C, tag == 0xA432,
		tag >= 0xA460 && tag <= 0xA462, tag == 0xA500, tag == 0xC4A5, tag == 0xEA1D:
		return true
	}
	return false
}
