package ui

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/text"
	"tabir/scrub"
)

// press taps the button that says so.
func (r *rig) press(says string) {
	r.t.Helper()
	all := buttons(r.pages.holder)
	i := slices.IndexFunc(all, func(b *button) bool { return b.Text == says && b.Visible() })
	require.GreaterOrEqual(r.t, i, 0, says)
	r.win.Canvas().Focus(all[i])
	all[i].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
}

func TestSettingsPage(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()[:2]...))
	r.state(model.Listed)
	r.win.Canvas().Focus(r.bottom.make)
	r.ShowSettings()
	assert.False(t, r.pages.work.Visible())
	s := r.words()
	for _, want := range []string{"Settings", "Remember nothing", "Tabir writes nothing but your copies.", "Like the system", "200 %", "Neutral: photo-001.jpg", "A new folder beside the photos"} {
		assert.Contains(t, s, want)
	}
	for _, step := range []struct {
		press string
		want  func(v model.Settings) bool
	}{
		{"Dark", func(v model.Settings) bool { return v.Theme == model.ThemeDark }},
		{"150 %", func(v model.Settings) bool { return v.TextSize == 150 || v.CoverSize == 150 }},
		{"Like the original: IMG_1234-cleaned.jpg", func(v model.Settings) bool { return v.KeepNames }},
		{"One dark colour", func(v model.Settings) bool { return v.Style == model.StyleSolid }},
		{"Choose a folder…", func(v model.Settings) bool { return v.Folder == filepath.Join(r.dir, "chosen") }},
		{"Remember these settings", func(v model.Settings) bool { return v.Remember }},
		{"Keep the credit line and the date", func(v model.Settings) bool { return v.Policy == model.KeepCreditAndDate }},
	} {
		r.press(step.press)
		r.state(model.Listed)
		assert.True(t, step.want(r.s.Settings()), step.press)
		require.NotEmpty(t, r.kept)
		assert.Equal(t, r.s.Settings(), r.kept[len(r.kept)-1], "kept at once")
		b, ok := r.win.Canvas().Focused().(*button)
		require.True(t, ok, "the focus stays")
		assert.Equal(t, step.press, b.Text)
		assert.NotNil(t, b.Icon, "what is chosen is marked")
	}
	assert.Contains(t, r.words(), "whoever finds it sees that Tabir was used here")
	assert.Contains(t, r.words(), "A new folder in ")
	assert.Equal(t, float32(21), theme.TextSize(), "the text grows at once")
	assert.Equal(t, palette[theme.ColorNameBackground][1], theme.Color(theme.ColorNameBackground), "it gets dark at once")
	r.state(model.Listed)
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	assert.Len(t, r.s.Items(), 2, "keys do not reach the work behind the page")
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	assert.True(t, r.pages.work.Visible())
	assert.Same(t, r.bottom.make, r.win.Canvas().Focused(), "the focus is where it was")
	assert.Contains(t, r.words(), "Make 2 copies that keep the credit line and the date")
	test.Tap(r.bottom.make)
	r.state(model.Done)
	assert.Contains(t, r.words(), "as you asked")

	r.a.Settings.Keep = func(model.Settings) error { return errors.New("read-only") }
	r.ShowSettings()
	r.press("Light")
	assert.Contains(t, r.words(), "The settings could not be written.")
	r.a.Store = model.Store{Portable: true}
	r.pages.again()
	assert.NotContains(t, r.words(), "sees that Tabir was used here")
}

// TestSwitchLanguage: another language keeps list, selection and areas.
func TestSwitchLanguage(t *testing.T) {
	all := text.Languages()
	if len(all) < 2 {
		t.Skip("there is one language only")
	}
	r := newRig(t, nil)
	for _, l := range all {
		assert.Contains(t, r.words(), l.Name, "each by its own name on the empty window")
	}
	r.dropped(uris(r.samples()[:3]...))
	r.state(model.Listed)
	r.s.Select(1)
	it, _ := r.s.Selected()
	r.s.AddArea(it.ID, scrub.Region{X: 5, Y: 5, W: 50, H: 50})
	r.ShowSettings()
	for _, l := range append(slices.Clone(all[1:]), all[0]) {
		r.press(l.Name)
		assert.Equal(t, l.Tag, r.w.Tag)
		assert.Contains(t, r.words(), r.w.T("Size of the text"))
		b, ok := r.win.Canvas().Focused().(*button)
		require.True(t, ok)
		assert.Equal(t, l.Name, b.Text, "the focus stays at the language")
		now, i := r.s.Selected()
		assert.Same(t, it, now)
		assert.Equal(t, 1, i)
		assert.Len(t, it.Areas, 1)
		assert.Equal(t, r.w.T("cleaned copies"), filepath.Base(r.s.Target()))
	}
	r.press("Like the system")
	assert.Equal(t, "en", r.w.Tag)
	r.pages.close()
	assert.Contains(t, r.words(), "Make 3 cleaned copies")
	assert.Contains(t, r.words(), it.Name())
}

