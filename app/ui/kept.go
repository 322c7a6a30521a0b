package ui

import (
	"tabir/app/model"
	"tabir/scrub"
)

// makeCopies is what the one big button says: what comes of it, what is kept, and
// how many of them nobody looked at.
func (w words) makeCopies(n, unseen int, p model.KeepRule) string {
	switch {
	case unseen > 0:
		return w.N("Make {{.N}} copies, {{.Unseen}} not looked at", n, "Unseen", unseen)
	case p == model.KeepCreditAndDate:
		return w.N("Make {{.N}} copies that keep the credit line and the date", n)
	}
	return w.N("Make {{.N}} cleaned copies", n)
}

// hidden says what became of the hidden data of a photo.
func (w words) hidden(it *model.Item) string {
	switch r := it.Report; {
	case r.Kept != 0:
		return w.T("Hidden data: removed, but for the credit line and the date, which you asked to keep. Checked: nothing else of place, device or person found in the written file.")
	case r.Outcome() == scrub.AlreadyClean:
		return w.T("Hidden data: there was none to remove. Checked: no location, device or personal data found in the written file.")
	}
	return w.T("Hidden data: removed. Checked: no location, device or personal data found in the written file.")
}

// hiddenOf says what became of the hidden data of all photos that have a copy.
func (w words) hiddenOf(items []*model.Item, made int) string {
	kept := 0
	for _, it := range items {
		if it.Status() == model.Made && it.Report.Kept != 0 {
			kept++
		}
	}
	if kept > 0 {
		return w.N("Hidden data: removed, but {{.N}} copies keep a credit line or a date, as you asked. Checked: nothing else of place, device or person found in the written files.", kept)
	}
	return w.N("Hidden data: removed. {{.N}} copies checked: no location, device or personal data found in the written files.", made)
}
