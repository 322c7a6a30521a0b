//go:build e2e && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
	"github.com/stretchr/testify/require"
)

const (
	keyTab, keyEscape, keySpace = 0xff09, 0xff1b, ' '
	keyHome, keyEnd             = 0xff50, 0xff57
	keyPageDown                 = 0xff56
	keyRight, keyDown           = 0xff53, 0xff54
	wheelUp, wheelDown          = 4, 5
)

// BenchmarkWindow uses the window as a person does, with the photos in the folder
// $PHOTOS, and prints how long its callbacks took: `make bench-window`. $TABIR is
// the program, built with the tag probe.
func BenchmarkWindow(b *testing.B) {
	photos := os.Getenv("PHOTOS")
	if photos == "" {
		b.Skip("make bench-window")
	}
	r := newRig(b, "-screen", "0", "1140x760x24")
	p := &probe{t: b, path: filepath.Join(r.dir, "probe"), lines: lines{stalls: map[string]int{}}}
	app := exec.Command(r.program)
	app.Env = append(r.env, "TABIR_PROBE="+p.path)
	app.Stderr = os.Stderr
	require.NoError(b, app.Start())
	b.Cleanup(func() { app.Process.Kill(); app.Wait() })
	x, err := connect(r.display)
	require.NoError(b, err)
	defer x.c.Close()
	w, err := x.window("Tabir", time.Minute)
	require.NoError(b, err)
	p.until("the window", func(s shown) bool { return s.state != "" })
	p.ended("start")

	key := func(n int, syms ...xproto.Keysym) {
		for range n {
			require.NoError(b, x.press(w, syms...))
			time.Sleep(30 * time.Millisecond)
		}
	}
	focus := func(begins string) {
		for range 100 {
			if p.pull(); strings.HasPrefix(p.last.focus, begins) {
				return
			}
			key(1, keyTab)
			time.Sleep(200 * time.Millisecond)
		}
		b.Fatalf("Tab does not reach %q", begins)
	}
	scroll := func() {
		for range 60 {
			x.click(wheelDown, 160, 420)
			time.Sleep(15 * time.Millisecond)
		}
		for range 20 {
			x.click(wheelUp, 160, 420)
			time.Sleep(15 * time.Millisecond)
		}
	}

	began := time.Now()
	require.NoError(b, x.drop(w, photos))
	at := p.until("the list", func(s shown) bool { return s.state == listed })
	took := at.Sub(began)
	p.ended(fmt.Sprintf("drop: listed after %.2f s", took.Seconds()))

	scroll()
	focus("list")
	key(1, keyEnd)
	key(15, keyDown)
	key(1, keyHome)
	key(15, keyPageDown)
	key(20, keyDown)
	p.ended("list: wheel, End, Home, Page Down, Down")

	key(1, keyControl, ',')
	for _, choice := range []string{"Bahasa Indonesia", "English", "Dark", "Light", "125 %", "100 %"} {
		focus(choice)
		key(1, keySpace)
		time.Sleep(500 * time.Millisecond)
	}
	key(1, keyEscape)
	p.ended("settings: two languages, dark and light, larger text")

	key(1, keyHome)
	p.until("the large photo", func(s shown) bool { return strings.HasPrefix(s.picture, "A large") })
	focus("picture")
	key(4, '=')
	time.Sleep(3 * time.Second) // the part is decoded
	key(8, keyRight)
	key(1, '1')
	time.Sleep(3 * time.Second)
	key(8, keyRight)
	key(1, '0')
	key(1, 'n')
	key(10, keyRight)
	key(1, keySpace)
	time.Sleep(2 * time.Second) // the cover is worked out
	key(5, keyDown)
	x.drag(480, 250, 560, 330)
	x.drag(500, 270, 580, 300)
	p.ended("review of a large photo: zoom, pan, areas, cover")

	focus("Find faces in all")
	key(1, keySpace)
	p.until("looks", func(s shown) bool { return s.looks > 6 })
	all := p.last.looks
	p.until("six looks", func(s shown) bool { return s.looks <= all-6 })
	key(1, keyEscape)
	p.until("the end of the looks", func(s shown) bool { return s.looks == 0 })
	p.ended("faces: six looks, then Esc")

	key(1, keyControl, keyReturn)
	p.until("the run", func(s shown) bool { return s.state != listed })
	scroll()
	p.until("the copies", func(s shown) bool { return s.state == done || s.state == partial })
	p.ended("copies of all")

	p.calls = p.seen.calls
	fmt.Println("\n----")
	p.ended("all of it")
	require.NoError(b, app.Process.Signal(syscall.SIGTERM))
	require.NoError(b, app.Wait())
	b.ReportMetric(took.Seconds(), "s/drop")
}

// click presses a button of the mouse at a place.
func (x *desk) click(button byte, at, y int16) {
	x.move(at, y)
	xtest.FakeInput(x.c, xproto.ButtonPress, button, 0, x.root, 0, 0, 0)
	xtest.FakeInput(x.c, xproto.ButtonRelease, button, 0, x.root, 0, 0, 0)
	xproto.GetInputFocus(x.c).Reply() // all of it has arrived
}

func (x *desk) move(at, y int16) {
	xtest.FakeInput(x.c, xproto.MotionNotify, 0, 0, x.root, at, y, 0)
}

// drag presses the first button at a place, and lets go at another.
func (x *desk) drag(x0, y0, x1, y1 int16) {
	x.move(x0, y0)
	xtest.FakeInput(x.c, xproto.ButtonPress, 1, 0, x.root, 0, 0, 0)
	const steps = 40
	for i := range int16(steps) {
		time.Sleep(20 * time.Millisecond)
		x.move(x0+(x1-x0)*(i+1)/steps, y0+(y1-y0)*(i+1)/steps)
		xproto.GetInputFocus(x.c).Reply()
	}
	xtest.FakeInput(x.c, xproto.ButtonRelease, 1, 0, x.root, 0, 0, 0)
	xproto.GetInputFocus(x.c).Reply()
}
