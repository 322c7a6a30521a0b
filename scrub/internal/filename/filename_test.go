package filename_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/filename"
	"tabir/scrub/meta"
)

func TestDescribe(t *testing.T) {
	type says = map[meta.Label]string
	date, app, phone, person := meta.LabelNameDate, meta.LabelNameApp, meta.LabelNamePhone, meta.LabelNamePerson
	for name, want := range map[string]says{
		// Neutral names.
		"photo-001.jpg": {}, "IMG_1234.jpg": {}, "DSC01234.JPG": {}, "image.jpg": {}, "P1010012.JPG": {}, "IMG_0001 (2).jpg": {}, "100_1234.JPG": {}, "Untitled.png": {},
		"New Project.jpg": {}, "Unbenannt 2.png": {}, "Image 1.png": {}, "File.jpg": {}, "DSCF0012.RAF": {}, "": {}, ".": {}, "cat in the garden.jpg": {}, "Sunset.jpg": {},
		"My Summer Holiday.jpg": {}, "Neue Bilder.png": {}, "photo 12345678.jpg": {}, "IMG_20249999.jpg": {}, "9f2c1a7e-0b1d-4c3e-9a55-2f6f0d1e2a3b.jpeg": {}, "ISO 9001.png": {},

		"PXL_20231217_175442599.jpg":                            {date: "2023-12-17 17:54:42", app: "Google Pixel"},
		"PXL_20231217_175442599.MP.jpg":                         {date: "2023-12-17 17:54:42", app: "Google Pixel"},
		"IMG-20240102-WA0001.jpg":                               {date: "2024-01-02", app: "WhatsApp"},
		"WhatsApp Image 2024-01-02 at 10.20.30.jpeg":            {date: "2024-01-02 10:20:30", app: "WhatsApp"},
		"WhatsApp Image 2024-01-02 at 10.20.30 (1).jpeg":        {date: "2024-01-02 10:20:30", app: "WhatsApp"},
		"Screenshot_2024-01-02-10-20-30_com.whatsapp.png":       {date: "2024-01-02 10:20:30", app: "screenshot, com.whatsapp"},
		"Screenshot_2024-01-02-10-20-30-123_com.android.mm.jpg": {date: "2024-01-02 10:20:30", app: "screenshot, com.android.mm"},
		"Screenshot_20240102-102030_Gmail.jpg":                  {date: "2024-01-02 10:20:30", app: "screenshot, Gmail"},
		"Screen Shot 2024-01-02 at 10.20.30.png":                {date: "2024-01-02 10:20:30", app: "screenshot"},
		"Bildschirmfoto 2024-01-02 um 10.20.30.png":             {date: "2024-01-02 10:20:30", app: "screenshot"},
		"2024-01-02 10.20.30.jpg":                               {date: "2024-01-02 10:20:30"},
		"20240102_102030.jpg":                                   {date: "2024-01-02 10:20:30"},
		"IMG_20240102_102030_HDR.jpg":                           {date: "2024-01-02 10:20:30"},
		"signal-2024-01-02-102030.jpg":                          {date: "2024-01-02 10:20:30", app: "Signal"},
		"signal-2024-01-02-10-20-30-123.jpg":                    {date: "2024-01-02 10:20:30", app: "Signal"},
		"FB_IMG_1699999999999.jpg":                              {date: "2023-11-14 22:13:19 UTC", app: "Facebook"},
		"mmexport1699999999999.jpg":                             {date: "2023-11-14 22:13:19 UTC", app: "WeChat"},
		"photo_2024-01-02_10-20-30.jpg":                         {date: "2024-01-02 10:20:30", app: "Telegram"},
		"photo_5@02-01-2024_10-20-30.jpg":                       {date: "02.01.2024", app: "Telegram"},
		"Snapchat-1234567890.jpg":                               {app: "Snapchat"},
		"received_1234567890123456.jpeg":                        {app: "Messenger"},
		"123456789_987654321012345_1234567890123456789_n.jpg":   {app: "Facebook"},
		"InShot_20240102_102030123.jpg":                         {date: "2024-01-02 10:20:30", app: "InShot"},
		"DJI_0001.JPG":                                          {app: "DJI"},
		"GOPR0482.JPG":                                          {app: "GoPro"},
		"IMG_E1234.JPG":                                         {app: "iPhone, edited"},
		"RPReplay_Final1699999999.MP4":                          {app: "screen recording"},
		"Photo on 02-01-2024 at 10.20.jpg":                      {date: "02.01.2024", app: "Photo Booth"},
		"24.12.2023.jpg":                                        {date: "24.12.2023"},

		"+62 812-3456-7890.jpg":       {phone: "+62 812-3456-7890"},
		"from 0062 81234567890.jpg":   {phone: "0062 81234567890"},
		"call 0812-3456-7890 now.png": {phone: "0812-3456-7890"},
		"(555) 123-4567.jpg":          {phone: "(555) 123-4567"},
		"081 555 123 4567.jpg":        {phone: "081 555 123 4567"},

		"Alma Tester.jpg":                     {person: "Alma Tester"},
		"AlmaTester_passport.jpg":             {person: "Alma Tester"},
		"Passport Alma-Maria Tester scan.pdf": {person: "Alma Maria Tester"},
		"Photo of Åsa Öberg 2024-01-02.jpg":   {date: "2024-01-02", person: "Åsa Öberg"},
		"Иван Петров.jpg":                     {person: "Иван Петров"},
		"Alma's birthday.jpg":                 {person: "Alma"},
		"IMG_1234 Alma Tester.jpg":            {person: "Alma Tester"},
		`C:\Users\x\Alma Tester.jpg`:          {person: "Alma Tester"},
		"-8.50690, 115.26250.jpg":             {meta.LabelPosition: "-8.50690, 115.26250"},
	} {
		got := says{}
		for _, f := range filename.Describe(name) {
			got[f.Label] += f.Value
			assert.Equal(t, meta.Outside, f.Fate)
		}
		assert.Equal(t, want, got, name)
	}
}

func FuzzDescribe(f *testing.F) {
	for _, s := range []string{"PXL_20231217_175442599.MP.jpg", "+62 812-3456-7890.jpg", "Alma's.png", "Screenshot_2024-01-02-10-20-30_com.whatsapp.png", `a\b/c.d`, "1699999999999", "24.12.2023"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		fs := filename.Describe(name)
		require.Equal(t, fs, filename.Describe(name), "the same every time")
		require.LessOrEqual(t, len(fs), 5)
		for _, g := range fs {
			require.Equal(t, meta.Show(g.Value), g.Value)
			require.NotEmpty(t, g.Value)
			require.Equal(t, meta.Outside, g.Fate)
			require.True(t, g.Kind == meta.FileName || g.Kind == meta.Location)
		}
		if !strings.ContainsAny(name, "0123456789") {
			for _, g := range fs {
				require.NotEqual(t, meta.LabelNameDate, g.Label)
				require.NotEqual(t, meta.LabelNamePhone, g.Label)
			}
		}
	})
}

func BenchmarkDescribe(b *testing.B) {
	for b.Loop() {
		filename.Describe("Screenshot_2024-01-02-10-20-30_com.whatsapp.png")
	}
}