func TestLimits(t *testing.T) {
	r := newRig(t, nil)
	r.typedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	s := r.words()
	for _, want := range []string{"What Tabir cannot do", "Use another one.", "only proof", "Every sensor leaves", "in a cloud, in chats", "lists of files that were used lately", "your account", "WhatsApp", "April 2026", "tattoos"} {
		assert.Contains(t, s, want)
	}
	r.pages.back.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	assert.Contains(t, r.words(), "Drop photos or folders here")
}

// TestSmallestWindow: nothing in any state asks for more width than the smallest
// window has, in any language, and for little more height, which can be scrolled
// to; and larger text asks for little more.
func TestSmallestWindow(t *testing.T) {
	for _, l := range text.Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			r := newRig(t, nil)
			r.change(func(v *model.Settings) { v.Language = l.Tag })()
			require.Equal(t, l.Tag, r.w.Tag)
			fits := func(what string, o fyne.CanvasObject, most fyne.Size) {
				t.Helper()
				r.win.Resize(most)
				r.win.Content().Refresh()
				assert.Equal(t, minSize, r.win.Content().MinSize(), "whatever does not fit can be scrolled to")
				m := o.MinSize()
				assert.LessOrEqual(t, m.Width, most.Width, "%s: width", what)
				assert.LessOrEqual(t, m.Height, most.Height*1.1, "%s: height", what)
			}
			each := func(most fyne.Size) {
				t.Helper()
				fits("empty or list", r.pages.work.(*container.Scroll).Content, most)
				r.ShowSettings()
				fits("settings", r.pages.holder, most)
				fits("settings", r.pages.scroll.Content, fyne.NewSize(most.Width, 1e6))
				r.ShowLimits()
				fits("limits", r.pages.holder, most)
				r.pages.close()
			}
			larger := fyne.NewSize(1140, 1000)
			each(minSize)
			r.change(func(v *model.Settings) { v.TextSize = 200 })()
			each(larger)
			r.change(func(v *model.Settings) { v.TextSize = 100 })()
			all := r.samples()
			r.dropped(uris(all[0], all[len(all)-1]))
			r.state(model.Listed)
			r.until("the picture and what can be done with it", r.preview.stage.ready)
			each(minSize)
			r.change(func(v *model.Settings) { v.TextSize = 200 })()
			each(larger)
			r.change(func(v *model.Settings) { v.TextSize = 100 })()
			test.Tap(r.bottom.make)
			r.state(model.Partial)
			each(minSize)
			r.change(func(v *model.Settings) { v.TextSize = 200 })()
			each(larger)
			if l.Tag != "en" {
				for _, s := range []string{"Choose", "Make", "Originals stay", "Settings", "Hidden data:"} {
					assert.NotContains(t, r.words(), s)
				}
			}
			assert.False(t, strings.Contains(r.words(), "{{"))
		})
	}
}

// TestFocusIsSeen: the page scrolls to the button that has the focus.
func TestFocusIsSeen(t *testing.T) {
	r := newRig(t, nil)
	r.win.Resize(minSize)
	keys := r.shortcuts()
	keys[slices.IndexFunc(keys, func(s shortcut) bool { return s.KeyName == fyne.KeyComma })].do()
	d := fyne.CurrentApp().Driver()
	for range buttons(r.pages.holder) {
		b, ok := r.win.Canvas().Focused().(*button)
		require.True(t, ok)
		assert.True(t, b.ring.Visible())
		at := d.AbsolutePositionForObject(b)
		assert.True(t, at.Y >= 0 && at.Y+b.Size().Height <= minSize.Height, "%s at %v", b.Text, at)
		r.win.Canvas().FocusNext()
	}
}
