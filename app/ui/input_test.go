package ui

import (
	"context"
	"image"
	"image/color"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/text"
	"tabir/scrub"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

func TestDropMix(t *testing.T) {
	r := newRig(t, nil)
	paths := r.samples()
	web, err := storage.ParseURI("https://example.org/photo.jpg")
	require.NoError(t, err)
	r.dropped([]fyne.URI{web})
	assert.Equal(t, model.Empty, r.s.State())
	assert.Contains(t, r.words(), "save the picture first", "also where there is no list yet")
	all := append(uris(paths[0], paths[0], filepath.Join(r.dir, "gone.jpg"), "/home/x/https://example.org/p.jpg"), web)
	r.dropped(all)
	r.state(model.Listed)
	assert.Len(t, r.s.Items(), 2)
	assert.Contains(t, r.words(), "Tabir never goes there: save the picture first")
	r.selectName("gone.jpg")
	assert.Contains(t, r.words(), "The file is not there.")
}

func TestDropWhileWorking(t *testing.T) {
	hold := make(chan struct{})
	r := newRig(t, func(c *model.Config) {
		clean := c.Engine.Clean
		c.Engine.Clean = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
			<-hold
			return clean(ctx, j)
		}
	})
	paths := r.samples()
	r.dropped(uris(paths[:2]...))
	r.state(model.Listed)
	r.win.Canvas().Focus(r.bottom.make)
	r.bottom.make.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnter})
	assert.Equal(t, model.Working, r.s.State())
	assert.Same(t, r.bottom.stop, r.win.Canvas().Focused(), "the focus goes on to what can be done now")
	assert.True(t, r.remove.Disabled())
	r.dropped(uris(paths[2]))
	s := r.words()
	assert.Contains(t, s, "New photos are looked at as soon as these copies are made.")
	assert.Contains(t, s, "Making and checking copy 1 of 2")
	close(hold)
	r.state(model.Listed)
	assert.Len(t, r.s.Items(), 3)
	assert.Contains(t, r.words(), "Make 1 cleaned copy")
}

