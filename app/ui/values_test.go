package ui

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/text"
	"tabir/scrub/meta"
)

func TestValues(t *testing.T) {
	w := words{text.For("en")}
	for _, v := range []meta.Finding{
		{Label: meta.LabelOrientation, Value: "mirrored"}, {Label: meta.LabelOrientation, Value: "mirrored, 270°"}, {Label: meta.LabelOrientation, Value: "90°"},
		{Label: meta.LabelColourProfile, Value: "broken"}, {Label: meta.LabelColourProfile, Value: "sRGB"},
		{Label: meta.LabelSettings, Value: "1 value"}, {Label: meta.LabelSettings, Value: "12 values"}, {Label: meta.LabelHistory, Value: "3 steps"},
		{Label: meta.LabelComment, Value: "5 steps to heaven"}, {Label: meta.LabelComment, Value: "broken"},
	} {
		assert.Equal(t, v.Value, w.value(v))
	}
	for _, what := range []string{"WebP picture", "TIFF picture or raw photo", "Canon raw photo (CR2)", "HEIC sequence", "MNG animation", "MP4 video", "PDF document",
		"SVG drawing", "SVG drawing or other XML", "ZIP archive or office document", "MPEG-4 sound", "plain text"} {
		assert.Equal(t, strings.Replace(what, "sequence", "animation", 1), w.kind(what))
	}
	for _, l := range text.Languages()[1:] {
		w := words{text.For(l.Tag)}
		assert.NotEqual(t, "12 values", w.value(meta.Finding{Label: meta.LabelSettings, Value: "12 values"}), l.Tag)
		assert.Equal(t, "5 steps", w.value(meta.Finding{Label: meta.LabelComment, Value: "5 steps"}), "what a person wrote is not translated")
		assert.NotEqual(t, "WebP picture", w.kind("WebP picture"), l.Tag)
	}
}

// TestNoEnglish: in another language no English sentence of ours is on the screen.
func TestNoEnglish(t *testing.T) {
	b, err := os.ReadFile("../text/translations/en.json")
	require.NoError(t, err)
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(b, &all))
	for _, l := range text.Languages()[1:] {
		t.Run(l.Tag, func(t *testing.T) {
			r := newRig(t, nil)
			r.change(func(v *model.Settings) { v.Language = l.Tag })()
			check := func() {
				t.Helper()
				for _, line := range strings.Split(r.words(), "\n") {
					for _, s := range append([]string{line}, strings.SplitAfter(line, ". ")...) {
						s = strings.TrimSpace(s)
						if _, english := all[s]; english && r.w.T(s) != s {
							t.Errorf("English: %q", s)
						}
					}
					assert.NotContains(t, line, "{{")
				}
			}
			check()
			r.ShowSettings()
			check()
			r.ShowLimits()
			check()
			r.pages.close()
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
		})
	}
}
