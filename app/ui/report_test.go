package ui

import (
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/text"
)

// TestReport: it says what was done, and holds no value, no name and no path.
func TestReport(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	r.s.Start()
	r.state(model.Partial)
	test.Tap(r.bottom.report)
	got := fyne.CurrentApp().Clipboard().Content()
	for _, want := range []string{"1 photo was NOT cleaned", "6 cleaned copies were made and checked", "Where it was taken: removed from 2 photos", "Faces: not looked for"} {
		assert.Contains(t, got, want)
	}
	for _, it := range r.s.Items() {
		assert.NotContains(t, got, it.Name())
		if it.Report != nil {
			for _, f := range it.Report.Findings {
				if len(f.Value) > 3 {
					assert.NotContains(t, got, f.Value)
				}
			}
		}
	}
	assert.NotContains(t, got, r.dir)
	assert.NotContains(t, got, "photo-00")
}

// TestWhichCopy: the list and the details tell which copy belongs to which original.
func TestWhichCopy(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()[:1]...))
	r.state(model.Listed)
	r.s.Start()
	r.state(model.Done)
	words := r.words()
	assert.Contains(t, words, "photo-001.jpg of IMG_20260314_174210.jpg")
	assert.Contains(t, words, "The original is where it was, with all its hidden data: "+filepath.Join(r.dir, "IMG_20260314_174210.jpg"))
	assert.Contains(t, words, "these do not identify you")
}

// TestReplaceAsks: replacing is asked for each batch, and what it costs is said.
func TestReplaceAsks(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()[:2]...))
	r.state(model.Listed)
	test.Tap(r.bottom.instead)
	top := r.win.Canvas().Overlays().Top()
	require.NotNil(t, top, "nothing happens unasked")
	assert.Equal(t, model.Listed, r.s.State())
	said := ""
	for _, o := range visible(top) {
		if l, ok := o.(*widget.Label); ok {
			said += l.Text
		}
	}
	assert.Contains(t, said, "your only proof")
	assert.Contains(t, said, "can still restore them")
}

func TestMarkWithTheMouse(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	row := newRow(r.list)
	tap := func(i int, mod fyne.KeyModifier) {
		row.at = i
		row.MouseDown(&desktop.MouseEvent{Modifier: mod})
		row.MouseUp(nil)
		row.Tapped(nil)
	}
	marked := func() (out []int) {
		for i, it := range r.s.Shown() {
			if r.s.IsMarked(it.ID) {
				out = append(out, i)
			}
		}
		return out
	}
	tap(1, 0)
	_, at := r.s.Selected()
	assert.Equal(t, 1, at)
	tap(3, fyne.KeyModifierShift)
	assert.Equal(t, []int{1, 2, 3}, marked())
	tap(2, fyne.KeyModifierShortcutDefault)
	assert.Equal(t, []int{1, 3}, marked())
	r.removeSelected()
	assert.Len(t, r.s.Items(), 5)
	assert.Empty(t, marked())
	r.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	assert.Len(t, marked(), 1, "by the keyboard too")
}

func TestSortingChoices(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	r.sorting.filter.SetSelectedIndex(int(model.WithLocation))
	assert.Len(t, r.s.Shown(), 2)
	assert.Equal(t, 2, r.list.Length())
	r.sorting.order.SetSelectedIndex(int(model.ByName))
	assert.Equal(t, "hills.jpg", r.s.Shown()[0].Name())
	r.s.Clear()
	assert.Zero(t, r.sorting.filter.SelectedIndex(), "a new list shows all")
}

func TestLeft(t *testing.T) {
	w := words{text.For("en")}
	assert.Empty(t, w.left(0))
	assert.Equal(t, "Less than a minute left", w.left(time.Second))
	assert.Equal(t, "About 1 minute left", w.left(70*time.Second))
	assert.Equal(t, "About 3 minutes left", w.left(170*time.Second))
}
