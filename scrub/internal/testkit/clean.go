// Package testkit builds tiny pictures in code and holds what the tests of all
// formats assert in the same way. Only tests import it.
package testkit

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/plan"
	"tabir/scrub/internal/rd"
	"tabir/scrub/meta"
)

// Window is src with the default limits.
func Window(src []byte) *rd.Window {
	return rd.New(context.Background(), bytes.NewReader(src), int64(len(src)), rd.Default)
}

// Parse runs the parser of f over src with the default limits.
func Parse(f plan.Format, src []byte, p meta.Policy) (*plan.Plan, error) {
	return f.Parse(Window(src), p)
}

// Clean cleans src by the parser of f and asserts what holds for every output:
// the plan seals, the output is deterministic, its own plan is the identity, it
// finds nothing left to remove, and the picture data is that of the source. If src
// is only skimmed, the same comes of it, or what does not pass for clean. An error
// is the parser's refusal of src.
func Clean(t testing.TB, f plan.Format, src []byte, p meta.Policy) ([]byte, *plan.Plan, error) {
	t.Helper()
	pl, err := Parse(f, src, p)
	if err != nil {
		_, passes := skim(t, f, src, p)
		require.False(t, passes, "skimmed it passes for clean, but: %v", err)
		return nil, nil, err
	}
	sealed, err := pl.Seal(rd.Default.Pieces)
	require.NoError(t, err, "seal")
	var out bytes.Buffer
	require.NoError(t, sealed.Write(context.Background(), &out, bytes.NewReader(src)))
	require.EqualValues(t, sealed.Size, out.Len(), "size of the output")

	again, err := Parse(f, out.Bytes(), p)
	require.NoError(t, err, "the output must parse")
	sealed2, err := again.Seal(rd.Default.Pieces)
	require.NoError(t, err, "the output must seal")
	same, err := sealed2.Identity(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	if !same {
		var twice bytes.Buffer
		require.NoError(t, sealed2.Write(context.Background(), &twice, bytes.NewReader(out.Bytes())))
		require.Equal(t, out.Bytes(), twice.Bytes(), "cleaning twice must change nothing")
		require.Fail(t, "the plan of a clean file must be the identity")
	}
	for _, g := range again.Findings {
		require.NotEqual(t, meta.Removed, g.Fate, "left in the output: %s (%s)", g.Label, g.Where)
	}
	require.Equal(t, picture(src, pl.Body), picture(out.Bytes(), again.Body), "picture data")

	if b, passes := skim(t, f, src, p); passes {
		require.Equal(t, out.Bytes(), b, "skimmed")
	}
	return out.Bytes(), pl, nil
}

// skim cleans src, whose picture data is gone past, and says whether the output
// passes for clean, as verify.Job decides it.
func skim(t testing.TB, f plan.Format, src []byte, p meta.Policy) (out []byte, passes bool) {
	t.Helper()
	if !f.Skims {
		return nil, false
	}
	w := Window(src)
	w.Skim = true
	pl, err := f.Parse(w, p)
	if err != nil {
		return nil, false
	}
	sealed, err := pl.Seal(rd.Default.Pieces)
	require.NoError(t, err, "seal")
	var b bytes.Buffer
	require.NoError(t, sealed.Write(context.Background(), &b, bytes.NewReader(src)))
	again, err := Parse(f, b.Bytes(), p)
	if err != nil {
		return nil, false
	}
	sealed, err = again.Seal(rd.Default.Pieces)
	require.NoError(t, err, "the output must seal")
	same, err := sealed.Identity(bytes.NewReader(b.Bytes()))
	require.NoError(t, err)
	for _, g := range again.Findings {
		same = same && g.Fate != meta.Removed
	}
	return b.Bytes(), same && len(picture(src, pl.Body)) == len(picture(b.Bytes(), again.Body))
}

func picture(b []byte, spans []plan.Span) []byte {
	var out []byte
	for _, s := range spans {
		out = append(out, b[s.Off:s.End()]...)
	}
	return out
}
