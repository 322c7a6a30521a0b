package meta

// Label names a thing that was found, in plain English words. It is also the
// key under which app/text holds the translations, so every label is here.
type Label string

const (
	// Location
	LabelPosition  Label = "GPS position"
	LabelAltitude  Label = "altitude"
	LabelDirection Label = "direction of view"
	LabelGPSTime   Label = "GPS time"
	LabelGPSOther  Label = "other GPS data"
	LabelPlace     Label = "place name"
	// Device, Serial
	LabelMaker        Label = "maker of the device"
	LabelModel        Label = "model of the device"
	LabelLens         Label = "lens"
	LabelSerial       Label = "serial number"
	LabelImageID      Label = "number of this one picture"
	LabelHostComputer Label = "name of the computer or phone"
	// Owner
	LabelOwner     Label = "name of the owner"
	LabelAuthor    Label = "author"
	LabelCopyright Label = "copyright or credit line"
	LabelContact   Label = "contact details"
	// Date
	LabelDateTaken   Label = "date taken"
	LabelDateChanged Label = "date changed"
	LabelDateOther   Label = "date"
	LabelTimeZone    Label = "time zone"
	// People, Text
	LabelPersonName Label = "name of a person in the picture"
	LabelFaceRegion Label = "marked face areas"
	LabelCaption    Label = "title or caption"
	LabelKeywords   Label = "keywords"
	LabelComment    Label = "comment"
	LabelPrompt     Label = "prompt for an image generator"
	LabelTextOther  Label = "text"
	// Software
	LabelSoftware Label = "program"
	LabelHistory  Label = "history of edits"
	LabelFilePath Label = "path of a file"
	// Picture, Media, Attachment
	LabelThumbnail     Label = "small copy of the picture"
	LabelPreview       Label = "preview picture"
	LabelSecondPicture Label = "second picture"
	LabelHiddenFrames  Label = "pictures that are never shown"
	LabelHiddenContent Label = "hidden picture content"
	LabelGainMap       Label = "HDR gain map"
	LabelDepth         Label = "depth map"
	LabelMatte         Label = "outline of a person or thing"
	LabelLayers        Label = "hidden layers"
	LabelSourceRecord  Label = "record of the JPEG file that it was made from"
	LabelVideo         Label = "video"
	LabelSound         Label = "sound recording"
	LabelTimedData     Label = "data recorded along with the video"
	LabelTrackOff      Label = "switched-off track"
	LabelEncoderData   Label = "data of the encoder inside the video"
	LabelFacesVoices   Label = "faces and voices in the video"
	LabelOlderPicture  Label = "remains of an older picture"
	LabelHiddenFile    Label = "hidden file"
	LabelTrailer       Label = "data behind the end of the picture"
	LabelSurplus       Label = "data hidden between the parts of the picture"
	// Provenance, MakerNote, Colour, Settings, Unknown
	LabelC2PA          Label = "signed origin data (C2PA)"
	LabelMakerNote     Label = "private block of the maker"
	LabelDeviceProfile Label = "colour profile of one device"
	LabelColourProfile Label = "colour profile"
	LabelOrientation   Label = "orientation"
	LabelSettings      Label = "camera settings"
	LabelExifBlock     Label = "Exif block"
	LabelExifBad       Label = "unreadable Exif block"
	LabelXMPBlock      Label = "XMP block"
	LabelXMPBad        Label = "unreadable XMP block"
	LabelIPTCBlock     Label = "IPTC or Photoshop block"
	LabelPrivateBlock  Label = "private block"
	LabelCompressed    Label = "compressed hidden data"
	LabelUnknownBlock  Label = "unknown data"
	// FileName
	LabelNameDate   Label = "date in the file name"
	LabelNameApp    Label = "app or device in the file name"
	LabelNamePhone  Label = "phone number in the file name"
	LabelNamePerson Label = "possible name in the file name"
)

// Labels lists every label, for the catalogues of translations.
func Labels() []Label {
	return []Label{
		LabelPosition, LabelAltitude, LabelDirection, LabelGPSTime, LabelGPSOther, LabelPlace,
		LabelMaker, LabelModel, LabelLens, LabelSerial, LabelImageID, LabelHostComputer,
		LabelOwner, LabelAuthor, LabelCopyright, LabelContact,
		LabelDateTaken, LabelDateChanged, LabelDateOther, LabelTimeZone,
		LabelPersonName, LabelFaceRegion, LabelCaption, LabelKeywords, LabelComment, LabelPrompt, LabelTextOther,
		LabelSoftware, LabelHistory, LabelFilePath,
		LabelThumbnail, LabelPreview, LabelSecondPicture, LabelHiddenFrames, LabelHiddenContent,
		LabelGainMap, LabelDepth, LabelMatte, LabelLayers, LabelSourceRecord,
		LabelVideo, LabelSound, LabelTimedData, LabelTrackOff, LabelEncoderData, LabelFacesVoices,
		LabelOlderPicture, LabelHiddenFile, LabelTrailer, LabelSurplus,
		LabelC2PA, LabelMakerNote, LabelDeviceProfile, LabelColourProfile, LabelOrientation, LabelSettings,
		LabelExifBlock, LabelExifBad, LabelXMPBlock, LabelXMPBad, LabelIPTCBlock, LabelPrivateBlock, LabelCompressed, LabelUnknownBlock,
		LabelNameDate, LabelNameApp, LabelNamePhone, LabelNamePerson,
	}
}
