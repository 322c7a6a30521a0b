//go:build probe && linux

package ui

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/sys/unix"
)

// The probe times everything of ours that Fyne's goroutine runs, and writes lines
// of tab-separated values to the file $TABIR_PROBE:
//
//	call   what  ns  ns on the processor               a callback
//	frame  ns  ns of that in callbacks                 from one frame to the next
//	stall  what                                        what ran, outside of callbacks, after no frame had come for long
//	now    unix ns  state  focus  picture  looks left  what the window shows, when it changed
//
// All but stall is written by Fyne's goroutine. Callbacks within others are part of those.
var probe struct {
	lines chan string
	depth atomic.Int32
	began struct{ wall, cpu time.Duration }
	ours  time.Duration // in callbacks, since the last frame
	frame atomic.Int64  // when the last one was, as now() tells
	shown string
}

// long is how long the window may show nothing new.
const long = 50 * time.Millisecond

func init() {
	f, err := os.Create(os.Getenv("TABIR_PROBE"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "TABIR_PROBE:", err)
		os.Exit(1)
	}
	probe.lines = make(chan string, 1<<16)
	go func() {
		w := bufio.NewWriter(f)
		for s := range probe.lines {
			w.WriteString(s)
			if len(probe.lines) == 0 {
				w.Flush()
			}
		}
	}()
}

func tell(format string, v ...any) { probe.lines <- fmt.Sprintf(format+"\n", v...) }

var start = time.Now()

func now() time.Duration { return time.Since(start) }

// onCPU is how long the processor ran the calling thread.
func onCPU() time.Duration {
	var t unix.Timespec
	unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano())
}

// timed begins a callback, and returns what ends it.
func timed(what string) func() {
	if probe.depth.Add(1) == 1 {
		probe.began.wall, probe.began.cpu = now(), onCPU()
	}
	return func() {
		if probe.depth.Add(-1) == 0 {
			d := now() - probe.began.wall
			probe.ours += d
			tell("call\t%s\t%d\t%d", what, d, onCPU()-probe.began.cpu)
		}
	}
}

// caller names the function that hands work to the window.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !more || !strings.HasSuffix(f.Function, ".post") {
			return strings.TrimPrefix(f.Function, "tabir/app/")
		}
	}
}

// watch begins to follow the frames and what the window shows.
func (m *Main) watch() {
	a := fyne.NewAnimation(time.Second, func(float32) {
		t := now()
		if last := probe.frame.Swap(int64(t)); last != 0 {
			tell("frame\t%d\t%d", t-time.Duration(last), probe.ours)
		}
		probe.ours = 0
		focus, picture := "", ""
		switch f := m.win.Canvas().Focused().(type) {
		case *button:
			focus = f.Text
		case *photoList:
			focus = "list"
		case *stage:
			focus = "picture"
		}
		if it, _ := m.s.Selected(); it != nil && m.preview.stage.ready() {
			picture = it.Name()
		}
		if s := fmt.Sprintf("%d\t%s\t%s\t%d", m.s.State(), focus, picture, m.s.LooksLeft()); s != probe.shown {
			probe.shown = s
			tell("now\t%d\t%s", time.Now().UnixNano(), s)
		}
	})
	a.RepeatCount = fyne.AnimationRepeatForever
	a.Start()
	go watchStalls()
}

var loop = regexp.MustCompile(`\.\(\*gLDriver\)\.runGL`)

// watchStalls looks now and then at what the goroutine of the window does while no
// frame comes.
func watchStalls() {
	stack := make([]byte, 1<<20)
	for ; ; time.Sleep(10 * time.Millisecond) {
		last := time.Duration(probe.frame.Load())
		if last == 0 || now()-last < long || probe.depth.Load() > 0 {
			continue
		}
		for g := range bytes.SplitSeq(stack[:runtime.Stack(stack, true)], []byte("\n\n")) {
			if loop.Match(g) && probe.depth.Load() == 0 && time.Duration(probe.frame.Load()) == last {
				tell("stall\t%s", running(string(g)))
			}
		}
	}
}

// running names what the loop of Fyne called, and what that called in turn, three
// deep, and below those the innermost function of ours, if there is one.
func running(stack string) string {
	var calls []string // the innermost first
	for line := range strings.Lines(stack) {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "goroutine ") {
			continue
		}
		if loop.MatchString(line) {
			break
		}
		calls = append(calls, line[:max(strings.LastIndex(line, "("), 0)])
	}
	slices.Reverse(calls)
	what := ""
	for _, f := range calls[:min(len(calls), 4)] {
		what += " > " + f[strings.LastIndex(f, ".")+1:]
	}
	for _, f := range slices.Backward(calls) {
		if strings.HasPrefix(f, "tabir/") {
			return what + ": " + f
		}
	}
	return what
}
