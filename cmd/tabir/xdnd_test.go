//go:build e2e && linux

package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// desk is a connection to the X server, as a file manager and a person have one.
type desk struct {
	c    *xgb.Conn
	root xproto.Window
	size [2]uint16
	own  xproto.Window // the source of drops
	atom map[string]xproto.Atom
}

func connect(display string) (*desk, error) {
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(c); err != nil {
		return nil, err
	}
	s := xproto.Setup(c).DefaultScreen(c)
	x := &desk{c: c, root: s.Root, size: [2]uint16{s.WidthInPixels, s.HeightInPixels}, atom: map[string]xproto.Atom{}}
	for _, name := range []string{
		"XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndSelection", "XdndActionCopy",
		"XdndAware", "text/uri-list", "_NET_WM_NAME", "UTF8_STRING",
	} {
		r, err := xproto.InternAtom(c, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, err
		}
		x.atom[name] = r.Atom
	}
	if x.own, err = xproto.NewWindowId(c); err != nil {
		return nil, err
	}
	return x, xproto.CreateWindowChecked(c, s.RootDepth, x.own, s.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, s.RootVisual, 0, nil).Check()
}

// window waits for the window of that title.
func (x *desk) window(title string, wait time.Duration) (xproto.Window, error) {
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		tree, err := xproto.QueryTree(x.c, x.root).Reply()
		if err != nil {
			return 0, err
		}
		for _, w := range tree.Children {
			p, err := xproto.GetProperty(x.c, false, w, x.atom["_NET_WM_NAME"], x.atom["UTF8_STRING"], 0, 64).Reply()
			a, err2 := xproto.GetWindowAttributes(x.c, w).Reply()
			if err == nil && err2 == nil && string(p.Value) == title && a.MapState == xproto.MapStateViewable {
				return w, nil
			}
		}
	}
	return 0, fmt.Errorf("no window %q after %s", title, wait)
}

// drop drops files on the middle of a window (XDND, version 5).
func (x *desk) drop(w xproto.Window, paths ...string) error {
	var list strings.Builder
	for _, p := range paths {
		list.WriteString((&url.URL{Scheme: "file", Path: p}).String() + "\r\n")
	}
	if err := xproto.SetSelectionOwnerChecked(x.c, x.own, x.atom["XdndSelection"], xproto.TimeCurrentTime).Check(); err != nil {
		return err
	}
	at := uint32(x.size[0]/2)<<16 | uint32(x.size[1]/2)
	for _, m := range []struct {
		typ  string
		data [4]uint32
	}{
		{"XdndEnter", [4]uint32{5 << 24, uint32(x.atom["text/uri-list"])}},
		{"XdndPosition", [4]uint32{0, at, xproto.TimeCurrentTime, uint32(x.atom["XdndActionCopy"])}},
		{"XdndDrop", [4]uint32{0, xproto.TimeCurrentTime}},
	} {
		if err := x.message(w, m.typ, m.data); err != nil {
			return err
		}
		answer := map[string]string{"XdndPosition": "XdndStatus", "XdndDrop": "XdndFinished"}[m.typ]
		if err := x.serve(answer, list.String()); err != nil {
			return err
		}
	}
	return nil
}

func (x *desk) message(w xproto.Window, typ string, data [4]uint32) error {
	e := xproto.ClientMessageEvent{
		Format: 32, Window: w, Type: x.atom[typ],
		Data: xproto.ClientMessageDataUnionData32New(append([]uint32{uint32(x.own)}, data[:]...)),
	}
	return xproto.SendEventChecked(x.c, false, w, 0, string(e.Bytes())).Check()
}

// serve hands out the list until the message that answers arrives.
func (x *desk) serve(answer, list string) error {
	for end := time.Now().Add(5 * time.Second); answer != ""; {
		if time.Now().After(end) {
			return fmt.Errorf("no %s", answer)
		}
		event, err := x.c.PollForEvent()
		if err != nil {
			return err
		}
		switch e := event.(type) {
		case nil:
			time.Sleep(5 * time.Millisecond)
		case xproto.ClientMessageEvent:
			if e.Type == x.atom[answer] {
				return nil
			}
		case xproto.SelectionRequestEvent:
			xproto.ChangeProperty(x.c, xproto.PropModeReplace, e.Requestor, e.Property, e.Target, 8, uint32(len(list)), []byte(list))
			n := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: e.Property}
			if err := xproto.SendEventChecked(x.c, false, e.Requestor, 0, string(n.Bytes())).Check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// The keys that are pressed, as X11 names them (keysymdef.h).
const (
	keyReturn  = 0xff0d
	keyControl = 0xffe3
)

// press presses keys together.
func (x *desk) press(w xproto.Window, syms ...xproto.Keysym) error {
	setup := xproto.Setup(x.c)
	n := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	m, err := xproto.GetKeyboardMapping(x.c, setup.MinKeycode, n).Reply()
	if err != nil {
		return err
	}
	xproto.SetInputFocus(x.c, xproto.InputFocusPointerRoot, w, xproto.TimeCurrentTime)
	var codes []byte
	for _, s := range syms {
		for i, k := range m.Keysyms {
			if k == s {
				codes = append(codes, byte(setup.MinKeycode)+byte(i/int(m.KeysymsPerKeycode)))
				break
			}
		}
	}
	if len(codes) != len(syms) {
		return fmt.Errorf("keys %x are not on this keyboard", syms)
	}
	for _, c := range codes {
		xtest.FakeInput(x.c, xproto.KeyPress, c, 0, x.root, 0, 0, 0)
	}
	for i := range codes {
		xtest.FakeInput(x.c, xproto.KeyRelease, codes[len(codes)-1-i], 0, x.root, 0, 0, 0)
	}
	_, err = xproto.GetInputFocus(x.c).Reply() // all of it has arrived
	return err
}

// screen is what is on the screen, four bytes a pixel.
func (x *desk) screen() ([]byte, error) {
	m, err := xproto.GetImage(x.c, xproto.ImageFormatZPixmap, xproto.Drawable(x.root), 0, 0, x.size[0], x.size[1], 1<<32-1).Reply()
	if err != nil {
		return nil, err
	}
	return m.Data, nil
}

// still waits until the screen has not changed for a while, and returns what is on it.
func (x *desk) still() ([]byte, error) {
	before, err := x.screen()
	for same := 0; same < 3 && err == nil; same++ {
		time.Sleep(50 * time.Millisecond)
		var now []byte
		if now, err = x.screen(); !bytes.Equal(before, now) {
			before, same = now, 0
		}
	}
	return before, err
}

// changed waits until the screen is another one than before, as long as wait.
func (x *desk) changed(before []byte, wait time.Duration) error {
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if now, err := x.screen(); err != nil || !bytes.Equal(before, now) {
			return err
		}
	}
	return fmt.Errorf("the screen has not changed for %s", wait)
}

// colours counts the colours on a screen; a window that drew nothing has one.
func colours(screen []byte) int {
	seen := map[string]bool{}
	for i := 0; i+4 <= len(screen) && len(seen) < 1000; i += 4 {
		seen[string(screen[i:i+3])] = true
	}
	return len(seen)
}
