package plan

import (
	"image"

	"tabir/scrub/internal/paint"
)

// Canvas is a picture that is opened to have areas of it covered.
type Canvas interface {
	// See is the picture in the orientation in which it is stored, at no less
	// than side pixels on its longer side, with its full size and the Exif
	// orientation; nil where it takes a decoder to see it. After Cover it is the
	// covered picture, decoded from the new file.
	See(side int) (m image.Image, full image.Point, orientation int)
	// Cover paints over regions of the upright picture and returns a new file,
	// which is clean. It is called once.
	Cover(regions []paint.Region, s paint.Style) ([]byte, error)
}

// Film is the Canvas of a picture that may be an animation.
type Film interface {
	Canvas
	// Frames shows the frames behind the first one as they are composed, in the
	// orientation in which they are stored, each with the Exif orientation. After
	// Cover they are those of the new file. What is shown is valid until the next.
	Frames(show func(m image.Image, orientation int) error) error
}

// Tiler is a canvas of which parts can be seen without decoding all of it.
type Tiler interface {
	// Tile is a part of the upright picture, in the orientation in which it is
	// stored, at no less than side pixels on its longer side or at its own size.
	Tile(part image.Rectangle, side int) (m image.Image, orientation int, err error)
	// Upright is the size of the upright picture; progressive says that other
	// decoders would hold it several times over.
	Upright() (full image.Point, progressive bool)
}

// Cropper is a canvas that can be cut as well.
type Cropper interface {
	Canvas
	// Crop says that the picture is to be cut to a part of the upright picture, in
	// pixels, before it is covered. What it will be cut to may be larger: the
	// smallest part around it that the format can be cut to without loss. From
	// then on Cover may be given no regions; they are in pixels of the uncut
	// picture, and those that were cut off are left out.
	Crop(part image.Rectangle) (fits image.Rectangle, err error)
}
