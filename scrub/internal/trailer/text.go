package trailer

// TailLen is how many bytes at the end of compressed data are looked at for text
// that was appended to it.
const TailLen = 256

// textRun is how many letters in a row compressed data seldom has.
const textRun = 10

// ReadsLikeText reports whether the end of compressed data seems to hold text. Only
// decompressing tells, which is dear.
func ReadsLikeText(b []byte) bool {
	run := 0
	for _, c := range b {
		if run++; c < ' ' || c > '~' {
			run = 0
		} else if run == textRun {
			return true
		}
	}
	return false
}
