//go:build crashpoints && unix

package importer

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Built with the tag crashpoints, the program kills itself at the place that ATTIO_BULK_CRASH names, "before-intent:3" for the third time that
// it comes there. The kill matrix is built so; no release is.

var (
	crashPoint, crashTimes, _ = strings.Cut(os.Getenv("ATTIO_BULK_CRASH"), ":")
	crashCount                atomic.Int64
)

// ATTIO_BULK_SETTLE shortens the waits for a lost write to become visible, for a sandbox in which that takes no time.
func init() {
	if os.Getenv("ATTIO_BULK_SETTLE") != "" {
		settleAfter = []time.Duration{50 * time.Millisecond, 150 * time.Millisecond}
	}
}

func crash(point string) {
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
