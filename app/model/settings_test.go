package model

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/meta"
)

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tabir", "settings.json")
	s := Store{Path: path}
	assert.Equal(t, Default(), s.Load())
	v := Settings{Language: "id", Theme: ThemeDark, TextSize: 150, Folder: filepath.Dir(path), KeepNames: true,
		Style: StyleSolid, CoverSize: 125, Policy: KeepCreditAndDate}
	require.NoError(t, s.Save(v))
	assert.NoDirExists(t, filepath.Dir(path), "nothing is remembered unasked")

	v.Remember = true
	require.NoError(t, s.Save(v))
	got := s.Load()
	assert.Equal(t, RemoveAll, got.Policy, "a policy that keeps something is not kept itself")
	v.Policy = RemoveAll
	assert.Equal(t, v, got)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary file is left")
	st, err := os.Stat(path)
	require.NoError(t, err)
	assert.Zero(t, st.Mode().Perm()&0o077)

	v.Remember = false
	require.NoError(t, s.Save(v))
	assert.NoDirExists(t, filepath.Dir(path), "what was kept is forgotten")
	require.NoError(t, s.Save(v))
	assert.NoError(t, Store{}.Save(Settings{Remember: true}), "a store without a file keeps nothing")
	assert.Equal(t, Default(), Store{}.Load())
}

func TestDamagedSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	for content, check := range map[string]func(v Settings){
		`{"theme":"pink","text_size":9999,"cover":"weak","cover_size":10,"folder":"../x"}`: func(v Settings) {
			assert.Equal(t, Settings{TextSize: 200, CoverSize: 100, Remember: true}, v)
		},
		`{"text_size":-1,"policy":1,"Policy":1,"KeepRule":1}`: func(v Settings) { assert.Equal(t, RemoveAll, v.Policy) },
		`{"text_size":"large"`:                                func(v Settings) { assert.Equal(t, 100, v.TextSize) },
		``:                                                    func(v Settings) { assert.Equal(t, 100, v.TextSize) },
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		check(Store{Path: path}.Load())
	}
	b, err := json.Marshal(Settings{Policy: KeepCreditAndDate, Remember: true})
	require.NoError(t, err)
	assert.Equal(t, "{}", string(b))
}

// TestCoverNeverWeaker: whatever the settings say, a cover hides all of an area.
func TestCoverNeverWeaker(t *testing.T) {
	r := scrub.Region{X: 10, Y: 20, W: 100, H: 80, Ellipse: true}
	for _, size := range []int{-50, 0, 50, 100, 125, 150, 999} {
		v := Settings{CoverSize: size, Style: "weak"}
		for _, v := range []Settings{v, v.sound()} {
			g := v.grow(r)
			assert.True(t, g.X <= r.X && g.Y <= r.Y && g.X+g.W >= r.X+r.W && g.Y+g.H >= r.Y+r.H, size)
			assert.Equal(t, r.Ellipse, g.Ellipse)
		}
		assert.Equal(t, scrub.CoverSoft, v.Cover())
	}
	assert.Equal(t, scrub.CoverSolid, Settings{Style: StyleSolid}.Cover())
}

// TestSettingsOfARun: copies are made as the settings say.
func TestSettingsOfARun(t *testing.T) {
	dir := t.TempDir()
	paths := photos(t, filepath.Join(dir, "trip"))
	again := photos(t, filepath.Join(dir, "again"))
	chosen := filepath.Join(dir, "chosen")
	require.NoError(t, os.Mkdir(chosen, 0o777))
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, nil)
		b.Add([]string{paths[0], again[0]}, 0)
		b.settle()
		it := b.Items()[0]
		b.AddArea(it.ID, scrub.Region{X: 5, Y: 6, W: 70, H: 80})
		kept := func() bool {
			for _, f := range it.Report.Findings {
				if f.Fate == meta.Kept {
					return true
				}
			}
			return false
		}
		require.False(t, kept())

		v := b.Settings()
		v.Folder, v.KeepNames, v.Policy = chosen, true, KeepCreditAndDate
		b.Set(v, "copias")
		assert.Equal(t, filepath.Join(chosen, "copias"), b.Target())
		b.settle()
		assert.True(t, kept(), "what becomes of the findings is asked anew")
		assert.Len(t, b.Items(), 2)
		assert.Len(t, it.Areas, 1, "areas stay")
		sel, _ := b.Selected()
		assert.Same(t, it, sel)

		b.Start()
		b.settle()
		require.Equal(t, Made, it.Status())
		stem := filepath.Base(paths[0])
		stem = stem[:len(stem)-len(filepath.Ext(stem))]
		assert.Equal(t, filepath.Join(chosen, "copias", stem+"-cleaned.jpg"), it.Copy)
		assert.Equal(t, filepath.Join(chosen, "copias", stem+"-cleaned-2.jpg"), b.Items()[1].Copy, "two of one name")
		assert.True(t, it.Report.Kept.Has(meta.KeepDate))

		// Without the folder of the settings the next copies go beside the photos again.
		v.Folder, v.KeepNames = "", false
		b.Set(v, "copias")
		b.Add(paths[1:2], 0)
		b.settle()
		assert.Equal(t, filepath.Join(dir, "trip", "copias"), b.Target())
		b.Set(Settings{Folder: filepath.Join(dir, "gone")}, "copias")
		assert.Equal(t, filepath.Join(dir, "trip", "copias"), b.Target(), "a folder that is not there is not made up")
	})
}
