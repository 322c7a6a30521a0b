package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// waitForReader waits for a key where the console would close with the program:
// photos were dropped onto its icon, and somebody wants to read what happened.
func waitForReader() {
	list := syscall.NewLazyDLL("kernel32.dll").NewProc("GetConsoleProcessList")
	var ids [2]uint32
	n, _, _ := list.Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids)))
	if n == 1 && len(os.Args) > 1 {
		fmt.Print("\nPress Enter to close this window.")
		_, _ = os.Stdin.Read(make([]byte, 1))
	}
}
