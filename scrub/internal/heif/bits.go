package heif

// bitReader reads numbers of bits; behind the end there are zeros.
type bitReader struct {
	b   []byte
	pos int
	bad bool // there was a number that nothing of its kind can have
}

func (r *bitReader) skip(n int) { r.pos += n }

func (r *bitReader) read(n int) (v uint32) {
	for range n {
		v <<= 1
		if i := r.pos / 8; i < len(r.b) {
			v |= uint32(r.b[i] >> (7 - r.pos%8) & 1)
		}
		r.pos++
	}
	return v
}

func (r *bitReader) flag() bool { return r.read(1) == 1 }

// ue and se read Exp-Golomb codes (H.265, 9.2). What is too large sets bad.
func (r *bitReader) ue() uint32 {
	zeros := 0
	for !r.flag() {
		if zeros++; zeros > 31 {
			r.bad = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.read(zeros)
}

func (r *bitReader) se() { r.ue() }

// ues reads n codes.
func (r *bitReader) ues(n int) {
	for range n {
		r.ue()
	}
}

// count reads a number of things of which there are at most most.
func (r *bitReader) count(most uint32) int {
	n := r.ue()
	if n > most {
		r.bad = true
		return 0
	}
	return int(n)
}

// behind is the number of bits between what was read and the end, without the
// trailing bits: a one, and zeros to the end of the byte.
func (r *bitReader) behind() int {
	left := 8*len(r.b) - r.pos
	if left > 0 && left <= 8 && r.b[len(r.b)-1]<<(8-left) == 0x80 {
		return 0
	}
	return max(left, 1)
}
