package ui

import (
	"context"
	"image"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/scrub"
)

// portrait is a rig with the drawn portrait, in which a detector finds two faces.
func portrait(t *testing.T, change func(*model.Config)) (*rig, *stage, *model.Item) {
	r := newRig(t, func(c *model.Config) {
		c.Engine.Basic = true
		c.Engine.Faces = func(context.Context, string) (*scrub.Faces, error) {
			return &scrub.Faces{Width: 720, Height: 900, Boxes: []scrub.FaceBox{
				{X: 227, Y: 256, W: 269, H: 359, Level: scrub.FaceFound}, {X: 20, Y: 20, W: 60, H: 60}}}, nil
		}
		if change != nil {
			change(c)
		}
	})
	r.dropped(uris(r.samples()[1]))
	r.state(model.Listed)
	s := r.preview.stage
	r.until("the picture", s.ready)
	return r, s, r.s.Items()[0]
}

// point is where a pixel of the picture is seen.
func (s *stage) point(x, y int) fyne.Position {
	px, py := s.view.Point(float64(x), float64(y))
	return fyne.NewPos(float32(px), float32(py))
}

// dragBox drags as the driver does: the button goes down, the pointer moves, the
// button goes up, the drag ends. Places are pixels of the picture.
func dragBox(s *stage, button desktop.MouseButton, x0, y0, x1, y1 int) {
	from, to := s.point(x0, y0), s.point(x1, y1)
	s.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: from}, Button: button})
	last := from
	for i := range 4 {
		p := from.AddXY((to.X-from.X)*float32(i+1)/4, (to.Y-from.Y)*float32(i+1)/4)
		s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}, Dragged: fyne.NewDelta(p.X-last.X, p.Y-last.Y)})
		last = p
	}
	s.MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: to}, Button: button})
	s.DragEnd()
}

func (s *stage) tap(x, y int) { s.Tapped(&fyne.PointEvent{Position: s.point(x, y)}) }

func near(t *testing.T, want, got scrub.Region) {
	t.Helper()
	for _, d := range []int{want.X - got.X, want.Y - got.Y, want.W - got.W, want.H - got.H} {
		assert.LessOrEqual(t, max(d, -d), 3, "%v is not %v", got, want)
	}
	assert.Equal(t, want.Ellipse, got.Ellipse)
}

// TestAreas finds faces, draws, picks, moves and leaves areas by the mouse, makes
// the copy and looks at it.
func TestAreas(t *testing.T) {
	r, s, it := portrait(t, nil)
	assert.Contains(t, r.words(), "Basic face finder: often misses turned faces.")
	test.Tap(r.preview.find)
	assert.True(t, r.bottom.make.Disabled(), "no copies while faces are looked for")
	r.until("faces", func() bool { return it.Look == model.Looked })
	require.Len(t, it.Areas, 2)
	assert.False(t, r.bottom.make.Disabled())
	assert.Contains(t, r.words(), "2 areas will be covered")

	s.tap(40, 40)
	assert.Equal(t, 1, it.Picked())
	s.tap(40, 40)
	assert.False(t, it.Areas[1].Open, "no tap uncovers anything")
	test.Tap(r.preview.leave)
	assert.True(t, it.Areas[1].Open)
	assert.Contains(t, r.words(), "1 area will be covered")
	assert.Equal(t, "Cover it", r.preview.leave.Text)
	s.tap(700, 880)
	assert.Equal(t, -1, it.Picked())

	dragBox(s, desktop.MouseButtonPrimary, 600, 700, 680, 800)
	require.Len(t, it.Areas, 3)
	near(t, scrub.Region{X: 600, Y: 700, W: 80, H: 100}, it.Areas[2].Region)
	assert.Equal(t, 2, it.Picked())
	dragBox(s, desktop.MouseButtonPrimary, 640, 750, 440, 780)
	require.Len(t, it.Areas, 3)
	near(t, scrub.Region{X: 400, Y: 730, W: 80, H: 100}, it.Areas[2].Region)
	dragBox(s, desktop.MouseButtonPrimary, 440, 780, 4400, 7800)
	near(t, scrub.Region{X: 640, Y: 800, W: 80, H: 100}, it.Areas[2].Region)
	dragBox(s, desktop.MouseButtonPrimary, 500, 20, 502, 22)
	assert.Len(t, it.Areas, 3, "a twitch draws nothing")
	dragBox(s, desktop.MouseButtonPrimary, 500, 20, 9000, -500)
	require.Len(t, it.Areas, 4)
	near(t, scrub.Region{X: 500, Y: 0, W: 220, H: 20}, it.Areas[3].Region)
	test.Tap(r.preview.undo)
	assert.Len(t, it.Areas, 3)
	test.Tap(r.preview.redo)
	assert.Len(t, it.Areas, 4)
	test.Tap(r.preview.remove)
	s.tap(700, 850)
	test.Tap(r.preview.shape)
	assert.True(t, it.Areas[2].Ellipse)
	test.Tap(r.preview.remove)
	require.Len(t, it.Areas, 2)

	hidden := it.Areas[0].Region
	test.Tap(r.bottom.make)
	r.state(model.Done)
	assert.Equal(t, []scrub.Region{hidden}, it.Report.Covered)
	assert.Contains(t, r.words(), "1 area covered. Look at the copy before you share it.")
	assert.Contains(t, r.words(), "Faces: areas were covered in 1 copy.")
	assert.False(t, r.preview.find.Visible(), "the copy is made")
	assert.Equal(t, "Show the original", r.preview.compare.Text)
	r.until("the copy", s.ready)
	copied := s.base
	test.Tap(r.preview.compare)
	r.until("the original", func() bool { return s.ready() && s.base != copied })
	assert.Equal(t, "Show the copy", r.preview.compare.Text)
	test.Tap(r.preview.both)
	r.until("both", func() bool { return s.base == copied && r.preview.before.ready() })
	s.zoom(3)
	assert.Equal(t, s.view.Seen(), r.preview.before.view.Seen(), "both show the same part")
	dragBox(s, desktop.MouseButtonPrimary, 300, 400, 310, 420)
	assert.Len(t, it.Areas, 2, "nothing is drawn in a copy: it is panned")
	test.Tap(r.preview.both)
	assert.False(t, r.preview.before.Visible())
	assert.FileExists(t, filepath.Join(r.s.Run().Folder, "photo-001.jpg"))
}

