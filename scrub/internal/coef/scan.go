// Package coef decodes the entropy-coded data of JPEG pictures in Huffman
// coding, sequential and progressive, with 8-bit samples, to quantised DCT
// coefficients (ITU-T T.81, F.2 and G.2).
package coef

import (
	"fmt"

	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Block holds the 64 coefficients of one 8×8 block in natural order.
type Block [64]int16

// Component is one colour component of a frame.
type Component struct {
	ID   byte
	H, V int // sampling factors
	// Blocks in a row and in a column, rounded up to whole MCUs of interleaved scans.
	Wide, High int
	// Blocks that carry samples: what a scan of this component alone holds.
	ownWide, ownHigh int
}

// Frame is what SOF says.
type Frame struct {
	Progressive   bool
	Width, Height int
	Components    []Component
	mcuWide       int
	mcuHigh       int
}

// NewFrame works out the geometry of a frame (T.81, A.2). The sampling factors
// must be 1 to 4.
func NewFrame(progressive bool, width, height int, comps []Component) *Frame {
	f := &Frame{Progressive: progressive, Width: width, Height: height, Components: comps}
	maxH, maxV := 1, 1
	for _, c := range comps {
		maxH, maxV = max(maxH, c.H), max(maxV, c.V)
	}
	f.mcuWide, f.mcuHigh = ceil(width, 8*maxH), ceil(height, 8*maxV)
	for i := range f.Components {
		c := &f.Components[i]
		c.Wide, c.High = f.mcuWide*c.H, f.mcuHigh*c.V
		c.ownWide, c.ownHigh = ceil(ceil(width*c.H, maxH), 8), ceil(ceil(height*c.V, maxV), 8)
	}
	return f
}

func ceil(a, b int) int { return (a + b - 1) / b }

// Blocks is the number of blocks of all components.
func (f *Frame) Blocks() (n int64) {
	for _, c := range f.Components {
		n += int64(c.Wide) * int64(c.High)
	}
	return n
}

// Part is a component's share in a scan.
type Part struct {
	Comp   int // index into Frame.Components
	DC, AC *Huffman
}

// Scan is what SOS says, with the tables and the restart interval in force.
type Scan struct {
	Parts          []Part
	Ss, Se, Ah, Al uint
	Restart        int // MCUs between restart markers, 0 for none
}

// Store keeps the blocks of a frame between scans. At gives the block in column
// x and row y of a component; Put takes it back when the scan has changed it.
type Store interface {
	At(comp, x, y int) *Block
	Put(comp, x, y int, b *Block)
}

// Decode reads the scan whose entropy-coded data begins at off in w, and
// returns the position behind its last byte. Data that ends before the last
// block is meta.Truncated; other damage is meta.ErrMalformed.
func (f *Frame) Decode(w *rd.Window, off int64, s Scan, st Store) (end int64, err error) {
	d := &decoder{f: f, s: s, bits: newBits(w, off), st: st}
	d.bits.ends[0] = off
	if err := d.check(); err != nil {
		return 0, err
	}
	wide, high := f.mcuWide, f.mcuHigh
	if len(s.Parts) == 1 {
		c := f.Components[s.Parts[0].Comp]
		wide, high = c.ownWide, c.ownHigh
	}
	for n, restarts := 0, 0; n < wide*high; n++ {
		if s.Restart > 0 && n > 0 && n%s.Restart == 0 {
			if err := d.bits.restart(restarts); err != nil {
				return 0, err
			}
			restarts++
			d.dc, d.eobRun = [4]int32{}, 0
		}
		if err := d.mcu(n%wide, n/wide); err != nil {
			return 0, fmt.Errorf("mcu %d of %d: %w", n, wide*high, err)
		}
	}
	return d.bits.end(), nil
}

type decoder struct {
	f      *Frame
	s      Scan
	bits   *bits
	st     Store
	dc     [4]int32
	eobRun int32
}

// check refuses what cannot be decoded by the tables that are there.
func (d *decoder) check() error {
	for _, p := range d.s.Parts {
		needDC := d.s.Ss == 0 && d.s.Ah == 0
		needAC := d.s.Se > 0
		if needDC && p.DC == nil || needAC && p.AC == nil {
			return fmt.Errorf("scan without its huffman tables: %w", meta.ErrMalformed)
		}
	}
	return nil
}

// mcu decodes one MCU: the block at x, y of a lone component, or each
// component's share of an interleaved one (T.81, A.2.2, A.2.3).
func (d *decoder) mcu(x, y int) error {
	if len(d.s.Parts) == 1 {
		return d.block(0, x, y)
	}
	for i, p := range d.s.Parts {
		c := d.f.Components[p.Comp]
		for v := range c.V {
			for h := range c.H {
				if err := d.block(i, x*c.H+h, y*c.V+v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (d *decoder) block(part, x, y int) error {
	comp := d.s.Parts[part].Comp
	b := d.st.At(comp, x, y)
	err := d.decode(part, b)
	if err == nil {
		d.st.Put(comp, x, y, b)
	}
	return err
}

func (d *decoder) decode(part int, b *Block) error {
	p := d.s.Parts[part]
	switch {
	case !d.f.Progressive:
		return d.sequential(part, p, b)
	case d.s.Ss == 0 && d.s.Ah == 0:
		v, err := d.diff(part, p)
		b[0] = int16(v << d.s.Al)
		return err
	case d.s.Ss == 0:
		bit, err := d.bits.get(1)
		b[0] |= int16(bit << d.s.Al)
		return err
	case d.s.Ah == 0:
		return d.acFirst(p, b)
	}
	return d.acRefine(p, b)
}

// diff reads a DC difference and returns the DC value.
func (d *decoder) diff(part int, p Part) (int32, error) {
	t, err := p.DC.decode(d.bits)
	if err != nil {
		return 0, err
	}
	if t > 16 {
		return 0, fmt.Errorf("dc difference of %d bits: %w", t, meta.ErrMalformed)
	}
	v, err := d.bits.extend(uint(t))
	d.dc[part] += v
	return d.dc[part], err
}

func (d *decoder) sequential(part int, p Part, b *Block) error {
	*b = Block{}
	v, err := d.diff(part, p)
	if err != nil {
		return err
	}
	b[0] = int16(v)
	for k := uint(1); k < 64; k++ {
		rs, err := p.AC.decode(d.bits)
		if err != nil {
			return err
		}
		r, s := uint(rs>>4), uint(rs&15)
		if s == 0 {
			if r != 15 {
				return nil
			}
			k += 15
			continue
		}
		if k += r; k > 63 {
			return fmt.Errorf("ac run beyond the block: %w", meta.ErrMalformed)
		}
		v, err := d.bits.extend(s)
		if err != nil {
			return err
		}
		b[zigzag[k]] = int16(v)
	}
	return nil
}

// acFirst is the first scan of a band of AC coefficients (T.81, G.1.2.2).
func (d *decoder) acFirst(p Part, b *Block) error {
	if d.eobRun > 0 {
		d.eobRun--
		return nil
	}
	for k := d.s.Ss; k <= d.s.Se; k++ {
		rs, err := p.AC.decode(d.bits)
		if err != nil {
			return err
		}
		r, s := uint(rs>>4), uint(rs&15)
		if s == 0 {
			if r == 15 {
				k += 15
				continue
			}
			more, err := d.bits.get(r)
			d.eobRun = 1<<r + more - 1
			return err
		}
		if k += r; k > d.s.Se {
			return fmt.Errorf("ac run beyond the band: %w", meta.ErrMalformed)
		}
		v, err := d.bits.extend(s)
		if err != nil {
			return err
		}
		b[zigzag[k]] = int16(v << d.s.Al)
	}
	return nil
}

// acRefine adds one bit to a band of AC coefficients (T.81, G.1.2.3).
func (d *decoder) acRefine(p Part, b *Block) error {
	bit := int16(1) << d.s.Al
	k := d.s.Ss
	for ; k <= d.s.Se && d.eobRun == 0; k++ {
		rs, err := p.AC.decode(d.bits)
		if err != nil {
			return err
		}
		r, s := int(rs>>4), uint(rs&15)
		var fresh int16
		switch {
		case s == 1:
			sign, err := d.bits.get(1)
			if err != nil {
				return err
			}
			if fresh = bit; sign == 0 {
				fresh = -bit
			}
		case s != 0:
			return fmt.Errorf("refinement by %d bits: %w", s, meta.ErrMalformed)
		case r != 15:
			more, err := d.bits.get(uint(r))
			if err != nil {
				return err
			}
			d.eobRun = 1<<r + more
		}
		if d.eobRun > 0 {
			break
		}
		if k, err = d.refine(b, k, r, bit); err != nil {
			return err
		}
		if fresh != 0 {
			if k > d.s.Se {
				return fmt.Errorf("ac run beyond the band: %w", meta.ErrMalformed)
			}
			b[zigzag[k]] = fresh
		}
	}
	if d.eobRun > 0 {
		d.eobRun--
		_, err := d.refine(b, k, -1, bit)
		return err
	}
	return nil
}

// refine corrects the nonzero coefficients from k on, passing over zeros
// coefficients that are zero (all if negative), and returns where it stopped.
func (d *decoder) refine(b *Block, k uint, zeros int, bit int16) (uint, error) {
	for ; k <= d.s.Se; k++ {
		c := &b[zigzag[k]]
		if *c == 0 {
			if zeros == 0 {
				break
			}
			zeros--
			continue
		}
		v, err := d.bits.get(1)
		if err != nil {
			return k, err
		}
		if v != 0 && *c&bit == 0 {
			if *c >= 0 {
				*c += bit
			} else {
				*c -= bit
			}
		}
	}
	return k, nil
}

// zigzag maps the order of coding to natural order (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
