package batch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// companions belong to a photo of the same name: the moving half of a Live Photo,
// edits, descriptions, what a photo service writes when photos are taken out.
var companions = []string{".mov", ".mp4", ".aae", ".xmp", ".json", ".thm"}

// beside lists the companions of photos that were named one by one, so that
// nobody takes them for cleaned along. Whole folders are walked anyway.
func (f *finder) beside(photos []string) {
	folders := map[string]map[string][]string{} // names by folder and stem
	for _, p := range photos {
		dir := filepath.Dir(p)
		if folders[dir] == nil {
			folders[dir] = stems(dir)
		}
		for _, name := range folders[dir][stem(filepath.Base(p))] {
			path := filepath.Join(dir, name)
			ext := strings.ToLower(filepath.Ext(name))
			if !f.seen[path] && slices.Contains(companions, ext) && !slices.Contains(companions, strings.ToLower(filepath.Ext(p))) {
				f.skip(path, Companion, filepath.Base(p))
			}
		}
	}
}

// stem is what the names of a photo and of its companions have in common: that
// before the first extension (IMG_1.jpg, IMG_1.jpg.json, img_1.MOV).
func stem(name string) string {
	s, _, _ := strings.Cut(strings.ToLower(name), ".")
	return s
}

func stems(dir string) map[string][]string {
	out := map[string][]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return out // the photo itself tells what is wrong with its folder
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			out[stem(e.Name())] = append(out[stem(e.Name())], e.Name())
		}
	}
	return out
}