// TestHandles sizes an area by each of its eight.
func TestHandles(t *testing.T) {
	r, s, it := portrait(t, nil)
	g := scrub.Region{X: 200, Y: 300, W: 200, H: 240}
	for _, h := range model.Handles {
		r.s.AddArea(it.ID, g)
		x, y := h.Of(g)
		dragBox(s, desktop.MouseButtonPrimary, int(x), int(y), int(x)+40, int(y)-50)
		near(t, model.Sized(g, h, 40, -50, it.Full), it.Areas[0].Region)
		r.s.RemoveArea(it.ID, 0)
	}
	r.s.AddArea(it.ID, g)
	for at, want := range map[image.Point]desktop.Cursor{
		{X: 200, Y: 420}: desktop.HResizeCursor, {X: 300, Y: 300}: desktop.VResizeCursor, {X: 200, Y: 300}: desktop.NWSEResizeCursor,
		{X: 200, Y: 540}: desktop.NESWResizeCursor, {X: 300, Y: 420}: desktop.PointerCursor, {X: 600, Y: 60}: desktop.CrosshairCursor,
	} {
		s.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: s.point(at.X, at.Y)}})
		assert.Equal(t, want, s.Cursor(), at)
	}
}

// TestKeysOnly does all of it without a mouse.
func TestKeysOnly(t *testing.T) {
	r, s, it := portrait(t, nil)
	c := r.win.Canvas()
	for range 40 {
		if c.FocusNext(); s.focused {
			break
		}
	}
	require.True(t, s.focused, "Tab gets there")
	assert.False(t, test.WidgetRenderer(s).(*stageRenderer).ring.Hidden, "the focus is seen")
	key := func(names ...fyne.KeyName) {
		for _, n := range names {
			s.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
	press := func(k fyne.KeyName, m fyne.KeyModifier) {
		for _, k2 := range r.shortcuts() {
			if k2.KeyName == k && k2.Modifier == m {
				k2.do()
				return
			}
		}
		t.Fatalf("no shortcut %s", k)
	}
	shift := func(down bool) {
		e := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
		if s.KeyUp(e); down {
			s.KeyDown(e)
		}
	}
	key(fyne.KeyN)
	require.Len(t, it.Areas, 1)
	g := it.Areas[0].Region
	key(fyne.KeyRight, fyne.KeyRight, fyne.KeyDown)
	near(t, scrub.Region{X: g.X + 14, Y: g.Y + 9, W: g.W, H: g.H}, it.Areas[0].Region)
	shift(true)
	key(fyne.KeyLeft)
	shift(false)
	near(t, scrub.Region{X: g.X + 14 - 72, Y: g.Y + 9, W: g.W, H: g.H}, it.Areas[0].Region)
	press(fyne.KeyRight, fyne.KeyModifierAlt)
	press(fyne.KeyDown, fyne.KeyModifierAlt|fyne.KeyModifierShift)
	near(t, scrub.Region{X: g.X + 14 - 72, Y: g.Y + 9, W: g.W + 7, H: g.H + 90}, it.Areas[0].Region)
	key(fyne.KeyE)
	assert.True(t, it.Areas[0].Ellipse)
	key(fyne.KeyReturn)
	assert.True(t, it.Areas[0].Open)
	key(fyne.KeyReturn)
	r.undo()
	assert.True(t, it.Areas[0].Open)
	press(fyne.KeyZ, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift)
	assert.False(t, it.Areas[0].Open)

	key(fyne.KeyN)
	key(fyne.KeyEscape)
	assert.Equal(t, -1, it.Picked())
	assert.True(t, s.AcceptsTab())
	key(fyne.KeyTab)
	assert.Equal(t, 0, it.Picked())
	key(fyne.KeyTab)
	assert.Equal(t, 1, it.Picked())
	assert.False(t, s.AcceptsTab(), "behind the last it goes on")
	shift(true)
	assert.True(t, s.AcceptsTab())
	key(fyne.KeyTab)
	assert.False(t, s.AcceptsTab())
	shift(false)
	key(fyne.KeyDelete)
	key(fyne.KeyDelete)
	key(fyne.KeyDelete)
	assert.Empty(t, it.Areas)
	assert.Len(t, r.s.Items(), 1, "the photo stays on the list")

	for _, c := range "++" {
		s.TypedRune(c)
	}
	assert.True(t, s.view.Zoomed())
	seen := s.view.Seen()
	key(fyne.KeyLeft)
	assert.Less(t, s.view.Seen().Min.X, seen.Min.X)
	s.TypedRune('1')
	assert.Equal(t, 1.0, s.view.Scale())
	s.TypedRune('-')
	s.TypedRune('0')
	assert.False(t, s.view.Zoomed())

	key(fyne.KeyC)
	assert.True(t, s.cropping)
	press(fyne.KeyLeft, fyne.KeyModifierAlt|fyne.KeyModifierShift)
	r.until("the cut", func() bool { return !it.Crop.Empty() })
	assert.Equal(t, image.Rect(0, 0, 648, 900).Dy(), it.Crop.Dy())
	assert.Equal(t, 656, it.Crop.Dx(), "to whole blocks")
	assert.Contains(t, r.words(), "The copy will be cut to 656 × 900 pixels.")
	key(fyne.KeyEscape)
	assert.False(t, s.cropping)
	key(fyne.KeyC)
	key(fyne.KeyDelete)
	assert.True(t, it.Crop.Empty())
}

// TestCropByMouse draws what the copy is cut to, moves a side of it, and makes the copy.
func TestCropByMouse(t *testing.T) {
	r, s, it := portrait(t, nil)
	test.Tap(r.preview.crop)
	settled := func() { r.until("the cut", func() bool { return !r.s.LookingForFaces() }) }
	dragBox(s, desktop.MouseButtonPrimary, 100, 100, 500, 600)
	settled()
	want := image.Rect(96, 96, 512, 608)
	for _, d := range []int{want.Min.X - it.Crop.Min.X, want.Min.Y - it.Crop.Min.Y, want.Max.X - it.Crop.Max.X, want.Max.Y - it.Crop.Max.Y} {
		assert.LessOrEqual(t, max(d, -d), 16)
	}
	was := it.Crop
	dragBox(s, desktop.MouseButtonPrimary, was.Max.X, (was.Min.Y+was.Max.Y)/2, was.Max.X+64, (was.Min.Y+was.Max.Y)/2)
	settled()
	assert.Greater(t, it.Crop.Dx(), was.Dx())
	assert.Equal(t, was.Dy(), it.Crop.Dy())
	test.Tap(r.preview.crop)
	test.Tap(r.bottom.make)
	r.state(model.Done)
	assert.Equal(t, it.Crop, it.Report.Cropped)
	r.until("the copy", s.ready)
	assert.Equal(t, it.Crop.Size(), s.view.Full, "what is shown is what was written")
}

// TestZoom: the wheel keeps the place under the pointer, the middle button pans,
// and what goes to the graphics card stays small, of the largest photo too.
func TestZoom(t *testing.T) {
	var parts []image.Rectangle
	r, s, it := portrait(t, func(c *model.Config) {
		c.Engine.Preview = func(_ context.Context, _ string, side int) (image.Image, image.Point, error) {
			return image.NewNRGBA(image.Rect(0, 0, side, side*3/4)), image.Pt(8000, 6000), nil
		}
		c.Engine.Tile = func(_ context.Context, _ string, part image.Rectangle, side int) (image.Image, error) {
			parts = append(parts, part)
			k := max((max(part.Dx(), part.Dy())+side-1)/side, 1)
			return image.NewNRGBA(image.Rect(0, 0, part.Dx()/k, part.Dy()/k)), nil
		}
	})
	require.Equal(t, image.Pt(8000, 6000), it.Full)
	at := s.point(3000, 3000)
	for range 30 {
		s.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, 20)})
		x, y := s.view.Pixel(float64(at.X), float64(at.Y))
		assert.InDelta(t, 3000, x, 0.1)
		assert.InDelta(t, 3000, y, 0.1)
		small(t, s)
	}
	_, _, ok := s.tile.Held()
	r.until("the part", func() bool { _, _, ok = s.tile.Held(); return ok })
	small(t, s)
	high := test.WidgetRenderer(s).(*stageRenderer).high
	assert.False(t, high.Image.Hidden)
	n := len(parts)
	seen := s.view.Seen()
	dragBox(s, desktop.MouseButtonTertiary, 3000, 3000, 3010, 3010)
	assert.Less(t, s.view.Seen().Min.X, seen.Min.X)
	assert.Empty(t, it.Areas)
	assert.Len(t, parts, n, "a little pan shows what is there")
	s.actual()
	s.view.Pan(-1e6, -1e6)
	s.moved()
	small(t, s)
	assert.True(t, high.Image.Hidden, "never a part of another place")
	r.until("the part", func() bool { _, _, ok := s.tile.Held(); return ok })
	for _, p := range parts {
		assert.LessOrEqual(t, max(p.Dx(), p.Dy()), 8000)
		assert.True(t, p.In(image.Rect(0, 0, 8000, 6000)))
	}
}