func TestEscapeStops(t *testing.T) {
	r := newRig(t, func(c *model.Config) {
		c.Engine.Clean = func(ctx context.Context, _ batch.Job) (*scrub.Report, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	r.dropped(uris(r.samples()[:2]...))
	r.state(model.Listed)
	r.win.Canvas().Focus(r.bottom.make)
	test.Tap(r.bottom.make)
	r.bottom.stop.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	r.state(model.Listed)
	assert.Contains(t, r.words(), "Stopped before the end: 2 photos have no copy yet.")
}

// TestKeys: all that a mouse can do.
func TestKeys(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	at := func() int { _, i := r.s.Selected(); return i }
	r.win.Canvas().Focus(r.list)
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyDown, 1}, {fyne.KeyDown, 2}, {fyne.KeyUp, 1}, {fyne.KeyEnd, 6}, {fyne.KeyDown, 6}, {fyne.KeyPageUp, 0}, {fyne.KeyUp, 0}, {fyne.KeyPageDown, 6}, {fyne.KeyHome, 0},
	} {
		r.list.TypedKey(&fyne.KeyEvent{Name: step.key})
		assert.Equal(t, step.want, at(), step.key)
	}
	r.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	assert.Len(t, r.s.Items(), 6)

	press := func(k fyne.KeyName, m fyne.KeyModifier) {
		i := slices.IndexFunc(r.shortcuts(), func(s shortcut) bool { return s.KeyName == k && s.Modifier == m })
		require.GreaterOrEqual(t, i, 0)
		r.shortcuts()[i].do()
	}
	press(fyne.KeyO, fyne.KeyModifierShortcutDefault)
	press(fyne.KeyO, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift)
	assert.Equal(t, []bool{false, true}, r.chosen)
	press(fyne.KeyReturn, fyne.KeyModifierShortcutDefault)
	r.state(model.Partial)
}

// TestFocusOrder: Tab reaches everything that can be pressed, in reading order.
func TestFocusOrder(t *testing.T) {
	r := newRig(t, nil)
	c := r.win.Canvas()
	walk := func() (words []string) { // until it comes round
		seen := map[fyne.Focusable]bool{}
		for c.FocusNext(); !seen[c.Focused()]; c.FocusNext() {
			seen[c.Focused()] = true
			switch f := c.Focused().(type) {
			case *button:
				words = append(words, f.Text)
			case *photoList:
				words = append(words, "list")
			}
		}
		return words
	}
	assert.Equal(t, []string{"Choose photos…", "Choose a folder…"}, walk()[:2])
	c.Unfocus()
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	r.until("the picture: without one there is nothing to do in it", r.preview.stage.ready)
	got := walk()
	for _, o := range visible(r.win.Content()) {
		if b, ok := o.(*button); ok && !b.Disabled() {
			assert.Contains(t, got, b.Text, "all that can be pressed can be reached")
		}
	}
	for _, want := range []string{"Add photos…", "Add a folder…", "Take off the list", "Empty the list", "Settings", "list", "Find faces", "Make 6 cleaned copies", "Replace the originals instead…"} {
		assert.Contains(t, got, want)
	}
	c.Focus(r.list)
	assert.True(t, r.list.ring.Visible(), "the focus is visible")
	c.Focus(r.bottom.make)
	assert.False(t, r.list.ring.Visible())
	assert.True(t, r.bottom.make.ring.Visible())
}

// TestManyPhotos: the list makes rows for what is in sight only.
func TestManyPhotos(t *testing.T) {
	report, err := scrub.Inspect(context.Background(), strings.NewReader(""), 0, scrub.Options{})
	require.Error(t, err)
	r := newRig(t, func(c *model.Config) {
		c.Engine.Find = func(context.Context, string, string) (*batch.Work, error) {
			w := &batch.Work{}
			for i := range 10_000 {
				w.Jobs = append(w.Jobs, batch.Job{Src: filepath.Join("/many", strings.Repeat("p", i%7+1)+string(rune('a'+i%26))+"-"+itoa(i)+".jpg")})
			}
			return w, nil
		}
		c.Engine.Inspect = func(context.Context, batch.Job) (*scrub.Report, error) { return report, nil }
		c.Engine.Preview = func(context.Context, string, int) (image.Image, image.Point, error) {
			return nil, image.Point{}, scrub.ErrMalformed
		}
	})
	made := 0
	create := r.list.CreateItem
	r.list.CreateItem = func() fyne.CanvasObject { made++; return create() }
	r.dropped(uris("/many"))
	r.state(model.Listed)
	require.Len(t, r.s.Items(), 10_000)
	for i := 0; i < 10_000; i += 997 {
		r.s.Select(i)
	}
	assert.Less(t, made, 500, "10,000 photos, some ten in sight, eleven jumps")
}

func itoa(i int) string {
	var b []byte
	for ; i > 0 || b == nil; i /= 10 {
		b = append([]byte{byte('0' + i%10)}, b...)
	}
	return string(b)
}

// TestRowsForget: a row that is used again shows nothing of the item before.
func TestRowsForget(t *testing.T) {
	r := newRig(t, nil)
	r.dropped(uris(r.samples()...))
	r.state(model.Listed)
	w := newRow(r.list)
	test.NewTempWindow(t, w).Resize(fyne.NewSize(300, 90))
	find := func(name string) *model.Item { r.selectName(name); it, _ := r.s.Selected(); return it }
	picture := image.NewGray(image.Rect(0, 0, 4, 4))
	w.show(find("IMG_20260314_174210.jpg"), r.w, true, func() { w.thumb.Image = picture })
	assert.True(t, w.tick.Visible())
	assert.True(t, w.badges[0].Visible())
	assert.Equal(t, "location", w.badges[0].look.word)
	w.show(find("coffee.jpg"), r.w, false, func() { w.thumb.Image = nil })
	assert.False(t, w.tick.Visible())
	assert.Equal(t, "nothing found", w.badges[0].look.word)
	assert.False(t, w.badges[1].Visible())
	assert.False(t, w.more.Visible())
	assert.Equal(t, "coffee.jpg", w.name.Text)
	assert.Nil(t, w.thumb.Image)
}

// TestLatePreview: the picture of a photo that is selected no more is never shown.
func TestLatePreview(t *testing.T) {
	gates := map[string]chan struct{}{}
	r := newRig(t, func(c *model.Config) {
		load := c.Engine.Preview
		c.Engine.Preview = func(ctx context.Context, path string, side int) (image.Image, image.Point, error) {
			if side == previewPixels {
				<-gates[filepath.Base(path)]
			}
			return load(ctx, path, side)
		}
	})
	paths := r.samples()
	for _, p := range paths {
		gates[filepath.Base(p)] = make(chan struct{})
	}
	beach, person := filepath.Base(paths[0]), filepath.Base(paths[1])
	r.dropped(uris(paths[:2]...))
	r.state(model.Listed)
	r.selectName(person)
	assert.False(t, r.preview.stage.Visible(), "nothing is shown while it loads")
	assert.Contains(t, r.words(), "Loading the picture…")
	close(gates[beach]) // the picture of the one before arrives late
	first := r.s.Items()[0]
	r.until("the late picture", func() bool { _, known := r.large.Get(first); return known })
	assert.False(t, r.preview.stage.Visible())
	close(gates[person])
	r.until("the picture", r.preview.stage.ready)
	b := r.preview.stage.base.Bounds()
	assert.Greater(t, b.Dy(), b.Dx(), "the portrait")
	assert.LessOrEqual(t, max(b.Dx(), b.Dy()), 2048)
}

// TestThemes renders both, and holds text to a contrast of 4.5.
func TestThemes(t *testing.T) {
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		for _, pair := range [][2]fyne.ThemeColorName{
			{theme.ColorNameForeground, theme.ColorNameBackground}, {theme.ColorNameForeground, colorCard}, {theme.ColorNameForeground, theme.ColorNameSelection},
			{theme.ColorNameForeground, colorAlarm}, {theme.ColorNameForeground, colorLine}, {theme.ColorNameForeground, theme.ColorNameButton},
			{theme.ColorNameDisabled, theme.ColorNameBackground}, {theme.ColorNameDisabled, colorCard}, {theme.ColorNameDisabled, colorAlarm}, // of quiet words
			{theme.ColorNameError, theme.ColorNameBackground}, {theme.ColorNamePrimary, colorCard}, {theme.ColorNamePrimary, theme.ColorNameBackground},
			{theme.ColorNamePlaceHolder, theme.ColorNameBackground}, {theme.ColorNamePlaceHolder, colorCard}, {theme.ColorNamePlaceHolder, colorAlarm},
			{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary}, {theme.ColorNameWarning, colorCard}, {theme.ColorNameError, colorCard},
			{colorBadgeText, colorBadge}, {colorCalmText, colorCalm}, {colorAlarmText, colorAlarm},
		} {
			th := ThemeFor(model.Default(), "en")
			a, b := th.Color(pair[0], v), th.Color(pair[1], v)
			assert.GreaterOrEqual(t, contrast(a, b), 4.5, "%s on %s, variant %d", pair[0], pair[1], v)
		}
		r := newRig(t, nil)
		test.ApplyTheme(t, fixed{ThemeFor(model.Default(), "en"), v})
		r.dropped(uris(r.samples()[:1]...))
		r.state(model.Listed)
		r.until("the picture", r.preview.stage.ready)
		c := r.win.Canvas().(software.WindowlessCanvas)
		points := c.Size()
		for _, scale := range []float32{1, 1.5, 2} { // FYNE_SCALE, or a dense screen
			c.SetScale(scale)
			m := c.Capture()
			assert.InDelta(t, points.Width*scale, m.Bounds().Dx(), 1)
			assert.Greater(t, colours(m), 50, "something is drawn")
		}
	}
}

