package exif

import (
	"errors"
	"strconv"
	"sync"

	goexif "github.com/dsoprea/go-exif/v3"
	exifcommon "github.com/dsoprea/go-exif/v3/common"
)

// go-exif reads the values for the report. It stands behind a fence, because
// its work and memory have no bound of their own: it walks an IFD again for each
// pointer to it, allocates what a field says, and gives up at the first surprise.
// So it gets a block only after our own walk found a plain structure, it knows
// only the tags of our table (of the thumbnail's place it must not know), and it
// is asked only for values that lie in the block. What it skips or does not
// reach, our own walk fills in. It logs nothing unless a program gives it a logger.
const maxForGoExif = 1 << 20

var errTooMany = errors.New("exif: too many fields")

// library is the part of go-exif that is loaded once, when the first block is described.
var library = sync.OnceValues(func() (*exifcommon.IfdMapping, *goexif.TagIndex) {
	ifds, err := exifcommon.NewIfdMappingWithStandard()
	if err != nil {
		return nil, nil
	}
	tags := goexif.NewTagIndex() // its own list is 30 KB of YAML, and slow to load
	anyType := []exifcommon.TagTypePrimitive{1, 2, 3, 4, 5, 7, 9, 10, 11, 12}
	add := func(path string, id uint16) {
		// The only error is that of a tag that is there already. Names need only differ.
		_ = tags.Add(&goexif.IndexedTag{Id: id, Name: strconv.Itoa(int(id)), IfdPath: path, SupportedTypes: anyType})
	}
	for id := range rules {
		add("IFD", id)
		add("IFD/Exif", id)
	}
	for id := range uint16(gpsTags) {
		add("IFD/GPSInfo", id)
	}
	add("IFD", tagExifIFD)
	add("IFD", tagGPSIFD)
	return ifds, tags
})

// read has go-exif read the block that s surveys. The result holds each field once.
func read(block []byte, s *survey) (values map[fieldID][]byte) {
	values = map[fieldID][]byte{}
	if !s.plain || len(block) > maxForGoExif {
		return values
	}
	defer func() { _ = recover() }() // what was read until then counts
	ifds, tags := library()
	if ifds == nil {
		return values
	}
	seen := 0
	// An error says what go-exif could not read; our own walk has counted that.
	_, _, _ = goexif.Visit(exifcommon.IfdStandardIfdIdentity, ifds, tags, block, func(e *goexif.IfdTagEntry) error {
		if seen++; seen > maxFields {
			return errTooMany
		}
		typ := uint16(e.TagType())
		if typ == typeUndefined || sizeOf(typ)*uint64(e.UnitCount()) > uint64(len(block)) {
			return nil // go-exif would decode and encode it anew, or allocate what it does not have
		}
		d, ok := dirOf(e)
		if !ok {
			return nil
		}
		if raw, err := e.GetRawBytes(); err == nil {
			values[fieldID{d, e.TagId()}] = raw
		}
		return nil
	}, nil)
	return values
}

// fieldID names a field of a plain structure, which holds each once.
type fieldID struct {
	dir dir
	tag uint16
}

func dirOf(e *goexif.IfdTagEntry) (dir, bool) {
	switch e.IfdPath() {
	case "IFD":
		if e.IfdIdentity().Index() > 0 {
			return dirThumb, true
		}
		return dirMain, true
	case "IFD/Exif":
		return dirExif, true
	case "IFD/GPSInfo":
		return dirGPS, true
	}
	return 0, false
}
