package heif

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

// hevcSets are parameter sets of x265 with buffers, scaling lists, wavefronts,
// three sub-layers, and range extensions.
const hevcSets = `
40010c01ffff01600000030090000003000003003c959809 42010101600000030090000003000003003ca0182020596566924caf0168080000030008000003005300a4a270007a12000f4244 4401c172b46240
40010c01ffff01600000030090000003000003001e959809 42010101600000030090000003000003001ea0182020596566924e5782b7091009b610000003001000000300a080 4401c172b46240
40010c01ffff0408000003009e0800000300001e959809 4201010408000003009e0800000300001e900304040b2cacd249caf056e1220136c20000030002000003001410 4401c172860c4624
40010c01ffff0408000003009d0800000300001e999809 4201010408000003009d0800000300001eb01820204d96666924caf0168080000003008000000504 4401c172b46240
40010c01ffff0408000003009e0800000300001e959809 4201010408000003009e0800000300001e900304040b2cacd5795e02d010000003001000000300a080 4401c1771831d890
40010c01ffff0408000003009e0800000300003c959809 4201010408000003009e0800000300003c900304040b2cacd24995e02d010000030001000003000a6124944e0030d40061a880 4401c172860c4624`

// av1Sequences are sequence headers of stills and animations.
const av1Sequences = `38157ffd8404341a40 18157ffd86021a0d40 58157ffd8d010d06c4 11157ffd 38157ffd8404340080 000000032dffcdaf9004 000000032dffcdaf9404`

func units(t testing.TB, s string) (out [][]byte) {
	t.Helper()
	for _, h := range strings.Fields(s) {
		b, err := hex.DecodeString(h)
		require.NoError(t, err)
		out = append(out, b)
	}
	return out
}

func TestParameterSets(t *testing.T) {
	for _, u := range units(t, hevcSets) {
		assert.NoError(t, exactParameters(u), "%x", u)
		for _, more := range [][]byte{{0}, {0x80}, []byte(token), bytes.Repeat([]byte{0x55}, 64)} {
			assert.ErrorIs(t, exactParameters(append(bytes.Clone(u), more...)), meta.ErrMalformed, "%x", u)
		}
	}
}

func TestSequenceHeaders(t *testing.T) {
	for i, b := range units(t, av1Sequences) {
		if i == 3 {
			assert.Error(t, exactSequence(b), "cut")
			continue
		}
		assert.NoError(t, exactSequence(b), "%x", b)
		for _, more := range [][]byte{{0}, {0x80}, []byte(token)} {
			assert.ErrorIs(t, exactSequence(append(bytes.Clone(b), more...)), meta.ErrMalformed, "%x", b)
		}
	}
}

// TestLongParameters refuses pictures whose parameters hold more than they say.
func TestLongParameters(t *testing.T) {
	f := testkit.HEIC()
	conf := append(bytes.Clone(testkit.HEVCConfig), token...)
	n := len(testkit.HEVCConfig) - 9 // where the length of the last parameter set stands
	require.Equal(t, byte(7), conf[n+1])
	conf[n+1] += byte(len(token))
	f.Items[0].Props[0] = testkit.Box("hvcC", conf)
	_, _, err := testkit.Clean(t, HEIC, f.Bytes(), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)

	f = testkit.HEIC()
	f.Items[0].Data = append(nal(34, append(units(t, "c172b46240")[0], token...)), testkit.HEVCData...)
	_, _, err = testkit.Clean(t, HEIC, f.Bytes(), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)

	f = testkit.AVIF()
	f.Items[0].Data = append(obu(1, append(units(t, "38157ffd8404341a40")[0], token...)), testkit.AV1Data...)
	_, _, err = testkit.Clean(t, AVIF, f.Bytes(), meta.Policy{})
	assert.ErrorIs(t, err, meta.ErrMalformed)
}
