//go:build crashpoints && unix

package durable

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// Built with the tag crashpoints, the program kills itself at the place that ATTIO_BULK_CRASH names,
// "before-intent:3" for the third time that it comes there. The kill matrix is built so; no release is.

var (
	crashPoint, crashTimes, _ = strings.Cut(os.Getenv("ATTIO_BULK_CRASH"), ":")
	crashCount                atomic.Int64
)

// Crash kills the process where the environment names this point.
func Crash(point string) {
	if point != crashPoint {
		return
	}
	n, err := strconv.ParseInt(crashTimes, 10, 64)
	if err != nil {
		n = 1
	}
	if crashCount.Add(1) == n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // nothing runs after it
		select {}
	}
}
