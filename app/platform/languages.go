package platform

import "github.com/jeandeaual/go-locale"

// Languages are the languages that the user's system asks for, the most wanted first.
func Languages() []string {
	all, err := locale.GetLocales()
	if err != nil {
		return nil
	}
	return all
}
