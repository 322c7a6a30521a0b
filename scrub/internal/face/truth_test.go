package face

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
)

const shared = "../../../../shared/"

// load reads a model from beside the checkout.
func load(t testing.TB, file string) *Net {
	t.Helper()
	n, err := Load(testkit.SharedFile(t, "models/"+file))
	require.NoError(t, err)
	return n
}

// score counts what a detector finds on photos whose faces are known.
type score struct {
	faces, hits map[string]int // by kind
	images      int
	wrong       int // boxes that are no face
	faceless    int // images without a face
	fooled      int // of those, the ones in which a face was seen
	took        time.Duration
}

// truth runs a detector over the photos of a folder with truth.json and scores
// what it found, and what it found or held possible.
func truth(t testing.TB, every int, d Detector) (found, both score) {
	t.Helper()
	dir := cmp.Or(os.Getenv("TABIR_FACES_DIR"), shared+"faces")
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
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
	boxOf := func(v [4]float64) Box { return Box{X: v[0], Y: v[1], W: v[2], H: v[3]} }
	found, both = newScore(), newScore()
	for i, n := range slices.Sorted(maps.Keys(photos)) {
		if i%every != 0 {
			continue
		}
		f, err := os.Open(filepath.Join(dir, n))
		require.NoError(t, err)
		m, _, err := image.Decode(f)
		f.Close()
		require.NoError(t, err, n)
		start := time.Now()
		boxes, err := d.Detect(context.Background(), m, Default)
		require.NoError(t, err)
		took := time.Since(start)
		var faces []kindOf
		for _, want := range photos[n].Faces {
			faces = append(faces, kindOf{boxOf(want.Box), want.Attr})
		}
		var ignore []Box
		for _, g := range photos[n].Ignore {
			ignore = append(ignore, boxOf(g))
		}
		both.add(boxes, faces, ignore, took)
		found.add(slices.DeleteFunc(boxes, func(b Box) bool { return b.Level != Found }), faces, ignore, took)
	}
	return found, both
}

// kindOf is a face that is known to be there: frontal, small, occluded, tilted or profile.
type kindOf struct {
	Box
	kind string
}

func newScore() score { return score{faces: map[string]int{}, hits: map[string]int{}} }

// add scores one photo. What lies in an area to be ignored is neither right nor wrong.
func (s *score) add(boxes []Box, faces []kindOf, ignore []Box, took time.Duration) {
	s.images++
	s.took += took
	for _, w := range faces {
		s.faces[w.kind]++
		if slices.ContainsFunc(boxes, func(b Box) bool { return match(b, w.Box) }) {
			s.hits[w.kind]++
		}
	}
	wrong := 0
	for _, b := range boxes {
		x, y := b.X+b.W/2, b.Y+b.H/2
		known := slices.ContainsFunc(faces, func(w kindOf) bool { return match(b, w.Box) }) ||
			slices.ContainsFunc(ignore, func(r Box) bool {
				return match(b, r) || x >= r.X && x <= r.X+r.W && y >= r.Y && y <= r.Y+r.H
			})
		if !known {
			wrong++
		}
	}
	s.wrong += wrong
	if len(faces) == 0 {
		s.faceless++
		if wrong > 0 {
			s.fooled++
		}
	}
}

// match: a box and a face overlap by 0.4, or the centre lies inside and the sizes
// are within twice.
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

func (s score) perImage() float64 { return float64(s.wrong) / float64(s.images) }

// TestYuNetOnPhotos guards against regressions. The truth was proposed by YuNet
// itself, so the figures are no measure of how many faces it finds in the world.
// It takes a part of the photos unless TABIR_FACES is "all".
func TestYuNetOnPhotos(t *testing.T) {
	n := load(t, "yunet_n_640_640.onnx")
	every := 12
	if os.Getenv("TABIR_FACES") == "all" {
		every = 1
	}
	s, _ := truth(t, every, n)
	t.Logf("%d photos, recall %.3f, false positives a photo %.2f", s.images, s.recall(), s.perImage())
	assert.GreaterOrEqual(t, s.recall(), 0.995)
	assert.LessOrEqual(t, s.perImage(), 0.40)
}

// TestBasicOnPhotos guards the built-in detector in the same way.
func TestBasicOnPhotos(t *testing.T) {
	every, recall, wrong := 12, 0.85, 0.40 // of so few photos the figures say little
	if os.Getenv("TABIR_FACES") == "all" {
		every, recall, wrong = 1, 0.905, 0.20
	}
	s, _ := truth(t, every, Basic{})
	t.Logf("%d photos, recall %.3f, false positives a photo %.2f", s.images, s.recall(), s.perImage())
	assert.GreaterOrEqual(t, s.recall(), recall)
	assert.LessOrEqual(t, s.perImage(), wrong)
}

// TestFigures prints what "make bench-faces" shows, for both detectors and at
// both levels. It asserts nothing.
func TestFigures(t *testing.T) {
	if os.Getenv("TABIR_FACES") != "figures" {
		t.Skip("a measurement: make bench-faces")
	}
	kinds := []string{"frontal", "small", "occluded", "tilted", "profile"}
	fmt.Printf("%-18s %-15s %6s", "detector", "level", "all")
	for _, k := range kinds {
		fmt.Printf(" %8s", k)
	}
	fmt.Printf(" %9s %14s %9s\n", "wrong/img", "faceless wrong", "ms/img")
	for _, d := range []Detector{load(t, "yunet_n_640_640.onnx"), load(t, "face_detection_yunet_2023mar.onnx"), Basic{}} {
		found, both := truth(t, 1, d)
		for i, s := range []score{found, both} {
			fmt.Printf("%-18s %-15s %6.1f", d.Name(), []string{"found", "found or maybe"}[i], 100*s.recall())
			for _, k := range kinds {
				fmt.Printf(" %8.1f", 100*float64(s.hits[k])/float64(s.faces[k]))
			}
			fmt.Printf(" %9.2f %11d/%-2d %9.0f\n", s.perImage(), s.fooled, s.faceless, float64(s.took.Milliseconds())/float64(s.images))
		}
	}
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
