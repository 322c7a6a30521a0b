// Package beside does two things at once, so that a fault in either is one that
// the caller can recover from.
package beside

// Run runs do in a goroutine of its own. The returned function waits for it,
// panics as it did, and returns its error.
func Run(do func() error) (wait func() error) {
	var err error
	var fault any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { fault = recover() }()
		err = do()
	}()
	return func() error {
		if <-done; fault != nil {
			panic(fault)
		}
		return err
	}
}
