package model

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub"
	"tabir/scrub/meta"
)

func TestBadges(t *testing.T) {
	find := func(k meta.Kind, f meta.Fate) meta.Finding { return meta.Finding{Kind: k, Fate: f} }
	for _, c := range []struct {
		findings []meta.Finding
		want     []Badge
		reveals  bool
	}{
		{nil, []Badge{BadgeNothing}, false},
		{[]meta.Finding{find(meta.Colour, meta.Rewritten), find(meta.Settings, meta.Stays)}, []Badge{BadgeNothing}, false},
		{[]meta.Finding{find(meta.Settings, meta.Removed)}, []Badge{BadgeOther}, false},
		{[]meta.Finding{find(meta.Serial, meta.Removed), find(meta.Device, meta.Removed), find(meta.Location, meta.Removed)}, []Badge{BadgePlace, BadgeDevice}, true},
		{[]meta.Finding{find(meta.FileName, meta.Outside)}, []Badge{BadgeName}, true},
		{[]meta.Finding{find(meta.Unknown, meta.Removed)}, []Badge{BadgeOther}, true},
	} {
		it := &Item{Report: &scrub.Report{Findings: c.findings}}
		assert.Equal(t, c.want, it.Badges())
		assert.Equal(t, c.reveals, it.Reveals())
	}
	assert.Empty(t, (&Item{}).Badges())
	assert.Equal(t, []Badge{BadgeUnable}, (&Item{Err: assert.AnError}).Badges())
	for _, k := range meta.Kinds() {
		_, ok := badgeOf[k]
		assert.True(t, ok || k == meta.Colour, "%s has a badge", k)
	}
}

func TestGroups(t *testing.T) {
	var fs []meta.Finding
	for _, k := range meta.Kinds() {
		fs = append(fs, meta.Finding{Kind: k})
	}
	n := 0
	seen := map[meta.Kind]bool{}
	for _, g := range Groups(fs) {
		assert.False(t, seen[g.Kind])
		seen[g.Kind] = true
		n += len(g.Findings)
	}
	assert.Equal(t, len(fs), n, "no finding is lost")
	assert.Equal(t, meta.Location, Groups(fs)[0].Kind)
}
