package ui

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/app/model"
	"tabir/app/sample"
	"tabir/scrub"
	"tabir/scrub/batch"
)

// BenchmarkRefresh shows that something changed in the session, with a thousand
// photos on the list, as it does ten times a second while copies are made.
func BenchmarkRefresh(b *testing.B) {
	one := filepath.Join(b.TempDir(), "sample.jpg")
	require.NoError(b, os.WriteFile(one, sample.Photos()[0].Data, 0o600))
	r := newRig(b, func(c *model.Config) {
		inspect, preview := c.Engine.Inspect, c.Engine.Preview
		c.Engine.Find = func(context.Context, string, string) (*batch.Work, error) {
			w := &batch.Work{}
			for i := range 1000 {
				w.Jobs = append(w.Jobs, batch.Job{Src: filepath.Join("/many", itoa(i)+".jpg")})
			}
			return w, nil
		}
		c.Engine.Inspect = func(ctx context.Context, j batch.Job) (*scrub.Report, error) {
			j.Src = one
			return inspect(ctx, j)
		}
		c.Engine.Preview = func(ctx context.Context, _ string, side int) (image.Image, image.Point, error) {
			return preview(ctx, one, side)
		}
	})
	r.dropped(uris("/many"))
	r.state(model.Listed)
	r.until("the picture", r.preview.stage.ready)
	for b.Loop() {
		r.refresh()
	}
}
