package model

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
)

// TestUseModel: a file that a person picks is used if it is an official one.
func TestUseModel(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "holiday.onnx")
	require.NoError(t, os.WriteFile(path, []byte("no network"), 0o666))
	_, err := Files().Better(path)
	assert.ErrorIs(t, err, scrub.ErrUnsupported, "refused by its hash")
	_, err = Files().Better(filepath.Join(dir, "gone"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	official := "../../../shared/models/yunet_n_640_640.onnx"
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, func(c *Config) { c.Engine.Basic = true })
		b.UseModel(path)
		b.settle()
		assert.Equal(t, []Notice{NoticeNoModel}, b.Notices())
		assert.True(t, b.Basic())
		if _, err := os.Stat(official); err != nil {
			t.Log("no ../shared/models beside the checkout")
			return
		}
		b.UseModel(official)
		b.settle()
		assert.Equal(t, []Notice{NoticeModel}, b.Notices())
		assert.False(t, b.Basic())
	})
}
