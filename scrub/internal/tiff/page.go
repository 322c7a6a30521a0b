package tiff

import (
	"fmt"
	"slices"

	"tabir/scrub/meta"
)

// page is a picture of the file: what its IFD says about how the samples lie,
// and the strips or tiles that hold them.
type page struct {
	f    *file
	d    *ifd
	n    int             // number of the page, from 1
	used map[uint16]bool // tags that were read for the clean file

	width, height   int64
	bits, samples   int64 // bits of a sample; samples of a pixel
	compression     uint64
	photometric     uint64 // noPhotometric where it is not said
	planes          int64  // that lie apart: samples, or 1
	tiled           bool
	partW, partH    int64 // of a tile, or the width and the rows of a strip
	subH, subV      int64 // YCbCr subsampling
	parts           []part
	tables          []byte   // JPEGTables in exact form
	profile         []byte   // the colour profile, rewritten
	fields          []entry  // of the clean IFD, sorted by tag
	credit          []entry  // what the user asked to keep
	oblong          []uint64 // resolutions and unit, where pixels are not square
	hidden, surplus int64    // pixels in padding; values that nothing reads
}

const noPhotometric = 1 << 16

// part is a strip or a tile; 0, 0 is one that a sparse file leaves out.
type part struct{ off, n int64 }

// list is the values of a tag, nil where it is missing.
func (p *page) list(tag uint16) ([]uint64, error) {
	v, ok := p.d.fields[tag]
	if !ok {
		return nil, nil
	}
	p.used[tag] = true
	return p.f.numbers(v)
}

// one is the single value of a tag, or what holds where it is missing.
func (p *page) one(tag uint16, missing uint64) (uint64, error) {
	v, err := p.list(tag)
	if err != nil {
		return 0, err
	}
	if _, ok := p.d.fields[tag]; !ok {
		return missing, nil
	}
	if len(v) != 1 {
		return 0, fmt.Errorf("tiff: tag %d has %d values: %w", tag, len(v), meta.ErrMalformed)
	}
	return v[0], nil
}

// perSample is the values of a tag that has one for each sample, all equal. Old
// writers let one alone stand for all; readers take that in their own ways, so
// it stays. Values beyond that are not read, by libtiff neither.
func (p *page) perSample(tag uint16, missing uint64) ([]uint64, error) {
	v, err := p.list(tag)
	if err != nil || v == nil {
		return slices.Repeat([]uint64{missing}, int(p.samples)), err
	}
	if len(v) != 1 && int64(len(v)) < p.samples {
		return nil, fmt.Errorf("tiff: tag %d has %d values for %d samples: %w", tag, len(v), p.samples, meta.ErrMalformed)
	}
	if more := int64(len(v)) - p.samples; more > 0 {
		p.surplus += more
		v = v[:p.samples]
	}
	for _, x := range v {
		if x != v[0] {
			return nil, fmt.Errorf("tiff: samples of different kinds (tag %d): %w", tag, meta.ErrUnsupported)
		}
	}
	return v, nil
}

// read learns what the IFD says about the samples.
func (p *page) read() error {
	var rows, planar uint64
	for _, x := range []struct {
		to      *uint64
		tag     uint16
		missing uint64
	}{
		{&p.compression, tagCompression, 1},
		{&p.photometric, tagPhotometric, noPhotometric},
		{&planar, tagPlanar, 1},
	} {
		v, err := p.one(x.tag, x.missing)
		if err != nil {
			return err
		}
		*x.to = v
	}
	if err := p.kind(); err != nil {
		return err
	}
	for _, x := range []struct {
		to      *int64
		tag     uint16
		missing uint64
		most    uint64
	}{
		{&p.width, tagWidth, 0, 1 << 24},
		{&p.height, tagHeight, 0, 1 << 24},
		{&p.samples, tagSamples, 1, 1<<16 - 1},
	} {
		v, err := p.one(x.tag, x.missing)
		if err != nil {
			return err
		}
		if v == 0 || v > x.most {
			return fmt.Errorf("tiff: page %d: tag %d is %d: %w", p.n, x.tag, v, meta.ErrMalformed)
		}
		*x.to = int64(v)
	}
	bits, err := p.perSample(tagBits, 1)
	if err != nil {
		return err
	}
	format, err := p.perSample(tagFormat, 1)
	if err != nil {
		return err
	}
	if bits[0] == 0 || bits[0] > 128 || format[0] == 0 || format[0] > 6 || planar < 1 || planar > 2 {
		return fmt.Errorf("tiff: page %d: samples of %d bits, format %d, planar %d: %w", p.n, bits[0], format[0], planar, meta.ErrMalformed)
	}
	p.bits, p.planes = int64(bits[0]), 1
	p.fields = append(p.fields, entry{tag: tagBits, typ: typeShort, vals: bits})
	if format[0] != 1 {
		p.fields = append(p.fields, entry{tag: tagFormat, typ: typeShort, vals: format})
	}
	if planar == 2 {
		p.planes = p.samples
	}
	p.subH, p.subV = 1, 1
	if p.photometric == photoYCbCr {
		sub, err := p.list(tagSubsampling)
		if err != nil {
			return err
		}
		p.subH, p.subV = 2, 2
		if sub != nil {
			if len(sub) != 2 || !slices.Contains([]uint64{1, 2, 4}, sub[0]) || !slices.Contains([]uint64{1, 2, 4}, sub[1]) {
				return fmt.Errorf("tiff: page %d: subsampling: %w", p.n, meta.ErrMalformed)
			}
			p.subH, p.subV = int64(sub[0]), int64(sub[1])
		}
	}
	if _, p.tiled = p.d.fields[tagTileWidth]; p.tiled {
		w, err := p.one(tagTileWidth, 0)
		if err != nil {
			return err
		}
		if rows, err = p.one(tagTileHeight, 0); err != nil {
			return err
		}
		if w == 0 || w > 1<<24 || rows > 1<<24 {
			return fmt.Errorf("tiff: page %d: tiles of %d by %d: %w", p.n, w, rows, meta.ErrMalformed)
		}
		p.partW = int64(w)
	} else {
		if rows, err = p.one(tagRows, 1<<32-1); err != nil {
			return err
		}
		p.partW, rows = p.width, min(rows, uint64(p.height))
	}
	if rows == 0 {
		return fmt.Errorf("tiff: page %d: strips or tiles without rows: %w", p.n, meta.ErrMalformed)
	}
	p.partH = int64(rows)
	return p.readParts()
}

