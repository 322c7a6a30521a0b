package face

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"tabir/scrub/meta"
)

// tensor is a constant of the model: its shape and its numbers.
type tensor struct {
	name string
	dims []int
	data []float32
}

// node is one operation of the graph.
type node struct {
	op      string
	in, out []string
	group   int
}

// graph is what is read of an ONNX file: the weights and the order of operations.
type graph struct {
	nodes   []node
	tensors map[string]tensor
}

// message walks the fields of a protocol buffer message. Groups and malformed
// lengths end it with ok false.
func message(b []byte, each func(field int, v uint64, data []byte) bool) (ok bool) {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return false
		}
		b = b[n:]
		var v uint64
		var data []byte
		switch key & 7 {
		case 0:
			if v, n = binary.Uvarint(b); n <= 0 {
				return false
			}
		case 1:
			n = 8
		case 2:
			size, k := binary.Uvarint(b)
			if k <= 0 || size > uint64(len(b)-k) {
				return false
			}
			data, n = b[k:k+int(size)], k+int(size)
		case 5:
			n = 4
		default:
			return false
		}
		if n > len(b) {
			return false
		}
		b = b[n:]
		if !each(int(key>>3), v, data) {
			return false
		}
	}
	return true
}

// readGraph reads the graph of an ONNX model (onnx.proto: ModelProto field 7).
func readGraph(b []byte) (*graph, error) {
	g := &graph{tensors: map[string]tensor{}}
	ok := message(b, func(field int, _ uint64, data []byte) bool {
		if field != 7 {
			return true
		}
		return message(data, func(field int, _ uint64, data []byte) bool {
			switch field {
			case 1:
				n, ok := readNode(data)
				g.nodes = append(g.nodes, n)
				return ok
			case 5:
				t, ok := readTensor(data)
				g.tensors[t.name] = t
				return ok
			}
			return true
		})
	})
	if !ok {
		return nil, fmt.Errorf("face: model file: %w", meta.ErrMalformed)
	}
	return g, nil
}

// readNode reads a NodeProto.
func readNode(b []byte) (n node, ok bool) {
	n.group = 1
	ok = message(b, func(field int, _ uint64, data []byte) bool {
		switch field {
		case 1:
			n.in = append(n.in, string(data))
		case 2:
			n.out = append(n.out, string(data))
		case 4:
			n.op = string(data)
		case 5: // AttributeProto: name 1, integer 3
			name, value := "", uint64(0)
			if !message(data, func(field int, v uint64, data []byte) bool {
				switch field {
				case 1:
					name = string(data)
				case 3:
					value = v
				}
				return true
			}) {
				return false
			}
			if name == "group" {
				n.group = int(value)
			}
		}
		return true
	})
	return n, ok
}

// readTensor reads a TensorProto of 32-bit floats, as raw bytes or packed.
// Tensors of other types have no numbers.
func readTensor(b []byte) (t tensor, ok bool) {
	typ, raw := uint64(0), []byte(nil)
	ok = message(b, func(field int, v uint64, data []byte) bool {
		switch field {
		case 1:
			if data == nil {
				t.dims = append(t.dims, int(v))
				break
			}
			for len(data) > 0 { // packed
				d, n := binary.Uvarint(data)
				if n <= 0 {
					return false
				}
				t.dims, data = append(t.dims, int(d)), data[n:]
			}
		case 2:
			typ = v
		case 4, 9:
			raw = data
		case 8:
			t.name = string(data)
		}
		return true
	})
	if typ == 1 {
		for ; len(raw) >= 4; raw = raw[4:] {
			t.data = append(t.data, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
	}
	return t, ok
}

// The official files, by their SHA-256. Any other file is refused: weights that
// nobody measured must not decide what stays visible.
var models = map[string]string{
	"25a606a145a5b6d7271ae138fbd00eba91dad8b83222ae3f2c7ecd0f4a7b0e31": "YuNet n",
	"8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4": "YuNet s",
}

// identify names a model file, or refuses it with meta.ErrUnsupported.
func identify(b []byte) (string, error) {
	sum := sha256.Sum256(b)
	name, ok := models[hex.EncodeToString(sum[:])]
	if !ok {
		return "", fmt.Errorf("face: not one of the official YuNet files (SHA-256 %x): %w", sum, meta.ErrUnsupported)
	}
	return name, nil
}
