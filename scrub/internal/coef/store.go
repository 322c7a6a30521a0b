package coef

// Shadow is a Store that remembers only which coefficients are not zero, eight
// bytes a block. That is all that decoding a progressive picture to its end
// needs; the values it gives are not those of the picture.
type Shadow struct {
	f     *Frame
	set   [][]uint64 // nil for sequential frames, whose blocks no later scan reads
	block Block
}

// NewShadow makes a store for f.
func NewShadow(f *Frame) *Shadow {
	s := &Shadow{f: f}
	if f.Progressive {
		for _, c := range f.Components {
			s.set = append(s.set, make([]uint64, c.Wide*c.High))
		}
	}
	return s
}

// At implements Store.
func (s *Shadow) At(comp, x, y int) *Block {
	s.block = Block{}
	if s.set != nil {
		bits := s.set[comp][y*s.f.Components[comp].Wide+x]
		for k := range s.block {
			s.block[k] = int16(bits >> k & 1)
		}
	}
	return &s.block
}

// Put implements Store.
func (s *Shadow) Put(comp, x, y int, b *Block) {
	if s.set == nil {
		return
	}
	bits := uint64(0)
	for k, v := range b {
		if v != 0 {
			bits |= 1 << k
		}
	}
	s.set[comp][y*s.f.Components[comp].Wide+x] = bits
}