// count is the number of strips or tiles, and how many of one row and plane.
func (p *page) count() (n, across, down int64) {
	across, down = (p.width+p.partW-1)/p.partW, (p.height+p.partH-1)/p.partH
	if across > maxParts || down > maxParts || across*down > maxParts {
		return 1 << 62, across, down
	}
	return across * down * p.planes, across, down
}

// rows is the number of rows of samples that part i holds.
func (p *page) rows(i int64) int64 {
	if p.tiled {
		return p.partH
	}
	_, _, down := p.count()
	return min(p.partH, p.height-i%down*p.partH)
}

// bytes is how long part i is without compression, 1<<62 where that is more than
// any file holds.
func (p *page) bytes(i int64) int64 {
	w, h, per := p.partW, p.rows(i), p.samples
	if p.planes > 1 {
		per = 1
	}
	if p.photometric == photoYCbCr && p.samples == 3 && p.subH*p.subV > 1 {
		_, across, down := p.count()
		w, h = (w+p.subH-1)/p.subH, (h+p.subV-1)/p.subV
		switch {
		case p.planes == 1:
			per = p.subH*p.subV + 2
		case i < across*down:
			w, h = p.partW, p.rows(i)
		}
	}
	row := (w*per*p.bits + 7) / 8
	if h > 1<<44/row {
		return 1 << 62
	}
	return row * h
}

// readParts reads where the strips or tiles are.
func (p *page) readParts() error {
	at, size := uint16(tagStripOffsets), uint16(tagStripBytes)
	if _, ok := p.d.fields[tagTileOffsets]; ok && p.tiled {
		at, size = tagTileOffsets, tagTileBytes
	}
	offs, err := p.list(at)
	if err != nil {
		return err
	}
	sizes, err := p.list(size)
	if err != nil {
		return err
	}
	n, _, _ := p.count()
	switch {
	case n > maxParts:
		return fmt.Errorf("tiff: page %d: strips or tiles: %w", p.n, meta.ErrLimit)
	case int64(len(offs)) < n || sizes != nil && int64(len(sizes)) < n:
		return fmt.Errorf("tiff: page %d: %d offsets and %d lengths for %d strips or tiles: %w", p.n, len(offs), len(sizes), n, meta.ErrMalformed)
	case sizes == nil && p.compression != compNone:
		return fmt.Errorf("tiff: page %d: no lengths of strips or tiles: %w", p.n, meta.ErrMalformed)
	}
	p.surplus += int64(len(offs)) - n
	if sizes != nil {
		p.surplus += int64(len(sizes)) - n
	}
	p.parts = make([]part, n)
	for i := range n {
		q := part{off: offset(offs[i])}
		whole := int64(0)
		if p.compression == compNone {
			whole = p.bytes(i)
		}
		switch {
		case sizes == nil || p.compression == compNone && n == 1 && !p.tiled:
			q.n = whole // what one strip says is a guess of many writers, and readers count for themselves
		case p.compression != compNone || sizes[i] == 0:
			q.n = offset(sizes[i])
		case offset(sizes[i]) < whole && p.tiled:
			return fmt.Errorf("tiff: page %d: tile of %d bytes: %w", p.n, sizes[i], meta.Truncated)
		default:
			q.n = whole // also where a strip says less, as in libtiff
		}
		if q.n == 0 {
			q.off = 0
		}
		if q.off > p.f.w.Size() || q.n > p.f.w.Size()-q.off {
			return fmt.Errorf("tiff: page %d: %d bytes at %d of %d: %w", p.n, q.n, q.off, p.f.w.Size(), meta.Truncated)
		}
		p.parts[i] = q
	}
	return nil
}
