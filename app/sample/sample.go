// Package sample draws photos in code and plants data in them that identifies
// a person who does not exist. Tests and pictures of the app use them: no real
// photo is needed to show what Tabir does.
package sample

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"sync"
)

// Photo is a file that was never taken.
type Photo struct {
	Name string // with extension
	Data []byte
	What string // what is planted in it, in a few English words
}

// Photos returns all samples, always the same. The last is damaged: it cannot
// be cleaned. Callers may change the slice, not the bytes.
func Photos() []Photo { return slices.Clone(all()) }

var all = sync.OnceValue(func() []Photo {
	beach := jpegOf(draw(960, 720, beach))
	street := jpegOf(draw(960, 720, street))
	hills := jpegOf(draw(960, 640, hills))
	return []Photo{
		{"IMG_20260314_174210.jpg", withSegments(beach, exifSegment(camera{
			make: "Lumen", model: "Lumen P40", serial: "LP40-7719302", owner: "Wayan Putri", date: "2026:03:14 17:42:10",
			lat: [3]uint32{8, 30, 2484}, lon: [3]uint32{115, 15, 4500}, south: true,
			thumbnail: jpegOf(draw(160, 120, beachWithFriends)),
		})), "location, device, serial number, owner, date, a small copy that shows more than the picture"},
		{"Ayu and Made at home.jpg", withSegments(jpegOf(draw(720, 900, portrait)), xmpSegment(people), exifSegment(camera{
			make: "Lumen", model: "Lumen P40", date: "2026:03:15 09:12:44",
		})), "names of people, device, date"},
		{"20260318_201533.jpg", append(withSegments(street, exifSegment(camera{
			make: "Kestrel", model: "Kestrel 9 Pro", date: "2026:03:18 20:15:33",
		})), video()...), "a video behind the picture, device, date"},
		{"hills.jpg", withSegments(hills, exifSegment(camera{
			lat: [3]uint32{8, 22, 618}, lon: [3]uint32{115, 8, 1230}, south: true, date: "2026:03:20 06:31:02",
		})), "location, date"},
		{"Screenshot 2026-03-21 at 22.04.19.png", withChunks(pngOf(draw(540, 960, screenshot)),
			textChunk("Author", "Wayan Putri"), textChunk("Comment", "sent to the lawyer on Tuesday"), textChunk("Software", "Kestrel Shots 4.2")),
			"author, comment and program in text, date in the file name"},
		{"coffee.jpg", jpegOf(draw(900, 900, coffee)), "nothing"},
		{"from a friend.jpg", hills[:len(hills)*2/3], "damaged: the end of the file is missing"},
	}
})

// Tour returns the five photos of the first minute, each of which shows one thing:
// a place; a video that nobody sees; a face that is covered and stands uncovered
// in the small copy; a face that is found beside one that is missed; a file that
// cannot be cleaned.
func Tour() []Photo { return slices.Clone(tour()) }

var tour = sync.OnceValue(func() []Photo {
	photos := Photos()
	return []Photo{
		photos[0],
		photos[2],
		{"Ayu, covered.jpg", withSegments(jpegOf(draw(720, 900, covered)), exifSegment(camera{
			make: "Lumen", model: "Lumen P40", date: "2026:03:15 09:12:44", thumbnail: jpegOf(draw(128, 160, portrait)),
		})), "a face that is covered, and not in the small copy; device, date"},
		{"at the table.jpg", withSegments(jpegOf(draw(1080, 720, friends)), exifSegment(camera{
			make: "Kestrel", model: "Kestrel 9 Pro", date: "2026:03:16 19:40:08",
		})), "two people, one of whom looks away; device, date"},
		photos[len(photos)-1],
	}
})

func jpegOf(m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 88}); err != nil {
		panic(err) // in memory, of a fixed size: cannot fail
	}
	return b.Bytes()
}

func pngOf(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}
