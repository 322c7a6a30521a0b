package text

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"tabir/scrub"
)

func TestEveryErrorHasWords(t *testing.T) {
	for _, err := range []error{
		scrub.ErrUnknownFormat, scrub.ErrUnsupported, scrub.ErrMalformed, scrub.ErrTruncated, scrub.ErrLimit, scrub.ErrUnverified,
		scrub.ErrChanged, scrub.ErrExists, scrub.ErrSameFile, scrub.ErrInternal, scrub.ErrNotFile, scrub.ErrInPlace,
	} {
		s, next := Explain(fmt.Errorf("where: %w", err))
		assert.NotContains(t, s, "Something went wrong", "%v", err)
		assert.NotEmpty(t, next)
	}
	s, next := Explain(errors.New("anything"))
	assert.NotEmpty(t, s)
	assert.NotEmpty(t, next)
}

func TestSpecialBeforeGeneral(t *testing.T) {
	a, _ := Explain(fmt.Errorf("%w: %w", scrub.ErrUnverified, scrub.ErrMalformed))
	b, _ := Explain(scrub.ErrUnverified)
	assert.Equal(t, b, a, "a copy that failed the check is not the source's fault")
}

func TestWayOut(t *testing.T) {
	sentence, usual := Explain(scrub.ErrUnsupported)
	same, next := Explain(fmt.Errorf("%w: %w", scrub.ErrUnsupported, scrub.ErrRemakes))
	assert.Equal(t, sentence, same)
	assert.NotEqual(t, usual, next)
	assert.Contains(t, next, "--from-pixels")
}

func TestWords(t *testing.T) {
	for _, e := range explanations {
		for _, s := range []string{e.sentence, e.next} {
			assert.True(t, strings.HasSuffix(s, "."), s)
			for _, w := range []string{"metadata", "anonym", "safe", "refused", "verified", "!"} {
				assert.NotContains(t, strings.ToLower(s), w, s)
			}
		}
	}
}

// TestWithoutOptions: the window shows no option of the command line, in any language.
func TestWithoutOptions(t *testing.T) {
	option := regexp.MustCompile(`[ (]--?[a-z]`)
	hints := 0
	for _, l := range Languages() {
		w := For(l.Tag)
		next := []string{remake}
		for _, e := range explanations {
			next = append(next, e.next)
		}
		for _, s := range next {
			if option.MatchString(w.T(s)) {
				hints++
			}
			got := WithoutOptions(w.T(s))
			assert.NotRegexp(t, option, got, l.Tag)
			assert.NotContains(t, got, "  ", l.Tag)
			assert.NotEmpty(t, got, l.Tag)
		}
	}
	assert.Equal(t, 6*len(Languages()), hints, "every language tells the command line the same")
	assert.Equal(t, "Make a copy beside it instead.", WithoutOptions("Make a copy beside it instead (without --in-place)."))
	assert.Equal(t, "A well-known (half-done) thing.", WithoutOptions("A well-known (half-done) thing."))
}
