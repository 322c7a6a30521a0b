package model

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub/meta"
)

func TestTown(t *testing.T) {
	at := func(l meta.Label, v string) meta.Finding { return meta.Finding{Label: l, Value: v} }
	assert.Equal(t, "Ubud", Town(at(meta.LabelPosition, "-8.50690, 115.26250")))
	assert.Empty(t, Town(at(meta.LabelAltitude, "-8.50690, 115.26250")))
	for _, v := range []string{"", "?, 115.26250", "-8.50690, ?", "0.00000, 0.00000"} {
		assert.Empty(t, Town(at(meta.LabelPosition, v)), v)
	}
}
