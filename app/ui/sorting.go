package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tabir/app/model"
)

// sorting is the head of the list: what it shows, and in which order.
type sorting struct {
	m             *Main
	content       *fyne.Container
	filter, order *widget.Select
	setting       bool // the choices follow the session, and not the user
}

func newSorting(m *Main) *sorting {
	s := &sorting{m: m}
	var filters, orders []string
	for _, f := range model.Filters() {
		filters = append(filters, m.w.filter(f))
	}
	for _, o := range model.Orders() {
		orders = append(orders, m.w.order(o))
	}
	s.filter = widget.NewSelect(filters, func(string) {
		defer timed("filter")()
		if !s.setting {
			m.s.Show(model.Filter(s.filter.SelectedIndex()))
		}
	})
	s.order = widget.NewSelect(orders, func(string) {
		defer timed("order")()
		if !s.setting {
			m.s.SortBy(model.Order(s.order.SelectedIndex()))
		}
	})
	s.content = container.New(halves{4}, s.filter, s.order)
	return s
}

// show sets the choices as the session has them.
func (s *sorting) show() {
	order, filter := s.m.s.Sorting()
	s.setting = true
	if s.filter.SelectedIndex() != int(filter) {
		s.filter.SetSelectedIndex(int(filter))
	}
	if s.order.SelectedIndex() != int(order) {
		s.order.SetSelectedIndex(int(order))
	}
	s.setting = false
}

func (w words) filter(f model.Filter) string {
	switch f {
	case model.WithLocation:
		return w.T("Show: with location")
	case model.NotCleaned:
		return w.T("Show: not cleaned")
	}
	return w.T("Show: all photos")
}

func (w words) order(o model.Order) string {
	switch o {
	case model.ByName:
		return w.T("Sort: by name")
	case model.ByTelling:
		return w.T("Sort: most telling first")
	case model.ByFaces:
		return w.T("Sort: no face found first")
	}
	return w.T("Sort: as added")
}
