package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/meta"
)

// listed is a session with items of these names, none of which is a file.
func listed(names ...string) *Session {
	s := New(Config{Changed: func() {}})
	for _, n := range names {
		s.item("/photos/"+n, "/photos").Report = &scrub.Report{}
	}
	return s
}

func shownNames(s *Session) (out []string) {
	for _, it := range s.Shown() {
		out = append(out, it.Name())
	}
	return out
}

func TestSorting(t *testing.T) {
	s := listed("img10.jpg", "IMG9.jpg", "Ärger.jpg", "img 2.jpg")
	items := s.Items()
	assert.Equal(t, []string{"img10.jpg", "IMG9.jpg", "Ärger.jpg", "img 2.jpg"}, shownNames(s))
	s.SortBy(ByName)
	assert.Equal(t, []string{"Ärger.jpg", "img 2.jpg", "IMG9.jpg", "img10.jpg"}, shownNames(s), "numbers by their value")
	it, at := s.Selected()
	assert.Equal(t, "img10.jpg", it.Name(), "sorting keeps the selection")
	assert.Equal(t, 3, at)
	s.Select(0)
	it, _ = s.Selected()
	assert.Equal(t, "Ärger.jpg", it.Name(), "positions are those of the list")

	items[1].Report.Findings = []meta.Finding{{Kind: meta.Date, Fate: meta.Removed}}
	items[2].Report.Findings = []meta.Finding{{Kind: meta.Location, Fate: meta.Removed}}
	items[3].Err = assert.AnError
	s.SortBy(ByTelling)
	assert.Equal(t, []string{"img 2.jpg", "Ärger.jpg", "IMG9.jpg", "img10.jpg"}, shownNames(s))

	items[0].Look, items[0].Areas = Looked, []Area{{Origin: FaceFound}}
	items[1].Look, items[1].Areas = Looked, []Area{{}}
	s.SortBy(ByFaces)
	assert.Equal(t, []string{"IMG9.jpg", "Ärger.jpg", "img 2.jpg", "img10.jpg"}, shownNames(s), "no face was found in the first")
	s.SortBy(ByAdded)
	assert.Equal(t, []string{"img10.jpg", "IMG9.jpg", "Ärger.jpg", "img 2.jpg"}, shownNames(s))
}

func TestFilter(t *testing.T) {
	s := listed("a", "b", "c")
	s.Items()[1].Report.Findings = []meta.Finding{{Kind: meta.Location, Fate: meta.Removed}}
	s.Items()[2].Err = assert.AnError
	s.Show(WithLocation)
	assert.Equal(t, []string{"b"}, shownNames(s))
	it, at := s.Selected()
	assert.Equal(t, "b", it.Name(), "the selection moves to what is shown")
	assert.Zero(t, at)
	s.Show(NotCleaned)
	assert.Equal(t, []string{"c"}, shownNames(s))
	s.Remove(s.Chosen()...)
	assert.Empty(t, s.Shown())
	it, at = s.Selected()
	assert.Nil(t, it)
	assert.Equal(t, -1, at)
	s.Show(All)
	assert.Equal(t, []string{"a", "b"}, shownNames(s))
	_, at = s.Selected()
	assert.Zero(t, at)
}

func TestMarks(t *testing.T) {
	s := listed("a", "b", "c", "d", "e")
	chosen := func() (out string) {
		for _, it := range s.Chosen() {
			out += it.Name()
		}
		return out
	}
	assert.Equal(t, "a", chosen(), "the selected one, where none is marked")
	s.Select(1)
	s.MarkTo(3)
	assert.Equal(t, "bcd", chosen())
	s.Mark(2)
	s.Mark(0)
	assert.Equal(t, "abd", chosen())
	s.MarkTo(4)
	assert.Equal(t, "abcde", chosen())
	s.MarkAll()
	assert.Equal(t, "b", chosen(), "all were marked: now none is")
	s.MarkAll()
	assert.Equal(t, "abcde", chosen())
	s.Mark(0)
	s.Remove(s.Chosen()...)
	assert.Equal(t, []string{"a"}, shownNames(s))
	assert.Equal(t, "a", chosen())
	s.Mark(7)
	s.MarkTo(-1)
	assert.Equal(t, "a", chosen())
	require.False(t, s.IsMarked(s.Items()[0].ID))
}
