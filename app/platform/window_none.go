//go:build !cgo || ci || !(linux || windows || darwin || freebsd || openbsd || netbsd)

package platform

// CanOpen tries whether a window can be opened. Without GLFW, as in tests, it can.
func CanOpen() error { return nil }
