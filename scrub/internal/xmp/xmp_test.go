package xmp_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/xmp"
	"tabir/scrub/meta"
)

const spaces = `xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
 xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:GImage="http://ns.google.com/photos/1.0/image/" xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"
 xmlns:GAudio="http://ns.google.com/photos/1.0/audio/" xmlns:vendor="http://example.org/vendor/"`

// packet is a packet with attributes and elements in one description.
func packet(attributes, elements string) string {
	return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" ` + spaces + " " + attributes + `>` + elements + `</rdf:Description></rdf:RDF></x:xmpmeta>` + strings.Repeat(" ", 100) + `<?xpacket end="w"?>`
}

func said(fs []meta.Finding) map[meta.Label]string {
	got := map[meta.Label]string{}
	for _, f := range fs {
		if got[f.Label] != "" {
			got[f.Label] += "|"
		}
		got[f.Label] += f.Value
	}
	return got
}

func TestDescribe(t *testing.T) {
	data := base64.StdEncoding.EncodeToString(make([]byte, 3000))
	li := func(name, kind, v string) string {
		return "<" + name + "><rdf:" + kind + "><rdf:li>" + v + "</rdf:li></rdf:" + kind + "></" + name + ">"
	}
	for name, c := range map[string]struct {
		attributes, elements string
		label                meta.Label
		want                 string
	}{
		"position":              {`exif:GPSLatitude="8,30.414S" exif:GPSLongitude="115,15,45E"`, "", meta.LabelPosition, "-8.50690, 115.26250"},
		"position in elements":  {"", "<exif:GPSLatitude>8,30.414S</exif:GPSLatitude><exif:GPSLongitude> 115,15,45E </exif:GPSLongitude>", meta.LabelPosition, "-8.50690, 115.26250"},
		"position as numbers":   {`exif:GPSLatitude="-8.5069" exif:GPSLongitude="115.2625"`, "", meta.LabelPosition, "-8.50690, 115.26250"},
		"strange position":      {`exif:GPSLatitude="north of here"`, "", meta.LabelPosition, "north of here"},
		"altitude":              {`exif:GPSAltitude="469/2" exif:GPSAltitudeRef="1"`, "", meta.LabelAltitude, "-234.5 m"},
		"other GPS data":        {`exif:GPSSpeed="3/1"`, "", meta.LabelGPSOther, "3/1"},
		"model":                 {`tiff:Model="X100"`, "", meta.LabelModel, "X100"},
		"another prefix":        {`xap:CreatorTool="Editor 3"`, "", meta.LabelSoftware, "Editor 3"},
		"serial number":         {`aux:SerialNumber="12345678"`, "", meta.LabelSerial, "12345678"},
		"owner":                 {`aux:OwnerName="Alma"`, "", meta.LabelOwner, "Alma"},
		"author":                {"", li("dc:creator", "Seq", "Alma"), meta.LabelAuthor, "Alma"},
		"rights":                {"", "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>© Alma</rdf:li></rdf:Alt></dc:rights>", meta.LabelCopyright, "© Alma"},
		"keywords":              {"", "<dc:subject><rdf:Bag><rdf:li>beach</rdf:li><rdf:li>Berta</rdf:li></rdf:Bag></dc:subject>", meta.LabelKeywords, "beach, Berta"},
		"place":                 {`photoshop:City="Ubud"`, "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType='Resource'><Iptc4xmpExt:City>Ubud</Iptc4xmpExt:City><Iptc4xmpExt:CountryName>Bali</Iptc4xmpExt:CountryName></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>", meta.LabelPlace, "Ubud|Bali"},
		"contact":               {"", "<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiEmailWork='alma@example.org'/>", meta.LabelContact, "alma@example.org"},
		"dates":                 {`xap:CreateDate="2023-04-05T06:07:08+08:00"`, "", meta.LabelDateTaken, "2023-04-05T06:07:08+08:00"},
		"document":              {`xmpMM:DocumentID="xmp.did:1234"`, "", meta.LabelImageID, "xmp.did:1234"},
		"history":               {"", "<xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved' stEvt:when='2023-04-05'/><rdf:li stEvt:action='saved'/></rdf:Seq></xmpMM:History>", meta.LabelHistory, "2 steps"},
		"person":                {"", "<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name='Alma' mwg-rs:Type='Face'><mwg-rs:Area stArea:x='0.5'/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>", meta.LabelPersonName, "Alma"},
		"face without a name":   {"", "<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Type='Face'><mwg-rs:Area stArea:x='0.5'/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>", meta.LabelFaceRegion, "1"},
		"person of Windows":     {"", "<MP:RegionInfo><rdf:li MPReg:Rectangle='0,0,1,1' MPReg:PersonDisplayName='Alma'/></MP:RegionInfo>", meta.LabelPersonName, "Alma"},
		"person in the picture": {"", li("Iptc4xmpExt:PersonInImage", "Bag", "Alma"), meta.LabelPersonName, "Alma"},
		"hidden original":       {`GImage:Data="` + data + `"`, "", meta.LabelSecondPicture, ""},
		"sound":                 {"", "<GAudio:Data>" + data + "</GAudio:Data>", meta.LabelSound, ""},
		"thumbnail":             {"", "<xap:Thumbnails><rdf:Alt><rdf:li><xmpGImg:image>" + data + "</xmpGImg:image></rdf:li></rdf:Alt></xap:Thumbnails>", meta.LabelThumbnail, ""},
		"provenance":            {`dcterms:provenance="https://example.org/m"`, "", meta.LabelC2PA, "https://example.org/m"},
		"prompt":                {"", li("dc:description", "Alt", "a cat Steps: 4, Seed: 1"), meta.LabelPrompt, "a cat Steps: 4, Seed: 1"},
		"generated":             {`Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"`, "", meta.LabelSoftware, "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"},
		"raw file":              {`crs:RawFileName="DSC1.NEF" crs:Exposure="1"`, "", meta.LabelFilePath, "DSC1.NEF"},
		"unknown":               {`vendor:Patient="Alma"`, "", meta.LabelTextOther, "Alma"},
		"not declared":          {`nowhere:Patient="Alma"`, "", meta.LabelTextOther, "Alma"},
		"comment":               {"", "<!-- Alma was here -->", meta.LabelComment, "Alma was here"},
		"text between":          {"", "Alma was here", meta.LabelTextOther, "Alma was here"},
		"control characters":    {`tiff:Model="a&#x202e;b"`, "", meta.LabelModel, `a\u202eb`},
	} {
		for code, p := range map[string][]byte{"": []byte(packet(c.attributes, c.elements)), " in UTF-16": wide(packet(c.attributes, c.elements))} {
			fs := xmp.Describe(p)
			got := said(fs)
			assert.Equal(t, c.want, got[c.label], name+code)
			assert.Contains(t, got, c.label, name+code)
			assert.Contains(t, got, meta.LabelXMPBlock, name+code)
			assert.NotContains(t, got, meta.LabelXMPBad, name+code)
			if c.label == meta.LabelSecondPicture || c.label == meta.LabelSound || c.label == meta.LabelThumbnail {
				assert.EqualValues(t, 3000, fs[0].Size, name)
			}
		}
	}
}

