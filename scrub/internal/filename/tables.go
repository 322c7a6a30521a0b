package filename

import "strings"

// apps are the marks by which apps and devices name files.
var apps = []struct {
	pattern, name string
	shot          bool // of the screen: the name of the app that was shown follows
}{
	{`(?i)screen[ _-]?shot|screen shot|bildschirmfoto|captura|capture d.[ée]cran|schermafbeelding|skærmbillede|zrzut ekranu|снимок экрана|tangkapan layar|ekran görüntüsü|スクリーンショット|屏幕截图|截图|스크린샷`, "screenshot", true},
	{`(?i)^screen_?recording|^rpreplay|^xrecorder`, "screen recording", true},
	{`^(?:IMG|VID|AUD|PTT|STK)-\s*-WA\d+|(?i)whatsapp (?:image|video|audio|bild|imagen|imagem)|whatsapp`, "WhatsApp", false},
	{`^PXL_`, "Google Pixel", false},
	{`^MVIMG_`, "Google Camera", false},
	{`(?i)^signal-`, "Signal", false},
	{`(?i)^telegram|^photo_(?:\d+@)?\s`, "Telegram", false},
	{`(?i)^snapchat-?`, "Snapchat", false},
	{`^FB_IMG_|^\d{6,}_\d{6,}_\d{6,}_[a-z]$`, "Facebook", false},
	{`^received_\d*`, "Messenger", false},
	{`(?i)^instagram|^insta_?\d`, "Instagram", false},
	{`^mmexport|^wx_camera_|^微信图片`, "WeChat", false},
	{`^(?i:line)_(?:album_|oa_)?`, "LINE", false},
	{`^viber_image|^(?i:viber)`, "Viber", false},
	{`^InShot_`, "InShot", false},
	{`(?i)^picsart`, "Picsart", false},
	{`(?i)^(?:b612|snow|faceapp|remini|facetune|beautyplus|meitu|youcam|camscanner|polish)[_ -]`, "photo app", false},
	{`(?i)^adobe ?scan|^camscanner`, "scanner app", false},
	{`^IMG_E\d{4}`, "iPhone, edited", false},
	{`^DJI_`, "DJI", false},
	{`^(?:GOPR|GH\d{2}|GX\d{2}|GP\d{2})\d{4}`, "GoPro", false},
	{`^(?:IMG|VID|LRV)_\s_\d\d_\d{3}`, "Insta360", false},
	{`(?i)^photo on\b`, "Photo Booth", false},
	{`^WIN_`, "Windows Camera", false},
	{`^WP_`, "Windows Phone", false},
	{`(?i)^chatgpt image|^dall.?e`, "ChatGPT", false},
	{`^Gemini_Generated_Image`, "Gemini", false},
	{`^ComfyUI_`, "ComfyUI", false},
}

// common are words that stand in names of files and are no names of people.
var common = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
a ai album and app april at august back background backup banner beach best big birthday black blue book bottom business camera card
certificate christmas city clean cleaned clip collage color colour copy cover crop cropped das day de december der design desktop detail di die digital
do doc document download downloads draft drawing drive du eat edit edited el en en-us english export family february file final first flower flyer for form frame
friday friends from front full gallery garden gift gmail google green group hd header high holiday home house icon il image images img in instagram invoice
island january july june la lake large le left letter line list logo london los low map march mask may me medium meeting menu messenger mobile monday moon
morning mountain movie my mountains new night november number october of office old on one original out page panorama paper paris park party passport pdf phone photo photos
pic pics picture pictures pixel plan portrait post poster presentation preview print product profile project projects qr receipt red report resized
result right river sample saturday scan scanned scans school screen screenshot sea september set share shared shot signature sketch sky slide small snap social
sticker story street summer sun sunday sunrise sunset template test text the thumb thumbnail thursday ticket to top tour travel tree trip
tuesday unknown unnamed untitled update upload us vacation vertical video view wall wallpaper water wedding wednesday weekend whats whatsapp white
width wide winter with work world year yellow you your zoom
abbildung ansicht aufnahme ausweis bild bilder das datei dokument ein eine entwurf ferien foto fotos garten hochzeit kopie mein meine neu neue
neuer ordner rechnung seite sommer strand und unbenannt unbenanntes urlaub von vorlage weihnachten zeichnung geburtstag
archivo carpeta copia cumpleaños documento factura familia fiesta imagen imagenes mi nueva nuevo playa sin tarjeta titulo título vacaciones viaje y
dossier facture fichier mon nouveau nouvelle plage sans titre vacances vue anniversaire et les des une
anno compleanno file immagine mare mio nuova nuovo senza titolo vacanze foglio
arquivo aniversário férias imagem minha meu nova novo praia sem
afbeelding bestand kopie mijn nieuw nieuwe strand vakantie
gambar salinan dokumen berkas baru liburan pantai tanpa judul
без имени изображение копия новый документ фото рисунок скан снимок
jpg jpeg png heic gif webp tiff raw mov mp
`) {
		m[w] = true
	}
	return m
}()
