//go:build e2e && linux

package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// probe reads what a program with a probe tells (app/ui/probe.go).
type probe struct {
	t    testing.TB
	path string
	lines
	seen lines // of the phase
}

// lines that the probe has written.
type lines struct {
	calls  []call
	frames []frame
	stalls map[string]int
	last   shown
	read   int64 // of the file
}

type call struct {
	what      string
	wall, cpu time.Duration
}

// frame is the time from one to the next, and what of it callbacks took.
type frame struct{ gap, ours time.Duration }

// shown is what the window shows.
type shown struct {
	at             time.Time
	state          string
	focus, picture string
	looks          int // that are left
}

// States of the session, as the probe writes them (model.State).
const (
	listed  = "2"
	done    = "4"
	partial = "5"
)

// pull reads what is new.
func (p *probe) pull() {
	f, err := os.Open(p.path)
	require.NoError(p.t, err)
	defer f.Close()
	st, err := f.Stat()
	require.NoError(p.t, err)
	b := make([]byte, st.Size()-p.read)
	n, _ := f.ReadAt(b, p.read)
	s := string(b[:n])
	end := strings.LastIndexByte(s, '\n') + 1
	p.read += int64(end)
	ns := func(s string) time.Duration {
		n, err := strconv.ParseInt(s, 10, 64)
		require.NoError(p.t, err)
		return time.Duration(n)
	}
	for line := range strings.Lines(s[:end]) {
		switch v := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); v[0] {
		case "call":
			p.calls = append(p.calls, call{v[1], ns(v[2]), ns(v[3])})
		case "frame":
			p.frames = append(p.frames, frame{ns(v[1]), ns(v[2])})
		case "stall":
			p.stalls[v[1]]++
		case "now":
			p.last = shown{time.Unix(0, int64(ns(v[1]))), v[2], v[3], v[4], int(ns(v[5]))}
		}
	}
}

// until waits for the window to show something, and returns when it did.
func (p *probe) until(what string, ok func(s shown) bool) time.Time {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if p.pull(); ok(p.last) {
			return p.last.at
		}
		require.True(p.t, time.Now().Before(end), "waited for %s; it shows %+v", what, p.last)
	}
}

// ended prints what the callbacks of a phase took, and forgets them.
func (p *probe) ended(phase string) {
	time.Sleep(500 * time.Millisecond) // until what was asked for last is shown
	p.pull()
	fmt.Printf("\n%s\n", phase)
	slow := slices.SortedFunc(slices.Values(p.calls), func(a, b call) int { return cmp.Compare(b.wall, a.wall) })
	over := 0
	longest := map[string]call{}
	for _, c := range slow {
		if c.wall > 50*time.Millisecond {
			over++
		}
		if _, ok := longest[c.what]; !ok {
			longest[c.what] = c
		}
	}
	if len(slow) > 0 {
		fmt.Printf("  %6d callbacks: longest %s (%s on the processor), 99 %% under %s, over 50 ms: %d\n", len(slow), ms(slow[0].wall), ms(slow[0].cpu), ms(slow[len(slow)/100].wall), over)
	}
	byLength := slices.SortedFunc(maps.Values(longest), func(a, b call) int { return cmp.Compare(b.wall, a.wall) })
	for _, c := range byLength[:min(len(byLength), 8)] {
		fmt.Printf("         %-60s longest %s (%s)\n", c.what, ms(c.wall), ms(c.cpu))
	}
	var gap frame
	for _, f := range p.frames {
		if f.gap-f.ours > gap.gap-gap.ours {
			gap = f
		}
	}
	fmt.Printf("  %6d frames: longest wait outside of callbacks %s\n", len(p.frames), ms(gap.gap-gap.ours))
	for _, what := range slices.SortedFunc(maps.Keys(p.stalls), func(a, b string) int { return p.stalls[b] - p.stalls[a] })[:min(len(p.stalls), 5)] {
		fmt.Printf("         %4d × %s\n", p.stalls[what], what)
	}
	p.seen.calls = append(p.seen.calls, p.calls...)
	p.calls, p.frames, p.stalls = nil, nil, map[string]int{}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
