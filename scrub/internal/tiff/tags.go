package tiff

import (
	"fmt"
	"slices"

	"tabir/scrub/meta"
)

// Tags that are read here (TIFF 6.0, part 2; its supplements; libtiff).
const (
	tagSubfile      = 254
	tagOldSubfile   = 255
	tagWidth        = 256
	tagHeight       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagMake         = 271
	tagStripOffsets = 273
	tagOrientation  = 274
	tagSamples      = 277
	tagRows         = 278
	tagStripBytes   = 279
	tagXResolution  = 282
	tagYResolution  = 283
	tagPlanar       = 284
	tagT4Options    = 292
	tagT6Options    = 293
	tagUnit         = 296
	tagDateTime     = 306
	tagArtist       = 315
	tagPredictor    = 317
	tagWhitePoint   = 318
	tagPrimaries    = 319
	tagColorMap     = 320
	tagTileWidth    = 322
	tagTileHeight   = 323
	tagTileOffsets  = 324
	tagTileBytes    = 325
	tagSubIFDs      = 330
	tagInkSet       = 332
	tagInks         = 334
	tagExtra        = 338
	tagFormat       = 339
	tagIndexed      = 346
	tagJPEGTables   = 347
	tagJPEGOffset   = 513
	tagJPEGBytes    = 514
	tagCoefficients = 529
	tagSubsampling  = 530
	tagPositioning  = 531
	tagReference    = 532
	tagXMP          = 700
	tagImageDepth   = 32997
	tagCopyright    = 33432
	tagIPTC         = 33723
	tagPhotoshop    = 34377
	tagExifIFD      = 34665
	tagICC          = 34675
	tagGPSIFD       = 34853
	tagLayers       = 37724
	tagInteropIFD   = 40965
	tagLERC         = 50674
	tagDNGVersion   = 50706
	tagC2PA         = 52545
)

// Photometric interpretations that are told apart.
const (
	photoRGB     = 2
	photoPalette = 3
	photoMask    = 4
	photoCMYK    = 5
	photoYCbCr   = 6
	photoCFA     = 32803
	photoLinear  = 34892
)

// Compressions that are told apart.
const (
	compNone     = 1
	compT4       = 3
	compT6       = 4
	compLZW      = 5
	compOldJPEG  = 6
	compJPEG     = 7
	compDeflate  = 8
	compPackBits = 32773
	compDeflate2 = 32946
	compLERC     = 34887
	compLZMA     = 34925
	compZSTD     = 50000
	compWebP     = 50001
	compJXL      = 50002
)

// compressions are those whose data is copied as it is. They hold samples and
// nothing else; JPEG, WebP and JPEG XL are whole files in strips, and looked into.
var compressions = map[uint64]string{
	compNone: "none", 2: "CCITT RLE", compT4: "CCITT T.4", compT6: "CCITT T.6", compLZW: "LZW", compJPEG: "JPEG", compDeflate: "Deflate",
	32771: "CCITT RLE", compPackBits: "PackBits", 32809: "ThunderScan", 32909: "PixarLog", compDeflate2: "Deflate",
	34676: "SGI LogLuv", 34677: "SGI LogLuv", compLERC: "LERC", compLZMA: "LZMA", compZSTD: "Zstandard", compWebP: "WebP", compJXL: "JPEG XL",
}

// refused are the names of others.
var refused = map[uint64]string{
	compOldJPEG: "old-style JPEG", 9: "JBIG", 10: "JBIG", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34661: "JBIG",
	34712: "JPEG 2000", 34715: "JBIG2", 22610: "JPEG XR", 34934: "JPEG XR", 34933: "PNG",
}

// photometrics are the colours that samples may mean.
var photometrics = []uint64{0, 1, photoRGB, photoPalette, photoMask, photoCMYK, photoYCbCr, 8, 9, 10, 32844, 32845, noPhotometric}

// kind refuses what is not known to be a picture that is decoded from the tags
// that are kept alone.
func (p *page) kind() error {
	if _, ok := compressions[p.compression]; !ok {
		name := refused[p.compression]
		if name == "" {
			name = "unknown"
		}
		return fmt.Errorf("tiff: page %d: %s compression (%d): %w", p.n, name, p.compression, meta.ErrUnsupported)
	}
	if !slices.Contains(photometrics, p.photometric) {
		return fmt.Errorf("tiff: page %d: colours of kind %d: %w", p.n, p.photometric, meta.ErrUnsupported)
	}
	if predicted(p) {
		if v, err := p.one(tagPredictor, 1); err != nil {
			return err
		} else if v < 1 || v > 3 {
			return fmt.Errorf("tiff: page %d: predictor %d: %w", p.n, v, meta.ErrUnsupported)
		}
	}
	for _, x := range []struct {
		tag   uint16
		plain uint64
	}{{tagIndexed, 0}, {tagImageDepth, 1}} {
		if v, err := p.one(x.tag, x.plain); err != nil {
			return err
		} else if v != x.plain {
			return fmt.Errorf("tiff: page %d: tag %d is %d: %w", p.n, x.tag, v, meta.ErrUnsupported)
		}
	}
	return nil
}
