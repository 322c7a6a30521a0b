package ui

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
	"tabir/scrub"
)

// tilePixels bounds a part of a picture that is decoded to be seen closely.
const tilePixels = 2048

// stage shows a picture and what will be covered in it. It is zoomed and panned,
// and areas are drawn, moved and sized in it, by the mouse (stagemouse.go) or by
// keys (stagekeys.go). What the graphics card gets is no larger than what is seen.
type stage struct {
	widget.BaseWidget
	m     *Main
	it    *model.Item // whose picture is shown
	base  image.Image // all of it, small; nil: none, or it is not to be seen
	blank bool        // in place of the picture there is a plain ground
	edits bool        // areas are shown and can be changed
	view  model.View
	pair  *stage // shows the same part of its own picture
	// origin is where the picture begins in that of the original.
	origin image.Point

	cover    bool // areas are shown as they will be covered
	cropping bool // what is drawn and moved is what the copy will be cut to

	covered   *model.Latest[coverKey] // the base, with its areas covered
	tile      *model.Latest[tileKey]
	tileCover *model.Latest[coverKey]
	fit       *model.Latest[fitKey] // the base, at the size at which all of it is seen
	part      image.Rectangle       // that tile is of
	dense     float64               // pixels of the screen for one of the picture, when tile was asked for

	press   *desktop.MouseEvent
	drag    *drag
	pointer fyne.Position
	shift   bool
	focused bool
}

// coverKey names a picture with covered areas; tileKey a part of one.
type coverKey struct {
	id    int
	part  image.Rectangle
	areas string
	style scrub.CoverStyle
}

type tileKey struct {
	id   int
	part image.Rectangle
}

type fitKey struct {
	m    image.Image
	size image.Point // of the screen, in pixels
}

func newStage(m *Main, post func(func())) *stage {
	s := &stage{m: m}
	arrived := func() { s.Refresh() }
	s.covered = model.NewLatest[coverKey](post, arrived)
	s.tile = model.NewLatest[tileKey](post, arrived)
	s.tileCover = model.NewLatest[coverKey](post, arrived)
	s.fit = model.NewLatest[fitKey](post, arrived)
	s.ExtendBaseWidget(s)
	return s
}

// show the picture of an item. base is nil as long as it is not there; blank says
// that it is not to be seen.
func (s *stage) show(it *model.Item, base image.Image, blank, edits bool) {
	if s.it == nil || it == nil || it.ID != s.it.ID {
		s.view.Whole()
		s.drag, s.press, s.cropping = nil, nil, false
		s.part = image.Rectangle{}
		s.covered.Forget()
		s.tile.Forget()
		s.tileCover.Forget()
		s.fit.Forget()
	}
	if it == nil || !edits || !it.Editable() {
		s.drag = nil // areas are known by their number: while a look may change them none is held
	}
	s.it, s.base, s.blank, s.edits = it, base, blank, edits
	if it != nil {
		s.view.Full = it.Full
	}
	s.Hidden = !s.ready()
	s.Refresh()
}

// ready reports whether there is something to see.
func (s *stage) ready() bool {
	return s.it != nil && s.it.Full != image.Point{} && (s.base != nil || s.blank)
}

// moved follows a change of what is seen.
func (s *stage) moved() {
	if s.pair != nil {
		s.pair.view.Follow(s.view, s.pair.origin.Sub(s.origin))
		s.pair.Refresh()
	}
	s.Refresh()
}

func (s *stage) Resize(size fyne.Size) {
	s.view.W, s.view.H = float64(size.Width), float64(size.Height)
	s.BaseWidget.Resize(size)
}

// density is how many pixels of the screen show one of the picture, in one direction.
func (s *stage) density() float64 {
	d := s.view.Scale()
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		d *= float64(c.Scale())
	}
	return d
}

