// Command gen writes the vector kernels of package face. It is a module of its
// own, so that what it needs is no part of Tabir:
//
//	cd scrub/internal/face/gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg face
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	point16()
	depth8()
	Generate()
}

// point16 computes 16 outputs of a 1×1 convolution for n pixels, four at a time:
// eight sums stay in registers, and every weight that is loaded serves four pixels.
func point16() {
	TEXT("point16", NOSPLIT, "func(dst, src *float32, n, ci, dstStep, srcStep int, w, bias, floor *float32)")
	Doc("point16 computes 16 outputs of a 1×1 convolution for n pixels, a multiple of four.",
		"dstStep and srcStep are bytes from pixel to pixel; w holds 16 weights for each of ci inputs;",
		"results below floor become floor.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	n, ci := Load(Param("n"), GP64()), Load(Param("ci"), GP64())
	dstStep, srcStep := Load(Param("dstStep"), GP64()), Load(Param("srcStep"), GP64())
	w, bias, floor := Load(Param("w"), GP64()), Load(Param("bias"), GP64()), Load(Param("floor"), GP64())
	b0, b1, low := YMM(), YMM(), YMM()
	VMOVUPS(Mem{Base: bias}, b0)
	VMOVUPS(Mem{Base: bias, Disp: 32}, b1)
	VBROADCASTSS(Mem{Base: floor}, low)

	Label("pixels")
	CMPQ(n, Imm(0))
	JE(LabelRef("done"))
	var acc [8]reg.VecVirtual
	for i := range acc {
		acc[i] = YMM()
		VMOVAPS([]reg.VecVirtual{b0, b1}[i%2], acc[i])
	}
	var p [4]reg.GPVirtual
	for i := range p {
		p[i] = GP64()
		if i == 0 {
			MOVQ(src, p[i])
		} else {
			MOVQ(p[i-1], p[i])
			ADDQ(srcStep, p[i])
		}
	}
	next := GP64()
	MOVQ(p[3], next)
	ADDQ(srcStep, next)
	k, left := GP64(), GP64()
	MOVQ(w, k)
	MOVQ(ci, left)
	Label("inputs")
	w0, w1, v := YMM(), YMM(), YMM()
	VMOVUPS(Mem{Base: k}, w0)
	VMOVUPS(Mem{Base: k, Disp: 32}, w1)
	for i := range p {
		VBROADCASTSS(Mem{Base: p[i]}, v)
		VFMADD231PS(w0, v, acc[2*i])
		VFMADD231PS(w1, v, acc[2*i+1])
		ADDQ(Imm(4), p[i])
	}
	ADDQ(Imm(64), k)
	DECQ(left)
	JNE(LabelRef("inputs"))
	for i := range p {
		VMAXPS(low, acc[2*i], acc[2*i])
		VMAXPS(low, acc[2*i+1], acc[2*i+1])
		VMOVUPS(acc[2*i], Mem{Base: dst})
		VMOVUPS(acc[2*i+1], Mem{Base: dst, Disp: 32})
		ADDQ(dstStep, dst)
	}
	MOVQ(next, src)
	SUBQ(Imm(4), n)
	JMP(LabelRef("pixels"))
	Label("done")
	VZEROUPPER()
	RET()
}

// depth8 computes 8 channels of a row of a 3×3 convolution per channel: the nine
// weights stay in registers.
func depth8() {
	TEXT("depth8", NOSPLIT, "func(dst, above, here, below *float32, n, step int, w, bias, floor *float32)")
	Doc("depth8 computes 8 channels of n pixels of a row of a 3×3 convolution per channel. step is bytes",
		"from pixel to pixel and from weight to weight; the rows begin one pixel to the left.")
	dst := Load(Param("dst"), GP64())
	rows := [3]reg.Register{Load(Param("above"), GP64()), Load(Param("here"), GP64()), Load(Param("below"), GP64())}
	n, step := Load(Param("n"), GP64()), Load(Param("step"), GP64())
	w, bias, floor := Load(Param("w"), GP64()), Load(Param("bias"), GP64()), Load(Param("floor"), GP64())
	var k [9]reg.VecVirtual
	for i := range k {
		k[i] = YMM()
		VMOVUPS(Mem{Base: w}, k[i])
		ADDQ(step, w)
	}
	b, low := YMM(), YMM()
	VMOVUPS(Mem{Base: bias}, b)
	VBROADCASTSS(Mem{Base: floor}, low)
	Label("pixels")
	CMPQ(n, Imm(0))
	JE(LabelRef("done"))
	s, t := YMM(), YMM()
	VMOVAPS(b, s)
	VXORPS(t, t, t)
	for i, r := range rows {
		// Two sums, so that one need not wait for the other.
		VFMADD231PS(Mem{Base: r}, k[3*i], s)
		VFMADD231PS(Mem{Base: r, Index: step, Scale: 1}, k[3*i+1], t)
		VFMADD231PS(Mem{Base: r, Index: step, Scale: 2}, k[3*i+2], s)
		ADDQ(step, r)
	}
	VADDPS(t, s, s)
	VMAXPS(low, s, s)
	VMOVUPS(s, Mem{Base: dst})
	ADDQ(step, dst)
	DECQ(n)
	JMP(LabelRef("pixels"))
	Label("done")
	VZEROUPPER()
	RET()
}