func wide(s string) []byte {
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// TestHarmless: numbers alone tell nothing.
func TestHarmless(t *testing.T) {
	for _, f := range xmp.Describe([]byte(packet(`crs:Exposure="1" tiff:Orientation="6" exif:GPSVersionID="2.2.0.0" exif:GPSLatitude="0,0N" exif:GPSLongitude="0,0E"`, ""))) {
		assert.False(t, f.Kind.Identifies(), "%+v", f)
	}
}

func TestBroken(t *testing.T) {
	for name, p := range map[string]string{
		"empty":         "",
		"no XML":        "Alma was here",
		"cut short":     packet(`tiff:Model="X100"`, "")[:1200],
		"too deep":      strings.Repeat("<a>", 5000),
		"never closed":  "<a><b>",
		"half a packet": wideHalf(),
		"crowded":       "<r>" + strings.Repeat("<a b='c'/>", 1<<20) + "</r>",
	} {
		assert.Contains(t, said(xmp.Describe([]byte(p))), meta.LabelXMPBad, name)
	}
	got := said(xmp.Describe([]byte(strings.Replace(packet(`tiff:Model="X100"`, ""), "</rdf:Description>", "<open>", 1))))
	assert.Equal(t, "X100", got[meta.LabelModel], "what can be read is told")
	assert.Contains(t, got, meta.LabelXMPBad)
}

func wideHalf() string { w := wide(packet("", "")); return string(w[:len(w)/2]) }

// TestBounds: however much a packet holds, the report stays short.
func TestBounds(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		b.WriteString("<dc:creator>Alma " + strings.Repeat("x", i%1000) + "</dc:creator>")
	}
	fs := xmp.Describe([]byte(packet("", b.String())))
	assert.LessOrEqual(t, len(fs), 152)
	assert.NotEqual(t, "", said(fs)[meta.LabelXMPBlock])
}

func FuzzDescribe(f *testing.F) {
	f.Add([]byte(`<a xmlns:t="http://ns.adobe.com/tiff/1.0/" t:Model="X"/>`))
	f.Add([]byte(`<dc:creator>Alma</dc:creator>`))
	f.Add([]byte(`<a exif:GPSLatitude="8,3S" exif:GPSLongitude="1/2"/>`))
	f.Add(wide(`<mwg-rs:Name>A</mwg-rs:Name>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs := xmp.Describe(b)
		require.Equal(t, fs, xmp.Describe(b), "the same every time")
		require.NotEmpty(t, fs)
		require.LessOrEqual(t, len(fs), 156)
		for _, g := range fs {
			require.Equal(t, meta.Show(g.Value), g.Value)
			require.Equal(t, meta.Stays, g.Fate)
			require.LessOrEqual(t, g.Size, int64(len(b)))
			for _, n := range g.Needles {
				require.LessOrEqual(t, len(n), 256)
			}
		}
	})
}

func BenchmarkDescribe(b *testing.B) {
	p := []byte(packet(`tiff:Model="X100" exif:GPSLatitude="8,30.414S"`, "<GAudio:Data>"+strings.Repeat("QUJD", 1<<18)+"</GAudio:Data>"))
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		xmp.Describe(p)
	}
}