// closer asks for the part of the picture that is seen, where the base has less
// of it than the screen could show. It decides which part that is.
func (s *stage) closer() image.Image {
	d := s.density()
	if s.base == nil || !s.view.Zoomed() || d <= 1.1*float64(s.base.Bounds().Dx())/float64(s.view.Full.X) {
		return nil
	}
	seen := s.view.Seen()
	if !seen.In(s.part) || d > 1.4*s.dense || d < s.dense/3 {
		most := int(tilePixels / min(d, 1))
		room := max(min(min(most-seen.Dx(), most-seen.Dy())/2, max(seen.Dx(), seen.Dy())/3), 0)
		s.part, s.dense = seen.Inset(-room).Intersect(image.Rectangle{Max: s.view.Full}), d
	}
	part, path := s.part, s.it.Path
	return s.tile.Get(tileKey{s.it.ID, part}, func(ctx context.Context) (image.Image, error) {
		return s.m.engine.Tile(ctx, path, part, tilePixels)
	})
}

// seen is what to show of m, a part of the picture: with its areas covered, where
// that is wanted and has been worked out.
func (s *stage) seen(m image.Image, part image.Rectangle, store *model.Latest[coverKey]) image.Image {
	areas := s.it.Covered()
	if m == nil || !s.cover || !s.edits || len(areas) == 0 {
		return m
	}
	style := s.m.s.Settings().Cover()
	c := store.Get(coverKey{s.it.ID, part, fmt.Sprint(areas), style}, func(context.Context) (image.Image, error) {
		return s.m.engine.Covered(m, part, areas, style), nil
	})
	if c == nil {
		return m
	}
	return c
}

// coverShown reports whether the picture on the screen has its areas covered.
func (s *stage) coverShown() bool {
	k, _, ok := s.covered.Held()
	return s.cover && ok && s.drag == nil && k.areas == fmt.Sprint(s.it.Covered()) && k.style == s.m.s.Settings().Cover()
}

func (s *stage) CreateRenderer() fyne.WidgetRenderer {
	r := &stageRenderer{
		s:      s,
		ground: canvas.NewRectangle(nil),
		low:    newPlaced(),
		high:   newPlaced(),
		boxes:  container.NewWithoutLayout(),
		ring:   newRing(4),
	}
	r.clip = container.NewClip(r.boxes)
	r.clip.ExtendBaseWidget(r.clip) // else its content has no size before the first frame
	return r
}

type stageRenderer struct {
	s         *stage
	ground    *canvas.Rectangle
	low, high *placed
	boxes     *fyne.Container // cut off where the picture ends
	clip      *container.Clip
	labels    []fyne.CanvasObject
	ring      *ground
}

func (r *stageRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *stageRenderer) Destroy()           {}
func (r *stageRenderer) Layout(fyne.Size)   { r.Refresh() }
func (r *stageRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.ground, r.low.Image, r.high.Image, r.clip}
	return append(append(o, r.labels...), r.ring)
}

func (r *stageRenderer) Refresh() {
	defer timed("picture drawn")()
	s := r.s
	r.ring.Resize(s.Size())
	r.ring.Hidden = !s.focused
	r.boxes.Objects, r.labels = nil, nil
	r.ground.Hidden, r.low.used, r.high.used = true, false, false
	defer r.low.drop()
	defer r.high.drop()
	if !s.ready() || s.view.W <= 0 || s.view.H <= 0 {
		return
	}
	at, size := s.onScreen(image.Rectangle{Max: s.view.Full})
	end := fyne.NewPos(min(at.X+size.Width, s.Size().Width), min(at.Y+size.Height, s.Size().Height))
	at = fyne.NewPos(max(at.X, 0), max(at.Y, 0))
	size = fyne.NewSize(end.X-at.X, end.Y-at.Y)
	if s.blank {
		r.ground.FillColor, r.ground.Hidden = theme.Color(theme.ColorNameInputBackground), false
		r.ground.Move(at)
		r.ground.Resize(size)
	}
	if s.base != nil {
		r.pictures()
	}
	r.clip.Move(at)
	r.clip.Resize(size)
	r.draw(at)
	r.boxes.Refresh()
}

// pictures places the base, and over it the part that is seen closely.
func (r *stageRenderer) pictures() {
	s := r.s
	full := image.Rectangle{Max: s.view.Full}
	near := s.seen(s.closer(), s.part, s.tileCover)
	if near != nil {
		r.place(r.high, near, s.part)
	}
	if near == nil || !s.view.Seen().In(s.part) {
		r.place(r.low, s.seen(s.base, full, s.covered), full)
	}
}

