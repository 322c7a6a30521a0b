//go:build !windows

package main

// waitForReader does nothing: a terminal stays open when a program ends.
func waitForReader() {}