func small(t *testing.T, s *stage) {
	t.Helper()
	for _, o := range test.WidgetRenderer(s).Objects() {
		if m, ok := o.(*canvas.Image); ok && m.Image != nil {
			b := m.Image.Bounds()
			require.LessOrEqual(t, max(b.Dx(), b.Dy()), 2048)
		}
	}
}

// TestCoverShown: the key shows what will be covered, and never of an older state.
func TestCoverShown(t *testing.T) {
	r, s, it := portrait(t, nil)
	dragBox(s, desktop.MouseButtonPrimary, 200, 200, 500, 600)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	low := test.WidgetRenderer(s).(*stageRenderer).low
	assert.False(t, s.coverShown())
	r.until("the cover", s.coverShown)
	assert.Equal(t, "Show what is under it", r.preview.cover.Text)
	covered := low.source
	assert.NotSame(t, s.base, covered)
	r.s.SetArea(it.ID, 0, scrub.Region{X: 10, Y: 10, W: 50, H: 50})
	assert.False(t, s.coverShown(), "what was worked out before is not shown any more")
	assert.NotSame(t, covered, low.source)
	r.until("the cover", s.coverShown)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	r.until("the picture without it", func() bool { return low.source != covered && s.fitted(s.base) == low.source })
}

// TestLabels: words of areas that are close do not lie over each other, and none
// lies outside.
func TestLabels(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(ThemeFor(model.Default(), "en"))
	l := &labels{within: fyne.NewSize(400, 300)}
	for i := range 30 {
		l.add(word{"will be covered", fyne.NewPos(float32(15*i), float32(150+i)), fyne.NewSize(20, 20), nil, false})
	}
	l.add(word{"stays visible", fyne.NewPos(200, 160), fyne.NewSize(9, 9), nil, true})
	l.add(word{"stays visible", fyne.NewPos(900, 10), fyne.NewSize(9, 9), nil, true})
	l.place()
	require.Greater(t, len(l.taken), 5)
	require.Less(t, len(l.taken), 30, "what is out of sight has no word, and not all of a crowd")
	assert.Equal(t, "stays visible", l.objects[1].(*canvas.Text).Text, "it always has one")
	for i, a := range l.taken {
		p := a.Position()
		assert.True(t, p.X >= 0 && p.Y >= 0 && p.X+a.Size().Width <= 400 && p.Y+a.Size().Height <= 300)
		rest := &labels{taken: append(append([]fyne.CanvasObject(nil), l.taken[:i]...), l.taken[i+1:]...)}
		assert.True(t, rest.free(a), i)
	}
}

// TestStageMarkup holds the structure of what is drawn: boxes in words, dashes for
// what may be a face, handles on the picked one, all within the picture.
func TestStageMarkup(t *testing.T) {
	r, s, it := portrait(t, nil)
	r.s.AddArea(it.ID, scrub.Region{X: 600, Y: 700, W: 120, H: 100})
	it.Areas = append(it.Areas, model.Area{Region: scrub.Region{X: -20, Y: 20, W: 90, H: 60, Ellipse: true}, Origin: model.FaceFound},
		model.Area{Region: scrub.Region{X: 300, Y: 40, W: 60, H: 60}, Origin: model.FaceMaybe, Open: true})
	s.base, s.blank = nil, true
	s.Resize(fyne.NewSize(360, 450))
	s.Refresh()
	test.AssertObjectRendersToMarkup(t, "stage.xml", s)
}