type fixed struct {
	fyne.Theme
	v fyne.ThemeVariant
}

func (f fixed) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return f.Theme.Color(n, f.v)
}

// contrast of two colours (WCAG 2.1, 1.4.3).
func contrast(a, b color.Color) float64 {
	light := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		f := func(v uint32) float64 {
			s := float64(v) / 0xffff
			if s <= 0.03928 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*f(r) + 0.7152*f(g) + 0.0722*f(b)
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func colours(m image.Image) int {
	seen := map[color.Color]bool{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y += 5 {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x += 5 {
			seen[m.At(x, y)] = true
		}
	}
	return len(seen)
}

// TestProblems: no hint for the command line in the window.
func TestProblems(t *testing.T) {
	w := words{text.For("en")}
	for _, err := range []error{scrub.ErrExists, scrub.ErrInPlace, syscall.EROFS, fs.ErrPermission, syscall.ENAMETOOLONG, scrub.ErrTruncated, assert.AnError} {
		s, next := w.problem(err)
		assert.NotRegexp(t, `[ (]--?[a-z]`, s+next)
		assert.True(t, strings.HasSuffix(next, "."), next)
	}
}

// TestNoRawWords: no placeholder and no missing word in any state.
func TestNoRawWords(t *testing.T) {
	r := newRig(t, nil)
	check := func() {
		t.Helper()
		s := r.words()
		assert.NotContains(t, s, "{{")
		assert.NotContains(t, s, "<no value>")
	}
	check()
	r.dropped(uris(r.samples()...))
	check()
	r.state(model.Listed)
	for i := range r.s.Items() {
		r.s.Select(i)
		check()
	}
	test.Tap(r.bottom.make)
	check()
	r.state(model.Partial)
	for i := range r.s.Items() {
		r.s.Select(i)
		check()
	}
	for _, n := range model.Notices() {
		assert.NotEmpty(t, r.w.notice(n))
	}
	seen := map[string]bool{}
	for _, b := range model.Badges() {
		l := r.w.badge(b)
		assert.False(t, seen[l.word], l.word)
		seen[l.word] = true
		assert.NotEmpty(t, l.icon, "never colour alone")
	}
	for _, k := range meta.Kinds() {
		name, title := r.w.group(k)
		assert.NotEmpty(t, name)
		assert.NotEmpty(t, title)
		for _, f := range []meta.Fate{meta.Stays, meta.Removed, meta.Rewritten, meta.Kept, meta.Outside} {
			assert.NotEqual(t, r.w.fate(f, false), look{})
			assert.Equal(t, f == meta.Removed || f == meta.Outside, r.w.fate(f, true).fill == colorCalm, "only what is gone looks gone")
		}
	}
	assert.Less(t, r.win.Content().MinSize().Width, float32(900), "it fits a small screen")
	assert.Less(t, r.win.Content().MinSize().Height, float32(640))
}
