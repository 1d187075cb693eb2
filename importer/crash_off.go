//go:build !crashpoints || !unix

package importer

// crash is where the kill matrix ends the process; see crash.go.
func crash(string) {}
