// Package text holds the words that people read. Nothing here knows of windows
// or terminals.
//
// The rules for words: plain and calm; whole sentences; "hidden data", never
// "metadata"; promise only what was verified ("no location, device or personal
// data found in the written file"), never "safe", "anonymous" or "all faces
// found"; every error says what happened to the photo and gives the next step.
package text

import (
	"context"
	"errors"
	"io/fs"
	"regexp"
	"syscall"

	"tabir/scrub"
)

// explanation is an error in words.
type explanation struct {
	is       error
	sentence string
	next     string
}

// explanations are tried in this order: the special before the general.
var explanations = []explanation{
	{context.Canceled, "It was cancelled before this photo was done.", "Start again; the original is as it was."},
	{context.DeadlineExceeded, "It took too long.", "Try this photo alone."},
	{scrub.ErrUnverified, "The copy did not pass the check, so it was thrown away.", "Do not share this photo. Please report it to the makers of Tabir, without the photo itself."},
	{scrub.ErrChanged, "The photo changed while it was read.", "Wait until other programs are done with it, then try again."},
	{scrub.ErrExists, "A file of that name is already there, and it was left as it is.", "Choose another folder, or allow overwriting (--overwrite)."},
	{scrub.ErrNoArea, "The area to cover lies outside the picture.", "Give it as x,y,width,height in pixels of the upright picture."},
	{scrub.ErrNoCover, "This kind of photo or video cannot be covered or cut.", "Save it as an ordinary JPEG or PNG picture, and cover that one. Without areas it can be cleaned as it is."},
	{scrub.ErrNotDiscarded, "The original could not be moved to the trash, so nothing was changed.", "Make a copy instead."},
	{scrub.ErrSameFile, "The copy would be the original itself.", "Choose another folder for the copies."},
	{scrub.ErrInPlace, "The copy would be a picture of another kind, which cannot take the place of the original.", "Make a copy beside it instead (without --in-place)."},
	{scrub.ErrTruncated, "The file is incomplete: its end is missing.", "Copy it from the camera or phone again, or ask for it again."},
	{scrub.ErrMalformed, "The file is damaged, so nobody can tell what is in it.", "Open it in a program that still shows it, save it as a new file, and clean that one."},
	{scrub.ErrUnsupported, "This kind of photo or video cannot be cleaned yet.", "Open it in a program that shows it, save it as an ordinary photo or video, and clean that one."},
	{scrub.ErrUnknownFormat, "This is not a kind of file that can be cleaned.", "Share it only if you know what is in it. Pictures can be saved as JPEG or PNG first."},
	{scrub.ErrLimit, "The file asks for more memory or work than any real one, so it was left alone.", "Open it in a program that shows it, save it as a new file, and clean that one."},
	{scrub.ErrNotFile, "This is not a file.", "Choose a photo or a folder of photos."},
	{scrub.ErrInternal, "Tabir made a mistake on this photo. Nothing was written.", "Do not share this photo. Please report it to the makers of Tabir, without the photo itself."},
	{fs.ErrNotExist, "The file is not there.", "Check its name, and that the card or disk is still connected."},
	{syscall.ENOSPC, "The disk is full.", "Free some space or choose another folder, then try again."},
	{syscall.EROFS, "This disk or card can only be read.", "Choose another folder for the copies (-o)."},
	{syscall.ENAMETOOLONG, "The name of the copy would be too long.", "Use neutral names (--names number), or a folder with a shorter name (-o)."},
	{fs.ErrPermission, "You may not read this file or write to this folder.", "Choose another folder for the copies (-o), or change the permissions."},
	{syscall.EIO, "The disk or card could not be read or written.", "Check the card or cable, then try again."},
}

// remake is the next step for a photo that can be decoded, and not cleaned or covered as it is.
const remake = "Make a new picture from what is seen in it (--from-pixels): that holds nothing else of the file."

// Explain says in a sentence what an error means for the photo, and what to do next.
func Explain(err error) (sentence, next string) {
	for _, e := range explanations {
		if errors.Is(err, e.is) {
			if errors.Is(err, scrub.ErrRemakes) {
				return e.sentence, remake
			}
			return e.sentence, e.next
		}
	}
	return "Something went wrong with this photo.", "Do not share it. Try again, or try it alone."
}

// options are brackets with an option of the command line in them, in any language.
var options = regexp.MustCompile(` ?\(([^()]* )?-[^()]*\)`)

// WithoutOptions is a next step without its hints for the command line.
func WithoutOptions(s string) string { return options.ReplaceAllString(s, "") }
