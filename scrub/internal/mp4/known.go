package mp4

import (
	"strings"

	"tabir/scrub/meta"
)

// word is what a box or key is about.
type word struct {
	kind  meta.Kind
	label meta.Label
}

// isAsset are the texts of 3GPP (TS 26.244, clause 8).
var isAsset = map[string]bool{
	"titl": true, "dscp": true, "cprt": true, "perf": true, "auth": true, "gnre": true, "kywd": true, "albm": true, "coll": true, "clsf": true, "rtng": true, "yrrc": true,
}

// known are boxes and items that have a name and go. They say what goes; nothing
// depends on them.
var known = func() map[string]word {
	m := map[string]word{}
	add := func(k meta.Kind, l meta.Label, names string) {
		for _, n := range strings.Fields(names) {
			m[(strings.Replace(n, "©", "\xa9", 1) + "    ")[:4]] = word{k, l}
		}
	}
	add(meta.Location, meta.LabelPosition, "©xyz loci gps GPMF gps0 gsen")
	add(meta.Location, meta.LabelPlace, "©loc")
	add(meta.Device, meta.LabelMaker, "©mak manu")
	add(meta.Device, meta.LabelModel, "©mod ©mdl modl CNMN")
	add(meta.Device, meta.LabelLens, "©lnz")
	add(meta.Serial, meta.LabelSerial, "CAME LENS ©sno slno")
	add(meta.Serial, meta.LabelImageID, "MUID GUMI BCID HMMT ©uid guid")
	add(meta.Software, meta.LabelSoftware, "©swr ©too ©enc ©req ©swf swre FIRM CNFV vers ©wrn ©xsp ©fpt ©frd ©fyw ©gpt ©grd ©gyw ©ysp ©zsp")
	add(meta.Date, meta.LabelDateTaken, "©day ©dat yrrc date")
	add(meta.Date, meta.LabelDateChanged, "©ed1 ©ed2 ©ed3")
	add(meta.Owner, meta.LabelAuthor, "©ART ©aut ©prd ©dir ©wrt ©prf ©com ©cmp ©nak ©mal auth perf aART ©pub ©lab ownr")
	add(meta.Owner, meta.LabelCopyright, "©cpy cprt")
	add(meta.Text, meta.LabelCaption, "©nam ©des ©inf ©fmt ©alb ©gen ©grp ©lyr ©trk ©src ©st3 titl dscp desc ldes albm gnre coll name clfn")
	add(meta.Text, meta.LabelComment, "©cmt cmnt")
	add(meta.Text, meta.LabelKeywords, "kywd keyw ©key")
	add(meta.Text, meta.LabelTextOther, "Xtra ID32 clsf rtng tags")
	add(meta.Picture, meta.LabelThumbnail, "covr thmb thum NCTH CNTH PXTH pict PICT snal tnal")
	add(meta.Picture, meta.LabelPreview, "pnot scrn NCVW")
	add(meta.MakerNote, meta.LabelMakerNote, "MMA TAGS MVTG NCTG NCDT pana PANA DcMD FFMV QVMI PENT RICO CNDA CNCV SETT AMBA SDLN smta smrd sefd sefv @etc NCHD infi frea Cr8r FIEL")
	add(meta.Settings, meta.LabelSettings, "iods pdin sidx ssix styp mfra tfra sdtp sbgp sgpd subs stsh padb stdp tref load imap clip ctab txas hinf "+
		"WLOC AllF LOOP SelO play trkn disk tmpo cpil pgap stik hdvd ©TIM ©TSC ©TSZ elng cslg kind leva trep prft emsg chrm hfov st3d sv3d chan SA3D ludt mvex "+
		"mdhd hdlr nmhd gmhd sthd hmhd minf edts meta udta")
	add(meta.Picture, meta.LabelSecondPicture, "lhvC vexu")
	return m
}()

// keys of QuickTime's and Android's items, by a part of their names.
var keys = []struct {
	part string
	word
}{
	{"location.ISO6709", word{meta.Location, meta.LabelPosition}},
	{"location.name", word{meta.Location, meta.LabelPlace}},
	{"location", word{meta.Location, meta.LabelGPSOther}},
	{"gps", word{meta.Location, meta.LabelGPSOther}},
	{"content.identifier", word{meta.Serial, meta.LabelImageID}},
	{"live-photo", word{meta.Settings, meta.LabelSettings}},
	{"full-frame-rate", word{meta.Settings, meta.LabelSettings}},
	{"capture.fps", word{meta.Settings, meta.LabelSettings}},
	{"serial", word{meta.Serial, meta.LabelSerial}},
	{"identifier", word{meta.Serial, meta.LabelImageID}},
	{"lens", word{meta.Device, meta.LabelLens}},
	{"manufacturer", word{meta.Device, meta.LabelMaker}},
	{"make", word{meta.Device, meta.LabelMaker}},
	{"model", word{meta.Device, meta.LabelModel}},
	{"software", word{meta.Software, meta.LabelSoftware}},
	{"encoder", word{meta.Software, meta.LabelSoftware}},
	{"version", word{meta.Software, meta.LabelSoftware}},
	{"creationdate", word{meta.Date, meta.LabelDateTaken}},
	{"date", word{meta.Date, meta.LabelDateOther}},
	{"time", word{meta.Date, meta.LabelDateOther}},
	{"artist", word{meta.Owner, meta.LabelAuthor}},
	{"author", word{meta.Owner, meta.LabelAuthor}},
	{"director", word{meta.Owner, meta.LabelAuthor}},
	{"producer", word{meta.Owner, meta.LabelAuthor}},
	{"copyright", word{meta.Owner, meta.LabelCopyright}},
	{"title", word{meta.Text, meta.LabelCaption}},
	{"displayname", word{meta.Text, meta.LabelCaption}},
	{"description", word{meta.Text, meta.LabelCaption}},
	{"album", word{meta.Text, meta.LabelCaption}},
	{"comment", word{meta.Text, meta.LabelComment}},
	{"keyword", word{meta.Text, meta.LabelKeywords}},
	{"artwork", word{meta.Picture, meta.LabelThumbnail}},
}

// keyed finds the word for a key.
func keyed(name string) (word, bool) {
	low := strings.ToLower(name)
	for _, k := range keys {
		if strings.Contains(low, strings.ToLower(k.part)) {
			return k.word, true
		}
	}
	return word{}, false
}