// placed is a picture at its place.
type placed struct {
	*canvas.Image
	source image.Image
	cut    image.Rectangle // what is shown of it
	used   bool            // it is of use now
}

func newPlaced() *placed {
	return &placed{Image: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}}
}

// drop lets go of a picture that is not shown.
func (p *placed) drop() {
	if !p.used {
		p.Image.Image, p.Image.Hidden, p.source = nil, true, nil
	}
}

// put shows a part of m, and does nothing where it is shown there already.
func (p *placed) put(m image.Image, cut image.Rectangle, at fyne.Position, size fyne.Size) {
	p.used = true
	if p.source == m && p.cut == cut && p.Position() == at && p.Size() == size {
		return
	}
	p.source, p.cut = m, cut
	p.Image.Image, p.Image.Hidden = window(m, cut), false
	p.Move(at)
	p.Resize(size)
	p.Refresh()
}

// place shows what is seen of m, which is a part of the picture.
func (r *stageRenderer) place(p *placed, m image.Image, part image.Rectangle) {
	s := r.s
	seen := s.view.Seen().Intersect(part)
	if seen.Empty() {
		return
	}
	if p == r.low && !s.view.Zoomed() {
		m = s.fitted(m)
	}
	b := m.Bounds()
	kx, ky := float64(b.Dx())/float64(part.Dx()), float64(b.Dy())/float64(part.Dy())
	cut := image.Rect(
		int(math.Floor(float64(seen.Min.X-part.Min.X)*kx)), int(math.Floor(float64(seen.Min.Y-part.Min.Y)*ky)),
		int(math.Ceil(float64(seen.Max.X-part.Min.X)*kx)), int(math.Ceil(float64(seen.Max.Y-part.Min.Y)*ky))).Intersect(image.Rectangle{Max: b.Size()})
	x0, y0 := s.view.Point(float64(part.Min.X)+float64(cut.Min.X)/kx, float64(part.Min.Y)+float64(cut.Min.Y)/ky)
	x1, y1 := s.view.Point(float64(part.Min.X)+float64(cut.Max.X)/kx, float64(part.Min.Y)+float64(cut.Max.Y)/ky)
	p.put(m, cut.Add(b.Min), fyne.NewPos(float32(x0), float32(y0)), fyne.NewSize(float32(x1-x0), float32(y1-y0)))
}

// fitted is m at the size at which the screen shows all of it, once it has been
// made: the graphics card drops lines of what is much larger.
func (s *stage) fitted(m image.Image) image.Image {
	d := s.density()
	size := image.Pt(int(math.Round(d*float64(s.view.Full.X))), int(math.Round(d*float64(s.view.Full.Y))))
	if b := m.Bounds(); float64(b.Dx()) < 1.3*float64(size.X) || size.X < 1 || size.Y < 1 {
		return m
	}
	f := s.fit.Get(fitKey{m, size}, func(context.Context) (image.Image, error) { return model.Fitted(m, size), nil })
	if f == nil {
		return m
	}
	return f
}

// window is a part of m. Fyne takes the pixels of an RGBA image as a whole, so a
// part of one is copied.
func window(m image.Image, part image.Rectangle) image.Image {
	if part == m.Bounds() {
		return m
	}
	sub, ok := m.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if _, rgba := m.(*image.RGBA); ok && !rgba {
		return sub.SubImage(part)
	}
	out := image.NewNRGBA(image.Rectangle{Max: part.Size()})
	draw.Draw(out, out.Rect, m, part.Min, draw.Src)
	return out
}

// onScreen is where a part of the picture is seen.
func (s *stage) onScreen(r image.Rectangle) (fyne.Position, fyne.Size) {
	x0, y0 := s.view.Point(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := s.view.Point(float64(r.Max.X), float64(r.Max.Y))
	return fyne.NewPos(float32(x0), float32(y0)), fyne.NewSize(float32(x1-x0), float32(y1-y0))
}
