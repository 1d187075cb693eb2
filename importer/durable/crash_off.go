//go:build !crashpoints || !unix

package durable

// Crash is a point at which tests kill the process (crash.go); a release does nothing there.
func Crash(string) {}
