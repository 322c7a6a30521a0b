package face

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const shared = "../../../../shared/"

// load reads a model from beside the checkout.
func load(t testing.TB, file string) *Net {
	t.Helper()
	b, err := os.ReadFile(shared + "models/" + file)
	if err != nil {
		t.Skip("no ../shared/models beside the checkout")
	}
	n, err := Load(b)
	require.NoError(t, err)
	return n
}

// score counts what a detector finds on photos whose faces are known.
type score struct {
	faces, hits map[string]int // by kind
	images      int
	wrong       int // boxes that are no face
}

// truth runs a detector over the photos of a folder with truth.json. A box and a
// face match where they overlap by 0.4, or the centre lies inside and the sizes
// are within twice.
func truth(t testing.TB, every int, detect func(image.Image) []Box) score {
	t.Helper()
	b, err := os.ReadFile(shared + "faces/truth.json")
	if err != nil {
		t.Skip("no ../shared/faces beside the checkout")
	}
	var photos map[string]struct {
		Faces []struct {
			Box  [4]float64
			Attr string
		}
		Ignore [][4]float64
	}
	require.NoError(t, json.Unmarshal(b, &photos))
	var names []string
	for n := range photos {
		names = append(names, n)
	}
	slices.Sort(names)
	s := score{faces: map[string]int{}, hits: map[string]int{}}
	for i, n := range names {
		if i%every != 0 {
			continue
		}
		f, err := os.Open(filepath.Join(shared+"faces", n))
		require.NoError(t, err)
		m, _, err := image.Decode(f)
		f.Close()
		require.NoError(t, err, n)
		boxes := slices.DeleteFunc(detect(m), func(b Box) bool { return b.Level != Found })
		used := make([]bool, len(boxes))
		for _, want := range photos[n].Faces {
			w := Box{X: want.Box[0], Y: want.Box[1], W: want.Box[2], H: want.Box[3]}
			s.faces[want.Attr]++
			for k, b := range boxes {
				if match(b, w) {
					s.hits[want.Attr]++
					used[k] = true
					break
				}
			}
		}
		for k, b := range boxes {
			known := used[k]
			for _, want := range photos[n].Faces {
				known = known || match(b, Box{X: want.Box[0], Y: want.Box[1], W: want.Box[2], H: want.Box[3]})
			}
			for _, g := range photos[n].Ignore {
				r := Box{X: g[0], Y: g[1], W: g[2], H: g[3]}
				x, y := b.X+b.W/2, b.Y+b.H/2
				known = known || match(b, r) || x >= r.X && x <= r.X+r.W && y >= r.Y && y <= r.Y+r.H
			}
			if !known {
				s.wrong++
			}
		}
		s.images++
	}
	return s
}

func match(b, w Box) bool {
	x, y := b.X+b.W/2, b.Y+b.H/2
	inside := x >= w.X && x <= w.X+w.W && y >= w.Y && y <= w.Y+w.H
	r := b.W * b.H / (w.W * w.H)
	return overlap(b, w) >= 0.4 || inside && r <= 4 && r >= 0.25
}

func (s score) recall() float64 {
	all, hits := 0, 0
	for k, n := range s.faces {
		all, hits = all+n, hits+s.hits[k]
	}
	return float64(hits) / float64(all)
}

// TestYuNetOnPhotos guards against regressions. The truth was proposed by YuNet
// itself, so the figures are no measure of how many faces it finds in the world.
// It takes a part of the photos unless TABIR_FACES is "all".
func TestYuNetOnPhotos(t *testing.T) {
	n := load(t, "yunet_n_640_640.onnx")
	every := 12
	if os.Getenv("TABIR_FACES") == "all" {
		every = 1
	}
	s := truth(t, every, func(m image.Image) []Box {
		boxes, err := n.Detect(context.Background(), m, Default)
		require.NoError(t, err)
		return boxes
	})
	t.Logf("%d photos, recall %.3f, false positives a photo %.2f, faces %v, hits %v", s.images, s.recall(), float64(s.wrong)/float64(s.images), s.faces, s.hits)
	assert.GreaterOrEqual(t, s.recall(), 0.995)
	assert.LessOrEqual(t, float64(s.wrong)/float64(s.images), 0.40)
}

func BenchmarkYuNet(b *testing.B) {
	for _, f := range []string{"yunet_n_640_640.onnx", "face_detection_yunet_2023mar.onnx"} {
		n := load(b, f)
		for _, vector := range []bool{true, false} {
			had := useVector
			if vector && !had {
				continue
			}
			useVector = vector
			b.Run(fmt.Sprintf("%s 640 vector=%v", n.Name(), vector), func(b *testing.B) {
				var p pool
				m := image.NewRGBA(image.Rect(0, 0, 640, 640))
				for b.Loop() {
					if _, err := n.look(context.Background(), m, pass{size: 640, found: 1, maybe: 1}, &p); err != nil {
						b.Fatal(err)
					}
				}
			})
			useVector = had
		}
	}
}

// TestBasicOnPhotos guards the built-in detector in the same way.
func TestBasicOnPhotos(t *testing.T) {
	every, recall, wrong := 12, 0.85, 0.40 // of so few photos the figures say little
	if os.Getenv("TABIR_FACES") == "all" {
		every, recall, wrong = 1, 0.905, 0.20
	}
	s := truth(t, every, func(m image.Image) []Box {
		boxes, err := Basic{}.Detect(context.Background(), m, Default)
		require.NoError(t, err)
		return boxes
	})
	t.Logf("%d photos, recall %.3f, false positives a photo %.2f, faces %v, hits %v", s.images, s.recall(), float64(s.wrong)/float64(s.images), s.faces, s.hits)
	assert.GreaterOrEqual(t, s.recall(), recall)
	assert.LessOrEqual(t, float64(s.wrong)/float64(s.images), wrong)
}
