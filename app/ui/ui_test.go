package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/sample"
	"tabir/app/text"
)

// rig is a window with a session whose posted functions run on the test's goroutine.
type rig struct {
	*Main
	t      testing.TB
	dir    string
	mu     sync.Mutex
	queue  []func()
	chosen []bool
	opened []string
	kept   []model.Settings
}

func newRig(t testing.TB, change func(*model.Config)) *rig {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(ThemeFor(model.Default(), "en"))
	r := &rig{t: t, dir: t.TempDir()}
	c := model.Config{
		Engine: model.Files(),
		Places: model.Places{Folder: "cleaned copies", Pictures: filepath.Join(r.dir, "Pictures")},
		Post: func(f func()) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.queue = append(r.queue, f)
		},
	}
	if change != nil {
		change(&c)
	}
	win := test.NewTempWindow(t, nil)
	r.Main = New(win, text.For("en"), c, Actions{
		Choose: func(folder bool) { r.chosen = append(r.chosen, folder) },
		Open:   func(dir string) { r.opened = append(r.opened, dir) },
		Settings: Settings{
			Store: model.Store{Path: filepath.Join(r.dir, "settings", "settings.json")},
			Pick:  func(then func(string)) { then(filepath.Join(r.dir, "chosen")) },
			Theme: func(th fyne.Theme) { a.Settings().SetTheme(th) },
			Speak: func(text.Words) {},
			Keep:  func(v model.Settings) error { r.kept = append(r.kept, v); return nil },
		},
	})
	win.Resize(fyne.NewSize(1140, 760))
	return r
}

// until runs what is posted until ok holds.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); {
		r.mu.Lock()
		q := r.queue
		r.queue = nil
		r.mu.Unlock()
		for _, f := range q {
			f()
		}
		if len(q) == 0 {
			require.True(r.t, time.Now().Before(end), "waited for: %s", what)
			time.Sleep(time.Millisecond)
		}
	}
}

func (r *rig) state(s model.State) {
	r.t.Helper()
	r.until(fmt.Sprint("state ", s), func() bool { return r.s.State() == s })
}

// samples writes the samples, and returns their paths.
func (r *rig) samples() []string {
	var out []string
	for _, p := range sample.Photos() {
		path := filepath.Join(r.dir, p.Name)
		require.NoError(r.t, os.WriteFile(path, p.Data, 0o666))
		out = append(out, path)
	}
	return out
}

func uris(paths ...string) []fyne.URI {
	var out []fyne.URI
	for _, p := range paths {
		out = append(out, storage.NewFileURI(p))
	}
	return out
}

// words on the screen, of everything that is shown.
func (r *rig) words() string {
	var b strings.Builder
	for _, o := range visible(r.win.Content()) {
		switch o := o.(type) {
		case *widget.Label:
			b.WriteString(o.Text + "\n")
		case *button:
			b.WriteString(o.Text + "\n")
		case *canvas.Text:
			b.WriteString(o.Text + "\n")
		}
	}
	return b.String()
}

// visible lists an object and all shown in it.
func visible(o fyne.CanvasObject) []fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	out := []fyne.CanvasObject{o}
	var in []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		in = o.Objects
	case *container.Scroll:
		in = []fyne.CanvasObject{o.Content}
	case *widget.Label, *button:
	case fyne.Widget:
		in = test.WidgetRenderer(o).Objects()
	}
	for _, c := range in {
		out = append(out, visible(c)...)
	}
	return out
}

func TestEmptyState(t *testing.T) {
	r := newRig(t, nil)
	s := r.words()
	for _, want := range []string{"Drop photos or folders here", "Choose photos…", "Choose a folder…", "Nothing leaves this computer. Originals stay as they are."} {
		assert.Contains(t, s, want)
	}
	assert.NotContains(t, s, "Make ", "nothing to press yet")
	middle := r.empty.Objects[0].(*fyne.Container).Objects[2].(*fyne.Container).Objects[0].(*container.Scroll).Content // without the dashes around it
	test.AssertObjectRendersToMarkup(t, "empty.xml", middle)

	test.Tap(r.photos)
	test.Tap(r.folder)
	r.photos.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	assert.Equal(t, []bool{false, true, false}, r.chosen)
}

