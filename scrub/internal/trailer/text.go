package trailer

// TailLen is how many bytes at the end of compressed data are looked at for text
// that was appended to it.
const TailLen = 256

// textRun is how many letters in a row compressed data seldom has.
const textRun = 10

// ReadsLikeText reports whether the end of compressed data seems to hold text. Only
// decompressing tells, which is dear.
func ReadsLikeText(b []byte) bool { return LastText(b) >= 0 }

// LastText is where the last letters of what reads like text begin in the end of
// compressed data, so many that it is none without them; -1 where there is no text.
// Letters before them may be of the data.
func LastText(b []byte) int {
	run := 0
	for i := len(b) - 1; i >= 0; i-- {
		if run++; b[i] < ' ' || b[i] > '~' {
			run = 0
		} else if run == textRun {
			return i
		}
	}
	return -1
}