// TestEmptyInEveryLanguage: what to do first is said, by words and by two buttons.
func TestEmptyInEveryLanguage(t *testing.T) {
	r := newRig(t, nil)
	for _, l := range text.Languages() {
		r.change(func(v *model.Settings) { v.Language = l.Tag })()
		require.Equal(t, l.Tag, r.w.Tag)
		shown := strings.Split(r.words(), "\n")
		for _, s := range []string{"Drop photos or folders here", "Choose photos…", "Choose a folder…", "Nothing leaves this computer. Originals stay as they are."} {
			assert.Contains(t, shown, r.w.T(s), l.Tag)
			if l.Tag != "en" {
				assert.NotContains(t, shown, s, l.Tag)
			}
		}
		assert.Equal(t, r.w.T("Choose photos…"), r.photos.Text)
		assert.Equal(t, r.w.T("Choose a folder…"), r.folder.Text)
	}
}

// TestDone makes copies as a user does and reads what the window says.
func TestDone(t *testing.T) {
	r := newRig(t, nil)
	paths := r.samples()
	r.dropped(uris(r.dir))
	r.state(model.Listed)
	s := r.words()
	assert.Contains(t, s, "Make 6 cleaned copies")
	assert.Contains(t, s, filepath.Join(r.dir, "cleaned copies"), "the folder is named before the click")
	assert.Contains(t, s, "7 photos, 5 of them give something away")

	// Each photo's findings are told.
	r.selectName("IMG_20260314_174210.jpg")
	s = r.words()
	for _, want := range []string{"Where it was taken", "Near Ubud: −8.50690, 115.26250", "Which device took it", "Model of the device: Lumen P40", "Serial number: LP40-7719302", "will be removed", "Not examined: what may be hidden inside the compressed picture data itself."} {
		assert.Contains(t, s, want)
	}
	r.selectName("from a friend.jpg")
	s = r.words()
	for _, want := range []string{"This file cannot be cleaned", "The file is incomplete: its end is missing.", "What to do: ", "no copy was written"} {
		assert.Contains(t, s, want)
	}

	test.Tap(r.bottom.make)
	r.state(model.Partial)
	s = r.words()
	assert.Contains(t, s, "1 photo was NOT cleaned: do not share it. 6 cleaned copies were made and checked.")
	for _, want := range []string{"Faces: not looked for.", "What anyone can see in the pictures is still there.", "no location, device or personal data found in the written files", "6 copies checked", "copy checked"} {
		assert.Contains(t, s, want)
	}
	assert.True(t, r.bottom.bad.Visible())
	assert.False(t, r.bottom.good.Visible(), "a failure never shows as success")

	r.selectName("coffee.jpg")
	assert.Contains(t, r.words(), "Hidden data: there was none to remove. Checked:")
	r.selectName("IMG_20260314_174210.jpg")
	s = r.words()
	assert.Contains(t, s, "Copy: photo-003.jpg")
	assert.NotContains(t, s, "will be removed")

	test.Tap(r.bottom.open)
	assert.Equal(t, []string{filepath.Join(r.dir, "cleaned copies")}, r.opened)
	for _, p := range paths {
		assert.FileExists(t, p)
	}
	test.Tap(r.bottom.new)
	assert.Equal(t, model.Empty, r.s.State())
	assert.Contains(t, r.words(), "Drop photos or folders here")
}

func (r *rig) selectName(name string) {
	i := slices.IndexFunc(r.s.Items(), func(it *model.Item) bool { return it.Name() == name })
	require.GreaterOrEqual(r.t, i, 0, name)
	r.s.Select(i)
}
